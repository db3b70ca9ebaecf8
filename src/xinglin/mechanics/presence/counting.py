"""From stretches and scans to figures: minutes without overlap, person-times, audience; pure."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta

from xinglin.kernel.refs import Ref

from .spans import NOTHING, Span, by_day, length, local_day, union, within, without
from .values import Audience, Counted, Kind, Minutes, PersonTimes, Sat, Scanned, Session

Used = dict[tuple[Ref, date], list[timedelta]]


def minutes(*, spans_on_site: Iterable[Sat], spans_online: Iterable[Sat], sessions: Sequence[Session]) -> Minutes:
    """Return the counted time of one person per session and local day (E7).

    A moment counts once whatever overlaps: the hall before the stream, the stream before a recording; among equals the
    stretch that began first. Of a recording each second of media counts once, when it was first watched.
    """
    counting = _Counting(sessions)
    for one in _ordered(spans_on_site):
        counting.take(one, hall=True)
    online = _ordered(spans_online)
    for one in (sat for sat in online if sat.kind != Kind.RECORDING):
        counting.take(one, hall=False)
    for one in (sat for sat in online if sat.kind == Kind.RECORDING):
        counting.take_media(one)
    return counting.answer()


def _ordered(sats: Iterable[Sat]) -> list[Sat]:
    return sorted(sats, key=lambda one: (one.span, one.place, one.media_from or 0))


class _Counting:
    """Adds stretches one after another and remembers which time and which media are used."""

    def __init__(self, sessions: Sequence[Session]) -> None:
        self.sessions = sorted(sessions, key=lambda one: (one.spans, one.session))
        self.taken: tuple[Span, ...] = ()
        self.seen: dict[Ref, list[tuple[float, float]]] = {}
        self.used: Used = {}
        self.people: set[Ref] = set()

    def take(self, sat: Sat, *, hall: bool) -> None:
        """Count the hall or a stream."""
        for session in self._places(sat):
            self._count(session, without(within([sat.span], session.spans), self.taken), hall=hall)

    def take_media(self, sat: Sat) -> None:
        """Count what is watched of a recording for the first time."""
        begins = sat.media_from or 0.0
        for session in self._places(sat):
            seen = self.seen.setdefault(session.session, [])
            for free in without(within([sat.span], session.spans), self.taken):
                first = begins + (free.from_at - sat.span.from_at).total_seconds()
                last = first + free.length.total_seconds()
                last = min(last, session.media_seconds) if session.media_seconds else last
                fresh = _fresh(first, last, seen)
                self._count(session, [_moved(free, first, *part) for part in fresh], hall=False)
                seen += fresh

    def _places(self, sat: Sat) -> list[Session]:
        self.people.add(sat.person)
        if len(self.people) > 1:
            raise ValueError(f"minutes are counted for one person at a time, not {sorted(self.people)}")
        return [one for one in self.sessions if one.is_at(sat.place)]

    def _count(self, session: Session, spans: Iterable[Span], *, hall: bool) -> None:
        spans = union(spans)
        for day, parts in by_day(spans).items():
            self.used.setdefault((session.session, day), [NOTHING, NOTHING])[0 if hall else 1] += length(parts)
        self.taken = union([*self.taken, *spans])

    def answer(self) -> Minutes:
        """Return what was counted."""
        lines = tuple(Counted(session=session, day=day, on_site=hall, online=online)
                      for (session, day), (hall, online) in sorted(self.used.items()))
        lengths = {one.session: one.media_seconds for one in self.sessions if one.media_seconds}
        watched = {ref: min(1.0, sum(last - first for first, last in seen) / lengths[ref])
                   for ref, seen in self.seen.items() if ref in lengths}
        return Minutes(lines=lines, watched=watched)


def _fresh(first: float, last: float, seen: Iterable[tuple[float, float]]) -> list[tuple[float, float]]:
    """Return the parts of a piece of media that were not seen before."""
    parts = [(first, last)] if first < last else []
    for begin, end in seen:
        parts = [piece for a, b in parts for piece in ((a, min(b, begin)), (max(a, end), b)) if piece[0] < piece[1]]
    return parts


def _moved(free: Span, first: float, begin: float, end: float) -> Span:
    """Return when a piece of media was on the screen."""
    from_at = free.from_at + timedelta(seconds=begin - first)
    until_at = min(free.until_at, free.from_at + timedelta(seconds=end - first))
    return Span(min(from_at, until_at), until_at)


def person_times(*, scans: Iterable[Scanned], online: Iterable[Sat], least_minutes: int) -> PersonTimes:
    """Return 人次 (K9): people scanned per day, accounts per day that watched `least_minutes` or more, both once.

    Whoever went through a door was there, also without a way out; a page that was only opened is nobody.
    """
    hall = {(local_day(one.at), one.person) for one in scans}
    spans: dict[Ref, list[Span]] = {}
    for one in online:
        if one.kind != Kind.ON_SITE:
            spans.setdefault(one.person, []).append(one.span)
    least = timedelta(minutes=least_minutes)
    screens = {(day, person) for person, them in spans.items() for day, parts in by_day(them).items()
               if length(parts) >= least}
    return PersonTimes(on_site=len(hall), online=len(screens), together=len(hall | screens))


def audience(*, online: Iterable[Sat]) -> Audience:
    """Return how many different people watched, and the most at one moment; a person in two windows is one."""
    spans: dict[Ref, list[Span]] = {}
    for one in online:
        spans.setdefault(one.person, []).append(one.span)
    there = {person: union(them) for person, them in spans.items()}
    steps = sorted([(span.from_at, 1) for them in there.values() for span in them]
                   + [(span.until_at, -1) for them in there.values() for span in them])
    now = most = 0
    when: datetime | None = None
    for at, step in steps:  # who leaves at a moment is gone before who comes at it is counted: spans are half-open
        now += step
        if now > most:
            most, when = now, at
    return Audience(unique=sum(1 for them in there.values() if them), peak=most, peak_at=when)
