"""Drafts summaries and bulletins, checks drafts of others, and sets quality factors."""

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
from ..reporting.bulletin import bulletin_paper, compose_bulletin
from ..reporting.composing import compose
from ..reporting.finding import AGREES, DIFFERS, DOUBLE, NO_EVIDENCE, Finding
from ..reporting.keeping import plain_of
from ..reporting.laying import paper_of
from ..reporting.paper import Paper
from ..reporting.standing import Seal


class OutOfRange(Refusal):
    """The factor lies outside the range of regulation W5."""


class NoWords(Refusal):
    """A factor other than 1 needs a reason."""


class NothingToCheck(Refusal):
    """The draft holds no figure that could be compared."""


@act
def draft_report(*, by: Actor, on: date, plan: Plan, drawn_on: date | None = None) -> tuple[ReportDraft, Seal]:
    """Compute the year's summary from the latest checkpoint and keep it as it reads today."""
    require(may_report(actor=by))
    report = compose(plan=plan, on=drawn_on or on)
    made = paper_of(report=report)
    return _keep(by, plan, made, size=report.seal.size, figures=len(report.figures)), report.seal


@act
def draft_bulletin(*, by: Actor, on: date, plan: Plan, quarter: int) -> tuple[ReportDraft, Seal]:
    """Compute the bulletin of a quarter (1–4) that is over and keep it as it reads today."""
    require(may_report(actor=by))
    bulletin = compose_bulletin(plan=plan, quarter=date(plan.year, quarter * 3 - 2, 1), on=on)
    figures = sum(1 for one in bulletin.standings if one.measure is not None)
    made = bulletin_paper(bulletin=bulletin)
    return _keep(by, plan, made, size=bulletin.seal.size, figures=figures, quarter=quarter), bulletin.seal


def _keep(by: Actor, plan: Plan, paper: Paper, *, size: int, figures: int, quarter: int = 0) -> ReportDraft:
    # The plan's row is the lock, so that two who draft at once get two numbers.
    kept = Plan.objects.select_for_update().get(pk=plan.pk)
    draft = ReportDraft.objects.create(
        plan=kept,
        quarter=quarter,
        number=kept.report_drafts.filter(quarter=quarter).count() + 1,
        size=size,
        drawn_on=paper.on,
        figures=figures,
        by=by.ref,
        title=paper.title,
        issuer=paper.issuer,
        remark=paper.remark,
        blocks=plain_of(paper=paper),
    )
    state(
        ReportDrafted(
            plan=ref("plans.plan", plan.pk), year=plan.year, size=size, figures=figures, quarter=quarter or None
        )
    )
    return draft


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
