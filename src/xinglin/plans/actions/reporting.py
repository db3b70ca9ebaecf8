"""Drafts the year's summary, checks drafts of others, and sets quality factors."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from xinglin.kernel import regulations
from xinglin.kernel.actors import Actor
from xinglin.kernel.acts import act, state
from xinglin.kernel.policy import Refusal, require
from xinglin.kernel.refs import ref

from ..appraisal import Quality
from ..commitments import Commitment
from ..documents import Plan
from ..drafts import ReportDraft, SummaryCheck
from ..facts import QualitySet, ReportDrafted, SummaryChecked
from ..policy import may_appraise, may_report
from ..reporting.composing import compose
from ..reporting.finding import AGREES, DIFFERS, DOUBLE, NO_EVIDENCE, Finding
from ..reporting.report import Report


class OutOfRange(Refusal):
    """The factor lies outside the range of regulation W5."""


class NoWords(Refusal):
    """A factor other than 1 needs a reason."""


class NothingToCheck(Refusal):
    """The draft holds no figure that could be compared."""


@act
def draft_report(*, by: Actor, on: date, plan: Plan, drawn_on: date | None = None) -> tuple[ReportDraft, Report]:
    """Compute the year's summary from the latest checkpoint and keep what is needed to print it again."""
    require(may_report(actor=by))
    report = compose(plan=plan, on=drawn_on or on)
    # The plan's row is the lock, so that two who draft at once get two numbers.
    kept = Plan.objects.select_for_update().get(pk=plan.pk)
    draft = ReportDraft.objects.create(
        plan=kept,
        number=kept.report_drafts.count() + 1,
        size=report.seal.size,
        drawn_on=report.on,
        figures=len(report.figures),
        by=by.ref,
    )
    state(
        ReportDrafted(
            plan=ref("plans.plan", plan.pk), year=plan.year, size=report.seal.size, figures=len(report.figures)
        )
    )
    return draft, report


@act
def keep_check(
    *, by: Actor, on: date, plan: Plan, name: str, sha256: str, year: int, size: int, findings: Sequence[Finding]
) -> SummaryCheck:
    """Keep what comparing a draft with the ledger has found."""
    require(may_report(actor=by))
    if not findings:
        raise NothingToCheck(
            _("No figure of the past was found in this document."),
            field="file",
            instead=_("A plan is read under Plans; here only summaries are checked."),
        )
    check = SummaryCheck.objects.create(
        plan=plan,
        name=name[:255],
        sha256=sha256,
        year=year,
        size=size,
        checked_on=on,
        by=by.ref,
        findings=[one.as_json() for one in findings],
    )
    counts = {code: sum(1 for one in findings if one.result == code) for code in (AGREES, DIFFERS, DOUBLE, NO_EVIDENCE)}
    state(
        SummaryChecked(
            plan=ref("plans.plan", plan.pk),
            figures=len(findings),
            agreeing=counts[AGREES],
            differing=counts[DIFFERS] + counts[DOUBLE],
            unproven=counts[NO_EVIDENCE],
        )
    )
    return check


@act
def set_quality(*, by: Actor, on: date, commitment: Commitment, factor: Decimal, reason: str) -> Quality:
    """Set the quality factor of a commitment, which the score of its unit and its leader takes in (W5)."""
    require(may_appraise(actor=by, commitment=commitment))
    low, high = (Decimal(str(regulations.value(key, on=on))) for key in ("W5.quality_min", "W5.quality_max"))
    if not low <= factor <= high:
        raise OutOfRange(
            _("A quality factor lies between %(low)s and %(high)s.") % {"low": low, "high": high},
            field="factor",
            regulation="W5.quality_min",
        )
    if factor != 1 and not reason.strip():
        raise NoWords(_("Say why the factor is not 1; the unit reads it."), field="reason")
    quality, _created = Quality.objects.update_or_create(
        commitment=commitment,
        defaults={"factor": factor, "reason": reason.strip(), "given_by": by.ref, "given_on": on},
    )
    state(QualitySet(commitment=ref("plans.commitment", commitment.pk), factor=factor, why=reason.strip()))
    return quality
