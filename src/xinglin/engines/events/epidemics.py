"""Tables of the epidemic pack: versions of the list of risk areas, entries booked by half hour, checks at the gate."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from xinglin.kernel.stated import Stated, StatedQuerySet

from .meetings import Event


class RiskListQuerySet(StatedQuerySet):
    """Sets of versions."""

    def newest(self) -> "RiskList | None":
        """Return the version in force."""
        return self.order_by("-version").first()

    def newest_locked(self) -> "RiskList | None":
        """Lock the version in force, so that the next number is taken by one act at a time."""
        return self.select_for_update().order_by("-version").first()


class RiskList(Stated):
    """One version of the list of areas of high and medium risk; the newest is in force."""

    version = models.PositiveIntegerField(unique=True)
    listed_on = models.DateField()
    high = models.JSONField(default=list)
    medium = models.JSONField(default=list)
    source = models.CharField(max_length=200, blank=True)

    objects = RiskListQuerySet.as_manager()

    class Meta:
        ordering = ("-version",)

    def risk_of(self, region: str) -> str:
        """Return high, medium or nothing: a listed prefecture or province covers what lies in it."""
        for risk, areas in (("high", self.high), ("medium", self.medium)):
            if any(lies_in(region, area) for area in areas):
                return risk
        return ""


def lies_in(region: str, area: str) -> bool:
    """Say whether a region is an area or lies in it, by the zeros at the end of their codes."""
    stem = area.removesuffix("0000") if area.endswith("0000") else area.removesuffix("00")
    return bool(region) and region.startswith(stem)


class Entry(models.Model):
    """A visitor's reserved half hour. Plain rows without facts, deleted once their purpose is over (K10)."""

    PERSONAL = ("who", "name", "region")

    event = models.ForeignKey(Event, models.CASCADE, related_name="entries")
    who = models.CharField(max_length=80)  # a Ref
    name = models.CharField(max_length=60)
    region = models.CharField(max_length=6)
    slot_at = models.DateTimeField()
    token = models.CharField(max_length=64)  # of the place in the booking pool
    booked_at = models.DateTimeField()
    risk = models.CharField(max_length=6, blank=True)
    flagged_on = models.DateField(null=True)

    class Meta:
        ordering = ("slot_at", "pk")
        constraints = [models.UniqueConstraint(fields=["event", "who", "slot_at"], name="one_entry_a_half_hour")]
        indexes = [models.Index(fields=["event", "slot_at"], name="entries_by_slot")]


class EntryCheck(models.Model):
    """What was measured at the gate. A plain row without fact, deleted once its purpose is over (K10)."""

    PERSONAL = ("who", "temperature", "code")

    class HealthCode(models.TextChoices):
        """What the visitor's code showed."""

        GREEN = "green", _("Green code")
        YELLOW = "yellow", _("Yellow code")
        RED = "red", _("Red code")
        NONE = "none", _("No code shown")

    event = models.ForeignKey(Event, models.CASCADE, related_name="entry_checks")
    who = models.CharField(max_length=80)
    at = models.DateTimeField()
    temperature = models.DecimalField(max_digits=3, decimal_places=1, null=True)
    code = models.CharField(max_length=6, choices=HealthCode)
    admitted = models.BooleanField()
    reason = models.CharField(max_length=200, blank=True)
    key = models.CharField(max_length=80, unique=True)  # of the gate: the same check sent twice is one

    class Meta:
        ordering = ("at", "pk")
        indexes = [models.Index(fields=["event", "who"], name="entry_checks_of")]
