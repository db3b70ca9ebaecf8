"""Tables of fees: published schedules and their lines, bills, what was received and what it paid."""

from decimal import Decimal

from django.db import models
from django.db.models import F, Q, Sum
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from xinglin.kernel.refs import Ref, ref
from xinglin.kernel.sealed_fields import BlindIndex, SealedText
from xinglin.kernel.stated import Stated, StatedQuerySet

from .members import Member, Spell
from .tiers import Tier

MONEY = {"max_digits": 12, "decimal_places": 2}


class Schedule(Stated):
    """The fee standard that a congress adopted by secret ballot, in force from a day; the next one ends it (G10)."""

    decision = models.CharField(max_length=120)
    adopted_on = models.DateField()
    entitled = models.PositiveIntegerField()  # members or delegates who may attend
    present = models.PositiveIntegerField()
    in_favour = models.PositiveIntegerField()
    disclosed_on = models.DateField(null=True)
    from_on = models.DateField(unique=True)

    class Meta:
        ordering = ("-from_on",)

    @property
    def ref(self) -> Ref:
        """Its name for the rest of the house."""
        return ref("membership.schedule", self.pk)


class FeeLine(Stated):
    """What one level of a tier pays a year; nothing is charged that is not such a line."""

    schedule = models.ForeignKey(Schedule, models.PROTECT, related_name="lines")
    tier = models.ForeignKey(Tier, models.PROTECT, related_name="+")
    level = models.CharField(max_length=40, blank=True)  # 副会长单位, 理事单位 …
    amount = models.DecimalField(**MONEY)
    seats = models.PositiveIntegerField(default=0)  # individual members a unit brings in free

    class Meta:
        ordering = ("schedule", "tier__order", "-amount")
        constraints = [
            models.CheckConstraint(condition=Q(amount__gte=0), name="a_fee_is_no_gift"),
            models.UniqueConstraint(fields=["schedule", "tier", "level"], name="one_amount_a_level"),
        ]

    @property
    def ref(self) -> Ref:
        """Its name for the rest of the house."""
        return ref("membership.fee_line", self.pk)


class Run(Stated):
    """One dues run: for which year, how far it came; a stopped run goes on where it stopped."""

    year = models.PositiveSmallIntegerField(unique=True)
    due_on = models.DateField()
    begun_on = models.DateField()
    ended_on = models.DateField(null=True)
    bills = models.PositiveIntegerField(default=0)


class Bundle(Stated):
    """Bills that one unit pays together by one transfer."""

    payer = models.ForeignKey(Member, models.PROTECT, related_name="bundles")
    code = models.CharField(max_length=12, unique=True)  # to be written into the transfer's remark
    made_on = models.DateField()

    @property
    def ref(self) -> Ref:
        """Its name for the rest of the house."""
        return ref("membership.bundle", self.pk)


class ChargeQuerySet(StatedQuerySet):
    """Sets of bills."""

    def standing(self) -> "ChargeQuerySet":
        """Return those not cancelled, each with what was received for it (`received`)."""
        received = Coalesce(Sum("allocations__amount"), Decimal(0), output_field=models.DecimalField(**MONEY))
        return self.filter(cancelled_on=None).annotate(received=received)

    def owed(self) -> "ChargeQuerySet":
        """Return those of which something is still owed."""
        return self.standing().filter(received__lt=F("amount"))

    def held_locked(self, keys: list[int]) -> list["Charge"]:
        """Lock bills in the order of their keys and return them."""
        return list(self.filter(pk__in=keys).select_for_update(of=("self",)).order_by("pk"))


