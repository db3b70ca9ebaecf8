"""Summaries that were drafted from the ledger, and drafts of others that were checked against it."""

from django.db import models

from xinglin.kernel.stated import Stated

from .documents import Plan


class ReportDraft(Stated):
    """One summary as it was computed: the plan, the day and the checkpoint say everything needed to print it again."""

    plan = models.ForeignKey(Plan, models.CASCADE, related_name="report_drafts")
    number = models.PositiveSmallIntegerField()
    size = models.BigIntegerField()  # of the checkpoint
    drawn_on = models.DateField()
    figures = models.PositiveIntegerField()
    by = models.CharField(max_length=120)

    class Meta:
        ordering = ("-number",)
        constraints = [models.UniqueConstraint(fields=["plan", "number"], name="one_report_number")]


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
