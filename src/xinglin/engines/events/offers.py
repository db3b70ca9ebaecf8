"""Tables of what an event offers: tickets, options, vouchers, and the published lists of their prices (K2)."""

from datetime import date, datetime

from django.db import models
from django.db.models import F, Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from xinglin.kernel.refs import Ref, ref
from xinglin.kernel.stated import Stated, StatedQuerySet

from .meetings import MONEY, Event


def _said(zh: str, en: str) -> str:
    return zh if (get_language() or "zh").startswith("zh") or not en else en


class Audience(models.TextChoices):
    """Whom a ticket is for (K2)."""

    EVERYONE = "everyone", _("Anybody")
    MEMBER = "member", _("Members")
    NON_MEMBER = "non_member", _("Non-members")
    STUDENT = "student", _("Students")
    ACCOMPANYING = "accompanying", _("Accompanying people")
    FACULTY = "faculty", _("Faculty")
    SPONSOR = "sponsor", _("Sponsors' people")
    STAFF = "staff", _("Staff of the event")


class Channel(models.TextChoices):
    """Where a ticket admits to."""

    ON_SITE = "on_site", _("In the hall")
    ONLINE = "online", _("By the stream")


class RegistrationForm(models.Model):
    """A form as it stood when somebody filled it in, so that old answers stay readable."""

    digest = models.CharField(max_length=64, primary_key=True)
    content = models.JSONField()


class OfferDraft(models.Model):
    """A list of prices as it is being written; nobody outside sees it before it is published."""

    event = models.OneToOneField(Event, models.CASCADE, related_name="offer_draft")
    content = models.JSONField(default=dict)
    changed_by = models.CharField(max_length=80, blank=True)
    changed_at = models.DateTimeField(auto_now=True)


class OfferQuerySet(StatedQuerySet):
    """Sets of published lists."""

    def in_force(self, *, event: int, at: datetime) -> "Offer | None":
        """Return the list of an event that was in force at a moment: the last one published before it."""
        return self.filter(event=event, published_at__lte=at).order_by("-number").first()


class Offer(Stated):
    """A published list of an event: numbered, never changed; the next one ends it and what was promised stands (K2)."""

    event = models.ForeignKey(Event, models.PROTECT, related_name="offers")
    number = models.PositiveSmallIntegerField()
    published_at = models.DateTimeField()
    published_by = models.CharField(max_length=80)
    opens_at = models.DateTimeField()
    closes_at = models.DateTimeField()
    content = models.JSONField(default=dict)  # the whole list as it was published
    form = models.CharField(max_length=64, blank=True)  # digest of the questionnaire; empty: name and contact only
    pay_days = models.PositiveSmallIntegerField(default=7)  # to pay a transfer
    note = models.CharField(max_length=300, blank=True)

    objects = OfferQuerySet.as_manager()

    class Meta:
        ordering = ("event", "-number")
        constraints = [models.UniqueConstraint(fields=["event", "number"], name="an_offer_is_numbered_once")]

    @property
    def ref(self) -> Ref:
        """Its name for the rest of the house."""
        return ref("events.offer", self.pk)


class TicketQuerySet(StatedQuerySet):
    """Sets of tickets."""

    def offered(self, *, offer: Offer) -> "TicketQuerySet":
        """Return those that stand on a list."""
        return self.filter(prices__offer=offer).distinct()

    def of_item(self, item: int) -> "Ticket | None":
        """Return the one whose single places are booked by an item, everybody's or the desk's."""
        return self.filter(Q(item=item) | Q(desk_item=item)).select_related("event__organisation").first()


class Ticket(Stated):
    """A class of registration 注册类别: whom it is for, what it admits to, from which pools its places come."""

    event = models.ForeignKey(Event, models.PROTECT, related_name="tickets")
    code = models.CharField(max_length=40)
    title = models.CharField(max_length=80)
    title_en = models.CharField(max_length=120, blank=True)
    audience = models.CharField(max_length=12, choices=Audience, default=Audience.EVERYONE)
    channel = models.CharField(max_length=8, choices=Channel, default=Channel.ON_SITE)
    item = models.PositiveBigIntegerField()  # of the mechanic booking, for one person
    group_item = models.PositiveBigIntegerField()  # the same pools, for one payer of many
    desk_item = models.PositiveBigIntegerField(default=0)  # the same pools, on the spot until the event is over
    days = models.JSONField(default=list)  # ISO days it admits to; empty: every day of the event
    voucher_needed = models.BooleanField(default=False)
    order = models.PositiveSmallIntegerField(default=0)

    objects = TicketQuerySet.as_manager()

    class Meta:
        ordering = ("event", "order", "pk")
        constraints = [models.UniqueConstraint(fields=["event", "code"], name="a_ticket_is_coded_once")]

    def __str__(self) -> str:
        return _said(self.title, self.title_en)

    @property
    def ref(self) -> Ref:
        """Its name for the rest of the house."""
        return ref("events.ticket", self.pk)

    @property
    def days_on(self) -> list[date]:
        """The days it admits to."""
        return [date.fromisoformat(one) for one in self.days] or self.event.days


