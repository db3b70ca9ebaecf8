"""Reckons from the evidence who was at an event on a day, and for how long; reads, writes nothing (E7, K9)."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

from django.utils import timezone

from xinglin.kernel import regulations
from xinglin.kernel.refs import Ref, ref
from xinglin.mechanics.presence.door import Counted, Kind, Rules, Sat, Span, minutes, rules_on, scans, spans
from xinglin.mechanics.presence.door import Session as Sitting

from .attendances import Channel
from .gate_lists import midnight, places_of
from .holders import Holder, Key, held_by, holders_of
from .meetings import Event
from .programme import Session
from .registrations import Registration


@dataclass(frozen=True, kw_only=True)
class Day:
    """What one holder of a place comes to on one day: how they were there, and their minutes by session."""

    channel: str = Channel.NONE
    on_site: int = 0
    online: int = 0
    recorded: int = 0
    sessions: Mapping[str, int] = field(default_factory=dict)


def recording_ref(session: Session) -> Ref:
    """Return under which name presence knows the recording of a session: apart from the stream."""
    return ref("events.recording", session.pk)


def recorded_until(session: Session) -> datetime:
    """Return until when minutes of a recording count; they belong to the day of the session."""
    days = int(regulations.value("E7.recording_days", on=timezone.localdate(session.from_at)))
    return midnight(timezone.localdate(session.from_at)) + timedelta(days=days + 1)


CHANNELS = {(True, True): Channel.BOTH, (True, False): Channel.ON_SITE, (False, True): Channel.ONLINE,
            (False, False): Channel.NONE}
SOMEBODY = ref("events.registration", 0)  # who was scanned before they were named is one with who they are


class _Names:
    """Whose what is that presence kept under a name: of whoever held the place at that moment."""

    def __init__(self, event: Event, holders: Mapping[Key, Holder]) -> None:
        self.mine: dict[Ref, list[Holder]] = defaultdict(list)
        for one in holders.values():
            self.mine[one.unnamed].append(one)
        people = {one.person.pk for one in holders.values() if one.person}
        for one in held_by(event=event.pk, people=people).values():
            self.mine[one.name].append(one)

    def __iter__(self) -> Iterator[Ref]:
        return iter(self.mine)

    def holder(self, name: Ref, at: datetime) -> Key | None:
        """Return who it was at a moment, None when the place had gone to somebody else."""
        return next((one.key for one in self.mine[name] if one.had_it(at)), None)

    def give(self, sat: Sat, *, to: dict[Key, list[Sat]]) -> None:
        """Give a stretch of time to whoever it belongs to; a place that was handed over meanwhile cuts it."""
        begin = sat.span.from_at
        for one in self.mine[sat.person]:
            end = min(one.until_at, sat.span.until_at) if one.until_at else sat.span.until_at
            if begin < end:
                late = (begin - sat.span.from_at).total_seconds()
                media = None if sat.media_from is None else sat.media_from + late
                to[one.key].append(replace(sat, person=SOMEBODY, span=Span(begin, end), media_from=media))
                begin = end


class Reckoning:
    """One day of one event, beside all its other days: nobody is in two places in one minute."""

    def __init__(self, event: Event, day: date) -> None:
        self.event, self.day = event, day
        self.places = places_of(event)
        counting = [one for one in event.sessions.all() if one.counts]
        recorded = [one for one in counting if one.online or one.recording]
        self.halls = [self._hall(one) for one in counting]
        self.streams = [Sitting(session=recording_ref(one), spans=(Span(one.until_at, recorded_until(one)),),
                                media_seconds=one.recording_seconds) for one in recorded]
        # A person-time online is five minutes before any session, ceremonies too; minutes of learning are less (E5).
        self.screens = {ref_: span for one in event.sessions.all() if timezone.localdate(one.from_at) == day
                        for ref_, span in ((one.ref, Span(one.from_at, one.until_at)),
                                           (recording_ref(one), Span(one.until_at, recorded_until(one))))}
        self.recordings = {one.session for one in self.streams}
        self.doors = [Sitting(session=place, spans=tuple(Span(begin, end) for begin, end in blocks))
                      for place, (_often, blocks) in self.places.items()]

    def _hall(self, session: Session) -> Sitting:
        """Return a session with the place whose doors lead to it: its room where that has a gate, else the event."""
        room = ref("events.room", session.room_id) if session.room_id else None
        place = room if room in self.places else self.event.ref
        return Sitting(session=session.ref, spans=(Span(session.from_at, session.until_at),),
                       places=(place,) if session.on_site else ())

    def of(self, registrations: Sequence[Registration], *, at: datetime) -> dict[Key, Day]:
        """Return what each holder of some registrations comes to; those that were not there are left out."""
        mine = holders_of(registrations)
        names = _Names(self.event, mine)
        sats: dict[Key, list[Sat]] = defaultdict(list)
        for sat in spans(sessions=self.doors, at=at, people=names):
            names.give(sat, to=sats)
        for sat in spans(sessions=[*self.halls, *self.streams, *self._ceremonies()], at=at, people=names):
            if sat.kind != Kind.ON_SITE:  # the hall was taken from the doors, with their sittings
                names.give(sat, to=sats)
        went = {names.holder(one.person, one.at) for one in scans(sessions=self.doors, people=names)
                if timezone.localdate(one.at) == self.day}
        rules = rules_on(on=self.day)
        found = {key: self._day(key in went, sats.get(key, []), rules)
                 for key in sorted(mine) if key in sats or key in went}
        return {key: day for key, day in found.items() if day.channel != Channel.NONE}

    def _day(self, went: bool, sats: Sequence[Sat], rules: Rules) -> Day:
        """Return one person's day: through a door is on site (K9), online from the least minutes of watching on."""
        counted = minutes(spans_on_site=[one for one in sats if one.kind == Kind.ON_SITE],
                          spans_online=[one for one in sats if one.kind != Kind.ON_SITE],
                          sessions=[*self.halls, *self.streams])
        # Of a recording that was not watched to the end, or nearly, no minute counts (E7).
        skimmed = {film for film in self.recordings if counted.watched.get(film, 0) * 100 < rules.watched_percent}
        lines = [line for line in counted.lines if line.session in self.screens and line.session not in skimmed]
        watched = _length(self._seen(sats)) >= timedelta(minutes=rules.least_minutes)
        return Day(
            channel=CHANNELS[went, watched], on_site=_whole(line.on_site for line in lines),
            online=_whole(line.online for line in lines if line.session not in self.recordings),
            recorded=_whole(line.online for line in lines if line.session in self.recordings),
            sessions=_by_session(lines))

    def _ceremonies(self) -> list[Sitting]:
        known = {one.session for one in (*self.halls, *self.streams)}
        return [Sitting(session=one, spans=(span,)) for one, span in self.screens.items() if one not in known]

    def _seen(self, sats: Iterable[Sat]) -> Iterator[Span]:
        """Return when a screen with a session of this day was watched while the session was on."""
        for one in sats:
            if one.kind != Kind.ON_SITE and (on := self.screens.get(one.place)):
                begin, end = max(one.span.from_at, on.from_at), min(one.span.until_at, on.until_at)
                if begin < end:
                    yield Span(begin, end)


def _length(them: Iterable[Span]) -> timedelta:
    """Return how long some spans are, overlaps once."""
    total, reach = timedelta(0), None
    for one in sorted(them):
        begin = max(one.from_at, reach) if reach else one.from_at
        total += max(one.until_at - begin, timedelta(0))
        reach = max(one.until_at, reach) if reach else one.until_at
    return total


def _whole(parts: Iterable[timedelta]) -> int:
    return sum(parts, timedelta(0)) // timedelta(minutes=1)


def _by_session(lines: Iterable[Counted]) -> dict[str, int]:
    """Return whole minutes by the key of the session, its recording with it."""
    found: dict[str, timedelta] = defaultdict(timedelta)
    for line in lines:
        found[line.session.key] += line.total
    return {key: _whole([length]) for key, length in sorted(found.items()) if length >= timedelta(minutes=1)}
