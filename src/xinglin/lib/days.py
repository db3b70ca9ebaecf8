"""Counting days and working days by the Chinese calendar of holidays and make-up days.

Whether the first day counts and which way a last day rolls are parameters everywhere, because the rules
differ; the defaults follow articles 201 and 203 of the Civil Code: the day of the event is day 0, and a last
day on a holiday rolls forward.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from functools import cache

import chinese_calendar

from xinglin.lib.periods import MonthEnd, Period, years_after

ONE_DAY = timedelta(days=1)


class UncoveredYear(LookupError):
    """A year whose holidays have not been announced to this calendar."""

    def __init__(self, *, year: int) -> None:
        first, last = published_years()
        self.year = year
        super().__init__(
            f"{year} 年的节假日安排尚未录入（已有 {first}–{last} 年），请先录入放假通知。"
            f" The holidays of {year} are not known (known: {first}–{last}); enter the notice first."
        )


class ImpossibleCount(ValueError):
    """A count of days that cannot be made, such as a negative one."""


class Unit(StrEnum):
    """What a rule counts: 日 are calendar days, 工作日 are working days."""

    DAYS = "days"
    WORKING_DAYS = "working_days"


class Roll(StrEnum):
    """Where a counted day moves when it is not a working day."""

    NONE = "none"
    FORWARD = "forward"
    BACK = "back"


class Uncovered(StrEnum):
    """What to do with a year without an announced arrangement."""

    REFUSE = "refuse"
    WEEKENDS = "weekends"  # Monday to Friday work; the answer lists the years for which this was assumed


@dataclass(frozen=True)
class YearArrangement:
    """One year's holiday notice: days off and days made up, with the number of the notice."""

    year: int
    days_off: frozenset[date]
    make_up_days: frozenset[date]
    source: str

    def __post_init__(self) -> None:
        both = self.days_off & self.make_up_days
        if both:
            raise ImpossibleCount(f"{min(both)} is both a day off and a make-up day in {self.source}")


@dataclass(frozen=True)
class WorkingCalendar:
    """Which days are worked: the published years of chinesecalendar, and arrangements entered by the
    association."""

    arrangements: tuple[YearArrangement, ...] = ()
    uncovered: Uncovered = Uncovered.REFUSE

    def covers(self, year: int) -> bool:
        """Say whether the year's holidays are known."""
        first, last = published_years()
        return first <= year <= last or any(each.year == year for each in self.arrangements)

    def is_working_day(self, day: date) -> bool:
        """Say whether the day is worked; raises UncoveredYear unless weekends may stand in for unknown
        holidays."""
        for each in self.arrangements:  # an entered notice speaks before the library's copy of it
            if each.year == day.year:
                return day in each.make_up_days or (day.weekday() < 5 and day not in each.days_off)
        if self.covers(day.year):
            return bool(chinese_calendar.is_workday(day))
        if self.uncovered is Uncovered.REFUSE:
            raise UncoveredYear(year=day.year)
        return day.weekday() < 5


CALENDAR = WorkingCalendar()


@dataclass(frozen=True)
class CountedDay:
    """The day a count arrived at, and the years in which only weekends were known."""

    day: date
    assumed_years: tuple[int, ...] = ()

    @property
    def is_provisional(self) -> bool:
        """Whether holidays not yet announced may still move the day."""
        return bool(self.assumed_years)


@dataclass(frozen=True)
class NoticeWindow:
    """A public notice 公示: posted on day 0, open through its last day, the decision free from the day
    after."""

    posted_on: date
    last_day: date
    assumed_years: tuple[int, ...] = ()

    @property
    def period(self) -> Period:
        """The days on which objections may be raised, the day of posting included."""
        return Period(from_=self.posted_on, until=self.free_from)

    @property
    def free_from(self) -> date:
        """The first day on which the decision may be taken."""
        return self.last_day + ONE_DAY


@cache
def published_years() -> tuple[int, int]:
    """Return the first and last year whose holiday notices chinesecalendar holds."""
    years = {day.year for day in chinese_calendar.holidays}
    return min(years), max(years)


