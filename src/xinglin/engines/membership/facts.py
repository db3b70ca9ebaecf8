"""The facts of membership: who was admitted, moved and left, what was charged, received and covered."""

from datetime import date
from decimal import Decimal

from xinglin.kernel.facts import Dimension, Fact, Noun, Quantity, Vocabulary, states
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
           *(Noun(zh=zh, en="new member", units=("名", "人", "位", "个", "家"))
             for zh in ("新会员", "发展会员", "新增会员", "吸收会员", "会员入会")),
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


# Fees: the standard, bills, money, receipts -----------------------------------------------------


@states("membership.schedule.adopted", Vocabulary(
    zh="会费标准已通过", en="Fee standard adopted",
    nouns=(Noun(zh="会费标准", en="fee standard", units=("项", "个")),)))
class ScheduleAdopted(Fact):
    """A congress adopted the fee standard in force from a day: for each line its tier, yuan a year and free seats."""

    schedule: Ref
    adopted_on: date
    from_on: date
    entitled: int
    present: int
    in_favour: int
    fee_lines: tuple[Ref, ...]
    tiers: tuple[Ref, ...]
    amounts: tuple[Code, ...]
    seats: tuple[Code, ...]


@states("membership.schedule.disclosed", _silent("会费标准已公开", "Fee standard disclosed"))
class ScheduleDisclosed(Fact):
    """The standard was published to the members."""

    schedule: Ref


@states("membership.charge.issued", _silent("会费通知已发出", "Bill issued"))
class ChargeIssued(Fact):
    """A member was asked to pay for a year, by a line of the standard; fewer than twelve months are pro rata."""

    charge: Ref
    member: Ref
    line: Ref
    year: int
    months: int
    amount: Decimal
    due_on: date


@states("membership.charge.cancelled", _silent("会费通知已取消", "Bill cancelled"), annexed=("reason",))
class ChargeCancelled(Fact):
    """A bill is no longer asked for: waived, issued in error, or the member left."""

    charge: Ref
    member: Ref
    replaced: bool = False  # by a waiver or a free seat; a run asks again when that ends early
    reason: str = ""


@states("membership.payment.received", Vocabulary(
    zh="会费已收到", en="Fee received",
    nouns=(Noun(zh="会费收款", en="fee payment", units=("笔",)),),
    dimensions=(Dimension(field="way", zh="付款方式", en="Way of payment"),),
    quantities=(Quantity(field="amount", zh="会费金额", en="Fees", units=("元",)),)),
    annexed=("payer_name", "remark"))
class PaymentReceived(Fact):
    """Money came in; finance books it and asks for no invoice, for fees have receipts of their own (F3)."""

    payment: Ref
    member: Ref | None = None
    way: Code
    amount: Decimal
    paid_on: date
    payer_name: str = ""
    remark: str = ""


@states("membership.payment.allocated", _silent("会费已核销", "Payment allocated"))
class PaymentAllocated(Fact):
    """A payment, or part of it, pays a bill."""

    payment: Ref
    charge: Ref
    member: Ref
    amount: Decimal


@states("membership.payment.returned", _silent("会费已退还", "Payment returned"), annexed=("reason",))
class PaymentReturned(Fact):
    """What a payment did not pay off was sent back: paid twice, or by mistake."""

    payment: Ref
    amount: Decimal
    reason: str = ""


@states("membership.receipt.issued", _silent("会费收据已开具", "Receipt issued"))
class ReceiptIssued(Fact):
    """A numbered fee receipt was made out for a bill that is paid."""

    receipt: Ref
    charge: Ref
    member: Ref
    amount: Decimal


# Certificates and choices ------------------------------------------------------------------------


@states("membership.certificate.issued", _silent("会员证已颁发", "Certificate issued"))
class CertificateIssued(Fact):
    """A certificate was made out for a membership."""

    certificate: Ref
    member: Ref


@states("membership.certificate.revoked", _silent("会员证已撤销", "Certificate revoked"), annexed=("reason",))
class CertificateRevoked(Fact):
    """A certificate holds no longer, whatever the membership does."""

    certificate: Ref
    member: Ref
    reason: str = ""


@states("membership.choice.made", _silent("会员作出选择", "Choice made"))
class ChoiceMade(Fact):
    """A member allowed or forbade something, or asked for it and was answered: name in public, suggestions, an appeal,
    erasure, to be taken into a branch (`about`)."""

    member: Ref
    what: Code
    allowed: bool
    about: Ref | None = None


# Applications ------------------------------------------------------------------------------------


@states("membership.application.submitted", Vocabulary(
    zh="入会申请已提交", en="Application submitted",
    nouns=(Noun(zh="入会申请", en="application", units=("份", "件", "个")),),
    dimensions=(Dimension(field="tier", zh="会员等级", en="Tier"),
                Dimension(field="holder", zh="会员类别", en="Individual or unit"),
                Dimension(field="branch", zh="分支机构", en="Branch", distinct=True, units=("个",)))))
class ApplicationSubmitted(Fact):
    """Somebody asked to become a member, or handed a returned application in again."""

    application: Ref
    holder: Code
    tier: Ref
    branch: Ref | None = None
    again: bool = False
    renamed: bool = False  # name or number is another than before: who vouched is asked anew


@states("membership.application.moved", _silent("入会申请已处理", "Application moved"), annexed=("reason",))
class ApplicationMoved(Fact):
    """An application went one step on or back: passed, verified, returned, refused, withdrawn, its words deleted."""

    application: Ref
    before: Code
    after: Code
    reason: str = ""


@states("membership.recommendation.answered", _silent("推荐人已答复", "Recommendation answered"))
class RecommendationAnswered(Fact):
    """A member vouched for an applicant, or declined to."""

    application: Ref
    member: Ref
    vouched: bool


# Letters -----------------------------------------------------------------------------------------


@states("membership.letter.sent", _silent("已致信会员", "Members written to"), annexed=("title",))
class LetterSent(Fact):
    """The house wrote the same words to a number of members."""

    letter: Code
    members: int
    title: str = ""
