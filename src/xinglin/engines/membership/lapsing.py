"""Warns at night who has paid nothing for years, and after the days of notice ends the membership."""

from contextlib import suppress
from datetime import date

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from xinglin.kernel import clock
from xinglin.kernel.actors import house
from xinglin.kernel.notices import notify, register_notice
from xinglin.kernel.scheduler import nightly
from xinglin.shell.operations.night import LABELS

from .actions.appeals import DECIDED, LODGED
from .actions.joining import ANSWERED, ASKED
from .actions.lapsing import LAPSED, Spared, lapse_member
from .actions.members import NotMember
from .addressees import people_of, portal_of
from .certificates import LapseNotice
from .unpaid import Unpaid, held, unpaid

NIGHT, WARNING = "membership.lapse", "membership_lapse_warning"
LABELS[NIGHT] = _("End memberships unpaid for years")
PART = house("membership")

for _one in (WARNING, LAPSED, LODGED, DECIDED, ASKED, ANSWERED):
    register_notice(_one, app="xinglin.engines.membership")


@nightly(NIGHT, at="05:40")
def end_unpaid(*, on: date) -> int:
    """Warn who will be deemed to have left, and end what was warned of long enough ago; return how many of both.

    A membership of which nobody can be told (a unit without leaders in the directory) is left to the office.
    """
    done = 0
    for one in unpaid(held(on=on), on=on):
        if one.notice is None:
            done += _warn(one, on=on)
        elif one.may_end(on=on):
            with suppress(Spared, NotMember):  # paid or left at this very moment
                lapse_member(by=PART, on=on, member=one.spell.member)
                done += 1
    return done


def _warn(one: Unpaid, *, on: date) -> int:
    people = people_of(one.spell.member, on=on)
    if not people:
        return 0
    # Nights made up after a breakdown run on an earlier date; the days of notice run from the day it really went out.
    given = max(on, clock.today())
    with transaction.atomic():
        LapseNotice.objects.get_or_create(spell=one.spell, unpaid_from=one.since, defaults={"given_on": given})
        return notify(
            to=people, template=WARNING, key=f"{one.spell.pk}/{one.since}", about=portal_of(one.spell.member),
            context={"name": one.spell.member.name, "since": one.spell.since, "days": one.notice_days,
                     "ends": one.after(given)})
