"""Changes, supervision and comments while the year runs."""

from collections.abc import Iterable
from copy import copy
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from xinglin.kernel.actors import Actor
from xinglin.kernel.acts import act, state
from xinglin.kernel.policy import Refusal, require
from xinglin.kernel.refs import Code, Ref, ref

from ..commitments import Commitment
from ..documents import Plan
from ..facts import (
    ChangeAsked,
    ChangeDecided,
    CommentMade,
    SupervisionAnswered,
    SupervisionEscalated,
    SupervisionNoticed,
)
from ..policy import (
    identity,
    may_answer_supervision,
    may_ask_change,
    may_comment,
    may_decide_change,
    may_supervise,
)
from ..progress import Standing
from ..running import ChangeRequest, Comment, Supervision
from ..supervising import reply_due, settled, talk_reason
from ..telling import leading_people_of, tell_the_lead, tell_the_leader
from .assigning import fit_to_span, state_assignment
from .correcting import WrongTarget, check_target
from .meanwhile import hold_as_seen

FIGURED = {Commitment.Kind.COUNT, Commitment.Kind.PERCENT, Commitment.Kind.LIST}


class OpenRequest(Refusal):
    """A change of this commitment waits for a decision already."""


class EmptyChange(Refusal):
    """The request asks for nothing, or gives no reason."""


class DecidedAlready(Refusal):
    """The request was decided before."""


class NothingBehind(Refusal):
    """No commitment needs a notice."""


class AnsweredBefore(Refusal):
    """The notice was answered before."""


class NoTalkDue(Refusal):
    """Nothing calls for the leader."""


class NobodyToTalk(Refusal):
    """Nobody could be asked to talk."""


class EmptyWords(Refusal):
    """Nothing was written."""


def _commitment(commitment: Commitment) -> Ref:
    return ref("plans.commitment", commitment.pk)


@act
def ask_change(
    *,
    by: Actor,
    on: date,
    commitment: Commitment,
    reason: str,
    cancel: bool = False,
    value_min: Decimal | None = None,
    deadline: date | None = None,
    lead: str = "",
) -> ChangeRequest:
    """Ask to change target, deadline or lead, or to cancel; a leader decides."""
    require(may_ask_change(actor=by, commitment=commitment))
    if commitment.change_requests.filter(state=ChangeRequest.State.ASKED).exists():
        raise OpenRequest(_("A change of this commitment waits for a decision already."), regulation="W4")
    if not reason.strip():
        raise EmptyChange(_("Say why the commitment has to change."), field="reason", regulation="W4")
    if not (cancel or value_min is not None or deadline or lead):
        raise EmptyChange(_("Say what should change: target, deadline, lead, or cancel it."), field="value_min")
    if deadline and deadline < on:
        raise EmptyChange(_("The new deadline lies in the past."), field="deadline")
    request = ChangeRequest(
        commitment=commitment,
        cancel=cancel,
        value_min=value_min,
        deadline=deadline,
        lead=lead,
        reason=reason,
        by=identity(by),
        asked_on=on,
    )
    _set(copy(commitment), request)  # what could not be approved is not asked
    request.save()
    state(ChangeAsked(commitment=_commitment(commitment), request=ref("plans.change", request.pk), cancel=cancel))
    return request


@act
def decide_change(*, by: Actor, on: date, wish: ChangeRequest, approved: bool, decision: str = "") -> None:
    """Approve or refuse a change; an approved one takes effect at once."""
    require(may_decide_change(actor=by, request=wish))
    kept = ChangeRequest.objects.select_for_update().get(pk=wish.pk)
    if kept.state != ChangeRequest.State.ASKED:
        raise DecidedAlready(_("This request was decided on %(on)s already.") % {"on": kept.decided_on})
    if not approved and not decision.strip():
        raise EmptyChange(_("Say why the change is refused."), field="decision")
    kept.state = ChangeRequest.State.APPROVED if approved else ChangeRequest.State.REFUSED
    kept.decided_by, kept.decided_on, kept.decision = by.ref, on, decision
    kept.save()
    commitment = kept.commitment
    if approved:
        hold_as_seen(commitments=[commitment])
        _apply(commitment, kept, on)
    state(
        ChangeDecided(
            commitment=_commitment(commitment),
            request=ref("plans.change", kept.pk),
            approved=approved,
            cancel=kept.cancel,
            target=kept.value_min,
            deadline=kept.deadline,
            lead=Ref(kept.lead) if kept.lead else None,
        )
    )


def _apply(commitment: Commitment, request: ChangeRequest, on: date) -> None:
    if request.cancel:
        commitment.cancelled_on, commitment.cancelled_why = on, request.reason
    _set(commitment, request)
    commitment.save()
    if request.deadline or request.lead:
        commitment.partners.filter(unit=commitment.lead).delete()  # who takes over the lead helps no longer
        fit_to_span(commitments=[commitment])
        state_assignment(commitment=commitment, why=request.reason)


