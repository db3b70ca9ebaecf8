"""Periods of whole days, half-open: `from_` is the first day inside, `until` the first day after."""

from __future__ import annotations

import calendar
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum


class ImpossiblePeriod(ValueError):
    """A period that ends before it begins, or a part of a year that does not exist."""


class MonthEnd(StrEnum):
    """Where a date lands when its month has no such day: 31 January plus a month, 29 February plus a year."""

    LAST_DAY = "last_day"  # Civil Code art. 202: without a corresponding day, the last day of the month
    NEXT_DAY = "next_day"  # the first day of the month after


@dataclass(frozen=True, order=True)
class Period:
    """Whole days from `from_` up to but not including `until`."""

    from_: date
    until: date

    def __post_init__(self) -> None:
        if self.until < self.from_:
            raise ImpossiblePeriod(f"a period from {self.from_} cannot end before it, on {self.until}")

    def __contains__(self, day: date) -> bool:
        return self.from_ <= day < self.until

    def __iter__(self) -> Iterator[date]:
        return (self.from_ + timedelta(days=offset) for offset in range(self.days))

    @property
    def days(self) -> int:
        """The number of days inside."""
        return (self.until - self.from_).days

    @property
    def last_day(self) -> date:
        """The last day inside, as a notice would print it; an empty period has none."""
        if not self.days:
            raise ImpossiblePeriod(f"the empty period at {self.from_} has no last day")
        return self.until - timedelta(days=1)


def period_of_days(*, first: date, last: date) -> Period:
    """Return the period between two printed days, both of them included."""
    return Period(from_=first, until=last + timedelta(days=1))


def year_of(*, day: date) -> Period:
    """Return the calendar year that holds the day."""
    return year(number=day.year)


def year(*, number: int) -> Period:
    """Return the calendar year of that number."""
    return Period(from_=date(number, 1, 1), until=date(number + 1, 1, 1))


def half_year(*, number: int, half: int) -> Period:
    """Return the first or second half of a year."""
    return _part_of_year(number=number, part=half, parts=2)


def half_year_of(*, day: date) -> Period:
    """Return the half-year that holds the day."""
    return half_year(number=day.year, half=1 if day.month <= 6 else 2)


def quarter(*, number: int, part: int) -> Period:
    """Return one of the four quarters of a year."""
    return _part_of_year(number=number, part=part, parts=4)


def quarter_of(*, day: date) -> Period:
    """Return the quarter that holds the day."""
    return quarter(number=day.year, part=(day.month - 1) // 3 + 1)


def month(*, number: int, part: int) -> Period:
    """Return one of the twelve months of a year."""
    return _part_of_year(number=number, part=part, parts=12)


def month_of(*, day: date) -> Period:
    """Return the month that holds the day."""
    return month(number=day.year, part=day.month)


def _part_of_year(*, number: int, part: int, parts: int) -> Period:
    if not 1 <= part <= parts:
        raise ImpossiblePeriod(f"a year has {parts} such parts, there is no part {part}")
    months = 12 // parts
    from_ = date(number, (part - 1) * months + 1, 1)
    return Period(from_=from_, until=months_after(day=from_, months=months))


def months_after(*, day: date, months: int, missing: MonthEnd = MonthEnd.LAST_DAY) -> date:
    """Return the corresponding day so many months later (earlier if negative), by Civil Code art. 202."""
    number, zero_month = divmod(day.year * 12 + day.month - 1 + months, 12)
    last = calendar.monthrange(number, zero_month + 1)[1]
    if day.day <= last:
        return date(number, zero_month + 1, day.day)
    end = date(number, zero_month + 1, last)
    return end if missing is MonthEnd.LAST_DAY else end + timedelta(days=1)


def years_after(*, day: date, years: int, missing: MonthEnd = MonthEnd.LAST_DAY) -> date:
    """Return the anniversary so many years later; 29 February follows the rule for missing days."""
    return months_after(day=day, months=12 * years, missing=missing)


def term(*, from_: date, years: int, ends_on_anniversary: bool = False) -> Period:
    """Return a term of office; its last day is the day before the anniversary unless the charter names the
    day itself."""
    until = years_after(day=from_, years=years)
    return Period(from_=from_, until=until + timedelta(days=1) if ends_on_anniversary else until)


def overlap(*, first: Period, second: Period) -> Period | None:
    """Return the days that two periods share, or None when they share none."""
    from_, until = max(first.from_, second.from_), min(first.until, second.until)
    return Period(from_=from_, until=until) if from_ < until else None


def contains(*, outer: Period, inner: Period) -> bool:
    """Say whether every day of the inner period lies in the outer one."""
    return outer.from_ <= inner.from_ and inner.until <= outer.until


def covered(*, periods: Iterable[Period]) -> tuple[Period, ...]:
    """Return the same days as periods in order that neither overlap nor touch."""
    joined: list[Period] = []
    for period in sorted(p for p in periods if p.days):
        if joined and period.from_ <= joined[-1].until:
            joined[-1] = Period(from_=joined[-1].from_, until=max(joined[-1].until, period.until))
        else:
            joined.append(period)
    return tuple(joined)


def iso_label(*, period: Period) -> str:
    """Return the shortest ISO name: 2026, 2026-H1, 2026-Q3, 2026-07, or first and last day as
    2026-07-01/2026-07-09."""
    number, kind, part = _named(period)
    if kind == "year":
        return f"{number:04d}"
    if kind == "month":
        return f"{number:04d}-{part:02d}"
    if kind:
        return f"{number:04d}-{'H' if kind == 'half' else 'Q'}{part}"
    if period.days <= 1:
        return period.from_.isoformat()
    return f"{period.from_.isoformat()}/{period.last_day.isoformat()}"


def chinese_label(*, period: Period) -> str:
    """Return the name used in plans and reports: 2026年, 2026年上半年, 2026年第三季度, 2026年7月, or two
    dates."""
    number, kind, part = _named(period)
    if kind == "year":
        return f"{number}年"
    if kind == "half":
        return f"{number}年{'上' if part == 1 else '下'}半年"
    if kind == "quarter":
        return f"{number}年第{'一二三四'[part - 1]}季度"
    if kind == "month":
        return f"{number}年{part}月"
    first = _chinese_day(period.from_)
    if period.days <= 1:
        return first
    last = period.last_day
    return f"{first}至{_chinese_day(last) if last.year != number else f'{last.month}月{last.day}日'}"


def _chinese_day(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def _named(period: Period) -> tuple[int, str, int]:
    """Return year, kind of named part and its number; the kind is empty for any other stretch of days."""
    from_ = period.from_
    if period == year_of(day=from_):
        return from_.year, "year", 1
    if period == half_year_of(day=from_):
        return from_.year, "half", 1 if from_.month == 1 else 2
    if period == quarter_of(day=from_):
        return from_.year, "quarter", (from_.month - 1) // 3 + 1
    if period == month_of(day=from_):
        return from_.year, "month", from_.month
    return from_.year, "", 0
