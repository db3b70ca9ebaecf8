"""The table of transfers: bank statements as they were uploaded."""

from django.db import models

from xinglin.kernel.sealed_fields import SealedText


class StatementQuerySet(models.QuerySet["Statement"]):
    """Sets of bank statements."""

    def one_locked(self, *, pk: int) -> "Statement":
        """Lock one statement, so that its rows are booked by one cashier at a time."""
        return self.select_for_update().get(pk=pk)


class Statement(models.Model):
    """A bank's list of receipts as it was uploaded, kept sealed until somebody has gone through its rows."""

    PERSONAL = ("content",)

    name = models.CharField(max_length=200)
    digest = models.CharField(max_length=64, unique=True)  # the same file twice is one file
    content = SealedText(null=True)  # base64; emptied after a season
    uploaded_by = models.CharField(max_length=120)
    uploaded_on = models.DateField()

    objects = StatementQuerySet.as_manager()

    class Meta:
        ordering = ("-uploaded_on", "-pk")
