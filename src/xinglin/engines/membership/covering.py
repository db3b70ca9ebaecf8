"""From a bill that is full to days without debt: the member's own, and the free seats that come with a unit's."""

from collections.abc import Iterable
from datetime import date, timedelta

from django.db.models import Max, Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from .actions.members import begin_coverage
from .dropping import drop_bills
from .fees import Charge
from .members import Coverage, DatedQuerySet, Member, Spell
from .renewals import Period, period_bought
from .rules_of_fees import terms_on
from .statuses import FOR_EVER


def cover(charge: Charge, *, paid_on: date) -> Coverage:
    """Begin the days that a full bill buys, by the rules of the day of the payment; called within an act."""
    spell = charge.spell
    bought = period_of(charge, paid_on=paid_on)
    row = begin_coverage(spell, kind=Coverage.Kind.PAID, from_on=bought.from_, until_on=bought.until, charge=charge)
    if spell.member.unit_id:
        renew_seats(spell.member, covered=row)
    return row


def period_of(charge: Charge, *, paid_on: date) -> Period:
    """Return the days that a bill buys when the last of its money came on a day."""
    spell = charge.spell
    last = spell.coverages.aggregate(last=Max(Coalesce("until_on", Value(FOR_EVER))))["last"]
    return period_bought(terms=terms_on(paid_on), year_of_bill=charge.year, paid_on=paid_on,
                         joined_on=spell.joined_on, paid_until=None if last == FOR_EVER else last)


def seats_of(unit: Member, *, on: date) -> tuple[Coverage | None, int, int]:
    """Return the paid time of a unit on a day, how many seats come with it, and how many are taken."""
    rows = Coverage.objects.on(on).filter(spell__member=unit, kind=Coverage.Kind.PAID).select_related("charge__line")
    paid = rows.order_by("-until_on").first()
    seats = paid.charge.line.seats if paid and paid.charge else 0
    return paid, seats, seated(unit, on=on).count()


def seated(unit: Member, *, on: date) -> DatedQuerySet:
    """Return the free seats of a unit that hold on a day."""
    return Coverage.objects.on(on).filter(unit=unit, kind=Coverage.Kind.SEAT, spell__ended_on=None)


def paid_ahead(unit: Member, *, on: date) -> list[Coverage]:
    """Return the times of a unit that are paid and have not begun on a day."""
    rows = Coverage.objects.filter(spell__member=unit, spell__ended_on=None, kind=Coverage.Kind.PAID, from_on__gt=on)
    return list(rows.select_related("charge__line").order_by("from_on"))


def renew_seats(unit: Member, *, covered: Coverage) -> list[Coverage]:
    """Give who held a seat at the end of the unit's time before a new one a seat in that; called within an act."""
    paid = covered.spell.coverages.filter(kind=Coverage.Kind.PAID, until_on__lte=covered.from_on)
    before = paid.order_by("until_on").last()
    if before is None:
        return []
    held = seated(unit, on=before.until_on - timedelta(days=1)).select_related("spell__member").order_by("pk")
    return seat_again(unit, [row.spell for row in held], covered=covered)


def seat_again(unit: Member, spells: Iterable[Spell], *, covered: Coverage) -> list[Coverage]:
    """Give memberships that owe something then a seat in a time of the unit, as many as its line has left."""
    most = covered.charge.line.seats if covered.charge else 0
    left = max(most - seated(unit, on=covered.from_on).count(), 0)
    owing = [one for one in spells if not one.coverages.on(covered.from_on).exists()]
    return [seat(one, unit=unit, from_on=covered.from_on, until_on=covered.until_on) for one in owing[:left]]


def seat(spell: Spell, *, unit: Member, from_on: date, until_on: date | None) -> Coverage:
    """Give one membership a free seat, whose years nobody pays for again; called within an act."""
    drop_bills(spell, from_on=from_on, until_on=until_on, reason=_("Free seat of %(unit)s") % {"unit": unit.name})
    return begin_coverage(spell, kind=Coverage.Kind.SEAT, from_on=from_on, until_on=until_on, unit=unit)
