"""Declares days off and days worked, and withdraws such words."""

from collections.abc import Mapping
from datetime import date

from django.utils.translation import gettext_lazy as _

from ..actors import Actor
from ..acts import act, state
from ..calendar import DeclaredDay
from ..facts_of_kernel import DayDeclared, DayWithdrawn
from ..policy import Refusal, require
from ..rights import may_declare_days


class NoDays(Refusal):
    """No day was given."""


class NotDeclared(Refusal):
    """The association has said nothing about this day."""


@act
def declare_days(*, by: Actor, on: date, days: Mapping[date, bool], source: str, statutory: bool = False) -> None:
    """Declare days off (True) or worked (False); `statutory` enters a whole year's holiday notice."""
    require(may_declare_days(actor=by))
    if not days or not source.strip():
        raise NoDays(_("Give the days and the notice or decision that sets them."), field="days")
    for day, off in sorted(days.items()):
        DeclaredDay.objects.update_or_create(
            day=day, defaults={"off": off, "statutory": statutory, "source": source.strip()})
        state(DayDeclared(day=day, off=off, statutory=statutory))


@act
def withdraw_day(*, by: Actor, on: date, day: date) -> None:
    """Take back the association's word about a day; the public calendar holds again."""
    require(may_declare_days(actor=by))
    if not DeclaredDay.objects.filter(day=day).delete()[0]:
        raise NotDeclared(_("Nothing was declared about %(day)s.") % {"day": day})
    state(DayWithdrawn(day=day))
