"""A plan of one year and the drafts of its document."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from xinglin.kernel.stated import Stated


class Plan(Stated):
    """The work plan of one organisation for one year (工作要点); one set of commitments, whatever the draft."""

    class State(models.TextChoices):
        """draft → adopted → closed."""

        DRAFT = "draft", _("Being read")
        ADOPTED = "adopted", _("Adopted")
        CLOSED = "closed", _("Closed")

    year = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=200)
    organisation = models.CharField(max_length=120, blank=True)  # a ref of the directory
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    adopted_on = models.DateField(null=True)
    adopted_by = models.CharField(max_length=200, blank=True)  # the meeting that adopted it, as printed
    closed_on = models.DateField(null=True)
    created_on = models.DateField()

    class Meta:
        ordering = ("-year", "pk")
        constraints = [models.UniqueConstraint(fields=["year", "title"], name="one_plan_of_a_title_a_year")]


class Document(Stated):
    """One draft of the plan's document, as it was read; later drafts show what changed."""

    plan = models.ForeignKey(Plan, models.CASCADE, related_name="documents")
    number = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=255)
    sha256 = models.CharField(max_length=64, db_index=True)
    # The text with all white space removed; every position in the reading points into it.
    text = models.TextField()
    paragraphs = models.JSONField()  # [{start, end, kind, level}], the document put back together
    reading = models.JSONField()  # the contract's object, docs/plan-reading.md
    differences = models.JSONField(default=list)  # against the draft before: [{what, no, before, after}]
    read_on = models.DateField()

    class Meta:
        ordering = ("number",)
        constraints = [models.UniqueConstraint(fields=["plan", "number"], name="one_draft_number")]
