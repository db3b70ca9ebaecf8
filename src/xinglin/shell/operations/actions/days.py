"""Takes back the association's word about several days at once."""

from collections.abc import Sequence
from datetime import date

from django.utils.translation import gettext_lazy as _

from xinglin.kernel.actions.calendar import NoDays, withdraw_day
from xinglin.kernel.actors import Actor
from xinglin.kernel.acts import act
from xinglin.kernel.policy import require
from xinglin.kernel.rights import may_declare_days


@act
def withdraw_days(*, by: Actor, on: date, days: Sequence[date]) -> int:
    """Take back the word about days, all or none, and return how many."""
    require(may_declare_days(actor=by))
    if not days:
        raise NoDays(_("Give the days to take back."))
    for day in sorted(set(days)):
        withdraw_day(by=by, on=on, day=day)
    return len(set(days))
