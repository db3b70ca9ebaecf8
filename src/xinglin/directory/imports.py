"""Imports: a file, how its columns were read, what came of each row, and whether it was undone."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from xinglin.kernel.refs import Ref, ref
from xinglin.kernel.sealed_fields import SealedText


class BatchQuerySet(models.QuerySet["Batch"]):
    """Names the sets of imports."""

    def one_locked(self, *, pk: int) -> "Batch":
        """Lock one import and return it, without its file."""
        return self.defer("content", "outlook").select_for_update().get(pk=pk)


class Batch(models.Model):
    """One import of a file: a draft until its rows are written, which the facts of the import then say."""

    class Kind(models.TextChoices):
        """What the rows of the file are."""

        PEOPLE = "people", _("People and their posts")
        ORGANISATIONS = "organisations", _("Organisations")

    class State(models.TextChoices):
        """uploaded → checking → checked → running → done | failed; done, failed → undone."""

        UPLOADED = "uploaded", _("Uploaded")
        CHECKING = "checking", _("Being checked")
        CHECKED = "checked", _("Checked")
        RUNNING = "running", _("Being imported")
        DONE = "done", _("Done")
        FAILED = "failed", _("Failed")
        UNDONE = "undone", _("Undone")

    kind = models.CharField(max_length=15, choices=Kind)
    state = models.CharField(max_length=10, choices=State, default=State.UPLOADED)
    file_name = models.CharField(max_length=200)
    # Sealed like an identity number, because an uploaded list is full of them; base64 of the file.
    content = SealedText(blank=True, default="")
    # What the check found, for the preview: JSON, sealed because it shows names and days of birth.
    outlook = SealedText(blank=True, default="")
    PERSONAL = ("content", "outlook", "file_name")

    size = models.PositiveIntegerField(default=0)  # of the kept file, 0 once it is deleted
    sheet = models.CharField(max_length=100, blank=True)
    header_row = models.PositiveIntegerField(default=0)
    mapping = models.JSONField(default=dict)  # column number → field
    only_accepted = models.BooleanField(default=False)
    rows = models.PositiveIntegerField(default=0)
    accepted = models.PositiveIntegerField(default=0)
    rejected = models.PositiveIntegerField(default=0)
    job = models.CharField(max_length=64, blank=True)
    by = models.CharField(max_length=120)
    imported_on = models.DateField(null=True)
    made_at = models.DateTimeField(auto_now_add=True)
    trouble = models.TextField(blank=True)

    objects = BatchQuerySet.as_manager()

    # What may still be mapped, checked and started; anything else is under way or over.
    OPEN = frozenset({State.UPLOADED, State.CHECKED, State.FAILED})
    AT_WORK = frozenset({State.CHECKING, State.RUNNING})

    class Meta:
        ordering = ("-pk",)

    @property
    def ref(self) -> Ref:
        """The name by which strangers know this import."""
        return ref("directory.batch", self.pk)


class RejectedRow(models.Model):
    """Why one row of a file was not taken; its cells stay in the sealed file."""

    batch = models.ForeignKey(Batch, models.CASCADE, related_name="rejections")
    row = models.PositiveIntegerField()
    problems = models.JSONField(default=list)  # [{column, reason, right}]

    class Meta:
        ordering = ("row",)


class AddedRow(models.Model):
    """What one row of a file added: the key of a person, organisation, term, employment, document, title or
    specialty, or, where `kind` is a field that was empty before (mobile …), of the person whose field it filled."""

    batch = models.ForeignKey(Batch, models.CASCADE, related_name="added", db_index=False)
    row = models.PositiveIntegerField()
    kind = models.CharField(max_length=15)
    key = models.BigIntegerField()

    class Meta:
        indexes = [models.Index(fields=["batch", "kind"], name="added_by_kind")]


class KnownMapping(models.Model):
    """How a header was understood last time, so that the next file with it needs no questions."""

    kind = models.CharField(max_length=15)
    header = models.CharField(max_length=80)
    field = models.CharField(max_length=40)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "header"], name="a_header_once")]
