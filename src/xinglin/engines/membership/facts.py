"""The facts of membership: who was admitted, moved and left, what was charged, received and covered."""

from datetime import date

from xinglin.kernel.facts import Dimension, Fact, Noun, Vocabulary, states
from xinglin.kernel.refs import Code, Ref


def _silent(zh: str, en: str) -> Vocabulary:
    """Return the vocabulary of a fact that nobody promises in a plan."""
    return Vocabulary(zh=zh, en=en, countable=False)


# Tiers and fees ----------------------------------------------------------------------------------


@states("membership.tier.opened", _silent("会员等级已设立", "Tier opened"))
class TierOpened(Fact):
    """From a day on there is a sort of member with this code."""

    tier: Ref
    holder: Code
    from_on: date


@states("membership.entitlement.changed", _silent("权利义务已调整", "Entitlement changed"))
class EntitlementChanged(Fact):
    """From a day on a tier has a condition, right or duty, or has it no longer."""

    tier: Ref
    kind: Code
    code: Code
    granted: bool
    amount: int | None = None
    from_on: date


# Members -----------------------------------------------------------------------------------------

_WHO = (Dimension(field="tier", zh="会员等级", en="Tier"),
        Dimension(field="holder", zh="会员类别", en="Individual or unit"),
        Dimension(field="branch", zh="发展会员的分支机构", en="Branch that brought the member in", distinct=True,
                  units=("个",)))


@states("membership.member.admitted", Vocabulary(
    zh="已批准入会", en="Member admitted",
    nouns=(Noun(zh="会员", en="member", units=("名", "人", "个", "家")),
           Noun(zh="新会员", en="new member", units=("名", "人", "个", "家")),
           Noun(zh="个人会员", en="individual member", units=("名", "人", "个"), where=(("holder", "person"),)),
           Noun(zh="单位会员", en="unit member", units=("家", "个"), where=(("holder", "unit"),))),
    dimensions=_WHO))
class MemberAdmitted(Fact):
    """A person or a unit became a member, or came back under the old number; the branch has the credit (M02)."""

    member: Ref
    spell: int
    holder: Code
    who: Ref
    tier: Ref
    branch: Ref | None = None
    batch: Ref | None = None
    application: Ref | None = None
    again: bool = False


@states("membership.member.left", Vocabulary(
    zh="已退会", en="Member left", nouns=(Noun(zh="退会会员", en="member who left", units=("名", "人", "家", "个")),),
    dimensions=(Dimension(field="how", zh="退会方式", en="How"),
                Dimension(field="holder", zh="会员类别", en="Individual or unit"))))
class MemberLeft(Fact):
    """A membership ended on a day: left, deemed to have left, expelled, died, dissolved."""

    member: Ref
    spell: int
    holder: Code
    how: Code
    ended_on: date


@states("membership.member.reinstated", _silent("会籍已恢复", "Member reinstated"), annexed=("reason",))
class MemberReinstated(Fact):
    """An exit was taken back; this corrects it."""

    member: Ref
    spell: int
    reason: str = ""


@states("membership.member.graded", Vocabulary(
    zh="会员等级已变更", en="Tier changed",
    nouns=(Noun(zh="晋级会员", en="member of another tier", units=("名", "人", "家")),),
    dimensions=(Dimension(field="tier", zh="会员等级", en="Tier"),)))
class MemberGraded(Fact):
    """A member has another tier from a day on."""

    member: Ref
    tier: Ref
    from_on: date


@states("membership.affiliation.begun", _silent("已加入分支机构", "Affiliation begun"))
class AffiliationBegun(Fact):
    """A member belongs to a branch, a local body or a squad from a day on."""

    member: Ref
    organisation: Ref
    how: Code
    main: bool
    from_on: date


@states("membership.affiliation.ended", _silent("已离开分支机构", "Affiliation ended"))
class AffiliationEnded(Fact):
    """A member no longer belongs to a branch, a local body or a squad."""

    member: Ref
    organisation: Ref
    until_on: date


# Days without debt -------------------------------------------------------------------------------


@states("membership.coverage.begun", _silent("会费期已确认", "Coverage begun"), annexed=("reason",))
class CoverageBegun(Fact):
    """From a day until before another nothing is owed: paid, waived, or a unit's free seat; no end means for life."""

    member: Ref
    spell: int
    coverage: int
    kind: Code
    from_on: date
    until_on: date | None = None
    charge: Ref | None = None
    unit: Ref | None = None
    reason: str = ""


@states("membership.coverage.ended", _silent("会费期已终止", "Coverage ended"))
class CoverageEnded(Fact):
    """A waiver or a free seat ends on a day; days that were paid never do."""

    member: Ref
    coverage: int
    until_on: date