class Charge(Stated):
    """A bill for one period by one line of the schedule; cancelled bills stay."""

    spell = models.ForeignKey(Spell, models.PROTECT, related_name="charges")
    line = models.ForeignKey(FeeLine, models.PROTECT, related_name="charges")
    run = models.ForeignKey(Run, models.PROTECT, null=True, related_name="charges")
    bundle = models.ForeignKey(Bundle, models.PROTECT, null=True, related_name="charges")
    year = models.PositiveSmallIntegerField()  # of membership
    amount = models.DecimalField(**MONEY)
    months = models.PositiveSmallIntegerField(default=12)  # fewer: pro rata of the line's amount
    code = models.CharField(max_length=12, unique=True)  # to be written into the transfer's remark
    issued_on = models.DateField()
    due_on = models.DateField()
    cancelled_on = models.DateField(null=True)
    cancelled_for = models.CharField(max_length=120, blank=True)

    objects = ChargeQuerySet.as_manager()

    class Meta:
        ordering = ("-issued_on", "-pk")
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="a_bill_asks_for_something"),
            models.CheckConstraint(condition=Q(months__gte=1, months__lte=12), name="a_bill_of_one_to_twelve_months"),
            models.UniqueConstraint(fields=["spell", "year"], condition=Q(cancelled_on=None), name="one_bill_a_year"),
        ]
        indexes = [models.Index(fields=["due_on"], condition=Q(cancelled_on=None), name="bills_due")]

    @property
    def ref(self) -> Ref:
        """Its name for the rest of the house."""
        return ref("membership.charge", self.pk)


class Statement(models.Model):
    """A bank's list of receipts as it was uploaded, until somebody has gone through its rows."""

    name = models.CharField(max_length=200)
    digest = models.CharField(max_length=64, unique=True)  # the same file twice is one file
    uploaded_by = models.CharField(max_length=120)
    uploaded_on = models.DateField()


class Payment(Stated):
    """Money received: by transfer, cash or a payment service; what it does not pay off stays with the payer."""

    class Way(models.TextChoices):
        """How it came."""

        TRANSFER = "transfer", _("Bank transfer")
        CASH = "cash", _("Cash")
        ONLINE = "online", _("Online payment")

    PERSONAL = ("payer_name", "account", "remark")

    way = models.CharField(max_length=10, choices=Way)
    amount = models.DecimalField(**MONEY)
    paid_on = models.DateField()
    serial = models.CharField(max_length=80, unique=True)  # of the bank or the cash book
    payer_name = models.CharField(max_length=120, blank=True)
    account = SealedText(blank=True, default="")
    account_index = BlindIndex(of="account")
    remark = models.CharField(max_length=200, blank=True)
    member = models.ForeignKey(Member, models.PROTECT, null=True, related_name="payments")
    statement = models.ForeignKey(Statement, models.PROTECT, null=True, related_name="payments")
    returned_on = models.DateField(null=True)  # sent back: paid twice, or by mistake
    returned_for = models.CharField(max_length=120, blank=True)

    class Meta:
        ordering = ("-paid_on", "-pk")
        constraints = [models.CheckConstraint(condition=Q(amount__gt=0), name="a_payment_brings_something")]

    @property
    def ref(self) -> Ref:
        """Its name for the rest of the house."""
        return ref("membership.payment", self.pk)


class Allocation(Stated):
    """How much of a payment goes to a bill."""

    payment = models.ForeignKey(Payment, models.PROTECT, related_name="allocations")
    charge = models.ForeignKey(Charge, models.PROTECT, related_name="allocations")
    amount = models.DecimalField(**MONEY)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="an_allocation_pays_something"),
            models.UniqueConstraint(fields=["payment", "charge"], name="a_payment_pays_a_bill_once"),
        ]


class Receipt(Stated):
    """The fee receipt of a bill that is paid, under a number of its own."""

    charge = models.OneToOneField(Charge, models.PROTECT, related_name="receipt")
    number = models.CharField(max_length=60, unique=True)
    payer_name = models.CharField(max_length=120)
    issued_on = models.DateField()
    voided_on = models.DateField(null=True)

    PERSONAL = ("payer_name",)

    @property
    def ref(self) -> Ref:
        """Its name for the rest of the house."""
        return ref("membership.receipt", self.pk)
