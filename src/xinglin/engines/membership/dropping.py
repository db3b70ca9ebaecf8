"""Cancels bills that nobody paid for when their year is waived or comes with a seat."""

from datetime import date

from xinglin.kernel.acts import current, state

from .facts import ChargeCancelled
from .fees import Charge
from .members import Spell
from .statuses import FOR_EVER


def drop_bills(spell: Spell, *, from_on: date, until_on: date | None, reason: str) -> None:
    """Cancel the bills of years that are covered to their end, if nothing was received. Called within an act.

    Arrears of years before stay, and the bill of a year within which the cover ends: it is owed from then on. What was
    dropped is asked for by the next run when the cover ends earlier than it was to.
    """
    last = (until_on or FOR_EVER).year - 1
    bills = spell.charges.owed().filter(received=0, year__range=(from_on.year, last))
    for bill in Charge.objects.held_locked([one.pk for one in bills]):
        bill.cancelled_on, bill.cancelled_for, bill.replaced = current().on, reason[:120], True
        bill.save(update_fields=["cancelled_on", "cancelled_for", "replaced"])
        state(ChargeCancelled(charge=bill.ref, member=spell.member.ref, reason=bill.cancelled_for, replaced=True))
