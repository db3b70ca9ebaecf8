"""Evidence where no engine measures: handed in by one person, verified by another."""

import uuid
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from xinglin.kernel.actions.files import attach_file
from xinglin.kernel.actors import Actor
from xinglin.kernel.acts import act, state
from xinglin.kernel.files import Kept
from xinglin.kernel.policy import Refusal, require
from xinglin.kernel.refs import Code, Ref, ref

from ..commitments import Commitment
from ..facts import EvidenceRefused, EvidenceSubmitted, EvidenceVerified
from ..policy import identity, may_submit_evidence, may_verify_evidence
from ..running import Evidence


class WrongEvidence(Refusal):
    """The evidence cannot belong to this commitment."""


class DecidedBefore(Refusal):
    """Somebody else decided on this evidence first."""


def _names(evidence: Evidence) -> dict[str, Ref]:
    return {
        "commitment": ref("plans.commitment", evidence.commitment_id),
        "evidence": ref("plans.evidence", evidence.pk),
    }


@act
def submit_evidence(
    *,
    by: Actor,
    on: date,
    commitment: Commitment,
    words: str,
    amount: Decimal = Decimal(1),
    happened_on: date | None = None,
    file: Kept | None = None,
) -> Evidence:
    """Hand in what shows progress; it counts only after a second person verified it."""
    require(may_submit_evidence(actor=by, commitment=commitment))
    when = happened_on or on
    if when > on:
        raise WrongEvidence(_("Evidence is about what has happened; this date lies ahead."), field="happened_on")
    if when < commitment.starts_on:
        raise WrongEvidence(
            _("This happened before the commitment began (%(start)s).") % {"start": commitment.starts_on},
            field="happened_on",
        )
    if not words.strip():
        raise WrongEvidence(_("Say in a sentence what happened."), field="words")
    _require_amount(commitment, amount)
    evidence = Evidence.objects.create(
        commitment=commitment, amount=amount, happened_on=when, words=words, by=identity(by), submitted_on=on
    )
    if file:
        evidence.file = str(file.ref)
        evidence.save()
        attach_file(by=by, on=on, file=file, to=_names(evidence)["evidence"])
    state(EvidenceSubmitted(**_names(evidence), amount=amount))
    return evidence


def _require_amount(commitment: Commitment, amount: Decimal) -> None:
    """Let each proof add something (WrongEvidence); one of a percentage states where it stands, and that may be 0."""
    if commitment.kind != Commitment.Kind.PERCENT and amount <= 0:
        raise WrongEvidence(_("Say how much it adds; the amount is above zero."), field="amount")
    if commitment.kind == Commitment.Kind.PERCENT and not 0 <= amount <= 100:
        raise WrongEvidence(_("A percentage lies between 0 and 100."), field="amount")


def _waiting_locked(evidence: Evidence) -> Evidence:
    """Lock the row, so that of two people deciding at once the second is told who was faster."""
    kept = Evidence.objects.select_for_update().get(pk=evidence.pk)
    if kept.state != Evidence.State.SUBMITTED:
        raise DecidedBefore(_("This was decided on %(on)s already.") % {"on": kept.decided_on})
    return kept


@act
def verify_evidence(*, by: Actor, on: date, evidence: Evidence) -> uuid.UUID:
    """Verify evidence of somebody else; its amount counts from the day it happened."""
    require(may_verify_evidence(actor=by, evidence=evidence))
    kept = _waiting_locked(evidence)
    kept.state, kept.decided_by, kept.decided_on = Evidence.State.VERIFIED, by.ref, on
    kept.fact = state(EvidenceVerified(**_names(kept), amount=kept.amount), happened_on=kept.happened_on)
    kept.save()
    return kept.fact


@act
def refuse_evidence(*, by: Actor, on: date, evidence: Evidence, why: str) -> None:
    """Do not accept evidence, with the reason its author can read."""
    require(may_verify_evidence(actor=by, evidence=evidence))
    if not why.strip():
        raise WrongEvidence(_("Say why, so that it can be handed in again."), field="why")
    kept = _waiting_locked(evidence)
    kept.state, kept.decided_by, kept.decided_on, kept.why = Evidence.State.REFUSED, by.ref, on, why
    kept.save()
    state(EvidenceRefused(**_names(kept), reason=Code("refused")))


@act
def withdraw_evidence(*, by: Actor, on: date, evidence: Evidence, why: str) -> None:
    """Take evidence back; if it was verified, a correcting fact removes what it counted."""
    require(may_submit_evidence(actor=by, commitment=evidence.commitment))
    kept = Evidence.objects.select_for_update().get(pk=evidence.pk)
    if kept.state == Evidence.State.WITHDRAWN:
        raise DecidedBefore(_("This was withdrawn already."))
    corrects = kept.fact if kept.state == Evidence.State.VERIFIED else None
    kept.state, kept.why = Evidence.State.WITHDRAWN, why
    kept.save()
    state(EvidenceRefused(**_names(kept), reason=Code("withdrawn")), corrects=corrects)