def _set(commitment: Commitment, request: ChangeRequest) -> None:
    """Put in what is asked (WrongTarget): a floor stays a floor, a ceiling a ceiling, an exact figure exact."""
    low, high, wanted = commitment.value_min, commitment.value_max, request.value_min
    if wanted is not None:
        if commitment.kind not in FIGURED:
            raise WrongTarget(_("This commitment promises no figure. Ask for another deadline."), field="value_min")
        commitment.value_min = None if low is None and high is not None else wanted
        commitment.value_max = None if high is None else wanted if low is None or low == high else max(high, wanted)
    if request.deadline:
        commitment.deadline, commitment.deadline_printed = request.deadline, True
    commitment.lead = request.lead or commitment.lead
    if not request.cancel:
        check_target(commitment)


@act
def send_supervision(
    *, by: Actor, on: date, plan: Plan, quarter: date, standings: Iterable[Standing]
) -> list[Supervision]:
    """Send the quarter's notices for all commitments that are red or yellow; those sent before stay."""
    plan = Plan.objects.select_for_update().get(pk=plan.pk)  # who sends at once sees what the first one sent
    require(may_supervise(actor=by, plan=plan))
    behind = [one for one in standings if one.light in {"bad", "warn"}]
    known = set(Supervision.objects.filter(quarter=quarter, commitment__plan=plan).values_list("commitment", flat=True))
    fresh = [one for one in behind if one.commitment.pk not in known]
    if not fresh:
        raise NothingBehind(_("No commitment needs a notice for this quarter, or all were sent."), regulation="W4")
    due = reply_due(sent_on=on)
    made = Supervision.objects.bulk_create(
        [
            Supervision(commitment=one.commitment, quarter=quarter, light=one.light, sent_on=on, reply_due_on=due)
            for one in fresh
        ]
    )
    people = leading_people_of(commitments=[one.commitment for one in made], on=on)
    for one in made:
        state(
            SupervisionNoticed(
                commitment=_commitment(one.commitment),
                supervision=ref("plans.supervision", one.pk),
                quarter=quarter,
                reply_due=due,
            )
        )
        tell_the_lead(supervision=one, people=people[one.commitment_id])
    return made


@act
def answer_supervision(*, by: Actor, on: date, supervision: Supervision, reply: str) -> None:
    """Answer a notice: what was done, what is planned."""
    require(may_answer_supervision(actor=by, supervision=supervision))
    if not reply.strip():
        raise EmptyWords(_("Write what was done and what follows."), field="reply")
    kept = _locked(supervision)
    if kept.replied_on:
        raise AnsweredBefore(_("This notice was answered on %(on)s already.") % {"on": kept.replied_on})
    kept.reply, kept.replied_by, kept.replied_on = reply, by.ref, on
    kept.save()
    state(
        SupervisionAnswered(
            commitment=_commitment(kept.commitment),
            supervision=ref("plans.supervision", kept.pk),
            late=on > kept.reply_due_on,
        )
    )


def _locked(supervision: Supervision) -> Supervision:
    """Lock a notice, so that an answer and a talk at once each see what the other did."""
    return Supervision.objects.select_for_update(of=("self",)).select_related("commitment__plan").get(pk=supervision.pk)


@act
def escalate_supervision(*, by: Actor, on: date, supervision: Supervision) -> str:
    """Ask the leader to talk, and return why: the notice is overdue, or the light is red quarter after quarter."""
    require(may_supervise(actor=by, plan=supervision.commitment.plan))
    kept = _locked(supervision)
    reds = kept.commitment.supervisions.filter(light="bad").values_list("quarter", flat=True)
    reason = talk_reason(notice=kept, reds=set(reds), on=on)
    if not reason or kept.commitment_id in settled(plan=kept.commitment.plan, on=on):
        raise NoTalkDue(
            _("No talk is due: the commitment is settled, or the notice was answered or handed over before."),
            regulation="W4",
        )
    if not tell_the_leader(supervision=kept, on=on):
        raise NobodyToTalk(_("Nobody can be asked to talk. Name the leader in charge first."), regulation="W4")
    kept.escalated_on = on
    kept.save()
    state(
        SupervisionEscalated(
            commitment=_commitment(kept.commitment),
            supervision=ref("plans.supervision", kept.pk),
            reason=Code(reason),
        )
    )
    return reason


@act
def comment_on(*, by: Actor, on: date, commitment: Commitment, words: str) -> Comment:
    """Comment on a commitment."""
    require(may_comment(actor=by))
    if not words.strip():
        raise EmptyWords(_("Write something first."), field="words")
    comment = Comment.objects.create(commitment=commitment, by=by.ref, words=words)
    state(CommentMade(commitment=_commitment(commitment), words=words))
    return comment
