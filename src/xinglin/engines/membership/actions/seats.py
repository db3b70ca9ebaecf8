"""Lets the contact of a unit ask for a free seat for somebody, or to take one back, and the office decline."""

from datetime import date

from django.utils.translation import gettext_lazy as _

from xinglin.kernel.actors import Actor
from xinglin.kernel.acts import act, state
from xinglin.kernel.confinement import open_to
from xinglin.kernel.notices import notify, register_notice
from xinglin.kernel.policy import Refusal, require
from xinglin.kernel.refs import Code

from ..addressees import office_people, people_of, portal_of
from ..applicants import vouching_member
from ..certificates import Asked, SeatRequest
from ..covering import seated, seats_of
from ..facts import ChoiceMade
from ..members import Member
from ..policy import may_act_for, may_keep_fees
from ..refusals import AskedAlready, ReasonMissing
from ..seating import asked_for
from .bundles import NoSeats
from .members import open_spell

ASKED = "membership_seat_asked"
DECLINED = "membership_seat_declined"
for _code in (ASKED, DECLINED):
    register_notice(_code, app="xinglin.engines.membership")


class NobodyMeant(Refusal):
    """Number and name are of no individual member."""

    field = "number"


class NotSeated(Refusal):
    """The member has no seat of this unit."""

    field = "number"


class NothingAsked(Refusal):
    """It was done, or declined, before."""


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
    if earlier := asked_for(on=on).filter(unit=unit, member=member).first():
        raise AskedAlready(_("This was asked for on %(day)s; the office has not answered yet.") % {
            "day": earlier.asked_on}, field="number")
    unit.seat_requests.filter(member=member, answered_on=None).update(answered_on=on)  # it was done meanwhile
    row = SeatRequest.objects.create(unit=unit, member=member, give=give, asked_on=on)
    what = Asked.SEAT_ASKED if give else Asked.SEAT_RETURNED
    notify(to=office_people(on=on), template=ASKED, key=str(row.pk), about=unit.ref,
           context={"unit": unit.name, "name": member.name, "number": member.number, "give": give})
    state(ChoiceMade(member=unit.ref, what=Code(what.value), allowed=give, about=member.ref))
    return member


@act
def decline_seat(*, by: Actor, on: date, asked: SeatRequest, reason: str) -> SeatRequest:
    """Decline what a unit asked for, with the reason; what is granted is given or ended where seats are."""
    require(may_keep_fees(actor=by))
    Member.objects.one_locked(pk=asked.unit_id)
    row = asked_for(on=on).filter(pk=asked.pk).first()
    if row is None:
        raise NothingAsked(_("It was done or declined before."))
    if not reason.strip():
        raise ReasonMissing(_("Write the reason; the unit reads it."))
    row.answered_on, row.reason = on, reason.strip()
    row.save(update_fields=["answered_on", "reason"])
    notify(to=people_of(row.unit, on=on), template=DECLINED, key=str(row.pk), about=portal_of(row.unit), context={
        "unit": row.unit.name, "name": row.member.name, "give": row.give, "reason": row.reason[:200]})
    state(ChoiceMade(member=row.unit.ref, what=Code(Asked.SEAT_DECLINED.value), allowed=False, about=row.member.ref))
    return row