class Option(Stated):
    """A choice of the registration form that costs something or has few places: a dinner, a workshop."""

    event = models.ForeignKey(Event, models.PROTECT, related_name="options")
    question = models.CharField(max_length=40)  # the code of the form's question, e.g. workshop
    code = models.CharField(max_length=60)  # of the answer
    title = models.CharField(max_length=80)
    title_en = models.CharField(max_length=120, blank=True)
    session = models.ForeignKey("events.Session", models.SET_NULL, null=True, related_name="options")
    item = models.PositiveBigIntegerField(null=True)  # of booking; empty: as many as come
    order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ("event", "order", "pk")
        constraints = [models.UniqueConstraint(fields=["event", "question", "code"], name="an_option_is_coded_once")]

    def __str__(self) -> str:
        return _said(self.title, self.title_en)

    @property
    def ref(self) -> Ref:
        """Its name for the rest of the house."""
        return ref("events.option", self.pk)


class Price(Stated):
    """A line of a published list: what a ticket or an option costs, whom, from when until when."""

    offer = models.ForeignKey(Offer, models.PROTECT, related_name="prices")
    ticket = models.ForeignKey(Ticket, models.PROTECT, null=True, related_name="prices")
    option = models.ForeignKey(Option, models.PROTECT, null=True, related_name="prices")
    label = models.CharField(max_length=40, blank=True)  # 早鸟价
    members = models.BooleanField(default=False)  # for members in good standing on the day of order only
    amount = models.DecimalField(**MONEY)
    from_on = models.DateField(null=True)
    until_on = models.DateField(null=True)  # the first day without it

    class Meta:
        ordering = ("offer", "ticket__order", "option__order", "amount", "pk")
        constraints = [
            models.CheckConstraint(condition=Q(amount__gte=0), name="a_price_is_no_gift"),
            models.CheckConstraint(condition=Q(ticket=None) ^ Q(option=None), name="a_price_is_of_one_thing"),
            models.CheckConstraint(condition=Q(from_on=None) | Q(until_on=None) | Q(until_on__gt=F("from_on")),
                                   name="a_price_ends_after_it_begins"),
        ]

    @property
    def ref(self) -> Ref:
        """Its name for the rest of the house."""
        return ref("events.price", self.pk)


class VoucherQuerySet(StatedQuerySet):
    """Sets of vouchers."""

    def one_locked(self, *, offer: Offer, code: str) -> "Voucher | None":
        """Return a voucher as a list has it; the code is locked on all lists, so that its last use is given once."""
        rows = self.select_for_update().filter(event=offer.event_id, code=code).order_by("pk")
        return next((one for one in rows if one.offer_id == offer.pk), None)


class Voucher(Stated):
    """A code of a list, never changed with it: so much off, or the right to a ticket that needs one, so many times."""

    event = models.ForeignKey(Event, models.PROTECT, related_name="vouchers")
    offer = models.ForeignKey(Offer, models.PROTECT, related_name="vouchers")
    code = models.CharField(max_length=40)
    title = models.CharField(max_length=80)
    ticket = models.ForeignKey(Ticket, models.PROTECT, null=True, related_name="vouchers")  # empty: any
    percent = models.PositiveSmallIntegerField(default=0)
    amount = models.DecimalField(**MONEY, default=0)
    uses = models.PositiveIntegerField(default=1)
    until_on = models.DateField(null=True)  # the first day without it

    objects = VoucherQuerySet.as_manager()

    class Meta:
        ordering = ("event", "code")
        constraints = [
            models.UniqueConstraint(fields=["offer", "code"], name="a_voucher_is_coded_once"),
            models.CheckConstraint(condition=Q(percent__lte=100) & Q(amount__gte=0), name="a_voucher_takes_off"),
        ]

    @property
    def ref(self) -> Ref:
        """Its name for the rest of the house."""
        return ref("events.voucher", self.pk)
