"""Counts the association's days: the public calendar, its own days, and what 日 and 工作日 mean in each rule."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db import models

from xinglin.lib import days
from xinglin.lib.days import CountedDay, NoticeWindow, Roll, Uncovered, Unit, WorkingCalendar, YearArrangement

from .regulations import UnknownRegulation, value
from .stated import Stated


class DeclaredDay(Stated):
    """A day the association declared off or worked: from a holiday notice (statutory), or of its own."""

    day = models.DateField(primary_key=True)
    off = models.BooleanField()
    statutory = models.BooleanField(default=False)
    source = models.CharField(max_length=200)

    class Meta:
        app_label = "kernel"


@dataclass(frozen=True)
class AssociationCalendar(WorkingCalendar):
    """The public calendar with the association's own days laid over it."""

    own: Mapping[date, bool] = field(default_factory=dict)

    def is_working_day(self, day: date) -> bool:
        """Say whether the association works on a day."""
        return not self.own[day] if day in self.own else super().is_working_day(day)


def association_calendar(*, on: date) -> AssociationCalendar:
    """Return the calendar as known, with the reading of years not yet announced (X5.uncovered) of a date."""
    own: dict[date, bool] = {}
    notices: dict[int, list[DeclaredDay]] = {}
    for row in DeclaredDay.objects.all():
        if row.statutory:
            notices.setdefault(row.day.year, []).append(row)
        else:
            own[row.day] = row.off
    arrangements = tuple(
        YearArrangement(year=year, source=rows[0].source, days_off=frozenset(row.day for row in rows if row.off),
                        make_up_days=frozenset(row.day for row in rows if not row.off))
        for year, rows in sorted(notices.items()))
    return AssociationCalendar(arrangements, Uncovered(value("X5.uncovered", on=on)), own)


def _reading(rule: str, part: str, on: date) -> Any:
    """Return how a rule counts; where it says nothing of its own, as X5 does."""
    try:
        return value(f"{rule}.{part}", on=on)
    except UnknownRegulation:
        return value(f"X5.{part}", on=on)


def deadline(*, event_on: date, count: int, unit: Unit, rule: str = "X5") -> CountedDay:
    """Return the last day of a term after an event, counted as the rule counts on the day of the event."""
    return days.deadline_after(
        event_on=event_on, count=count, unit=unit, first_day_counts=_reading(rule, "first_day", event_on),
        roll=Roll(_reading(rule, "roll", event_on)), calendar=association_calendar(on=event_on))


def latest_before(*, event_on: date, count: int, unit: Unit, rule: str = "X5") -> CountedDay:
    """Return the latest day that is at least so many days before an event, as the rule counts."""
    return days.lead_before(
        event_on=event_on, count=count, unit=unit, first_day_counts=_reading(rule, "first_day", event_on),
        roll=Roll(_reading(rule, "lead_roll", event_on)), calendar=association_calendar(on=event_on))


def public_notice(*, posted_on: date, rule: str = "G17") -> NoticeWindow:
    """Return how long a public notice 公示 stays open: by default the longer of its 日 and 工作日 (G17)."""
    binding = value(f"{rule}.binding", on=posted_on)
    return days.public_notice_window(
        posted_on=posted_on, first_day_counts=_reading(rule, "first_day", posted_on),
        days=0 if binding == "working_days" else value(f"{rule}.days", on=posted_on),
        working_days=0 if binding == "days" else value(f"{rule}.working_days", on=posted_on),
        roll=Roll(_reading(rule, "roll", posted_on)), calendar=association_calendar(on=posted_on))
