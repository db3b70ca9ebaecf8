"""Papers that were drafted from the ledger, and drafts of others that were checked against it."""

from django.db import models

from xinglin.kernel.stated import Stated

from .documents import Plan


class ReportDraft(Stated):
    """One summary or bulletin as it was computed, kept word for word: plans and names change, a draft does not."""

    plan = models.ForeignKey(Plan, models.CASCADE, related_name="report_drafts")
    quarter = models.PositiveSmallIntegerField(default=0)  # of a bulletin; the year's summary has none
    number = models.PositiveSmallIntegerField()
    size = models.BigIntegerField()  # of the checkpoint
    drawn_on = models.DateField()
    figures = models.PositiveIntegerField()
    by = models.CharField(max_length=120)
    title = models.CharField(max_length=255)
    issuer = models.CharField(max_length=200, blank=True)
    remark = models.TextField(blank=True)
    blocks = models.JSONField()  # plans.reporting.paper, as plans.reporting.keeping writes it

    PERSONAL = ("blocks",)

    class Meta:
        ordering = ("quarter", "-number")
        constraints = [models.UniqueConstraint(fields=["plan", "quarter", "number"], name="one_report_number")]


class SummaryCheck(Stated):
    """A draft summary that was compared with the ledger, and what was found; the draft itself is not kept."""

    plan = models.ForeignKey(Plan, models.CASCADE, related_name="summary_checks")
    name = models.CharField(max_length=255)
    sha256 = models.CharField(max_length=64)
    year = models.PositiveSmallIntegerField()
    size = models.BigIntegerField()  # how many facts were asked
    findings = models.JSONField()  # plans.reporting.finding.Finding, one object each, in the order of the text
    checked_on = models.DateField()
    by = models.CharField(max_length=120)

    PERSONAL = ("name", "findings")

    class Meta:
        ordering = ("-pk",)
