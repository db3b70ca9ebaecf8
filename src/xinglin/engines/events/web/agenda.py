"""Pages of the programme for those who run an event: by day and room, one session, with every clash in words."""

from datetime import timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from xinglin.kernel import clock
from xinglin.shell.asking import actor_of
from xinglin.shell.web import allow, done, perform, signed_in

from ..actions.programme import arrange_session, remove_session
from ..meetings import Event
from ..policy import may_run_event
from ..programme import Session
from ..registrations import Registration
from ..timetable import days
from .agenda_forms import SessionForm
from .register import seen_event


@signed_in
def agenda(request: HttpRequest, key: int) -> HttpResponse:
    """Show the programme by day and room."""
    event = seen_event(request, key)
    rows = list(event.sessions.select_related("room").prefetch_related("speakers"))
    return render(request, "events/agenda.html", {
        "event": event, "days": days(rows), "number": len(rows),
        "minutes": sum(one.minutes for one in rows if one.counts),
        "oath_missing": event.sort.oath and not any(one.kind == Session.Kind.OATH for one in rows),
        "may_run": may_run_event(actor=actor_of(request), event=event)})


@signed_in
def session(request: HttpRequest, key: int, session: int = 0) -> HttpResponse:
    """Put a session on the programme or change one."""
    event = seen_event(request, key)
    allow(may_run_event(actor=actor_of(request), event=event))
    row = get_object_or_404(event.sessions.select_related("room"), pk=session) if session else None
    form = SessionForm(request.POST or None, event=event, session=row, initial=None if row else _after_last(event))
    if request.method == "POST" and form.is_valid():
        outcome = perform(request, arrange_session, form, event=event, slot=form.slot(), session=row,
                          at=clock.now())
        if outcome.ok:
            return done(request, _("On the programme: %(title)s.") % {"title": outcome.answer.title},
                        reverse("events:agenda", args=[key]))
    return render(request, "events/session.html", {
        "form": form, "event": event, "session": row, "rooms": event.rooms.all(),
        "signed": Registration.objects.live().filter(chosen__option__session=row).distinct().count() if row else 0},
        status=422 if form.failed else 200)


def _after_last(event: Event) -> dict[str, object]:
    """Begin a new session where the last one ends."""
    last = event.sessions.order_by("-until_at").first()
    if last is None:
        return {"day": event.from_on.isoformat(), "from_at": "09:00", "until_at": "10:00"}
    end = timezone.localtime(last.until_at)
    return {"day": end.date().isoformat(), "from_at": end.strftime("%H:%M"),
            "until_at": (end + timedelta(minutes=60)).strftime("%H:%M"), "room": last.room.name if last.room else ""}


@require_POST
@signed_in
def remove(request: HttpRequest, key: int, session: int) -> HttpResponse:
    """Take a session off the programme."""
    event = seen_event(request, key)
    row = get_object_or_404(event.sessions.select_related("event"), pk=session)
    outcome = perform(request, remove_session, session=row, at=clock.now())
    if outcome.refusal:
        return done(request, outcome.refusal, reverse("events:agenda", args=[key]), level="bad")
    return done(request, _("Taken off the programme."), reverse("events:agenda", args=[key]))
