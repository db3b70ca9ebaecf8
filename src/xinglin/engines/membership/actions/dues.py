"""The dues run: bills a year's members part by part, so that it can stop anywhere, go on, and never bill twice."""

from collections.abc import Sequence
from datetime import date

from django.utils.translation import gettext as _

from xinglin.kernel.actors import Actor
from xinglin.kernel.acts import act
from xinglin.kernel.policy import require

from ..billing import Due, Rules
from ..fees import Charge, Run
from ..members import Coverage
from ..policy import may_keep_fees
from .charges import NothingToBill, issue, waive


@act
def bill_part(*, by: Actor, on: date, run: Run, rules: Rules, dues: Sequence[Due]) -> Run:
    """Bill one part of a run, leaving out whom another worker billed meanwhile (NothingToBill)."""
    require(may_keep_fees(actor=by))
    row = Run.objects.one_locked(pk=run.pk)  # one worker at a time: the second one sees what the first wrote
    spells = [one.spell for one in dues] or [0]
    between = Charge.objects.filter(year=rules.year, replaced=False, spell__gte=min(spells), spell__lte=max(spells))
    there = set(between.values_list("spell", flat=True))
    there |= _waived(dues)
    left = [one for one in dues if one.spell not in there and not one.trouble]
    if not left:
        raise NothingToBill(_("None of them needs a bill."))
    row.waivers += len(waive(left))
    row.bills += len(issue(rules, left, run=row))
    row.save(update_fields=["bills", "waivers"])
    return row


def _waived(dues: Sequence[Due]) -> set[int]:
    from_on = {one.spell: one.from_on for one in dues if one.waived}
    rows = Coverage.objects.filter(spell__in=list(from_on), kind=Coverage.Kind.WAIVED)
    return {spell for spell, day in rows.values_list("spell", "from_on") if day == from_on[spell]}
