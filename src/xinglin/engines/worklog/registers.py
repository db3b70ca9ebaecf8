"""Tables of registers: a track is one register, an item one row of it with owner, stage and due date."""

from datetime import date, timedelta
from functools import cached_property

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from xinglin.kernel.refs import Ref, ref
from xinglin.kernel.stated import Stated, StatedQuerySet

from .patterns import Pattern, Stage, patterns, stages_of


class Modality(models.TextChoices):
    """How firmly something is promised."""

    MUST = "must", _("Must be done")
    STRIVE = "strive", _("Striven for")


class TrackQuerySet(StatedQuerySet):
    """Sets of registers."""

    def open(self) -> "TrackQuerySet":
        """Return the registers that are still kept."""
        return self.filter(closed_on=None)


class Track(Stated):
    """One register: a list of items that pass the same stages, with a target where there is one."""

    PERSONAL = ()

    pattern_code = models.CharField(max_length=40)
    title = models.CharField(max_length=160)
    stages = models.JSONField()  # as the pattern had them when the register was opened
    organisation = models.CharField(max_length=120)
    target = models.PositiveIntegerField(null=True)
    modality = models.CharField(max_length=10, choices=Modality, default=Modality.MUST)
    from_on = models.DateField()
    due_on = models.DateField(null=True)
    closed_on = models.DateField(null=True)

    objects = TrackQuerySet.as_manager()

    class Meta:
        ordering = ("pattern_code", "title")
        constraints = [models.UniqueConstraint(fields=["pattern_code", "title"], name="one_track_of_a_title")]

    def __str__(self) -> str:
        return self.title

    @property
    def ref(self) -> Ref:
        """Its name for the rest of the house."""
        return ref("worklog.track", self.pk)

    @property
    def pattern(self) -> Pattern:
        """The sort of register."""
        return patterns()[self.pattern_code]

    @cached_property
    def stage_list(self) -> tuple[Stage, ...]:
        """The stages its items pass."""
        return stages_of(self.pattern_code, self.stages)

    def stage(self, code: str) -> Stage:
        """Return one stage (KeyError)."""
        return next((one for one in self.stage_list if one.code == code), None) or _unknown(code)


def _unknown(code: str) -> Stage:
    raise KeyError(code)


class ItemQuerySet(StatedQuerySet):
    """Sets of items."""

    def done(self) -> "ItemQuerySet":
        """Return the items that count as reached."""
        return self.filter(done_on__isnull=False)

    def told(self) -> "ItemQuerySet":
        """Return the items with what a list shows of them."""
        return self.select_related("track", "parent").prefetch_related("befores__before")

    def held_locked(self, key: int) -> "Item":
        """Lock one item and return it (Item.DoesNotExist)."""
        return self.select_for_update(of=("self",)).get(pk=key)


class Item(Stated):
    """One row of a register: a task, a criterion, a site, a system, a clause."""

    PERSONAL = ("title", "party_name", "from_place", "to_place", "reason", "result")

    track = models.ForeignKey(Track, models.PROTECT, related_name="items")
    parent = models.ForeignKey("self", models.CASCADE, null=True, related_name="children")
    number = models.CharField(max_length=20, blank=True)  # clause 3.2, asset A-017
    title = models.CharField(max_length=200)
    subject = models.CharField(max_length=120, blank=True)  # the organisation, site or thing it is about
    region = models.CharField(max_length=6, blank=True)
    grade = models.CharField(max_length=20, blank=True)
    modality = models.CharField(max_length=10, choices=Modality, default=Modality.MUST)
    organisation = models.CharField(max_length=120, blank=True)  # owner
    owner = models.CharField(max_length=120, blank=True)  # person within it
    party = models.CharField(max_length=120, blank=True)  # who entrusted, with whom agreed
    party_name = models.CharField(max_length=120, blank=True)
    from_on = models.DateField(null=True)
    until_on = models.DateField(null=True)
    due_on = models.DateField(null=True)
    days = models.PositiveIntegerField(null=True)  # calendar days the work of a milestone takes
    from_place = models.CharField(max_length=120, blank=True)
    to_place = models.CharField(max_length=120, blank=True)
    stage = models.CharField(max_length=40)
    stage_on = models.DateField()
    reason = models.CharField(max_length=300, blank=True)
    result = models.CharField(max_length=300, blank=True)
    done_on = models.DateField(null=True)
    done_key = models.UUIDField(null=True)
    said_key = models.UUIDField()
    # Filled only where a subject may stand in one counter: the pattern's code.
    counter = models.CharField(max_length=40, blank=True)

    objects = ItemQuerySet.as_manager()

    class Meta:
        ordering = ("track", "number", "pk")
        constraints = [
            models.UniqueConstraint(
                fields=["counter", "subject"], condition=~Q(counter="") & ~Q(subject=""), name="site_in_one_counter"),
            models.CheckConstraint(
                condition=Q(until_on=None) | Q(from_on=None) | Q(until_on__gt=F("from_on")), name="item_span"),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.title}".strip()

    @property
    def ref(self) -> Ref:
        """Its name for the rest of the house."""
        return ref("worklog.item", self.pk)

    @property
    def at(self) -> Stage:
        """The stage in which it stands."""
        return self.track.stage(self.stage)

    @property
    def finish_on(self) -> date | None:
        """The last day of its term."""
        return self.until_on - timedelta(days=1) if self.until_on else None

    def overdue(self, on: date) -> bool:
        """Say whether it should have been finished, or renewed, by a date."""
        return bool(self.due_on and self.due_on < on and not self.at.closed and (self.at.renews or not self.at.done))


class ItemOrder(Stated):
    """A milestone that must be finished before another begins."""

    before = models.ForeignKey(Item, models.CASCADE, related_name="afters")
    after = models.ForeignKey(Item, models.CASCADE, related_name="befores")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["before", "after"], name="one_order"),
            models.CheckConstraint(condition=~Q(before=F("after")), name="not_before_itself"),
        ]
