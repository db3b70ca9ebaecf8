"""Pages of the doors for those who run an event: phones, live figures, conflicts, closing a day, badges."""

from datetime import date
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from xinglin.kernel import clock
from xinglin.lib.square_codes import square_code
from xinglin.shell.asking import actor_of
from xinglin.shell.web import allow, done, perform, signed_in

from ..actions.doors import enrol_device, revoke_device
from ..attendances import Attendance
from ..badges import badges_pdf
from ..closing_days import close_day
from ..doors import Device, DoorScan
from ..live import halls, hours, phones, watched
from ..meetings import Event
from ..policy import identity, may_draft_event, may_run_event
from ..registration_policy import may_see_registrations
from ..registrations import Registration
from ..standing import choose
from ..stations import doubt_words
from .door_forms import DeviceForm
from .register import seen_event


@signed_in
def doors(request: HttpRequest, key: int) -> HttpResponse:
    """Show the doors of an event."""
    return doors_page(request, seen_event(request, key), None)


def doors_page(request: HttpRequest, event: Event, form: DeviceForm | None, code: str = "") -> HttpResponse:
    """Show the doors; `code` enrols a phone and is shown this once."""
    actor, at, on = actor_of(request), clock.now(), clock.today()
    allow(may_see_registrations(actor=actor, event=event))
    address = request.build_absolute_uri(reverse("events:door"))
    return render(request, "events/doors.html", {
        **live_context(event), "event": event, "may_run": may_run_event(actor=actor, event=event), "code": code,
        "square": square_code(f"{address}#{code}") if code else None, "address": address,
        "phones": phones(event, at=at), "form": form or DeviceForm(event=event), "conflicts": conflicts(event),
        "days": [{"day": day, "closed": event.door_days.filter(day=day).first(), "past": day < on,
                  "rows": Attendance.objects.filter(event=event, day=day)} for day in event.days],
        "people": Registration.objects.of_event(event).confirmed().count()},
        status=422 if form is not None and form.failed else 200)


def live_context(event: Event) -> dict[str, object]:
    """Return what changes while the event is on."""
    at = clock.now()
    heads, rows = hours(event, at=at)
    return {"event": event, "halls": halls(event, at=at), "hours": heads, "gates": rows, "at": at,
            "watched": watched(event, at=at)}


@signed_in
def live(request: HttpRequest, key: int) -> HttpResponse:
    """Show the live figures alone; the page asks for them again and again."""
    event = seen_event(request, key)
    allow(may_see_registrations(actor=actor_of(request), event=event))
    return render(request, "events/_live.html", live_context(event))


def conflicts(event: Event) -> list[dict[str, Any]]:
    """Return the scans that are in conflict with the rule they break, the undecided first."""
    rows = list(DoorScan.objects.filter(event=event).in_conflict().select_related(
        "device", "registration", "against__device")[:200])
    return [{"scan": one, "words": doubt_words(one)}
            for one in sorted(rows, key=lambda row: (row.chosen is not None, row.at))]


@require_POST
@signed_in
def enrol(request: HttpRequest, key: int) -> HttpResponse:
    """Give a gate a phone; the code is shown once, on this answer."""
    event = seen_event(request, key)
    form = DeviceForm(request.POST, event=event)
    if form.is_valid():
        outcome = perform(request, enrol_device, form, event=event, at=clock.now(), **form.cleaned_data)
        if outcome.ok:
            return doors_page(request, event, None, code=outcome.answer.code)
    return doors_page(request, event, form)


@require_POST
@signed_in
def revoke(request: HttpRequest, key: int, device: int) -> HttpResponse:
    """Take a phone's right to scan away."""
    row = get_object_or_404(Device, pk=device, event=seen_event(request, key))
    outcome = perform(request, revoke_device, device=row)
    if outcome.refusal:
        raise outcome.refusal
    return done(request, _("Revoked."), reverse("events:doors", args=[key]))


@require_POST
@signed_in
def decide_scan(request: HttpRequest, key: int, scan: int) -> HttpResponse:
    """Say which of two scans stands."""
    event = seen_event(request, key)
    allow(may_run_event(actor=actor_of(request), event=event))
    row = get_object_or_404(DoorScan.objects.filter(event=event).in_conflict(), pk=scan)
    choose(row=row, stands=request.POST.get("stands") == "yes", by=identity(actor_of(request)), at=clock.now())
    return done(request, _("Decided; both gates are told."), reverse("events:doors", args=[key]))


@require_POST
@signed_in
def close(request: HttpRequest, key: int, day: str) -> HttpResponse:
    """Close a day now instead of at night."""
    event, actor = seen_event(request, key), actor_of(request)
    allow(may_draft_event(actor=actor, organisation=event.organisation.ref))
    try:
        which = date.fromisoformat(day)
    except ValueError:
        raise Http404 from None
    if which not in event.days:
        raise Http404
    number = close_day(by=actor, on=clock.today(), event=event, day=which, at=clock.now())
    return done(request, ngettext("%(n)d attendance confirmed.", "%(n)d attendances confirmed.", number) % {
        "n": number}, reverse("events:doors", args=[key]))


@signed_in
def badges(request: HttpRequest, key: int, registration: int = 0) -> HttpResponse:
    """Print badges: sheets of labels for all, or one for the printer at the desk."""
    event = seen_event(request, key)
    allow(may_see_registrations(actor=actor_of(request), event=event))
    rows = Registration.objects.of_event(event).confirmed().exclude(name="").select_related("ticket", "unit")
    if registration:
        rows = rows.filter(pk=registration)
    if not rows.exists():
        raise Http404(_("Nobody with a confirmed registration and a name is here yet."))
    content = badges_pdf(event=event, registrations=list(rows), single=bool(registration), on=clock.today())
    return HttpResponse(content, content_type="application/pdf",
                        headers={"Content-Disposition": "inline; filename=badges.pdf"})
