"""Measures: how a commitment is counted from sealed facts, and the running tallies."""

from decimal import Decimal

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from xinglin.kernel.stated import Stated

from .commitments import Commitment


class Measure(Stated):
    """A word of the ledger's vocabulary with a filter; never an expression."""

    class How(models.TextChoices):
        """What is done with the facts that match."""

        COUNT = "count", _("Count")
        SUM = "sum", _("Sum")
        DISTINCT = "distinct", _("Distinct")
        RATIO = "ratio", _("Ratio")
        LATEST = "latest", _("Latest value")
        MET = "met", pgettext_lazy("way of counting", "Happened")

    commitment = models.ForeignKey(Commitment, models.CASCADE, related_name="measures")
    fact_type = models.CharField(max_length=80)
    how = models.CharField(max_length=10, choices=How)
    field = models.CharField(max_length=40, blank=True)  # summed or counted apart
    filter = models.JSONField(default=list)  # [[field, value], …], all must hold
    base_filter = models.JSONField(default=list)  # a ratio's denominator: the same facts under this filter
    from_on = models.DateField()
    until_on = models.DateField()  # half-open
    label = models.CharField(max_length=200)
    main = models.BooleanField(default=True)  # one a commitment moves the light
    confirmed_on = models.DateField(null=True)

    class Meta:
        ordering = ("-main", "pk")
        constraints = [
            models.UniqueConstraint(fields=["commitment"], condition=models.Q(main=True), name="one_main_measure"),
            models.CheckConstraint(condition=models.Q(until_on__gt=models.F("from_on")), name="measure_has_a_span"),
        ]


class Tally(models.Model):
    """What one measure counted in one month; derived from sealed facts and rebuilt at will."""

    measure = models.ForeignKey(Measure, models.CASCADE, related_name="tallies")
    month = models.DateField()
    value = models.DecimalField(max_digits=18, decimal_places=4, default=Decimal(0))
    base = models.DecimalField(max_digits=18, decimal_places=4, default=Decimal(0))

    class Meta:
        constraints = [models.UniqueConstraint(fields=["measure", "month"], name="a_tally_a_month")]


class TallyKey(models.Model):
    """How often a distinct thing was seen in a month; it counts in the first month of its year span."""

    measure = models.ForeignKey(Measure, models.CASCADE, related_name="keys")
    key = models.CharField(max_length=120)
    month = models.DateField()
    seen = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["measure", "key", "month"], name="a_key_a_month")]


class Reach(models.Model):
    """How far the tallies of one plan have read the ledger; the row that a counter locks."""

    plan = models.OneToOneField("plans.Plan", models.CASCADE, primary_key=True, related_name="reach")
    position = models.BigIntegerField(default=0)
