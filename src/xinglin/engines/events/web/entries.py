"""Pages of the epidemic pack: half hours and who comes, a reservation, the gate, the list of risk areas (C08)."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from xinglin.directory.security.rates import limited
from xinglin.kernel import clock, regulations
from xinglin.kernel.policy import Refusal
from xinglin.lib.regions import full_name
from xinglin.shell.asking import actor_of
from xinglin.shell.web import allow, done, perform, signed_in

from ..actions.epidemics import list_risk_areas
from ..entering import check_entry, half_hours, open_half_hours, reserve_entry
from ..epidemics import Entry, EntryCheck, RiskList
from ..holders import holder_of
from ..meetings import Event
from ..offers import Channel
from ..policy import PUBLIC
from ..regions import region_name
from ..registrations import Registration
from ..services_policy import may_list_risks, may_run_entries, may_see_services
from .register import seen_event
from .services_forms import EntryForm, GateForm, HalfHoursForm, RiskForm


def _half_hours(event: Event) -> tuple[list[Any], dict[int, str]]:
    slots = half_hours(event=event, at=clock.now())
    return slots, {one.item: _("%(time)s　%(left)d of %(all)d left") % {
        "time": timezone.localtime(one.at).strftime("%m-%d %H:%M"), "left": one.left, "all": one.capacity}
        for one in slots}


@signed_in
def entries(request: HttpRequest, key: int) -> HttpResponse:
    """Show half hours, reservations and checks; set the half hours."""
    event, actor = seen_event(request, key), actor_of(request)
    may_run = may_run_entries(actor=actor, event=event)
    form = HalfHoursForm(request.POST or None, initial={
        "places": int(regulations.value("C08.flow", on=event.from_on))})
    if request.method == "POST" and form.is_valid():
        allow(may_run)
        try:
            open_half_hours(event=event, at=clock.now(), **form.cleaned_data)
            return done(request, _("The half hours are set."), reverse("events:entries", args=[key]))
        except Refusal as refusal:
            form.refuse(refusal)
    rows = list(event.entries.all())
    for one in rows:
        one.place = region_name(one.region)
    return render(request, "events/entries.html", {
        "event": event, "form": form, "may_run": may_run, "slots": half_hours(event=event, at=clock.now()),
        "entries": rows, "flagged": [one for one in rows if one.risk], "risks": RiskList.objects.newest(),
        "checks": event.entry_checks.count(), "refused": event.entry_checks.filter(admitted=False).count()},
        status=422 if form.failed else 200)


@limited("event_entry")
def reserve(request: HttpRequest, key: str) -> HttpResponse:
    """Reserve a half hour for who comes under a registration; its secret address is the way in."""
    row = get_object_or_404(Registration.objects.live().select_related("event", "person"), key=key, event__pack=True,
                            ticket__channel=Channel.ON_SITE, event__state__in=PUBLIC)
    event, who = row.event, holder_of(row).unnamed
    slots, labels = _half_hours(event)
    form = EntryForm(request.POST or None, slots=slots, labels=labels, on=clock.today())
    if request.method == "POST" and form.is_valid():
        try:
            reserve_entry(event=event, who=who, name=str(row), at=clock.now(), **form.cleaned_data)
            return done(request, _("Reserved. Bring your health code; the temperature is taken at the gate."),
                        reverse("events:reserve", args=[key]))
        except Refusal as refusal:
            form.refuse(refusal)
    return render(request, "events/reserve.html", {
        "row": row, "event": event, "form": form, "mine": Entry.objects.filter(event=event, who=who), "slots": slots},
        status=422 if form.failed else 200)


@signed_in
def gate(request: HttpRequest, key: int) -> HttpResponse:
    """Check a visitor at the gate: reservation, region, temperature and code."""
    event = seen_event(request, key)
    allow(may_run_entries(actor=actor_of(request), event=event))
    form = GateForm(request.POST or None, event=event)
    verdict, visitor = None, None
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        visitor = given["ticket"]
        verdict = check_entry(event=event, who=holder_of(visitor).unnamed, at=clock.now(),
                              temperature=given["temperature"], code=given["code"], key=form.token)
        form = GateForm(event=event)
    return render(request, "events/entry_gate.html", {
        "event": event, "form": form, "verdict": verdict, "visitor": visitor, "asked": verdict is not None,
        "checks": EntryCheck.objects.filter(event=event).count()}, status=422 if form.failed else 200)


@signed_in
def risks(request: HttpRequest) -> HttpResponse:
    """Show the list in force and its versions; take over a new one."""
    actor = actor_of(request)
    allow(may_see_services(actor=actor))
    newest = RiskList.objects.newest()
    form = RiskForm(request.POST or None, initial={
        "high": " ".join(newest.high), "medium": " ".join(newest.medium)} if newest else None)
    if request.method == "POST" and form.is_valid():
        outcome = perform(request, list_risk_areas, form, **form.said())
        if outcome.ok:
            return done(request, _("Version %(number)d is in force.") % {"number": outcome.answer.version},
                        reverse("events:risks"))
    named = [(level, [(code, full_name(code=code)) for code in codes]) for level, codes in (
        (_("High risk"), newest.high), (_("Medium risk"), newest.medium))] if newest else []
    return render(request, "events/risks.html", {
        "newest": newest, "named": named, "versions": RiskList.objects.all()[:20], "form": form,
        "may_list": may_list_risks(actor=actor), "flagged": Entry.objects.exclude(risk="").count()},
        status=422 if form.failed else 200)
