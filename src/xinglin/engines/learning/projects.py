"""Tables of CME projects: yearly batches, the project with its stages, timetable and teachers."""

from collections.abc import Iterable
from datetime import date

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from xinglin.kernel.refs import Ref, ref
from xinglin.kernel.stated import Stated, StatedQuerySet

from .numbers import subject_label


class Level(models.TextChoices):
    """Who recognises a project."""

    NATIONAL = "national", _("National CME")
    PROVINCIAL = "provincial", _("Provincial CME")
    MUNICIPAL = "municipal", _("Municipal CME")


class Sort(models.TextChoices):
    """What the rule of 2024 distinguishes; before it every project is ordinary."""

    ORDINARY = "ordinary", pgettext_lazy("CME project", "Ordinary")
    RECOMMENDED = "recommended", _("Recommended project")
    PROMOTED = "promoted", _("Promoted project")


class State(models.TextChoices):
    """The stages of a project, in order, and the three ways in which it ends early."""

    DRAFT = "draft", _("Draft of an application")
    FILED = "filed", _("Filed by the unit")
    PROVINCE = "province", _("Province reviewed")
    EXPERT = "expert", _("Experts reviewed")
    PUBLISHED = "published", _("Published, to be scheduled")
    SCHEDULED = "scheduled", _("Scheduled")
    HELD = "held", _("Held, report due")
    REPORTED = "reported", _("Reported, credits due")
    CREDITED = "credited", _("Credits issued")
    AUDITED = "audited", _("Audited")
    CANCELLED = "cancelled", pgettext_lazy("CME project", "Cancelled")
    NOT_HELD = "not_held", _("Not held")
    REVOKED = "revoked", pgettext_lazy("CME project", "Revoked")


ORDER = [one.value for one in State][:10]
ENDED = {"cancelled", "not_held", "revoked"}
DONE = {"held", "reported", "credited", "audited"}
ISSUED = {"credited", "audited"}
LIGHTS = {"draft": "off", "filed": "ok", "province": "ok", "expert": "ok", "published": "warn", "scheduled": "ok",
          "held": "warn", "reported": "warn", "credited": "done", "audited": "done", "cancelled": "off",
          "not_held": "bad", "revoked": "bad"}


def reached(code: str) -> str:
    """Return what a stage says of the past: “Held” of “Held, report due”."""
    return str(State(code).label).replace(", ", "、").partition("、")[0]


class Batch(Stated):
    """The window in which projects of a year and a level are applied for; both its days are included."""

    year = models.PositiveSmallIntegerField()
    level = models.CharField(max_length=12, choices=Level)
    opens_on = models.DateField()
    closes_on = models.DateField()

    class Meta:
        ordering = ("-year", "level")
        constraints = [
            models.UniqueConstraint(fields=["year", "level"], name="one_batch_a_year_and_level"),
            models.CheckConstraint(condition=Q(closes_on__gte=F("opens_on")), name="batch_closes_after_opening"),
        ]

    def __str__(self) -> str:
        return f"{self.year} {self.get_level_display()}"

    @property
    def ref(self) -> Ref:
        """Its name for the rest of the house."""
        return ref("learning.batch", self.pk)

    def open_on(self, day: date) -> bool:
        """Say whether applications are taken on a day."""
        return self.opens_on <= day <= self.closes_on


def batch_of(*, year: int, level: str) -> Batch | None:
    """Return the window in which projects of a year and level are applied for, None before it was set."""
    return Batch.objects.filter(year=year, level=level).first()


class ProjectQuerySet(StatedQuerySet):
    """Sets of projects."""

    def many_locked(self, *, pks: Iterable[int]) -> "dict[int, Project]":
        """Lock projects in the order of their keys and return them with those they name."""
        rows = self.select_for_update(of=("self",)).select_related("leader", "branch", "batch")
        return {row.pk: row for row in rows.filter(pk__in=set(pks)).order_by("pk")}

    def one_locked(self, *, pk: int) -> "Project":
        """Lock one project and return it with those it names."""
        return self.many_locked(pks=[pk])[pk]


