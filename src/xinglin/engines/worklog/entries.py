"""Tables of work done: an entry, from draft to verified, with the people and partners who took part."""

from datetime import date, timedelta

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from xinglin.kernel.refs import Ref, ref
from xinglin.kernel.stated import Stated, StatedQuerySet

from .registers import Item
from .words import Kind, Role, Series


class State(models.TextChoices):
    """Where an entry stands; only verified ones count."""

    DRAFT = "draft", _("Draft")
    SUBMITTED = "submitted", _("To verify")
    VERIFIED = "verified", _("Verified and counted")
    RETURNED = "returned", _("Returned")
    WITHDRAWN = "withdrawn", _("Withdrawn")


OPEN = (State.DRAFT, State.RETURNED)


class Format(models.TextChoices):
    """How people took part."""

    ON_SITE = "on_site", _("On site")
    ONLINE = "online", _("Online")
    HYBRID = "hybrid", _("On site and online")


class EntryQuerySet(StatedQuerySet):
    """Sets of entries."""

    def counted(self) -> "EntryQuerySet":
        """Return the entries that count."""
        return self.filter(state=State.VERIFIED)

    def waiting(self) -> "EntryQuerySet":
        """Return the entries that wait for a second person, longest first."""
        return self.filter(state=State.SUBMITTED).order_by("submitted_on", "pk")

    def told(self) -> "EntryQuerySet":
        """Return the entries with what a list shows of them."""
        return self.select_related("kind", "series", "item", "item__track")

    def with_person(self, person: str) -> "EntryQuerySet":
        """Return the entries in which a person took part."""
        return self.filter(participants__ref=person, participants__part=Participant.Part.PERSON).distinct()

    def held_locked(self, keys: list[int]) -> list["Entry"]:
        """Lock entries in order of their keys and return them."""
        rows = self.filter(pk__in=keys).select_for_update(of=("self",)).order_by("pk")
        return list(rows.select_related("kind__parent", "series", "item__track").prefetch_related("participants"))


class Entry(Stated):
    """Something that was done: what, when, how much, where, by whom."""

    PERSONAL = ("title", "description", "place_name", "partner_names")

    kind = models.ForeignKey(Kind, models.PROTECT, related_name="entries")
    title = models.CharField(max_length=200)
    description = models.TextField(blank=True)
    happened_on = models.DateField()
    until_on = models.DateField(null=True)  # half-open: the day after the last
    count = models.PositiveIntegerField(default=1)
    unit = models.CharField(max_length=10)
    format = models.CharField(max_length=10, choices=Format, blank=True)
    region = models.CharField(max_length=6, blank=True)  # GB/T 2260
    place = models.CharField(max_length=120, blank=True)  # organisation ref
    place_name = models.CharField(max_length=120, blank=True)
    organisation = models.CharField(max_length=120)  # in charge: a branch or a department
    partner_names = models.CharField(max_length=300, blank=True)
    people_on_site = models.PositiveIntegerField(null=True)
    people_online = models.PositiveIntegerField(null=True)
    patients = models.PositiveIntegerField(null=True)
    hours = models.DecimalField(max_digits=7, decimal_places=1, null=True)
    money = models.DecimalField(max_digits=14, decimal_places=2, null=True)
    items = models.PositiveIntegerField(null=True)
    series = models.ForeignKey(Series, models.PROTECT, null=True, related_name="entries")
    edition = models.PositiveIntegerField(null=True)
    role = models.CharField(max_length=20, choices=Role, blank=True)
    item = models.ForeignKey(Item, models.PROTECT, null=True, related_name="entries")
    entrusted_by = models.CharField(max_length=120, blank=True)  # organisation ref

    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    logged_by = models.CharField(max_length=120)
    changed_by = models.CharField(max_length=120)
    logged_on = models.DateField()
    submitted_by = models.CharField(max_length=120, blank=True)
    submitted_on = models.DateField(null=True)
    verified_by = models.CharField(max_length=120, blank=True)
    verified_on = models.DateField(null=True)
    returned_for = models.CharField(max_length=300, blank=True)
    # The last fact that said everything about the entry: a correction points to it.
    said_key = models.UUIDField()

    objects = EntryQuerySet.as_manager()

    class Meta:
        ordering = ("-happened_on", "-pk")
        indexes = [
            models.Index(fields=["state", "happened_on"], name="entry_state_on"),
            models.Index(fields=["organisation", "state"], name="entry_organisation"),
            models.Index(fields=["logged_by", "state"], name="entry_logged_by"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(count__gte=1), name="entry_counts_something"),
            models.CheckConstraint(condition=Q(until_on=None) | Q(until_on__gt=F("happened_on")), name="entry_span"),
            models.CheckConstraint(
                condition=~Q(state="verified") | (Q(verified_on__isnull=False) & ~Q(verified_by="")
                                                  & ~Q(verified_by=F("logged_by")) & ~Q(verified_by=F("changed_by"))),
                name="entry_verified_by_another"),
            models.CheckConstraint(
                condition=(Q(series=None, edition=None) | Q(series__isnull=False, edition__isnull=False)),
                name="entry_edition_of_a_series"),
            models.UniqueConstraint(
                fields=["series", "edition"], condition=Q(state="verified"), name="edition_held_once"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def ref(self) -> Ref:
        """Its name for the rest of the house."""
        return ref("worklog.entry", self.pk)

    @property
    def last_on(self) -> date:
        """The last day of the work."""
        return self.until_on - timedelta(days=1) if self.until_on else self.happened_on

    @property
    def people(self) -> tuple[str, ...]:
        """The people who are known to have taken part."""
        return self._named(Participant.Part.PERSON)

    @property
    def partners(self) -> tuple[str, ...]:
        """The partner organisations."""
        return self._named(Participant.Part.PARTNER)

    def _named(self, part: str) -> tuple[str, ...]:
        return tuple(one.ref for one in self.participants.all() if one.part == part)


class Participant(Stated):
    """A person who took part in an entry, or an organisation that was a partner."""

    class Part(models.TextChoices):
        """As what."""

        PERSON = "person", pgettext_lazy("part", "Person")
        PARTNER = "partner", _("Partner")

    entry = models.ForeignKey(Entry, models.CASCADE, related_name="participants")
    part = models.CharField(max_length=10, choices=Part)
    ref = models.CharField(max_length=120, db_index=True)

    class Meta:
        ordering = ("pk",)
        constraints = [models.UniqueConstraint(fields=["entry", "part", "ref"], name="took_part_once")]
