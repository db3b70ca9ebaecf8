"""A year of days for the calendar page: worked, off, made up, and what the association itself declared."""

from calendar import Calendar
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

import chinese_calendar
from django.utils.translation import pgettext_lazy

from xinglin.kernel.calendar import AssociationCalendar, DeclaredDay
from xinglin.lib.days import Uncovered, published_years

from ..units import speaks_chinese

ONE = timedelta(days=1)
# The small word in the corner of a day, so that colour is not needed to tell.
MARKS = {"holiday": pgettext_lazy("day", "off"), "own_off": pgettext_lazy("day", "off"),
         "makeup": pgettext_lazy("day", "on"), "own_work": pgettext_lazy("day", "on")}


@dataclass(frozen=True, kw_only=True)
class Cell:
    """One day of the year: how it counts, its mark and why."""

    day: date
    kind: str
    mark: str
    why: str
    today: bool


@dataclass(frozen=True, kw_only=True)
class Month:
    """One month as weeks of seven, days of other months left empty, and how many days are worked."""

    number: int
    weeks: list[list[Cell | None]]
    worked: int


@dataclass(frozen=True, kw_only=True)
class Span:
    """Days in a row that are off or worked for one reason."""

    first: date
    last: date
    off: bool
    why: str
    own: bool
    statutory: bool

    @property
    def days(self) -> int:
        """How many days."""
        return (self.last - self.first).days + 1


def kind_of(*, day: date, calendar: AssociationCalendar) -> str:
    """Return how a day counts: work, rest, holiday, makeup, own_off, own_work."""
    worked = works(day=day, calendar=calendar)
    if day in calendar.own:
        return "own_work" if worked else "own_off"
    if day.weekday() < 5:
        return "work" if worked else "holiday"
    if worked:
        return "makeup"
    return "holiday" if holiday_of(day=day, calendar=calendar) else "rest"


def works(*, day: date, calendar: AssociationCalendar) -> bool:
    """Say whether a day is worked; where the rule refuses years not announced, weekends stand in for the picture."""
    if day not in calendar.own and not calendar.covers(day.year) and calendar.uncovered is Uncovered.REFUSE:
        return day.weekday() < 5
    return calendar.is_working_day(day)


def holiday_of(*, day: date, calendar: AssociationCalendar) -> str:
    """Return the holiday a day off or a made-up day belongs to, or nothing."""
    notice = next((one for one in calendar.arrangements if one.year == day.year), None)
    if notice:
        return notice.source if day in notice.days_off | notice.make_up_days else ""
    first, last = published_years()
    if not first <= day.year <= last:
        return ""
    name = chinese_calendar.holidays.get(day) or chinese_calendar.workdays.get(day)
    if not name:
        return ""
    return chinese_calendar.Holiday(name).chinese if speaks_chinese() else str(name)


def months(*, year: int, calendar: AssociationCalendar, sources: dict[date, str], today: date) -> list[Month]:
    """Return the twelve months of a year, weeks from Monday."""
    return [_month(year, number, calendar, sources, today) for number in range(1, 13)]


def _month(year: int, number: int, calendar: AssociationCalendar, sources: dict[date, str], today: date) -> Month:
    weeks = [[_cell(day, calendar, sources, today) if day.month == number else None for day in week]
             for week in Calendar().monthdatescalendar(year, number)]
    worked = sum(cell.kind in ("work", "makeup", "own_work") for week in weeks for cell in week if cell)
    return Month(number=number, weeks=weeks, worked=worked)


def _cell(day: date, calendar: AssociationCalendar, sources: dict[date, str], today: date) -> Cell:
    kind = kind_of(day=day, calendar=calendar)
    why = sources.get(day, "") if kind.startswith("own") else holiday_of(day=day, calendar=calendar)
    return Cell(day=day, kind=kind, mark=str(MARKS.get(kind, "")), why=why, today=day == today)


def holidays(*, cells: Iterable[Cell]) -> list[Span]:
    """Return the public holidays and made-up days of a year as spans."""
    spans: list[Span] = []
    for cell in cells:
        if cell.kind in ("holiday", "makeup"):
            _extend(spans, cell.day, off=cell.kind == "holiday", why=cell.why, own=False, statutory=True)
    return spans


def declared(*, year: int) -> list[Span]:
    """Return what the association declared about a year, days in a row with one source together."""
    spans: list[Span] = []
    for row in DeclaredDay.objects.filter(day__year=year).order_by("day"):
        _extend(spans, row.day, off=row.off, why=row.source, own=True, statutory=row.statutory)
    return spans


def _extend(spans: list[Span], day: date, *, off: bool, why: str, own: bool, statutory: bool) -> None:
    before = spans[-1] if spans else None
    if before and (before.last + ONE, before.off, before.why, before.statutory) == (day, off, why, statutory):
        spans[-1] = Span(first=before.first, last=day, off=off, why=why, own=own, statutory=statutory)
    else:
        spans.append(Span(first=day, last=day, off=off, why=why, own=own, statutory=statutory))


def days_of(span: Span) -> list[date]:
    """Return the days of a span."""
    return [span.first + timedelta(days=number) for number in range(span.days)]