class Project(Stated):
    """A project of continuing medical education, from the draft of its application to the audit."""

    title = models.CharField(max_length=200)
    level = models.CharField(max_length=12, choices=Level)
    sort = models.CharField(max_length=12, choices=Sort, default=Sort.ORDINARY)
    repeat = models.BooleanField(default=False)
    year = models.PositiveSmallIntegerField()
    subject = models.CharField(max_length=5)
    number = models.CharField(max_length=30, null=True, unique=True)
    batch = models.ForeignKey(Batch, models.PROTECT, null=True, related_name="projects")
    of = models.ForeignKey("self", models.PROTECT, null=True, related_name="again")
    leader = models.ForeignKey("directory.Person", models.PROTECT, related_name="+")
    branch = models.ForeignKey("directory.Organisation", models.PROTECT, related_name="+")
    hours = models.DecimalField(max_digits=5, decimal_places=1)
    heads = models.PositiveIntegerField()
    tested = models.BooleanField(default=True)
    planned_on = models.DateField(null=True)
    place = models.CharField(max_length=120, blank=True)
    state = models.CharField(max_length=12, choices=State, default=State.DRAFT)
    from_on = models.DateField(null=True)
    until_on = models.DateField(null=True)  # the last day, itself included
    reported_on = models.DateField(null=True)
    reported_heads = models.PositiveIntegerField(null=True)
    drafted_on = models.DateField()
    filed_key = models.UUIDField(null=True)
    held_key = models.UUIDField(null=True)
    moved_key = models.UUIDField(null=True)  # of the last timetable that moved it, of which people are told
    stale = models.BooleanField(default=False)  # attendance changed after its credits were issued

    objects = ProjectQuerySet.as_manager()

    class Meta:
        ordering = ("-year", "level", "number", "pk")
        constraints = [
            models.CheckConstraint(condition=Q(hours__gt=0) & Q(heads__gt=0), name="project_has_hours_and_heads"),
            models.CheckConstraint(condition=Q(from_on=None) | Q(until_on__gte=F("from_on")),
                                   name="project_ends_after_start"),
            models.CheckConstraint(condition=Q(number__isnull=False) | ~Q(state__in=[
                "published", "scheduled", "held", "reported", "credited", "audited", "not_held"]),
                                   name="published_projects_have_numbers"),
        ]
        indexes = [models.Index(fields=["year", "state"], name="projects_of_year")]

    def __str__(self) -> str:
        return self.title

    @property
    def ref(self) -> Ref:
        """Its name for the rest of the house."""
        return ref("learning.project", self.pk)

    def get_absolute_url(self) -> str:
        """Return its page."""
        return reverse("learning:project", args=[self.pk])

    @property
    def subject_label(self) -> str:
        """Return what its subject is called."""
        return subject_label(self.subject)

    @property
    def light(self) -> str:
        """Return the light of its stage."""
        return LIGHTS[self.state]

    def takes_in(self, day: date) -> bool:
        """Say whether attendance of a day can come in: it has days, this is one of them, and it did not end early."""
        days = self.from_on and self.until_on and self.from_on <= day <= self.until_on
        return bool(days) and self.state not in ENDED

    @property
    def planned_minutes(self) -> int:
        """Return the minutes of teaching that were filed."""
        return int(self.hours * 60)


class Session(Stated):
    """A line of the timetable: teaching, a ceremony or the test, on a day from an hour to another."""

    class Kind(models.TextChoices):
        """What the time is spent on; only teaching is counted."""

        TEACHING = "teaching", _("Teaching")
        CEREMONY = "ceremony", _("Registration or ceremony")
        TEST = "test", pgettext_lazy("CME session", "Test")

    project = models.ForeignKey(Project, models.PROTECT, related_name="sessions")
    day = models.DateField()
    from_at = models.TimeField()
    until_at = models.TimeField()
    kind = models.CharField(max_length=10, choices=Kind, default=Kind.TEACHING)
    topic = models.CharField(max_length=120, blank=True)
    lecturer = models.ForeignKey("directory.Person", models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ("day", "from_at", "pk")
        constraints = [models.CheckConstraint(condition=Q(until_at__gt=F("from_at")),
                                              name="cme_session_ends_after_start")]

    @property
    def minutes(self) -> int:
        """Return how long it lasts."""
        return (self.until_at.hour - self.from_at.hour) * 60 + self.until_at.minute - self.from_at.minute


class Teacher(Stated):
    """Somebody who was filed as a teacher of a project."""

    project = models.ForeignKey(Project, models.PROTECT, related_name="teachers")
    person = models.ForeignKey("directory.Person", models.PROTECT, related_name="+")

    class Meta:
        ordering = ("pk",)
        constraints = [models.UniqueConstraint(fields=["project", "person"], name="taught_once")]


class Step(Stated):
    """A stage that a project reached: when, by whom, with what words."""

    PERSONAL = ("note",)

    project = models.ForeignKey(Project, models.PROTECT, related_name="steps")
    before = models.CharField(max_length=12, choices=State)
    after = models.CharField(max_length=12, choices=State)
    happened_on = models.DateField()
    by = models.CharField(max_length=120)
    note = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ("pk",)

    @property
    def reached(self) -> str:
        """Return the stage that was reached, without what is to come next."""
        return reached(self.after)
