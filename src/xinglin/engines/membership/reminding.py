"""Reminds members at night of fees that fall due: never twice, and after missed nights too."""

from collections import defaultdict
from datetime import date, timedelta
from typing import NamedTuple

from django.utils.translation import gettext_lazy as _

from xinglin.kernel import regulations
from xinglin.kernel.notices import notify, register_notice
from xinglin.kernel.scheduler import nightly
from xinglin.shell.operations.night import LABELS

from .addressees import PORTAL, people_of, portal_of
from .collecting import account_told
from .members import Spell
from .unpaid import held

NIGHT = "membership.reminders"
RENEWAL, OVERDUE, FIRST_FEE = "membership_renewal", "membership_overdue", "membership_first_fee"
LABELS[NIGHT] = _("Remind members of their fees")
AT_ONCE = 2_000  # people told by one statement: the database takes so many keys, and the worker's memory


class Due(NamedTuple):
    """What one night has to tell: a notice, the day it counts from, and by how many days it is before or after."""

    notice: str
    day: date
    offset: int


for _one in (RENEWAL, OVERDUE, FIRST_FEE):
    register_notice(_one, app="xinglin.engines.membership")


@nightly(NIGHT, at="05:20")
def remind(*, on: date) -> int:
    """Tell members of the end of their paid time, new ones of the first fee; return how many notices are new.

    Every offset of M2.reminder_days that fell due within M2.catch_up_days is looked at. The key names day and offset:
    a night run twice tells nobody twice, a skipped night is made up by the next. Who paid, was exempted or left by
    then is not among the rows any more.
    """
    grace = int(regulations.value("M2.grace_days", on=on))
    told, account = 0, account_told(on=on)
    for due, spells in _due(on=on).items():
        context = {"last": due.day - timedelta(days=1), "offset": due.offset,
                   "grace": due.day + timedelta(days=grace - 1), **account}
        people = [spell.member.person.ref for spell in spells if spell.member.person_id]
        key = f"{due.day}/{due.offset}"
        for start in range(0, len(people), AT_ONCE):
            told += notify(to=people[start : start + AT_ONCE], template=due.notice, key=key, about=PORTAL,
                           context={**context, "unit": ""})
        for unit in (spell.member for spell in spells if spell.member.unit_id):
            told += notify(to=people_of(unit, on=on), template=due.notice, key=f"{key}/{unit.pk}",
                           about=portal_of(unit),
                           context={**context, "unit": unit.name})
    return told


def _due(*, on: date) -> dict[Due, list[Spell]]:
    """Return who is to be told what on a night, in one query each for paid time and first fees."""
    back = int(regulations.value("M2.catch_up_days", on=on))
    first = int(regulations.value("M2.first_fee_days", on=on))
    offsets = regulations.value("M2.reminder_days", on=on)
    # The day counted from, for every offset that fell due on one of the last nights.
    days: dict[date, list[int]] = defaultdict(list)
    for offset in offsets:
        for late in range(back):
            days[on - timedelta(days=offset + late)].append(offset)
    spells = held(on=on)
    due: dict[Due, list[Spell]] = defaultdict(list)
    for spell in spells.filter(covered__in=list(days)):
        for offset in days[spell.covered]:
            due[Due(OVERDUE if offset > 0 else RENEWAL, spell.covered, offset)].append(spell)
    new = [day - timedelta(days=first) for day in days]
    for spell in spells.filter(covered=None, joined_on__in=new):
        day = spell.joined_on + timedelta(days=first)
        for offset in days[day]:
            if day + timedelta(days=offset) > spell.joined_on:  # nobody is reminded before being asked
                due[Due(FIRST_FEE, day, offset)].append(spell)
    return dict(sorted(due.items()))

