"""Tables of fees: published schedules and their lines, bills, what was received and what it paid."""

from datetime import date, timedelta
from decimal import Decimal

from django.db import models
from django.db.models import F, Q, Sum
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from xinglin.kernel import regulations
from xinglin.kernel.refs import Ref, ref
from xinglin.kernel.sealed_fields import BlindIndex, SealedText
from xinglin.kernel.stated import Stated, StatedQuerySet
from xinglin.mechanics.transfers.models import Statement

from .members import Member, Spell
from .tiers import Tier

MONEY = {"max_digits": 12, "decimal_places": 2}


class ScheduleQuerySet(StatedQuerySet):
    """Sets of fee standards."""

    def in_force(self, day: date) -> "Schedule | None":
        """Return the standard of a day: the last that took effect."""
        return self.filter(from_on__lte=day).order_by("-from_on").first()

    def offered(self, day: date) -> "list[Schedule]":
        """Return the standards by whose lines somebody may be billed on a day: for this year, and for the next."""
        both = (self.in_force(day), self.in_force(date(day.year + 1, 1, 1)))
        return list({one.pk: one for one in both if one}.values())

    def one_locked(self, *, pk: int) -> "Schedule":
        """Lock one standard."""
        return self.select_for_update().get(pk=pk)


class Schedule(Stated):
    """The fee standard that a congress adopted by secret ballot, in force from a day; the next one ends it (G10)."""

    decision = models.CharField(max_length=120)
    adopted_on = models.DateField()
    entitled = models.PositiveIntegerField()  # members or delegates who may attend
    present = models.PositiveIntegerField()
    in_favour = models.PositiveIntegerField()
    disclosed_on = models.DateField(null=True)
    from_on = models.DateField(unique=True)

    objects = ScheduleQuerySet.as_manager()

    class Meta:
        ordering = ("-from_on",)

    @property
    def disclose_by(self) -> date:
        """The last day to publish it (G10)."""
        return self.adopted_on + timedelta(days=int(regulations.value("G10.disclosure_days", on=self.adopted_on)))

    @property
    def days_late(self) -> int:
        """How many days too late it was published, 0 when in time or not yet."""
        return max(0, (self.disclosed_on - self.disclose_by).days) if self.disclosed_on else 0

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
        ordering = ("schedule", "tier__holder", "tier__order", "-amount")
        constraints = [
            models.CheckConstraint(condition=Q(amount__gte=0), name="a_fee_is_no_gift"),
            models.UniqueConstraint(fields=["schedule", "tier", "level"], name="one_amount_a_level"),
        ]

    @property
    def ref(self) -> Ref:
        """Its name for the rest of the house."""
        return ref("membership.fee_line", self.pk)


class RunQuerySet(models.QuerySet["Run"]):
    """Sets of dues runs."""

    def one_locked(self, *, pk: int) -> "Run":
        """Lock one run, so that its bills are written by one worker at a time."""
        return self.select_for_update().get(pk=pk)


class Run(models.Model):
    """One dues run: for which year, how far it came; a note beside the bills, which say what happened.

    No fact of its own: whom to bill is read from memberships and bills every time, never from this row, so a changed
    or forgotten note bills nobody twice and leaves nobody out when the run goes on; each bill's fact has its due day.
    """

    year = models.PositiveSmallIntegerField(unique=True)
    due_on = models.DateField()
    begun_on = models.DateField()
    ended_on = models.DateField(null=True)
    bills = models.PositiveIntegerField(default=0)
    waivers = models.PositiveIntegerField(default=0)
    without_level = models.PositiveIntegerField(default=0)  # members of a tier of several levels, none of them chosen
    without_line = models.PositiveIntegerField(default=0)  # members of a tier that the standard does not name
    job = models.CharField(max_length=20, blank=True)

    objects = RunQuerySet.as_manager()

    class Meta:
        ordering = ("-year",)

    @property
    def ref(self) -> Ref:
        """Its name for the rest of the house."""
        return ref("membership.run", self.pk)


class ChargeQuerySet(StatedQuerySet):
    """Sets of bills."""

    def standing(self) -> "ChargeQuerySet":
        """Return those not cancelled, each with what was received for it (`received`)."""
        received = Coalesce(Sum("allocations__amount"), Decimal(0), output_field=models.DecimalField(**MONEY))
        return self.filter(cancelled_on=None).annotate(received=received)

    def owed(self) -> "ChargeQuerySet":
        """Return those of which something is still owed."""
        return self.standing().filter(received__lt=F("amount"))

    def to_pay(self) -> "ChargeQuerySet":
        """Return those of memberships that go on of which something is still owed."""
        return self.owed().filter(spell__ended_on=None)

    def held_locked(self, keys: list[int]) -> list["Charge"]:
        """Lock bills in the order of their keys and return them."""
        return list(self.filter(pk__in=keys).select_for_update(of=("self",)).order_by("pk"))


