"""Sets down the programme of an event; nobody speaks in two places at once, no room is used twice."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from xinglin.directory.models import Person
from xinglin.kernel.actors import Actor
from xinglin.kernel.acts import act, state
from xinglin.kernel.policy import Problem, Refusal, Refusals, require
from xinglin.kernel.refs import Code, ref

from ..facts import SessionArranged
from ..meetings import Event, State
from ..offering import sheet_in, without_session
from ..policy import may_run_event
from ..programme import Room, Session, Speaking
from ..sign_up import open_sign_up
from .offers import publish_offer
from .options import drop_session


class OathStays(Refusal):
    """The oath of an event that must hold it is not taken off the agenda (C14)."""

    regulation = "C14.oath"


class SessionHeld(Refusal):
    """What was held stays in the programme."""


@dataclass(frozen=True, kw_only=True)
class Speaker:
    """Who speaks: somebody of the directory, or a name with a unit."""

    person: Person | None = None
    name: str = ""
    unit: str = ""
    part: str = Speaking.Part.SPEAKER


@dataclass(frozen=True, kw_only=True)
class Slot:
    """What is said of one session."""

    title: str
    from_at: datetime
    until_at: datetime
    kind: str = Session.Kind.LECTURE
    title_en: str = ""
    summary: str = ""
    track: str = ""
    room: str = ""  # its name; a new one is added to the event
    seats: int | None = None  # of the room, where they are said anew
    on_site: bool = True
    online: bool = False
    stream: str = ""
    recording: str = ""
    recording_minutes: int | None = None
    places: int | None = None
    speakers: tuple[Speaker, ...] = ()


SAID = ("title", "from_at", "until_at", "kind", "title_en", "summary", "track", "on_site", "online", "stream",
        "recording", "recording_minutes", "places")


@act
def arrange_session(
    *, by: Actor, on: date, event: Event, slot: Slot, session: Session | None = None, at: datetime | None = None,
) -> Session:
    """Put a session on the programme or change it; every clash is said at once.

    `at` is the moment at which places to sign up for change hands; without it, the beginning of the day.
    """
    event = Event.objects.one_locked(pk=event.pk)
    require(may_run_event(actor=by, event=event))
    if session and session.kind == Session.Kind.OATH and slot.kind != Session.Kind.OATH:
        _keep_oath(event, session)
    room = _room(event, slot)
    _refuse_clashes(event, slot, room, session)
    return put_session(session or Session(event=event), slot, room=room, at=at or _begins(on))


def _room(event: Event, slot: Slot) -> Room | None:
    if not slot.room:
        return None
    room, _new = Room.objects.get_or_create(event=event, name=slot.room)
    if slot.seats is not None and slot.seats != room.seats:
        room.seats = slot.seats
        room.save(update_fields=["seats"])
    return room


def put_session(row: Session, slot: Slot, *, room: Room | None, at: datetime) -> Session:
    """Write a session with its speakers and its places to sign up for, and state it."""
    for name in SAID:
        setattr(row, name, getattr(slot, name))
    row.room = room
    row.save()
    row.speakers.all().delete()
    Speaking.objects.bulk_create([
        Speaking(session=row, person=one.person, name=one.name or str(one.person), unit=one.unit, part=one.part,
                 order=order) for order, one in enumerate(slot.speakers)])
    open_sign_up(row, at=at)
    _say(row)
    return row


def slot_of(session: Session) -> Slot:
    """Return what is said of a session, to begin a change with."""
    return Slot(**{name: getattr(session, name) for name in SAID}, room=session.room.name if session.room else "",
                speakers=speakers_from(list(session.speakers.all())))


@act
def remove_session(*, by: Actor, on: date, session: Session, at: datetime | None = None) -> None:
    """Take a session off the programme; who signed up for it has it no more, and what it cost goes back."""
    event = Event.objects.one_locked(pk=session.event_id)
    require(may_run_event(actor=by, event=event))
    if event.state == State.HELD:
        raise SessionHeld(_("The event was held; its programme stays."))
    _keep_oath(event, session)
    at = at or _begins(on)
    drop_session(session=session, on=on, at=at)
    _say(session, removed=True)
    if offer := event.offers.first():
        left = without_session(sheet_in(offer), session.pk)
        if left != sheet_in(offer):
            publish_offer(by=by, on=on, event=event, sheet=left, at=at)
    session.delete()


def _begins(on: date) -> datetime:
    return timezone.make_aware(datetime.combine(on, datetime.min.time()))


def _keep_oath(event: Event, session: Session) -> None:
    others = event.sessions.filter(kind=Session.Kind.OATH).exclude(pk=session.pk)
    if (session.kind == Session.Kind.OATH and event.sort.oath and event.state != State.DRAFT
            and not others.exists()):
        raise OathStays(_("“%(kind)s” holds the physicians' oath: it stays on the agenda.") % {"kind": event.sort})


def _refuse_clashes(event: Event, slot: Slot, room: Room | None, session: Session | None) -> None:
    problems = []
    if slot.until_at <= slot.from_at:
        problems.append(Problem(field="until_at", message=_("It ends before it begins.")))
    days = event.days
    if not (days[0] <= _day(slot.from_at) and _day(slot.until_at - timedelta(microseconds=1)) <= days[-1]):
        problems.append(Problem(field="from_at", message=_("The event lasts from %(first)s to %(last)s.") % {
            "first": days[0], "last": days[-1]}))
    if not (slot.on_site or slot.online):
        problems.append(Problem(field="on_site", message=_("Say whether it is on site, online or both.")))
    problems += clashes(event=event, slot=slot, room=room, apart_from=session)
    if problems:
        raise Refusals(problems)


def clashes(
    *, event: Event, slot: Slot, room: Room | None, apart_from: Session | Event | None = None,
) -> list[Problem]:
    """Return every clash of room or person with a session of any living event in the same time."""
    rows = Session.objects.meeting(from_at=slot.from_at, until_at=slot.until_at)
    rows = rows.exclude(event__state__in=[State.CANCELLED, State.REFUSED])
    if isinstance(apart_from, Event):
        rows = rows.exclude(event=apart_from)
    elif apart_from:
        rows = rows.exclude(pk=apart_from.pk)
    answer = []
    for other in rows.filter(room=room) if room else ():
        answer.append(Problem(field="room", message=_("“%(room)s” is taken then by “%(session)s” (%(time)s).") % {
            "room": room, "session": other, "time": _span(other)}))
    people = {one.person.pk: one.person for one in slot.speakers if one.person}
    speaking = Speaking.objects.filter(session__in=rows, person__in=people).select_related("session__event")
    for one in speaking.order_by("session__from_at", "pk"):
        answer.append(Problem(field="speakers", message=_("%(name)s speaks then in “%(session)s” (%(time)s).") % {
            "name": people[one.person_id], "session": one.session, "time": _span(one.session)}))
    return answer


def _span(session: Session) -> str:
    return "–".join(timezone.localtime(one).strftime("%H:%M") for one in (session.from_at, session.until_at))


def _day(moment: datetime) -> date:
    return timezone.localtime(moment).date()


def _say(session: Session, *, removed: bool = False) -> None:
    day = _day(session.from_at)
    speakers = list(session.speakers.all())
    names = [{"name": one.name, "unit": one.unit, "part": one.part} for one in speakers]
    state(SessionArranged(
        session=session.ref, event=session.event.ref, kind=Code(session.kind), day=day,
        from_minute=_minute(session.from_at, day), until_minute=_minute(session.until_at, day),
        room=ref("events.room", session.room.pk) if session.room else None,
        speakers=tuple(one.person.ref for one in speakers if one.person), on_site=session.on_site,
        online=session.online, places=session.places, recording_minutes=session.recording_minutes, removed=removed,
        title=session.title, title_en=session.title_en, summary=session.summary, track=session.track,
        names=json.dumps(names, ensure_ascii=False), room_name=session.room.name if session.room else "",
        room_seats=session.room.seats if session.room else None, stream=session.stream, recording=session.recording))


def _minute(moment: datetime, day: date) -> int:
    local = timezone.localtime(moment)
    return (local.date() - day).days * 1440 + local.hour * 60 + local.minute


def speakers_from(rows: Sequence[Speaking]) -> tuple[Speaker, ...]:
    """Return who speaks as values, to begin a changed slot with."""
    return tuple(Speaker(person=one.person, name=one.name, unit=one.unit, part=one.part) for one in rows)
