"""Tables of tiers: what sorts of members there are, and which rights and duties each has from which day."""

from datetime import date

from django.db import models
from django.db.models import F, Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from xinglin.kernel.refs import Ref, ref
from xinglin.kernel.stated import Stated, StatedQuerySet


class Holder(models.TextChoices):
    """Who can be a member."""

    PERSON = "person", _("Individual member")
    UNIT = "unit", _("Unit member")


class TierQuerySet(StatedQuerySet):
    """Sets of tiers."""

    def open_on(self, day: date) -> "TierQuerySet":
        """Return the tiers one may enter on a day."""
        return self.filter(from_on__lte=day).filter(Q(until_on=None) | Q(until_on__gt=day))

    def first_locked(self) -> "Tier | None":
        """Lock the first tier, so that members are admitted by one act at a time and numbers run on."""
        return self.select_for_update().order_by("pk").first()


class Tier(Stated):
    """A sort of member: student, ordinary, senior, honorary, foreign, unit; its code never changes."""

    code = models.CharField(max_length=40, unique=True)
    zh = models.CharField(max_length=40)
    en = models.CharField(max_length=60)
    holder = models.CharField(max_length=10, choices=Holder)
    order = models.PositiveSmallIntegerField(default=0)
    from_on = models.DateField()
    until_on = models.DateField(null=True)

    objects = TierQuerySet.as_manager()

    class Meta:
        ordering = ("holder", "order", "pk")
        constraints = [models.CheckConstraint(condition=Q(until_on=None) | Q(until_on__gt=F("from_on")),
                                              name="tier_ends_after_start")]

    def __str__(self) -> str:
        return self.zh if (get_language() or "zh").startswith("zh") else self.en

    @property
    def ref(self) -> Ref:
        """Its name for the rest of the house."""
        return ref("membership.tier", self.code)


class EntitlementQuerySet(StatedQuerySet):
    """Sets of entitlements."""

    def on(self, day: date) -> "EntitlementQuerySet":
        """Return those that hold on a day."""
        return self.filter(from_on__lte=day).filter(Q(until_on=None) | Q(until_on__gt=day))


class Entitlement(Stated):
    """A condition, right or duty of one tier from a day on, by which decision; the words stand in matrix.yaml."""

    class Kind(models.TextChoices):
        """What sort of rule it is."""

        CONDITION = "condition", _("Condition of entry")
        RIGHT = "right", _("Right of a member")
        DUTY = "duty", _("Duty of a member")

    tier = models.ForeignKey(Tier, models.PROTECT, related_name="entitlements")
    kind = models.CharField(max_length=10, choices=Kind)
    code = models.CharField(max_length=40)  # of matrix.yaml
    amount = models.PositiveIntegerField(null=True)  # years, recommenders, per cent: what the code says
    from_on = models.DateField()
    until_on = models.DateField(null=True)
    decision = models.CharField(max_length=120, blank=True)

    objects = EntitlementQuerySet.as_manager()

    class Meta:
        ordering = ("tier", "kind", "code", "from_on")
        constraints = [
            models.CheckConstraint(condition=Q(until_on=None) | Q(until_on__gt=F("from_on")),
                                   name="entitlement_ends_after_start"),
            models.UniqueConstraint(fields=["tier", "code"], condition=Q(until_on=None), name="entitlement_open_once"),
        ]
