"""The facts of plans: what was promised, by whom, changed how, verified, supervised, reported."""

from datetime import date
from decimal import Decimal

from xinglin.kernel.facts import Dimension, Fact, Noun, Quantity, Vocabulary, states
from xinglin.kernel.refs import Code, Ref


def _quiet(zh: str, en: str) -> Vocabulary:
    return Vocabulary(zh=zh, en=en, countable=False)


@states("plans.plan.read", _quiet("计划文件已读入", "Plan document read"))
class PlanRead(Fact):
    """A draft of a plan's document was read into commitments waiting for the office."""

    plan: Ref
    year: int
    draft: int
    commitments: int


@states("plans.plan.adopted", _quiet("工作要点已通过", "Plan adopted"))
class PlanAdopted(Fact):
    """The plan was adopted; its accepted commitments bind the year."""

    plan: Ref
    year: int
    commitments: int


@states("plans.plan.closed", _quiet("年度计划已结束", "Plan closed"))
class PlanClosed(Fact):
    """The plan's year was closed with its figures as they stood."""

    plan: Ref
    year: int
    reached: int
    missed: int


@states("plans.commitment.corrected", _quiet("任务已修正", "Commitments corrected"))
class CommitmentsCorrected(Fact):
    """The office accepted, edited, split, merged, added or discarded commitments, or undid that."""

    plan: Ref
    what: Code
    commitments: tuple[Ref, ...]


@states("plans.commitment.bound", _quiet("任务统计口径已定", "Commitment bound to a measure"), annexed=("why",))
class CommitmentBound(Fact):
    """The office confirmed from which facts a commitment is counted; a later change says why."""

    commitment: Ref
    fact_type: Code
    how: Code
    why: str = ""


@states("plans.commitment.assigned", _quiet("任务已分派", "Commitment assigned"), annexed=("budget_line", "why"))
class CommitmentAssigned(Fact):
    """A commitment got its leading and partner units, its leader, weight, milestones or budget line.

    A milestone is a day and a share of the target, 2026-06-30_50; once the plan runs a change of them says why.
    """

    commitment: Ref
    lead: Ref | None = None
    partners: tuple[Ref, ...] = ()
    leader: Ref | None = None
    responsible: Ref | None = None
    deadline: date | None = None
    weight: Decimal | None = None
    milestones: tuple[Code, ...] = ()
    budget_line: str = ""
    why: str = ""


@states("plans.commitment.carried", _quiet("任务结转下年", "Commitment carried over"))
class CommitmentCarried(Fact):
    """An unfinished commitment was carried into the next year's plan."""

    from_: Ref
    to: Ref


@states("plans.evidence.submitted", _quiet("佐证已提交", "Evidence submitted"))
class EvidenceSubmitted(Fact):
    """Somebody handed in what shows progress on a commitment."""

    commitment: Ref
    evidence: Ref
    amount: Decimal


@states(
    "plans.evidence.verified",
    Vocabulary(
        zh="佐证已核实",
        en="Evidence verified",
        nouns=(Noun(zh="佐证", en="evidence", units=("份", "件")),),
        dimensions=(Dimension(field="commitment", zh="任务", en="Commitment", distinct=True),),
        quantities=(Quantity(field="amount", zh="数量", en="Amount"),),
    ),
)
class EvidenceVerified(Fact):
    """A second person verified evidence; its amount counts for the commitment."""

    commitment: Ref
    evidence: Ref
    amount: Decimal


@states("plans.evidence.refused", _quiet("佐证未采信", "Evidence not accepted"))
class EvidenceRefused(Fact):
    """Evidence was not accepted, or withdrawn before or after verification."""

    commitment: Ref
    evidence: Ref
    reason: Code


@states("plans.change.asked", _quiet("申请调整任务", "Change of a commitment asked"))
class ChangeAsked(Fact):
    """A department asked to change or cancel a commitment."""

    commitment: Ref
    request: Ref
    cancel: bool


@states("plans.change.decided", _quiet("任务调整已批复", "Change of a commitment decided"))
class ChangeDecided(Fact):
    """A leader approved or refused a change; an approved one takes effect on this date (W4)."""

    commitment: Ref
    request: Ref
    approved: bool
    cancel: bool
    target: Decimal | None = None
    deadline: date | None = None
    lead: Ref | None = None


@states("plans.supervision.noticed", _quiet("督办单已发出", "Supervision notice sent"))
class SupervisionNoticed(Fact):
    """A quarterly notice went out for a commitment that is behind (W4)."""

    commitment: Ref
    supervision: Ref
    quarter: date
    reply_due: date


@states("plans.supervision.answered", _quiet("督办已回复", "Supervision answered"))
class SupervisionAnswered(Fact):
    """The leading unit answered a supervision notice."""

    commitment: Ref
    supervision: Ref
    late: bool


@states("plans.supervision.escalated", _quiet("督办已上报约谈", "Supervision escalated"))
class SupervisionEscalated(Fact):
    """A notice stayed unanswered or the light stayed red, and the leader was asked to talk."""

    commitment: Ref
    supervision: Ref
    reason: Code


@states("plans.comment.made", _quiet("任务有留言", "Comment made"), annexed=("words",))
class CommentMade(Fact):
    """Somebody commented on a commitment."""

    commitment: Ref
    words: str = ""


@states("plans.report.drafted", _quiet("工作总结已起草", "Report drafted"))
class ReportDrafted(Fact):
    """The year's summary, or a quarter's bulletin, was computed from the ledger up to a checkpoint."""

    plan: Ref
    year: int
    size: int
    figures: int
    quarter: int | None = None


@states("plans.summary.checked", _quiet("总结稿已核对", "Draft summary checked"))
class SummaryChecked(Fact):
    """The figures of a draft summary were compared with the ledger."""

    plan: Ref
    figures: int
    agreeing: int
    differing: int
    unproven: int


@states("plans.quality.set", _quiet("质量系数已定", "Quality factor set"), annexed=("why",))
class QualitySet(Fact):
    """The office set the quality factor of a commitment's work, with its reason (W5)."""

    commitment: Ref
    factor: Decimal
    why: str = ""


@states("plans.table.imported", _quiet("任务分解表已导入", "Decomposition table imported"))
class TableImported(Fact):
    """Rows of an Excel table changed commitments; the changes themselves are facts of their own."""

    plan: Ref
    rows: int
    changed: int
    added: int
    rejected: int
