"""Tables of an event: what is proposed, who holds it, who must agree, what it may cost, what is checked."""

from datetime import date, timedelta

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from xinglin.kernel.refs import Ref, ref
from xinglin.kernel.stated import Stated, StatedQuerySet
from xinglin.shell.units import speaks_chinese

from .kinds import Kind, kinds
from .series import Series

MONEY = {"max_digits": 12, "decimal_places": 2}


class State(models.TextChoices):
    """Where an event stands, from the first line to the closed file."""

    DRAFT = "draft", _("Being drafted")
    PROPOSED = "proposed", _("Proposed")
    APPROVED = "approved", _("Event approved")
    OPEN = "open", _("Registration open")
    CLOSED = "closed", _("Registration closed")
    HELD = "held", _("Event held")
    SETTLED = "settled", _("Settled")
    CANCELLED = "cancelled", _("Event cancelled")
    REFUSED = "refused", _("Event not approved")


LIVING = (State.DRAFT, State.PROPOSED, State.APPROVED, State.OPEN, State.CLOSED)
TAKEN_PLACE = (State.HELD, State.SETTLED)


class Format(models.TextChoices):
    """Where people meet."""

    ON_SITE = "on_site", _("On site")
    ONLINE = "online", _("Online")
    HYBRID = "hybrid", _("On site and online")


class Role(models.TextChoices):
    """What an association is to an event (C05)."""

    HOST = "host", _("Holds it")
    ORGANISER = "organiser", _("Organises it")
    CO_ORGANISER = "co_organiser", _("Helps to organise it")
    PARTICIPANT = "participant", _("Takes part with a delegation")


class EventQuerySet(StatedQuerySet):
    """Sets of events."""

    def one_locked(self, *, pk: int) -> "Event":
        """Lock one event and return it."""
        # Not its key: a place at the desk is written with its pool locked, which others want who hold the event.
        return self.select_for_update(of=("self",), no_key=True).select_related("organisation", "series").get(pk=pk)

    def between(self, *, from_on: date, until_on: date) -> "EventQuerySet":
        """Return those that meet a half-open span of days."""
        return self.filter(from_on__lt=until_on, until_on__gt=from_on)

    def taken_place(self) -> "EventQuerySet":
        """Return those that were held, settled or not."""
        return self.filter(state__in=TAKEN_PLACE)


class Event(Stated):
    """One event from its proposal to the closed file; its grade is computed and decides who must agree (C03)."""

    title = models.CharField(max_length=160)
    title_en = models.CharField(max_length=200, blank=True)
    kind = models.CharField(max_length=20)
    specialties = models.JSONField(default=list)
    organisation = models.ForeignKey("directory.Organisation", models.PROTECT, related_name="events")
    role = models.CharField(max_length=14, choices=Role, default=Role.HOST)
    series = models.ForeignKey(Series, models.PROTECT, null=True, related_name="events")
    edition = models.PositiveIntegerField(null=True)
    planned = models.BooleanField(default=True)  # in the yearly programme; otherwise an ad hoc addition (C06)
    from_on = models.DateField()
    until_on = models.DateField()  # the first day without it
    format = models.CharField(max_length=8, choices=Format, default=Format.ON_SITE)
    region = models.CharField(max_length=6, blank=True)
    place = models.CharField(max_length=120, blank=True)
    heads = models.PositiveIntegerField(default=0)  # expected in the hall
    heads_online = models.PositiveIntegerField(default=0)
    public = models.BooleanField(default=False)  # open to everybody, not to the profession only (K1)
    international = models.BooleanField(default=False)
    sponsored = models.BooleanField(default=False)
    summary = models.TextField(blank=True)
    summary_en = models.TextField(blank=True)
    abstracts_until = models.DateField(null=True)  # abstracts are taken until this day; empty: none are
    project = models.CharField(max_length=80, blank=True)  # the Ref of a CME project of another engine
    grade = models.CharField(max_length=2, blank=True)
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    filing_number = models.CharField(max_length=60, blank=True)
    filed_on = models.DateField(null=True)
    filed_late = models.BooleanField(default=False)
    pack = models.BooleanField(default=False)  # the epidemic pack is in force (C08)
    moved_on = models.DateField(null=True)  # its days were moved after places were sold: those give back in full (K2)
    held_on = models.DateField(null=True)
    held_key = models.UUIDField(null=True)  # the fact that says it was held
    reported_on = models.DateField(null=True)
    settled_on = models.DateField(null=True)
    created_by = models.CharField(max_length=80)

    objects = EventQuerySet.as_manager()

    class Meta:
        ordering = ("from_on", "pk")
        constraints = [
            models.CheckConstraint(condition=Q(until_on__gt=F("from_on")), name="event_ends_after_start"),
            models.CheckConstraint(condition=Q(edition=None) | Q(series__isnull=False), name="edition_of_a_series"),
            models.UniqueConstraint(fields=["series", "edition"], name="an_edition_is_held_once",
                                    condition=~Q(state__in=["cancelled", "refused"])),
        ]
        indexes = [models.Index(fields=["state", "from_on"], name="events_by_state")]

    def __str__(self) -> str:
        return self.title

    @property
    def ref(self) -> Ref:
        """Its name for the rest of the house."""
        return ref("events.event", self.pk)

    @property
    def sort(self) -> Kind:
        """The kind with its words and rules."""
        return kinds()[self.kind]

    @property
    def last_on(self) -> date:
        """The last day."""
        return self.until_on - timedelta(days=1)

    @property
    def days(self) -> list[date]:
        """Every day of it."""
        return [self.from_on + timedelta(days=step) for step in range((self.until_on - self.from_on).days)]

    @property
    def offered(self) -> bool:
        """Whether prices are published: then its days are moved with its places, and never changed alone."""
        return bool(self.offers.exists())

    @property
    def name(self) -> str:
        """The title in the reader's language."""
        return self.title if speaks_chinese() else self.title_en or self.title

    @property
    def words(self) -> str:
        """The summary in the reader's language."""
        return self.summary if speaks_chinese() else self.summary_en or self.summary

    def get_absolute_url(self) -> str:
        """Return the address of the organiser's page."""
        return reverse("events:event", args=[self.pk])

    @property
    def public_address(self) -> str:
        """The address of the page that is open to everybody."""
        return reverse("events:site", args=[self.pk])


