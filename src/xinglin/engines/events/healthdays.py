"""The calendar of health days: which day each falls on, who answers for it, and which nobody answers for (W06)."""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path

import yaml
from django.db import models
from django.utils.translation import get_language

from xinglin.kernel import regulations
from xinglin.kernel.stated import Stated, StatedQuerySet

from .meetings import Event

FILE = Path(__file__).parent / "healthdays.yaml"


@dataclass(frozen=True, kw_only=True)
class HealthDay:
    """One day of the calendar and the rule by which it falls."""

    code: str
    zh: str
    en: str
    day: str = ""
    month: int = 0
    nth: int = 0
    weekday: int = 0

    def __str__(self) -> str:
        return self.zh if (get_language() or "zh").startswith("zh") else self.en

    def in_year(self, year: int) -> date:
        """Return the day on which it falls in a year."""
        if self.day:
            month, day = map(int, self.day.split("-"))
            return date(year, month, day)
        first = date(year, self.month, 1)
        return first + timedelta(days=(self.weekday - first.isoweekday()) % 7 + 7 * (self.nth - 1))


@cache
def health_days() -> dict[str, HealthDay]:
    """Return every day of the calendar by its code."""
    said = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    return {code: HealthDay(code=code, **given) for code, given in said.items()}


def kept_days(*, year: int, on: date) -> list[tuple[date, HealthDay]]:
    """Return the days that the association marks in a year, in order."""
    codes = [one.strip() for one in str(regulations.value("W06.days", on=on)).split(",")]
    return sorted(((health_days()[code].in_year(year), health_days()[code]) for code in codes if code in health_days()),
                  key=lambda one: one[0])


class HealthDayOwnerQuerySet(StatedQuerySet):
    """Sets of assigned days."""

    def of_day(self, *, code: str, held_on: date) -> "HealthDayOwner | None":
        """Lock and return who answers for a day, None when nobody does."""
        return self.select_for_update().filter(code=code, held_on=held_on).first()


class HealthDayOwner(Stated):
    """Somebody answers for a health day of one year."""

    code = models.CharField(max_length=30)
    held_on = models.DateField()
    owner = models.ForeignKey("directory.Person", models.PROTECT, related_name="+")
    organisation = models.ForeignKey("directory.Organisation", models.PROTECT, null=True, related_name="+")
    event = models.ForeignKey(Event, models.PROTECT, null=True, related_name="health_days")
    assigned_on = models.DateField()

    objects = HealthDayOwnerQuerySet.as_manager()

    class Meta:
        ordering = ("held_on", "code")
        constraints = [models.UniqueConstraint(fields=["code", "held_on"], name="one_owner_a_health_day")]


def unowned(*, on: date) -> list[tuple[date, HealthDay]]:
    """Return the marked days that come within W06.owner_days and that nobody answers for yet."""
    ahead = on + timedelta(days=int(regulations.value("W06.owner_days", on=on)))
    owned = set(HealthDayOwner.objects.filter(held_on__gte=on, held_on__lte=ahead).values_list("code", "held_on"))
    days = {one for year in {on.year, ahead.year} for one in kept_days(year=year, on=on)}
    return sorted(((day, one) for day, one in days if on <= day <= ahead and (one.code, day) not in owned),
                  key=lambda pair: (pair[0], pair[1].code))
