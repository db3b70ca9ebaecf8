"""Tables of registrations: who comes to an event, under which ticket, with which place and which options."""

from datetime import date

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from xinglin.kernel.refs import Ref, ref
from xinglin.kernel.sealed_fields import BlindIndex, SealedText
from xinglin.kernel.stated import Stated, StatedQuerySet

from .meetings import Event
from .offers import Option, Ticket, Voucher
from .orders import Order


class State(models.TextChoices):
    """Where a registration stands: the place is booked in both of the first; the second admits."""

    HELD = "held", _("Registered, to be paid")
    CONFIRMED = "confirmed", _("Registration confirmed")
    CANCELLED = "cancelled", _("Registration cancelled")


LIVE = (State.HELD, State.CONFIRMED)


class Role(models.TextChoices):
    """As what somebody comes."""

    DELEGATE = "delegate", _("Delegate")
    SPEAKER = "speaker", _("Speaker (role)")
    CHAIR = "chair", _("Chair (role)")
    STAFF = "staff", _("Staff (role)")
    SPONSOR = "sponsor", _("Sponsor's person")
    GUEST = "guest", _("Guest")


class RegistrationQuerySet(StatedQuerySet):
    """Sets of registrations."""

    def of_event(self, event: Event) -> "RegistrationQuerySet":
        """Return those of an event."""
        return self.filter(event=event)

    def live(self) -> "RegistrationQuerySet":
        """Return those that have a place, paid or not."""
        return self.filter(state__in=LIVE)

    def confirmed(self) -> "RegistrationQuerySet":
        """Return those that admit."""
        return self.filter(state=State.CONFIRMED)

    def of_guests(self, asker: Ref) -> "RegistrationQuerySet":
        """Return those that somebody registered for guests of theirs and that were not handed over since."""
        return self.filter(asker=asker, turn=0)

    def of_person(self, person: int) -> "RegistrationQuerySet":
        """Return those of a person of the directory."""
        return self.filter(person=person)

    def one_locked(self, *, pk: int) -> "Registration":
        """Lock one registration."""
        found = self.select_for_update(of=("self",)).select_related("event__organisation", "ticket", "person")
        return found.get(pk=pk)


class Registration(Stated):
    """One place of one event for one person, named or not yet; `code` stands on the ticket and is never used again."""

    PERSONAL = ("name", "unit_name", "email", "mobile", "answers")

    event = models.ForeignKey(Event, models.PROTECT, related_name="registrations")
    ticket = models.ForeignKey(Ticket, models.PROTECT, related_name="registrations")
    order = models.ForeignKey(Order, models.PROTECT, null=True, related_name="registrations")  # empty: nothing to pay
    person = models.ForeignKey("directory.Person", models.PROTECT, null=True, related_name="+")
    unit = models.ForeignKey("directory.Organisation", models.PROTECT, null=True, related_name="+")
    name = models.CharField(max_length=60, blank=True)  # empty: not yet named
    unit_name = models.CharField(max_length=120, blank=True)
    email = models.EmailField(blank=True)
    mobile = SealedText(blank=True, default="")
    mobile_index = BlindIndex(of="mobile")
    role = models.CharField(max_length=10, choices=Role, default=Role.DELEGATE)
    state = models.CharField(max_length=10, choices=State)
    code = models.CharField(max_length=12, unique=True)
    key = models.CharField(max_length=43, unique=True)  # of its page, for who has no account
    voucher = models.ForeignKey(Voucher, models.PROTECT, null=True, related_name="registrations")
    as_member = models.BooleanField(default=False)  # in good standing on the day of order
    booking = models.CharField(max_length=43)  # token of the place; many of one payer share one
    seat = models.PositiveSmallIntegerField(default=0)  # which of them
    who = models.CharField(max_length=120)  # under whose name booking counts it
    asker = models.CharField(max_length=120, blank=True, db_index=True)  # who registered a guest
    turn = models.PositiveSmallIntegerField(default=0)  # how often it was handed over; FormerHolder says by whom
    answers = SealedText(blank=True, default="")  # JSON by question
    form = models.CharField(max_length=64, blank=True)  # digest of the form that was filled in
    registered_at = models.DateTimeField()
    confirmed_key = models.UUIDField(null=True)  # the fact that says it was confirmed
    cancelled_on = models.DateField(null=True)
    cancelled_for = models.CharField(max_length=20, blank=True)

    objects = RegistrationQuerySet.as_manager()

    class Meta:
        ordering = ("event", "pk")
        constraints = [
            models.UniqueConstraint(fields=["booking", "seat"], name="a_place_is_registered_once",
                                    condition=~Q(state="cancelled")),
            models.UniqueConstraint(fields=["event", "person"], name="a_person_registers_once",
                                    condition=~Q(state="cancelled") & Q(person__isnull=False)),
        ]
        indexes = [models.Index(fields=["event", "state", "id"], name="registrations_of_an_event")]

    def __str__(self) -> str:
        return self.name or str(_("Not yet named"))

    @property
    def ref(self) -> Ref:
        """Its name for the rest of the house."""
        return ref("events.registration", self.pk)

    @property
    def named(self) -> bool:
        """Whether it is known who comes."""
        return bool(self.name)

    @property
    def admits(self) -> bool:
        """Whether its ticket admits at a door."""
        return self.state == State.CONFIRMED and self.named

    @property
    def days_on(self) -> list[date]:
        """The days its ticket admits to."""
        return self.ticket.days_on

    def get_absolute_url(self) -> str:
        """Return the address of its page for those who run the event."""
        return reverse("events:registration", args=[self.pk])


class Chosen(Stated):
    """An option that somebody chose, with its place where places are few."""

    registration = models.ForeignKey(Registration, models.PROTECT, related_name="chosen")
    option = models.ForeignKey(Option, models.PROTECT, related_name="chosen")
    booking = models.CharField(max_length=43, blank=True)
    chosen_on = models.DateField()

    class Meta:
        ordering = ("registration", "option__order", "pk")
        constraints = [models.UniqueConstraint(fields=["registration", "option"], name="an_option_is_chosen_once")]


class Draft(models.Model):
    """A registration as it is being filled in, with the place held or waited for; deleted when old."""

    PERSONAL = ("name", "email", "answers")

    key = models.CharField(max_length=43, unique=True)
    event = models.ForeignKey(Event, models.CASCADE, related_name="+")
    ticket = models.ForeignKey(Ticket, models.CASCADE, related_name="+")
    who = models.CharField(max_length=120)  # under whose name booking counts it
    quantity = models.PositiveSmallIntegerField(default=1)
    hold = models.CharField(max_length=43, blank=True)
    waiting = models.CharField(max_length=43, blank=True, db_index=True)
    name = models.CharField(max_length=60, blank=True)
    email = models.EmailField(blank=True)
    answers = SealedText(blank=True, default="")  # JSON
    account = models.CharField(max_length=120, blank=True, db_index=True)
    changed_at = models.DateTimeField(auto_now=True)
