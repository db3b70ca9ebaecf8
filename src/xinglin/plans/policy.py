"""Who may do what to plans; the same verdicts serve pages, buttons and acts."""

from django.utils.translation import gettext_lazy as _

from xinglin.kernel.actors import Actor
from xinglin.kernel.policy import YES, Verdict, no
from xinglin.kernel.refs import Ref

from .commitments import Commitment
from .documents import Plan
from .running import ChangeRequest, Evidence, Supervision


def identity(actor: Actor) -> Ref:
    """Return who somebody is, whichever account they use."""
    return actor.person or actor.ref


def _office(actor: Actor) -> bool:
    return actor.has("office") or actor.has("secretary_general") or actor.has("house")


def may_see_plans(*, actor: Actor) -> Verdict:
    """The staff, the leaders and the supervisors read plans."""
    readers = {
        "office",
        "secretary_general",
        "leader",
        "department",
        "department_head",
        "supervisor",
        "branch_secretary",
        "branch_chair",
        "audit_admin",
        "house",
    }
    return YES if actor.roles & readers else no(_("Plans are read by staff, branch officers, leaders and supervisors."))


def may_read_document(*, actor: Actor) -> Verdict:
    """The office puts documents in."""
    return YES if _office(actor) else no(_("The office keeps the plan. Hand it the document."))


def may_correct_plan(*, actor: Actor, plan: Plan) -> Verdict:
    """The office reads documents and corrects commitments until the plan is closed."""
    if not _office(actor):
        return no(_("The office keeps the plan; ask it to correct this."))
    if plan.state == Plan.State.CLOSED:
        return no(_("This year is closed. Its figures stay as they stood."))
    return YES


def may_read_draft(*, actor: Actor, plan: Plan) -> Verdict:
    """Drafts are read until the plan is adopted; from then on a leader approves each change (W4)."""
    if plan.state == Plan.State.ADOPTED:
        return no(_("The plan is adopted. Ask for a change of the commitment; add what is new by hand."),
                  regulation="W4")
    return may_correct_plan(actor=actor, plan=plan)


def may_edit_commitment(*, actor: Actor, commitment: Commitment) -> Verdict:
    """After adoption an accepted commitment changes only through a request that a leader approves (W4)."""
    verdict = may_correct_plan(actor=actor, plan=commitment.plan)
    if not verdict:
        return verdict
    if commitment.plan.state == Plan.State.ADOPTED and commitment.state == Commitment.State.ACCEPTED:
        return no(_("The plan is adopted. Ask for a change, which a leader approves."), regulation="W4")
    return YES


def may_assign(*, actor: Actor, plan: Plan) -> Verdict:
    """The office decomposes the plan: leading units, deadlines, weights, measures."""
    return may_correct_plan(actor=actor, plan=plan)


def leads(*, actor: Actor, commitment: Commitment) -> bool:
    """Say whether the actor works in the leading unit or answers for the commitment."""
    if actor.person and commitment.responsible == actor.person:
        return True
    roles = ("department", "department_head", "branch_secretary", "branch_chair")
    return bool(commitment.lead) and any(
        actor.has(role) and commitment.lead in actor.scope.get(role, frozenset()) for role in roles
    )


def may_submit_evidence(*, actor: Actor, commitment: Commitment) -> Verdict:
    """The leading unit and the office hand in evidence while the plan runs."""
    if commitment.plan.state == Plan.State.CLOSED:
        return no(_("This year is closed. Its figures stay as they stood."))
    if _office(actor) or leads(actor=actor, commitment=commitment):
        return YES
    return no(_("Evidence comes from the leading unit or the office."))


def may_verify_evidence(*, actor: Actor, evidence: Evidence) -> Verdict:
    """A second person verifies while the plan runs: never the one who handed it in, by whatever account."""
    if evidence.commitment.plan.state == Plan.State.CLOSED:
        return no(_("This year is closed. Its figures stay as they stood."))
    if evidence.by in {actor.ref, identity(actor)} and not actor.has("house"):
        return no(_("You handed this in. A second person verifies it."), regulation="W3")
    if _office(actor) or actor.has("department_head") or actor.has("leader"):
        return YES
    return no(_("Evidence is verified by the office, a head of department or a leader."), regulation="W3")


def may_ask_change(*, actor: Actor, commitment: Commitment) -> Verdict:
    """The leading unit or the office asks for changes of an adopted commitment."""
    if commitment.cancelled_on:
        return no(_("This commitment is cancelled."))
    return may_submit_evidence(actor=actor, commitment=commitment)


def may_decide_change(*, actor: Actor, request: ChangeRequest) -> Verdict:
    """A leader decides while the plan runs, never the one who asked, by whatever account (W4)."""
    if request.commitment.plan.state == Plan.State.CLOSED:
        return no(_("This year is closed. Its figures stay as they stood."))
    if request.by in {actor.ref, identity(actor)} and not actor.has("house"):
        return no(_("You asked for this change. Somebody else decides it."), regulation="W4")
    if actor.has("leader") or actor.has("secretary_general") or actor.has("house"):
        return YES
    return no(_("Changes are decided by a leader or the secretary-general."), regulation="W4")


def may_supervise(*, actor: Actor, plan: Plan) -> Verdict:
    """The office sends supervision notices while the plan runs."""
    if plan.state == Plan.State.CLOSED:
        return no(_("This year is closed. Its figures stay as they stood."))
    return YES if _office(actor) else no(_("The office sends supervision notices."), regulation="W4")


def may_answer_supervision(*, actor: Actor, supervision: Supervision) -> Verdict:
    """The leading unit answers while the plan runs."""
    if supervision.commitment.plan.state == Plan.State.CLOSED:
        return no(_("This year is closed. Its figures stay as they stood."))
    if leads(actor=actor, commitment=supervision.commitment) or actor.has("house"):
        return YES
    return no(_("The leading unit answers a supervision notice."), regulation="W4")


def may_comment(*, actor: Actor) -> Verdict:
    """Whoever reads plans may comment, except the audit administrator, who only reads."""
    if actor.has("audit_admin"):
        return no(_("The audit administrator reads and does not write."))
    return may_see_plans(actor=actor)


def may_report(*, actor: Actor) -> Verdict:
    """The office drafts the summary and checks drafts."""
    return YES if _office(actor) else no(_("The office drafts the summary."))


def may_appraise(*, actor: Actor, commitment: Commitment) -> Verdict:
    """The office sets quality factors until the year is closed, never for work it leads itself unless a leader does."""
    if commitment.plan.state == Plan.State.CLOSED:
        return no(_("This year is closed. Its figures stay as they stood."))
    if actor.has("house") or actor.has("leader") or actor.has("secretary_general"):
        return YES
    if not actor.has("office"):
        return no(_("Quality factors are set by the office, the secretary-general or a leader."), regulation="W5")
    if leads(actor=actor, commitment=commitment):
        return no(_("Your own unit leads this. A leader or the secretary-general sets its factor."), regulation="W5")
    return YES


def may_see_performance(*, actor: Actor) -> Verdict:
    """The office, the leaders and the supervisors see all scores; heads of departments see their own unit's."""
    readers = {"office", "secretary_general", "leader", "supervisor", "department_head", "house"}
    if actor.roles & readers:
        return YES
    return no(_("Scores are read by the office, leaders, supervisors and heads of departments."), regulation="W5")
