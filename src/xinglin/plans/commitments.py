"""Commitments: what the plan promises, who leads, until when."""

import hashlib
from decimal import Decimal

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from xinglin.kernel.stated import Stated, StatedQuerySet

from .documents import Document, Plan


class CommitmentQuerySet(StatedQuerySet):
    """Names the sets of commitments that people ask for."""

    def standing(self) -> "CommitmentQuerySet":
        """Return those that count: accepted and not cancelled."""
        return self.filter(state=Commitment.State.ACCEPTED, cancelled_on=None)

    def accepted(self) -> "CommitmentQuerySet":
        """Return the accepted ones, cancelled or not."""
        return self.filter(state=Commitment.State.ACCEPTED)

    def waiting(self) -> "CommitmentQuerySet":
        """Return those the office has not decided yet."""
        return self.filter(state=Commitment.State.WAITING)

    def on_the_table(self) -> "CommitmentQuerySet":
        """Return waiting and accepted ones: all that was not discarded."""
        return self.exclude(state=Commitment.State.DISCARDED)


class Commitment(Stated):
    """One promise of the plan: a number, a date, an edition, or words that cannot be measured yet."""

    class State(models.TextChoices):
        """waiting → accepted | discarded."""

        WAITING = "waiting", _("To be confirmed")
        ACCEPTED = "accepted", _("Accepted")
        DISCARDED = "discarded", _("Not a commitment")

    class Kind(models.TextChoices):
        """What the sentence promises."""

        COUNT = "count", _("Count")
        PERCENT = "percent", _("Percent")
        DATE = "date", _("By a date")
        LIST = "list_count", pgettext_lazy("figure", "List")
        EDITION = "edition", _("Edition")
        WORDS = "words", _("Cannot be measured")

    class Modality(models.TextChoices):
        """How firmly it is promised: a 力争 is never reported as a miss like a 必须."""

        MUST = "must", _("Must")
        STRIVE = "strive", _("Strive for")
        APPROX = "approx", pgettext_lazy("figure", "About")

    class Origin(models.TextChoices):
        """Where it comes from."""

        READ = "read", _("Read from the document")
        ADDED = "added", _("Added by the office")
        CARRIED = "carried", _("Carried over")
        ENTRUSTED = "entrusted", _("Entrusted")

    plan = models.ForeignKey(Plan, models.CASCADE, related_name="commitments")
    document = models.ForeignKey(Document, models.SET_NULL, null=True, related_name="commitments")
    chapter = models.CharField(max_length=20, blank=True)  # bare number of the chapter: 三
    chapter_title = models.CharField(max_length=120, blank=True)
    chapter_order = models.PositiveSmallIntegerField(default=0)
    order = models.PositiveSmallIntegerField(default=0)  # within the chapter; 三-5 is chapter 三, order 5
    path = models.JSONField(default=list)
    quote = models.TextField(blank=True)  # as printed
    start = models.PositiveIntegerField(null=True)
    end = models.PositiveIntegerField(null=True)
    text = models.TextField()  # as the office words it
    object = models.CharField(max_length=200, blank=True)
    kind = models.CharField(max_length=12, choices=Kind, default=Kind.WORDS)
    value_min = models.DecimalField(max_digits=18, decimal_places=4, null=True)
    value_max = models.DecimalField(max_digits=18, decimal_places=4, null=True)
    unit = models.CharField(max_length=20, blank=True)
    modality = models.CharField(max_length=8, choices=Modality, default=Modality.MUST)
    deadline = models.DateField()
    deadline_printed = models.BooleanField(default=False)
    starts_on = models.DateField()
    edition = models.PositiveSmallIntegerField(null=True)
    confidence = models.DecimalField(max_digits=3, decimal_places=2, default=Decimal("1.00"))
    reasons = models.JSONField(default=list)
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    origin = models.CharField(max_length=10, choices=Origin, default=Origin.READ)
    carried_from = models.ForeignKey("self", models.SET_NULL, null=True, related_name="carried_to")
    entrusted_by = models.CharField(max_length=120, blank=True)  # ref or printed name
    lead = models.CharField(max_length=120, blank=True)  # ref of the leading unit 牵头
    responsible = models.CharField(max_length=120, blank=True)  # ref of the person who answers for it
    leader = models.CharField(max_length=120, blank=True)  # ref of the leader 分管领导
    weight = models.DecimalField(max_digits=6, decimal_places=2, default=Decimal(1))
    budget_line = models.CharField(max_length=80, blank=True)
    problem = models.TextField(blank=True)  # for the problem list 问题清单
    duty = models.TextField(blank=True)  # for the responsibility list 责任清单
    # What the latest draft did to it: "" | changed | gone
    drafted = models.CharField(max_length=8, blank=True)
    cancelled_on = models.DateField(null=True)
    cancelled_why = models.TextField(blank=True)

    objects = CommitmentQuerySet.as_manager()

    class Meta:
        ordering = ("chapter_order", "order", "pk")
        constraints = [
            models.CheckConstraint(condition=models.Q(deadline__gte=models.F("starts_on")), name="due_after_start"),
            models.CheckConstraint(
                condition=models.Q(value_max=None)
                | models.Q(value_min=None)
                | models.Q(value_max__gte=models.F("value_min")),
                name="max_at_least_min",
            ),
        ]

    @property
    def no(self) -> str:
        """Return the number people use: 三-5."""
        return f"{self.chapter or '〇'}-{self.order}"

    @property
    def stamp(self) -> str:
        """Return a short mark of the row as it stands, by which a page finds that somebody else was faster."""
        names = (
            *("state", "text", "object", "kind", "value_min", "value_max", "unit", "modality", "deadline", "drafted"),
            *("lead", "responsible", "leader", "weight", "budget_line", "problem", "duty", "cancelled_on"),
        )
        stands = "\x1f".join(str(getattr(self, name)) for name in names)
        return hashlib.blake2s(stands.encode(), digest_size=6).hexdigest()

    @property
    def target(self) -> Decimal | None:
        """Return the figure to reach: the lower bound, else the upper one; None for words."""
        if self.kind in {self.Kind.DATE, self.Kind.EDITION}:
            return Decimal(1)
        return self.value_min if self.value_min is not None else self.value_max

    @property
    def at_most(self) -> bool:
        """Say whether the promise is a ceiling (不超过) instead of a floor."""
        return self.value_min is None and self.value_max is not None and self.modality != self.Modality.APPROX