@dataclass
class _Walk:
    """Asks the calendar day by day and remembers the years it had to assume."""

    calendar: WorkingCalendar
    assumed: set[int] = field(default_factory=set)

    def works(self, day: date) -> bool:
        worked = self.calendar.is_working_day(day)
        if not self.calendar.covers(day.year):
            self.assumed.add(day.year)
        return worked

    def roll(self, day: date, roll: Roll) -> date:
        if roll is Roll.NONE:
            return day
        step = ONE_DAY if roll is Roll.FORWARD else -ONE_DAY
        while not self.works(day):
            day += step
        return day

    def count(self, *, start: date, count: int, unit: Unit, step: timedelta, first_counts: bool) -> date:
        counts: Callable[[date], bool] = self.works if unit is Unit.WORKING_DAYS else lambda day: True
        left = count - 1 if count and first_counts and counts(start) else count
        day = start
        while left:
            day += step
            left -= counts(day)
        return day

    def arrived(self, day: date) -> CountedDay:
        return CountedDay(day=day, assumed_years=tuple(sorted(self.assumed)))


def _checked(count: int) -> int:
    if count < 0:
        raise ImpossibleCount(
            f"{count} days cannot be counted; choose deadline_after or lead_before for the direction"
        )
    return count


def deadline_after(
    *,
    event_on: date,
    count: int,
    unit: Unit = Unit.DAYS,
    first_day_counts: bool = False,
    roll: Roll = Roll.FORWARD,
    calendar: WorkingCalendar = CALENDAR,
) -> CountedDay:
    """Return the last day of a term of so many days after an event (Civil Code art. 201, 203)."""
    walk = _Walk(calendar)
    day = walk.count(
        start=event_on, count=_checked(count), unit=unit, step=ONE_DAY, first_counts=first_day_counts
    )
    return walk.arrived(walk.roll(day, roll))


def lead_before(
    *,
    event_on: date,
    count: int,
    unit: Unit = Unit.DAYS,
    first_day_counts: bool = False,
    roll: Roll = Roll.BACK,
    calendar: WorkingCalendar = CALENDAR,
) -> CountedDay:
    """Return the latest day on which something due at least so many days before an event is still in time."""
    walk = _Walk(calendar)
    day = walk.count(
        start=event_on, count=_checked(count), unit=unit, step=-ONE_DAY, first_counts=first_day_counts
    )
    return walk.arrived(walk.roll(day, roll))


def public_notice_window(
    *,
    posted_on: date,
    days: int = 7,
    working_days: int = 5,
    first_day_counts: bool = False,
    roll: Roll = Roll.FORWARD,
    calendar: WorkingCalendar = CALENDAR,
) -> NoticeWindow:
    """Return how long a public notice stays open: the longer of the calendar days and the working days
    (G17)."""
    ends = [
        deadline_after(
            event_on=posted_on,
            count=count,
            unit=unit,
            first_day_counts=first_day_counts,
            roll=roll,
            calendar=calendar,
        )
        for count, unit in ((days, Unit.DAYS), (working_days, Unit.WORKING_DAYS))
        if count
    ]
    if not ends:
        raise ImpossibleCount("a public notice of no days gives nobody time to object")
    assumed = sorted({year for end in ends for year in end.assumed_years})
    return NoticeWindow(
        posted_on=posted_on, last_day=max(end.day for end in ends), assumed_years=tuple(assumed)
    )


def working_days_in(*, period: Period, calendar: WorkingCalendar = CALENDAR) -> int:
    """Return how many working days a half-open period holds; raises UncoveredYear as the calendar says."""
    return sum(calendar.is_working_day(day) for day in period)


class Reached(StrEnum):
    """When a year of age is complete: on the birthday, or as criminal law counts, on the day after."""

    ON_BIRTHDAY = "on_birthday"
    DAY_AFTER = "day_after"


class BirthdayNotReached(ValueError):
    """An age asked for on a day before birth."""


def full_years(
    *,
    born_on: date,
    on: date,
    leap_birthday: MonthEnd = MonthEnd.LAST_DAY,
    reached: Reached = Reached.ON_BIRTHDAY,
) -> int:
    """Return the age in full years 周岁 on a day; who is born on 29 February has a birthday in every year
    by the rule given."""
    if on < born_on:
        raise BirthdayNotReached(f"nobody born on {born_on} has an age on {on}")
    age = on.year - born_on.year
    birthday = years_after(day=born_on, years=age, missing=leap_birthday)
    complete_from = birthday if reached is Reached.ON_BIRTHDAY else birthday + ONE_DAY
    return max(age - (on < complete_from), 0)
