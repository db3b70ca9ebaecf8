"""The tables of transfers: bank statements as they were uploaded, and under which serials money is in the book."""

from django.db import models

from xinglin.kernel.refs import Ref
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


class Booked(models.Model):
    """Money that is in the book, once under its serial, whichever engine it came for; the engine's fact tells it.

    Who paid is kept as keyed marks only, enough to know a row of a statement again.
    """

    book = models.CharField(max_length=20)  # "bank", or another book in which what came is numbered
    serial = models.CharField(max_length=80)
    paid_on = models.DateField()
    amount = models.DecimalField(max_digits=12, decimal_places=2)
    payer = models.BinaryField(max_length=32, null=True)
    account = models.BinaryField(max_length=32, null=True)
    statement = models.ForeignKey(Statement, models.PROTECT, null=True, related_name="booked")
    payment = models.CharField(max_length=80)  # what the engine wrote

    class Meta:
        constraints = [models.UniqueConstraint(fields=["book", "serial"], name="money_is_booked_once")]
        indexes = [models.Index(fields=["book", "paid_on"], name="booked_on_a_day")]

    @property
    def ref(self) -> Ref:
        """The payment for which it is in the book."""
        return Ref(self.payment)
