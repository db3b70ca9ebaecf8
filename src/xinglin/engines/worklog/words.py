"""Tables of words: the kinds of work an association counts, its numbered series and their editions."""

from datetime import date
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from xinglin.kernel.refs import Ref, ref
from xinglin.kernel.stated import Stated, StatedQuerySet

from .patterns import spoken

QUANTITIES = {
    "people_on_site": (_("People on site"), ("人次", "人", "名", "位")),
    "people_online": (_("People online"), ("人次", "人", "名", "位")),
    "patients": (_("People served"), ("人次", "人", "位", "名", "例")),
    "hours": (_("Hours"), ("学时", "小时", "课时")),
    "money": (_("Money"), ("元", "万元")),
    "items": (_("Items"), ("件", "份", "项", "课", "场", "道")),
}
USES = ("format", "region", "place")


class KindQuerySet(StatedQuerySet):
    """Sets of kinds."""

    def active(self, on: date) -> "KindQuerySet":
        """Return the kinds in use on a date."""
        return self.filter(from_on__lte=on).filter(Q(until_on=None) | Q(until_on__gt=on))

    def loggable(self, on: date) -> "KindQuerySet":
        """Return the kinds that work may be logged under on a date: in use and no mere heading."""
        return self.active(on).filter(group=False)


class Kind(Stated):
    """One sort of work; its code is permanent, its words are the association's own."""

    code = models.SlugField(max_length=40, unique=True, allow_unicode=False)
    zh = models.CharField(max_length=60)
    en = models.CharField(max_length=80, blank=True)
    parent = models.ForeignKey("self", models.PROTECT, null=True, related_name="children")
    group = models.BooleanField(default=False)
    units = models.JSONField(default=list)
    nouns = models.JSONField(default=list)
    quantities = models.JSONField(default=list)
    uses = models.JSONField(default=list)
    numbered = models.BooleanField(default=False)
    pattern = models.CharField(max_length=40, blank=True)
    regulations = models.JSONField(default=list)
    from_on = models.DateField()
    until_on = models.DateField(null=True)
    order = models.PositiveSmallIntegerField(default=0)

    objects = KindQuerySet.as_manager()

    class Meta:
        ordering = ("order", "pk")
        constraints = [models.CheckConstraint(
            condition=Q(until_on=None) | Q(until_on__gte=models.F("from_on")), name="kind_has_a_span")]

    def __str__(self) -> str:
        return spoken(self.zh, self.en)

    @property
    def unit(self) -> str:
        """The measure word shown first."""
        return str(self.units[0]) if self.units else "项"

    def in_use(self, on: date) -> bool:
        """Say whether work of a date may be logged under this kind."""
        return self.from_on <= on and (self.until_on is None or on < self.until_on)

    def lineage(self) -> tuple[str, ...]:
        """Return its own code and those of the kinds above it."""
        answer, one = [], self
        while one is not None:
            answer.append(one.code)
            one = one.parent
        return tuple(answer)


class Series(Stated):
    """A numbered series such as a yearly forum: its editions count up by one, without gap or repeat."""

    PERSONAL = ()

    title = models.CharField(max_length=120)
    aliases = models.JSONField(default=list)
    kind = models.ForeignKey(Kind, models.PROTECT, related_name="series")
    organisation = models.CharField(max_length=120)
    per_year = models.PositiveSmallIntegerField(default=1)
    closed_on = models.DateField(null=True)

    class Meta:
        ordering = ("title",)
        constraints = [models.UniqueConstraint(fields=["title"], name="one_series_of_a_title")]

    def __str__(self) -> str:
        return self.title

    @property
    def ref(self) -> Ref:
        """Its name for the rest of the house."""
        return ref("worklog.series", self.pk)


class Role(models.TextChoices):
    """What the association is to an edition."""

    HOST = "host", _("Main organiser")
    ORGANISER = "organiser", _("Organiser")
    CO_ORGANISER = "co_organiser", _("Co-organiser")
    PARTICIPANT = "participant", _("Took part")


class Edition(Stated):
    """One number of a series in one year: planned, held or cancelled."""

    class State(models.TextChoices):
        """Where an edition stands."""

        PLANNED = "planned", _("Edition planned")
        HELD = "held", _("Held")
        CANCELLED = "cancelled", _("Cancelled")

    series = models.ForeignKey(Series, models.CASCADE, related_name="editions")
    number = models.PositiveIntegerField()
    year = models.PositiveSmallIntegerField()
    role = models.CharField(max_length=20, choices=Role)
    host = models.CharField(max_length=120, blank=True)  # organisation ref
    host_name = models.CharField(max_length=80, blank=True)  # when the directory does not know the host
    state = models.CharField(max_length=10, choices=State, default=State.PLANNED)
    entry = models.OneToOneField("worklog.Entry", models.SET_NULL, null=True, related_name="held_edition")
    planned_key = models.UUIDField()

    class Meta:
        ordering = ("series", "-number")
        constraints = [
            # A cancelled number is taken up again by the next attempt, so only living editions are unique.
            models.UniqueConstraint(fields=["series", "number"], condition=~Q(state="cancelled"), name="edition_once"),
        ]

    def __str__(self) -> str:
        return f"{self.series.title} {self.number}"

    @property
    def ref(self) -> Ref:
        """Its name for the rest of the house."""
        return ref("worklog.edition", self.pk)

    def fields_of_role(self) -> dict[str, Any]:
        """Return what an entry about this edition takes over."""
        return {"series": self.series, "edition": self.number, "role": self.role}
