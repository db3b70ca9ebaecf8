"""Cancels bills that nobody paid for when their year is waived or comes with a seat."""

from datetime import date, timedelta

from xinglin.kernel.acts import current, state

from .facts import ChargeCancelled
from .fees import Charge
from .members import Spell
from .statuses import FOR_EVER


def drop_bills(spell: Spell, *, from_on: date, until_on: date | None, reason: str) -> None:
    """Cancel the bills of these years for which nothing was received; arrears of others stay. Called within an act."""
    years = (from_on.year, ((until_on or FOR_EVER) - timedelta(days=1)).year)
    bills = spell.charges.owed().filter(received=0, year__range=years)
    for bill in Charge.objects.held_locked([one.pk for one in bills]):
        bill.cancelled_on, bill.cancelled_for = current().on, reason[:120]
        bill.save(update_fields=["cancelled_on", "cancelled_for"])
        state(ChargeCancelled(charge=bill.ref, member=spell.member.ref, reason=bill.cancelled_for))
