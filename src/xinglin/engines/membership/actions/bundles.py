"""Lets a unit pay for many members at once, and gives its free seats to members."""

from collections.abc import Sequence
from datetime import date

from django.utils.translation import gettext as _

from xinglin.kernel.actors import Actor
from xinglin.kernel.acts import act
from xinglin.kernel.policy import Refusal, require

from ..covering import paid_ahead, seat, seat_again, seats_of
from ..members import Coverage, Member
from ..policy import may_keep_fees
from .members import open_spell


class NoSeats(Refusal):
    """The unit has not as many free seats, or is not paid."""

    field = "members"


class SeatedAlready(Refusal):
    """The member owes nothing: a seat, a waiver or a paid fee holds."""

    field = "members"


@act
def grant_seats(*, by: Actor, on: date, unit: Member, members: Sequence[Member]) -> list[Coverage]:
    """Give members the free seats of a unit as long as it has paid, also ahead; bills nobody paid for are cancelled."""
    require(may_keep_fees(actor=by))
    open_spell(unit, on=on)  # locks the unit: two who give the last seat at once meet here
    paid, seats, taken = seats_of(unit, on=on)
    if paid is None:
        raise NoSeats(_("%(unit)s has not paid for today; seats come with the paid time.") % {"unit": unit.name})
    if taken + len(members) > seats:
        raise NoSeats(_("%(unit)s has %(seats)d free seats, %(taken)d are taken; %(more)d more do not fit.") % {
            "unit": unit.name, "seats": seats, "taken": taken, "more": len(members)})
    given = [_seat(by, on, unit, one, paid) for one in members]
    for coming in paid_ahead(unit, on=on):
        seat_again(unit, [one.spell for one in given], covered=coming)
    return given


def _seat(by: Actor, on: date, unit: Member, member: Member, paid: Coverage) -> Coverage:
    if member.unit_id:
        raise NoSeats(_("%(name)s is a unit; seats are for people.") % {"name": member.name})
    spell = open_spell(member, on=on)
    if spell.coverages.on(on).exists():
        raise SeatedAlready(_("%(name)s owes nothing today.") % {"name": member.name})
    return seat(spell, unit=unit, from_on=on, until_on=paid.until_on)
