"""Ends memberships: by the member's own word, by lapse with notice, by resolution, by death; and takes an exit back."""

from datetime import date, timedelta

from django.utils.translation import gettext_lazy as _

from xinglin.kernel import regulations
from xinglin.kernel.actors import Actor
from xinglin.kernel.acts import act, joined, state
from xinglin.kernel.confinement import open_to
from xinglin.kernel.policy import Refusal, require
from xinglin.kernel.refs import Code

from ..facts import AffiliationEnded, MemberLeft, MemberReinstated
from ..members import Member, Spell
from ..policy import may_keep_members, may_leave
from ..refusals import DecisionMissing
from .members import NotMember, open_spell


class BeforeAdmission(Refusal):
    """A membership does not end before it began."""

    field = "ended_on"


class TooLate(Refusal):
    """The time to appeal is over."""


@act
@open_to("member")
def leave(*, by: Actor, on: date, member: Member) -> Spell:
    """End a membership by the member's own word, today; debts, posts and proceedings never stand in the way (M4)."""
    require(may_leave(actor=by, member=member, on=on))
    return _end(open_spell(member, on=on), how=Spell.Ended.LEFT, ended_on=on)


@act
def end_membership(
    *, by: Actor, on: date, member: Member, how: Spell.Ended, ended_on: date, decision: str = ""
) -> Spell:
    """End a membership by lapse, expulsion, death or the end of a unit, on a day that may lie back."""
    if not joined():
        require(may_keep_members(actor=by))
    if how == Spell.Ended.EXPELLED and not decision.strip():
        raise DecisionMissing(_("Name the resolution by which the member is expelled."))
    spell = open_spell(member, on=on)
    if ended_on < spell.joined_on:
        raise BeforeAdmission(_("%(name)s was admitted on %(day)s.") % {"name": member.name, "day": spell.joined_on})
    return _end(spell, how=how, ended_on=ended_on, decision=decision.strip())


def _end(spell: Spell, *, how: Spell.Ended, ended_on: date, decision: str = "") -> Spell:
    member = spell.member
    spell.ended_on, spell.ended_by, spell.end_decision = ended_on, how, decision
    spell.save(update_fields=["ended_on", "ended_by", "end_decision"])
    for row in member.affiliations.filter(until_on=None).select_related("organisation"):
        row.until_on, row.main = max(ended_on, row.from_on + timedelta(days=1)), False
        row.save(update_fields=["until_on", "main"])
        state(AffiliationEnded(member=member.ref, organisation=row.organisation.ref, until_on=row.until_on))
    spell.left_key = state(MemberLeft(member=member.ref, spell=spell.pk, holder=Code(member.holder_kind.value),
                                      how=Code(how.value), ended_on=ended_on), happened_on=ended_on)
    spell.save(update_fields=["left_key"])
    return spell


@act
def reinstate(*, by: Actor, on: date, member: Member, reason: str) -> Spell:
    """Take a lapse or an expulsion back, as if it had not been; branches are joined anew."""
    if not joined():
        require(may_keep_members(actor=by))
    member = Member.objects.one_locked(pk=member.pk)
    spell = member.spells.order_by("joined_on").last()
    if spell is None or spell.ended_on is None:
        raise NotMember(_("%(name)s did not leave.") % {"name": member.name})
    if spell.ended_by not in (Spell.Ended.LAPSED, Spell.Ended.EXPELLED):
        raise NotMember(_("%(name)s left by their own word; admit them anew.") % {"name": member.name})
    days = int(regulations.value("M2.appeal_days", on=spell.ended_on))
    if on > spell.ended_on + timedelta(days=days) and not spell.appeals.exists():
        raise TooLate(_("An exit can be appealed for %(days)d days.") % {"days": days}, regulation="M2.appeal_days")
    key, spell.left_key = spell.left_key, None
    spell.ended_on, spell.ended_by, spell.reinstated_on = None, "", on
    spell.save(update_fields=["ended_on", "ended_by", "reinstated_on", "left_key"])
    spell.appeals.filter(decided_on=None).update(decided_on=on, upheld=True, answer=reason[:300])
    state(MemberReinstated(member=member.ref, spell=spell.pk, reason=reason), corrects=key)
    return spell
