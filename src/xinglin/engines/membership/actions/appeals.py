"""Takes appeals against a lapse or an expulsion, and decides them."""

from datetime import date, timedelta

from django.utils.translation import gettext_lazy as _

from xinglin.kernel import regulations
from xinglin.kernel.actors import Actor
from xinglin.kernel.acts import act, state
from xinglin.kernel.confinement import open_to
from xinglin.kernel.notices import notify
from xinglin.kernel.policy import Refusal, require
from xinglin.kernel.refs import Code

from ..addressees import APPEALS, office_people, people_of, portal_of
from ..certificates import Appeal
from ..facts import ChoiceMade
from ..members import Member, Spell
from ..policy import may_act_for, may_keep_members
from .exits import TooLate, reinstate
from .members import NotMember

LODGED, DECIDED = "membership_appeal_lodged", "membership_appeal_decided"


class AppealedAlready(Refusal):
    """An exit is appealed once."""


class DecidedAlready(Refusal):
    """The appeal was decided before."""


@act
@open_to("member")
def lodge_appeal(*, by: Actor, on: date, member: Member, words: str) -> Appeal:
    """Object to having been deemed to have left, or to an expulsion, within the days of appeal."""
    require(may_act_for(actor=by, member=member, on=on))
    spell = appealable(member)
    days = int(regulations.value("M2.appeal_days", on=spell.ended_on))
    if on > spell.ended_on + timedelta(days=days):
        raise TooLate(_("An exit can be appealed for %(days)d days.") % {"days": days}, regulation="M2.appeal_days",
                      instead=_("You can join again; your number is kept."))
    if before := spell.appeals.filter(lodged_on__gte=spell.ended_on).exclude(upheld=True).last():
        raise AppealedAlready(_("An appeal was lodged on %(day)s.") % {"day": before.lodged_on})
    row = Appeal.objects.create(spell=spell, lodged_on=on, words=words.strip())
    notify(to=office_people(on=on), template=LODGED, key=str(row.pk), about=APPEALS,
           context={"name": member.name, "ended": spell.ended_on})
    state(ChoiceMade(member=member.ref, what=Code("appeal"), allowed=True))
    return row


def appealable(member: Member) -> Spell:
    """Lock a member and return the membership whose end one may object to (NotMember)."""
    member = Member.objects.one_locked(pk=member.pk)
    spell = member.spells.order_by("joined_on").last()
    if spell is None or spell.ended_by not in (Spell.Ended.LAPSED, Spell.Ended.EXPELLED):
        raise NotMember(_("%(name)s was neither deemed to have left nor expelled.") % {"name": member.name})
    return spell


@act
def decide_appeal(*, by: Actor, on: date, appeal: Appeal, upheld: bool, answer: str) -> Appeal:
    """Uphold an appeal, which takes the exit back, or reject it; the member reads the answer."""
    require(may_keep_members(actor=by))
    member = Member.objects.one_locked(pk=appeal.spell.member_id)
    row = Appeal.objects.get(pk=appeal.pk)
    if row.decided_on:
        raise DecidedAlready(_("Decided on %(day)s already.") % {"day": row.decided_on})
    if upheld:
        reinstate(by=by, on=on, member=member, reason=answer)
        row.refresh_from_db()
    else:
        row.decided_on, row.upheld, row.answer = on, False, answer
        row.save(update_fields=["decided_on", "upheld", "answer"])
        state(ChoiceMade(member=member.ref, what=Code("appeal_rejected"), allowed=False))
    notify(to=people_of(member, on=on), template=DECIDED, key=str(row.pk), about=portal_of(member),
           context={"name": member.name, "upheld": upheld, "answer": answer[:200]})
    return row
