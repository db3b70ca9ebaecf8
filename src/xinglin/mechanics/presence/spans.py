"""Half-open spans of time and what can be done with sets of them; pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.utils import timezone

NOTHING = timedelta(0)


@dataclass(frozen=True, order=True)
class Span:
    """The time from `from_at` up to but not including `until_at`, both aware."""

    from_at: datetime
    until_at: datetime

    def __post_init__(self) -> None:
        if timezone.is_naive(self.from_at) or timezone.is_naive(self.until_at):
            raise ValueError("a span needs aware moments")
        if self.until_at < self.from_at:
            raise ValueError(f"a span from {self.from_at} cannot end before it, at {self.until_at}")

    @property
    def length(self) -> timedelta:
        """How long it is."""
        return self.until_at - self.from_at


def union(spans: Iterable[Span]) -> tuple[Span, ...]:
    """Return the moments that lie in at least one span, as disjoint spans in order."""
    found: list[Span] = []
    for one in sorted(spans):
        if one.from_at == one.until_at:
            continue
        if found and one.from_at <= found[-1].until_at:
            found[-1] = Span(found[-1].from_at, max(found[-1].until_at, one.until_at))
        else:
            found.append(one)
    return tuple(found)


def within(spans: Iterable[Span], others: Iterable[Span]) -> tuple[Span, ...]:
    """Return the moments of `spans` that lie in `others` too."""
    found, right = [], union(others)
    for one in union(spans):
        for other in right:
            from_at, until_at = max(one.from_at, other.from_at), min(one.until_at, other.until_at)
            if from_at < until_at:
                found.append(Span(from_at, until_at))
    return tuple(found)


def without(spans: Iterable[Span], others: Iterable[Span]) -> tuple[Span, ...]:
    """Return the moments of `spans` that lie in none of `others`."""
    found, holes = [], union(others)
    for one in union(spans):
        begin = one.from_at
        for hole in holes:
            if hole.until_at <= begin or hole.from_at >= one.until_at:
                continue
            if begin < hole.from_at:
                found.append(Span(begin, hole.from_at))
            begin = max(begin, hole.until_at)
        if begin < one.until_at:
            found.append(Span(begin, one.until_at))
    return tuple(found)


def length(spans: Iterable[Span]) -> timedelta:
    """Return how much time the spans hold, each moment once."""
    return sum((one.length for one in union(spans)), NOTHING)


def by_day(spans: Iterable[Span]) -> dict[date, tuple[Span, ...]]:
    """Return the spans of each local day, cut at midnight."""
    found: dict[date, list[Span]] = {}
    for one in union(spans):
        begin = one.from_at
        while begin < one.until_at:
            day = local_day(begin)
            end = min(one.until_at, next_midnight(day))
            found.setdefault(day, []).append(Span(begin, end))
            begin = end
    return {day: tuple(them) for day, them in sorted(found.items())}


def local_day(at: datetime) -> date:
    """Return the association's date at a moment."""
    return timezone.localtime(at).date()


def next_midnight(day: date) -> datetime:
    """Return the first moment after a local day."""
    return timezone.make_aware(datetime.combine(day + timedelta(days=1), time.min))