class Partner(Stated):
    """An organisation beside ours: 主办, 承办, 协办, or a sponsor."""

    class Part(models.TextChoices):
        """What it is to the event."""

        HOST = "host", _("Host")
        ORGANISER = "organiser", _("Organiser")
        CO_ORGANISER = "co_organiser", _("Co-organiser")
        SUPPORTER = "supporter", _("Supporter")
        SPONSOR = "sponsor", _("Sponsor")

    event = models.ForeignKey(Event, models.PROTECT, related_name="partners")
    organisation = models.ForeignKey("directory.Organisation", models.PROTECT, null=True, related_name="+")
    name = models.CharField(max_length=120)
    part = models.CharField(max_length=14, choices=Part)
    amount = models.DecimalField(null=True, **MONEY)  # what a sponsor gives, in yuan

    class Meta:
        ordering = ("event", "pk")
        constraints = [models.UniqueConstraint(fields=["event", "name", "part"], name="a_partner_once_a_part")]


class Approval(Stated):
    """One agreement that the grade asks for, in order; who gave or refused it, and why."""

    class Answer(models.TextChoices):
        """What was said."""

        YES = "yes", _("Agreed")
        NO = "no", _("Disagreed")
        BACK = "back", _("Sent back to be amended")

    event = models.ForeignKey(Event, models.PROTECT, related_name="approvals")
    order = models.PositiveSmallIntegerField()
    role = models.CharField(max_length=20)  # branch_chair, office, leader …
    asked_on = models.DateField(null=True)  # since when this is the one that is waited for
    answer = models.CharField(max_length=4, choices=Answer, blank=True)
    answered_by = models.CharField(max_length=80, blank=True)
    answered_on = models.DateField(null=True)
    reason = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ("event", "order")
        constraints = [models.UniqueConstraint(fields=["event", "order"], name="one_approval_a_step")]


class BudgetLine(Stated):
    """One line of what an event takes in or spends: planned, and after it what it came to."""

    class Side(models.TextChoices):
        """Income or expense."""

        INCOME = "income", _("Income")
        EXPENSE = "expense", _("Expense")

    event = models.ForeignKey(Event, models.PROTECT, related_name="budget")
    side = models.CharField(max_length=8, choices=Side)
    code = models.CharField(max_length=20)
    note = models.CharField(max_length=120, blank=True)
    planned = models.DecimalField(**MONEY)
    actual = models.DecimalField(null=True, **MONEY)

    class Meta:
        ordering = ("event", "-side", "pk")
        constraints = [
            models.CheckConstraint(condition=Q(planned__gte=0), name="a_budget_line_is_no_debt"),
            models.UniqueConstraint(fields=["event", "side", "code", "note"], name="a_budget_line_once"),
        ]


class Check(Stated):
    """One point of the supervision before, during or after an event, and its evidence (C07)."""

    class Phase(models.TextChoices):
        """When it is looked at."""

        BEFORE = "before", _("Before the event")
        DURING = "during", _("During the event")
        AFTER = "after", _("After the event")

    event = models.ForeignKey(Event, models.PROTECT, related_name="checks")
    phase = models.CharField(max_length=6, choices=Phase)
    code = models.CharField(max_length=30)
    passed = models.BooleanField(null=True)
    note = models.CharField(max_length=300, blank=True)
    checked_by = models.CharField(max_length=80, blank=True)
    checked_on = models.DateField(null=True)

    class Meta:
        ordering = ("event", "pk")
        constraints = [models.UniqueConstraint(fields=["event", "code"], name="a_point_is_checked_once")]

    @property
    def ref(self) -> Ref:
        """Its name for the rest of the house: evidence is attached to it."""
        return ref("events.check", self.pk)