class Charge(Stated):
    """A bill for one period by one line of the schedule; cancelled bills stay."""

    spell = models.ForeignKey(Spell, models.PROTECT, related_name="charges")
    # Each index is written 200,000 times by a dues run: none is kept that nobody reads.
    line = models.ForeignKey(FeeLine, models.PROTECT, related_name="charges", db_index=False)
    run = models.ForeignKey(Run, models.PROTECT, null=True, related_name="charges", db_index=False)
    year = models.PositiveSmallIntegerField()  # of membership
    amount = models.DecimalField(**MONEY)
    months = models.PositiveSmallIntegerField(default=12)  # fewer: pro rata of the line's amount
    code = models.CharField(max_length=12)  # to be written into the transfer's remark
    issued_on = models.DateField()
    due_on = models.DateField()
    cancelled_on = models.DateField(null=True)
    cancelled_for = models.CharField(max_length=120, blank=True)
    replaced = models.BooleanField(default=False)  # cancelled for a waiver or a free seat: it may be asked for again

    objects = ChargeQuerySet.as_manager()

    class Meta:
        ordering = ("-issued_on", "-pk")
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="a_bill_asks_for_something"),
            models.CheckConstraint(condition=Q(months__gte=1, months__lte=12), name="a_bill_of_one_to_twelve_months"),
            models.UniqueConstraint(fields=["spell", "year"], condition=Q(cancelled_on=None), name="one_bill_a_year"),
            models.UniqueConstraint(fields=["code"], name="one_bill_a_code"),  # `unique` adds a second index for LIKE
        ]
        indexes = [models.Index(fields=["due_on"], condition=Q(cancelled_on=None), name="bills_due")]

    @property
    def ref(self) -> Ref:
        """Its name for the rest of the house."""
        return ref("membership.charge", self.pk)

    @property
    def rest(self) -> Decimal:
        """What is still owed, of a bill that was asked for with what was received."""
        return self.amount - self.received  # type: ignore[attr-defined]

    def get_absolute_url(self) -> str:
        """Return the address of the bill's page."""
        return reverse("membership:bill", args=[self.pk])


class Bundle(models.Model):
    """Bills that one unit pays together by one transfer: a code on a request for payment.

    No fact of its own: the code is made from payer and bills (`bundling.fits`), so a changed row settles nothing, and
    what a payment settles is told bill by bill.
    """

    payer = models.ForeignKey(Member, models.PROTECT, related_name="bundles")
    charges = models.ManyToManyField(Charge, related_name="bundles")
    code = models.CharField(max_length=12, unique=True)  # to be written into the transfer's remark
    made_by = models.CharField(max_length=120)
    made_on = models.DateField()

    class Meta:
        ordering = ("-pk",)


class PaymentQuerySet(StatedQuerySet):
    """Sets of payments."""

    def weighed(self) -> "PaymentQuerySet":
        """Return them, each with what it paid off (`allocated`) and what is left of it (`rest`)."""
        paid = Coalesce(Sum("allocations__amount"), Decimal(0), output_field=models.DecimalField(**MONEY))
        return self.annotate(allocated=paid).annotate(rest=F("amount") - F("returned") - F("allocated"))

    def one_locked(self, *, pk: int) -> "Payment":
        """Lock one payment."""
        return self.select_for_update(of=("self",)).get(pk=pk)


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
    serial = models.CharField(max_length=80)  # of the bank or the cash book; the book of transfers has it once
    payer_name = models.CharField(max_length=120, blank=True)
    account = SealedText(blank=True, default="")
    account_index = BlindIndex(of="account")
    remark = models.CharField(max_length=200, blank=True)
    member = models.ForeignKey(Member, models.PROTECT, null=True, related_name="payments")
    statement = models.ForeignKey(Statement, models.PROTECT, null=True, related_name="fees")
    returned = models.DecimalField(**MONEY, default=0)  # what was sent back in all: paid twice, or by mistake
    returned_on = models.DateField(null=True)  # the last time, and why; the ledger tells each
    returned_for = models.CharField(max_length=120, blank=True)

    objects = PaymentQuerySet.as_manager()

    class Meta:
        ordering = ("-paid_on", "-pk")
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="a_payment_brings_something"),
            models.CheckConstraint(condition=Q(returned__gte=0) & Q(returned__lte=F("amount")),
                                   name="no_more_is_returned_than_came"),
        ]

    @property
    def ref(self) -> Ref:
        """Its name for the rest of the house."""
        return ref("membership.payment", self.pk)

    @property
    def payer(self) -> str:
        """Who paid, as the bank says it; else the member."""
        return self.payer_name or (self.member.name if self.member else "—")

    def get_absolute_url(self) -> str:
        """Return the address of the payment's page."""
        return reverse("membership:payment", args=[self.pk])


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

    PERSONAL = ("payer_name",)

    charge = models.ForeignKey(Charge, models.PROTECT, related_name="receipts")
    number = models.CharField(max_length=60, unique=True)
    payer_name = models.CharField(max_length=120)
    issued_on = models.DateField()
    voided_on = models.DateField(null=True)

    class Meta:
        ordering = ("-pk",)
        constraints = [models.UniqueConstraint(fields=["charge"], condition=Q(voided_on=None),
                                               name="one_receipt_that_counts")]

    @property
    def ref(self) -> Ref:
        """Its name for the rest of the house."""
        return ref("membership.receipt", self.pk)
