"""Tables of orders: what is to be paid, what came, what was sent back; how an order stands is computed from these."""

from decimal import Decimal

from django.db import models
from django.db.models import DecimalField, F, OuterRef, Q, Subquery, Sum
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from xinglin.kernel.refs import Ref, ref
from xinglin.kernel.sealed_fields import BlindIndex, SealedText
from xinglin.kernel.stated import Stated, StatedQuerySet

from .meetings import MONEY, Event
from .offers import Offer, Price

_YUAN: DecimalField = DecimalField(**MONEY)


class Way(models.TextChoices):
    """How an order is paid."""

    TRANSFER = "transfer", _("By bank transfer")
    ON_SPOT = "on_spot", _("At the desk")
    ONLINE = "online", _("By a payment service")


class OrderQuerySet(StatedQuerySet):
    """Sets of orders."""

    def weighed(self) -> "OrderQuerySet":
        """Return them, each with `total`, `received`, `sent_back` and `owed` (below zero: to be sent back)."""
        def summed(model: type[models.Model]) -> Coalesce:
            rows = model._default_manager.filter(order=OuterRef("pk")).order_by().values("order")
            return Coalesce(Subquery(rows.annotate(sum=Sum("amount")).values("sum"), output_field=_YUAN),
                            Decimal(0), output_field=_YUAN)

        sums = self.annotate(total=summed(OrderLine), received=summed(Payment), sent_back=summed(Refund))
        return sums.annotate(owed=F("total") - F("received") + F("sent_back"))

    def one_locked(self, *, pk: int) -> "Order":
        """Lock one order, weighed: what is paid and what is sent back is decided by one at a time."""
        self.select_for_update(of=("self",)).get(pk=pk)
        return self.weighed().select_related("event__organisation").get(pk=pk)

    def owing(self) -> "OrderQuerySet":
        """Return those not cancelled of which something is owed."""
        return self.weighed().filter(cancelled_on=None, owed__gt=0)

    def to_send_back(self) -> "OrderQuerySet":
        """Return those for which more came than they cost."""
        return self.weighed().filter(owed__lt=0)


class Order(Stated):
    """What somebody pays for one or many places: numbered, under the list that was in force when they were held."""

    PERSONAL = ("payer_name", "payer_folded", "email", "mobile")

    event = models.ForeignKey(Event, models.PROTECT, related_name="orders")
    number = models.CharField(max_length=40, unique=True)
    key = models.CharField(max_length=43, unique=True)  # of its page, for who has no account
    request = models.CharField(max_length=80, unique=True)  # the same request twice is one order
    offer = models.ForeignKey(Offer, models.PROTECT, related_name="orders")
    person = models.ForeignKey("directory.Person", models.PROTECT, null=True, related_name="+")
    unit = models.ForeignKey("directory.Organisation", models.PROTECT, null=True, related_name="+")
    payer_name = models.CharField(max_length=120)
    payer_folded = models.CharField(max_length=120, db_index=True)  # as any bank would write it
    email = models.EmailField(blank=True)
    mobile = SealedText(blank=True, default="")
    account = models.CharField(max_length=120, blank=True)  # who placed it, where somebody was signed in
    way = models.CharField(max_length=10, choices=Way, default=Way.TRANSFER)
    code = models.CharField(max_length=12, unique=True)  # to be written into the transfer's remark
    placed_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)  # unpaid then, its places go to those who wait; empty: no term
    placed_key = models.UUIDField(null=True)  # the fact that says it was placed
    cancelled_on = models.DateField(null=True)
    cancelled_for = models.CharField(max_length=20, blank=True)

    objects = OrderQuerySet.as_manager()

    # Of a weighed order (see OrderQuerySet.weighed).
    total: Decimal
    received: Decimal
    sent_back: Decimal
    owed: Decimal

    class Meta:
        ordering = ("-placed_at", "-pk")
        indexes = [models.Index(fields=["due_at"], condition=Q(cancelled_on=None), name="orders_due")]

    def __str__(self) -> str:
        return self.number

    @property
    def ref(self) -> Ref:
        """Its name for the rest of the house."""
        return ref("events.order", self.pk)

    def get_absolute_url(self) -> str:
        """Return the address of its page for those who run the event."""
        return reverse("events:order", args=[self.pk])


class OrderLine(Stated):
    """One amount of an order, only ever added: a ticket, an option, what a voucher or a cancellation takes off."""

    class Sort(models.TextChoices):
        """What it is for."""

        TICKET = "ticket", _("Registration fee")
        OPTION = "option", _("Option")
        VOUCHER = "voucher", _("Voucher taken off")
        DROPPED = "dropped", _("Option given back")
        CANCELLED = "cancelled", _("Place given back")

    order = models.ForeignKey(Order, models.PROTECT, related_name="lines")
    registration = models.ForeignKey("events.Registration", models.PROTECT, null=True, related_name="lines")
    sort = models.CharField(max_length=10, choices=Sort)
    price = models.ForeignKey(Price, models.PROTECT, null=True, related_name="+")
    amount = models.DecimalField(**MONEY)  # below zero: taken off
    added_on = models.DateField()

    class Meta:
        ordering = ("order", "pk")
        indexes = [models.Index(fields=["order", "registration"], name="lines_of_a_registration")]


class Payment(Stated):
    """Money that came for an order, under the serial of the bank, the cash book or the payment service."""

    PERSONAL = ("payer_name", "account")

    order = models.ForeignKey(Order, models.PROTECT, related_name="payments")
    way = models.CharField(max_length=10, choices=Way)
    amount = models.DecimalField(**MONEY)
    paid_on = models.DateField()
    serial = models.CharField(max_length=80)  # once in its book, which the mechanic of transfers keeps
    payer_name = models.CharField(max_length=120, blank=True)
    account = SealedText(blank=True, default="")
    account_index = BlindIndex(of="account")
    received_by = models.CharField(max_length=120)
    received_on = models.DateField()

    class Meta:
        ordering = ("-paid_on", "-pk")
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="event_money_is_some"),
        ]

    @property
    def ref(self) -> Ref:
        """Its name for the rest of the house."""
        return ref("events.payment", self.pk)


class Refund(Stated):
    """Money that was sent back for an order, never more than came and is not owed (K2)."""

    order = models.ForeignKey(Order, models.PROTECT, related_name="refunds")
    amount = models.DecimalField(**MONEY)
    serial = models.CharField(max_length=80, unique=True)
    sent_by = models.CharField(max_length=120)
    sent_on = models.DateField()

    class Meta:
        ordering = ("-sent_on", "-pk")
        constraints = [models.CheckConstraint(condition=Q(amount__gt=0), name="a_refund_is_some")]

    @property
    def ref(self) -> Ref:
        """Its name for the rest of the house."""
        return ref("events.refund", self.pk)
