"""Ends a membership for which nobody has paid for years, after the notice."""

from datetime import date, timedelta

from django.utils.translation import gettext_lazy as _

from xinglin.kernel import regulations
from xinglin.kernel.actors import Actor
from xinglin.kernel.acts import act
from xinglin.kernel.notices import notify
from xinglin.kernel.policy import Refusal, require

from ..addressees import people_of, portal_of
from ..members import Member, Spell
from ..policy import may_keep_members
from ..unpaid import held, unpaid
from .exits import end_membership
from .members import open_spell

LAPSED = "membership_lapsed"


class Spared(Refusal):
    """The fee was paid or waived meanwhile, or the days of notice are not over."""

    regulation = "M2.unpaid_years"


@act
def lapse_member(*, by: Actor, on: date, member: Member) -> Spell:
    """Deem a member to have left: unpaid for years, and told so long enough ago; once, and open to appeal."""
    require(may_keep_members(actor=by))
    spell = open_spell(member, on=on)  # locks the member: who pays at this moment stays
    due = next(unpaid(held(on=on).filter(pk=spell.pk), on=on), None)
    if due is None or not due.may_end(on=on):
        raise Spared(_("%(name)s has paid, or was not told long enough ago.") % {"name": member.name})
    spell = end_membership(by=by, on=on, member=member, how=Spell.Ended.LAPSED, ended_on=on)
    days = int(regulations.value("M2.appeal_days", on=on))
    notify(to=people_of(spell.member, on=on), template=LAPSED, key=f"{spell.pk}/{on}", about=portal_of(spell.member),
           context={"name": spell.member.name, "since": due.since, "ended": on, "appeal": on + timedelta(days=days)})
    return spell