class Partner(Stated):
    """A unit that helps with a commitment (配合)."""

    commitment = models.ForeignKey(Commitment, models.CASCADE, related_name="partners")
    unit = models.CharField(max_length=120)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["commitment", "unit"], name="a_partner_once")]


class Milestone(Stated):
    """How much of a commitment should be done by a date; the table replaces a straight line."""

    commitment = models.ForeignKey(Commitment, models.CASCADE, related_name="milestones")
    due_on = models.DateField()
    share = models.DecimalField(max_digits=5, decimal_places=2)  # percent of the target, cumulative
    title = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ("due_on",)
        constraints = [
            models.UniqueConstraint(fields=["commitment", "due_on"], name="a_milestone_a_day"),
            models.CheckConstraint(condition=models.Q(share__gte=0, share__lte=100), name="share_is_a_percent"),
        ]


class Change(Stated):
    """One step of correcting, with what stood before, so that it can be undone."""

    plan = models.ForeignKey(Plan, models.CASCADE, related_name="changes")
    what = models.CharField(max_length=20)
    before = models.JSONField()  # snapshots of the commitments that stood
    after = models.JSONField()  # keys of the commitments that stand now
    by = models.CharField(max_length=120)
    at = models.DateTimeField(auto_now_add=True)
    undone = models.BooleanField(default=False)

    class Meta:
        ordering = ("-pk",)

    @property
    def touched(self) -> set[int]:
        """Return the keys of all commitments the step had a hand in."""
        return {*self.after, *(row["pk"] for row in self.before)}
