"""The year at a glance: each branded series with what was promised, planned and held, and every event by month."""

from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from xinglin.kernel.ports import ask
from xinglin.kernel.ports.promises import Promise, Promises

from .facts import EventHeld
from .meetings import LIVING, TAKEN_PLACE, Event, State
from .series import Series


@dataclass(frozen=True, kw_only=True)
class Brand:
    """One branded series in a year on a day (C04): the promise of the plan, what is planned, held, called off."""

    series: Series
    promise: Promise | None
    programme: int
    held: int
    overdue: int
    cancelled: int

    @property
    def promised(self) -> int:
        """The number promised, or what the programme has where the plan says nothing."""
        return int(self.promise.number) if self.promise else self.programme

    @property
    def missing(self) -> int:
        """How many more must be held."""
        return max(self.promised - self.held, 0)

    @property
    def percent(self) -> int:
        """How much of the promise is held, at most 100."""
        return min(100 * self.held // self.promised, 100) if self.promised else 0

    @property
    def unplanned(self) -> int:
        """How many of the promised ones are not even in the programme."""
        return max(self.promised - self.programme, 0)


@dataclass(frozen=True, kw_only=True)
class Month:
    """A month of the board."""

    first: date
    events: tuple[Event, ...]


def brand(series: Series, *, year: int, on: date) -> Brand:
    """Count a branded series as it stands on a day; what happened later does not count yet."""
    of_year = series.events.filter(until_on__gt=date(year, 1, 1), from_on__lt=date(year + 1, 1, 1))
    held = of_year.filter(state__in=TAKEN_PLACE, held_on__year=year, held_on__lte=on).count()
    last = date(year, 12, 31)
    return Brand(
        series=series, held=held,
        promise=ask(Promises).of(fact=EventHeld.TYPE, filter=(("series", str(series.ref)),), on=min(on, last)),
        programme=of_year.filter(state__in=[*LIVING, *TAKEN_PLACE]).count(),
        overdue=of_year.filter(state__in=LIVING, until_on__lte=on).count(),
        cancelled=of_year.filter(state=State.CANCELLED).count())


def brands(*, year: int, on: date) -> list[Brand]:
    """Return every branded series that is not closed."""
    rows = Series.objects.filter(branded=True, closed_on=None).select_related("organisation")
    return [brand(one, year=year, on=on) for one in rows]


def months(rows: QuerySet[Event], *, year: int) -> list[Month]:
    """Return the twelve months with the events that begin in each."""
    by_month: dict[int, list[Event]] = {number: [] for number in range(1, 13)}
    for event in rows.filter(from_on__year=year).order_by("from_on", "pk"):
        by_month[event.from_on.month].append(event)
    return [Month(first=date(year, number, 1), events=tuple(events)) for number, events in by_month.items()]
