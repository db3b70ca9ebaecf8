"""Lets the contact of a unit ask the office to give a free seat to somebody, or to take one back."""

from datetime import date

from django.utils.translation import gettext_lazy as _

from xinglin.kernel.actors import Actor
from xinglin.kernel.acts import act, state
from xinglin.kernel.confinement import open_to
from xinglin.kernel.notices import notify, register_notice
from xinglin.kernel.policy import Refusal, require
from xinglin.kernel.refs import Code

from ..addressees import office_people
from ..applicants import vouching_member
from ..certificates import Asked
from ..covering import seated, seats_of
from ..facts import ChoiceMade
from ..members import Member
from ..policy import may_act_for
from .bundles import NoSeats
from .members import open_spell

ASKED = "membership_seat_asked"
register_notice(ASKED, app="xinglin.engines.membership")


class NobodyMeant(Refusal):
    """Number and name are of no individual member."""

    field = "number"


class NotSeated(Refusal):
    """The member has no seat of this unit."""

    field = "number"


@act
@open_to("member")
def ask_about_seat(*, by: Actor, on: date, unit: Member, number: str, name: str, give: bool) -> Member:
    """Ask the office to give a member a free seat of the unit, or to take it back; nothing changes before it does.

    Whether somebody owes a fee is not for the contact to learn: the office sees it when it gives the seat.
    """
    require(may_act_for(actor=by, member=unit, on=on))
    open_spell(unit, on=on)
    paid, most, taken = seats_of(unit, on=on)
    if give and (paid is None or taken >= most):
        raise NoSeats(_("No seat is left."), field="")
    member = vouching_member(number=number, name=name)
    if member is None:
        raise NobodyMeant(_("The number %(number)s and the name %(name)s do not belong together; ask the member for "
                            "the number on their card.") % {"number": number, "name": name})
    has = seated(unit, on=on).filter(spell__member=member).exists()
    if has and give:
        raise NotSeated(_("%(name)s has a seat of this unit.") % {"name": member.name})
    if not (has or give):
        raise NotSeated(_("%(name)s has no seat of this unit.") % {"name": member.name})
    what = Asked.SEAT_ASKED if give else Asked.SEAT_RETURNED
    notify(to=office_people(on=on), template=ASKED, key=f"{unit.pk}/{member.pk}/{what}/{on}", about=unit.ref,
           context={"unit": unit.name, "name": member.name, "number": member.number, "give": give})
    state(ChoiceMade(member=unit.ref, what=Code(what.value), allowed=give, about=member.ref))
    return member
