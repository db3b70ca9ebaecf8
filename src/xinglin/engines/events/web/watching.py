"""Pages for those who take part: my day with what is on now, and a session before the screen."""

from datetime import datetime, timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _

from xinglin.kernel import clock
from xinglin.kernel.refs import ref
from xinglin.mechanics.presence.door import Kind, player_for, rules_on
from xinglin.shell.asking import actor_of
from xinglin.shell.web import allow, signed_in

from ..attending import recorded_until, recording_ref
from ..meetings import Event, Format
from ..policy import PUBLIC, person_key
from ..programme import Session
from ..registrations import Chosen, Registration
from ..watching_policy import may_watch

BEFORE = timedelta(minutes=15)  # the stream is shown this long before the session


@signed_in
def my_day(request: HttpRequest, key: int) -> HttpResponse:
    """Show the programme of a day to somebody who takes part: what is on now, what was chosen, where to watch."""
    event = get_object_or_404(Event.objects.select_related("organisation"), pk=key, state__in=PUBLIC)
    at, mine = clock.now(), _mine(request, event)
    sessions = list(event.sessions.select_related("room"))
    days = sorted({timezone.localdate(one.from_at) for one in sessions})
    wanted = request.GET.get("day", "")
    day = next((one for one in days if one.isoformat() == wanted), None) or next(
        (one for one in days if one >= timezone.localdate(at)), days[-1] if days else event.from_on)
    chosen = set(Chosen.objects.filter(registration__in=mine).values_list("option__session", flat=True))
    rows = [{"session": one, "now": one.from_at <= at < one.until_at, "over": one.until_at <= at,
             "mine": one.pk in chosen,
             "watch": bool(one.online and may_watch(session=one, registrations=mine) and source_of(one, at)[0])}
            for one in sessions if timezone.localdate(one.from_at) == day]
    return render(request, "events/my_day.html", {"event": event, "rows": rows, "days": days, "day": day, "at": at,
                                                  "mine": mine, "now": [one for one in rows if one["now"]]})


def _mine(request: HttpRequest, event: Event) -> list[Registration]:
    """Return the reader's own registrations of an event."""
    person = person_key(actor_of(request))
    rows = Registration.objects.of_event(event).confirmed().select_related("ticket")
    return list(rows.filter(person=person)) if person else []


def source_of(session: Session, at: datetime) -> tuple[str, Kind]:
    """Return where the film is at a moment: the stream around the session, the recording after it, else nothing."""
    if session.stream and session.from_at - BEFORE <= at < session.until_at:
        return session.stream, Kind.LIVE
    if session.recording and at >= session.until_at:
        return session.recording, Kind.RECORDING
    return "", Kind.LIVE


@signed_in
def watch(request: HttpRequest, key: int, session: int) -> HttpResponse:
    """Show a session before the screen to whoever has the right to; presence counts what is watched."""
    row = get_object_or_404(Session.objects.select_related("event__organisation", "room"), pk=session, event=key,
                            event__state__in=PUBLIC)
    at, actor = clock.now(), actor_of(request)
    allow(may_watch(session=row, registrations=_mine(request, row.event)))
    source, kind = source_of(row, at)
    place = row.ref if kind == Kind.LIVE else recording_ref(row)
    until = row.until_at if kind == Kind.LIVE else None
    player = player_for(person=ref("directory.person", person_key(actor)), session=place, kind=kind, source=source,
                        at=at, title=row.title, until_at=until,
                        media_seconds=row.recording_seconds if kind == Kind.RECORDING else 0) if source else None
    return render(request, "events/watch.html", {
        "session": row, "event": row.event, "player": player, "at": at,
        "percent": rules_on(on=timezone.localdate(row.from_at)).watched_percent, "recorded_until": recorded_until(row),
        "hybrid": row.event.format == Format.HYBRID, "say": "" if player else _("There is nothing to watch now.")})
