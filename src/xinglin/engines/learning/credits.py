"""Tables of credits: attendances and tests that came in, awards, outside credits, duties and bars."""

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from xinglin.directory.models import Person
from xinglin.kernel.refs import Ref, ref
from xinglin.kernel.stated import Stated, StatedQuerySet

from .projects import Level, Project


class Channel(models.TextChoices):
    """Where somebody was present."""

    ON_SITE = "on_site", _("On site")
    ONLINE = "online", _("Online")


class Role(models.TextChoices):
    """As what somebody was present."""

    LEARNER = "learner", _("Learner")
    LECTURER = "lecturer", _("Lecturer")


class AttendanceQuerySet(StatedQuerySet):
    """Sets of attendances."""

    def standing(self) -> "AttendanceQuerySet":
        """Return those that were not corrected, with those that came to nothing."""
        return self.filter(corrected_by=None)

    def present(self) -> "AttendanceQuerySet":
        """Return those of people who were there: a source takes back what it said by no minutes at all."""
        return self.standing().filter(minutes__gt=0)


class Minutes(Stated):
    """Minutes of a person on a day of a project; whoever found them out vouches for them under its own name."""

    person = models.ForeignKey("directory.Person", models.PROTECT, related_name="+")
    entry = models.ForeignKey("directory.Person", models.PROTECT, related_name="+")  # it came as; no merge moves it
    project = models.ForeignKey(Project, models.PROTECT, related_name="+")
    day = models.DateField()
    minutes = models.PositiveSmallIntegerField()
    channel = models.CharField(max_length=10, choices=Channel)
    role = models.CharField(max_length=10, choices=Role)
    source = models.CharField(max_length=120, unique=True)

    class Meta:
        abstract = True


class Attendance(Minutes):
    """Minutes that came in."""

    from_at = models.TimeField(null=True)
    until_at = models.TimeField(null=True)
    corrected_by = models.ForeignKey("self", models.PROTECT, null=True, related_name="corrects")
    said_key = models.UUIDField(null=True)  # its fact names the row, so the row comes first

    objects = AttendanceQuerySet.as_manager()

    class Meta:
        ordering = ("day", "pk")
        constraints = [models.CheckConstraint(condition=Q(minutes__lte=24 * 60), name="a_day_has_24_hours"),
                       models.CheckConstraint(condition=Q(from_at=None) | Q(until_at__gt=F("from_at")),
                                              name="attendance_ends_after_start")]
        indexes = [models.Index(fields=["person", "day"], name="attendances_of_person")]

    @property
    def ref(self) -> Ref:
        """Its name for the rest of the house."""
        return ref("learning.attendance", self.pk)


class Refused(Minutes):
    """Minutes that were confirmed elsewhere and could not be taken in; the CME office decides."""

    PERSONAL = ("reason", "answer")

    class State(models.TextChoices):
        """What became of it."""

        WAITING = "waiting", _("Waits for a decision")
        TAKEN = "taken", _("Taken in after all")
        LEFT = "left", _("Left out of the credits")

    corrects = models.CharField(max_length=120, blank=True)  # the source whose row in force it would correct
    reason = models.CharField(max_length=300)
    refused_on = models.DateField()
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    settled_on = models.DateField(null=True)
    answer = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ("refused_on", "pk")

    @property
    def ref(self) -> Ref:
        """Its name for the rest of the house."""
        return ref("learning.refused", self.pk)

    def get_absolute_url(self) -> str:
        """Return the page on which it is decided."""
        return reverse("learning:refused", args=[self.pk])


class TestResult(Stated):
    """The score of a person in the test of a project; of several the best counts."""

    __test__ = False  # no test of ours, though its name begins so

    person = models.ForeignKey("directory.Person", models.PROTECT, related_name="+")
    project = models.ForeignKey(Project, models.PROTECT, related_name="results")
    score = models.DecimalField(max_digits=4, decimal_places=1)
    taken_on = models.DateField()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(score__gte=0) & Q(score__lte=100), name="score_within_100"),
                       models.UniqueConstraint(fields=["person", "project", "taken_on"], name="one_result_a_day")]


class Kind(models.TextChoices):
    """From what credits come; those but the first two are claimed with evidence."""

    LEARNING = "learning", _("Learning in a project")
    LECTURING = "lecturing", _("Lecturing in a project")
    ELSEWHERE = "elsewhere", _("Project of another province or body")
    ADVANCED = "advanced", _("Advanced study 进修")
    DEGREE = "degree", _("Degree study")
    PRACTICE = "practice", _("Organised practice")
    TASK = "task", _("Task ordered by the government")
    SELF_STUDY = "self_study", _("Planned self-study")
    PAPER = "paper", _("Paper")
    RESEARCH = "research", _("Research project")
    TEACHING = "teaching", _("Teaching")


CLAIMED = [one for one in Kind if one not in (Kind.LEARNING, Kind.LECTURING)]
# What the rule of 2024 assesses as self-study, under one cap a year.
SELF = {"self_study", "paper", "research", "teaching"}


class ClaimQuerySet(StatedQuerySet):
    """Sets of claims."""

    def one_locked(self, *, pk: int, person: int) -> "Claim":
        """Lock a person and all their claims, for they share the cap of a year, and return one of them."""
        Person.objects.in_writing_locked(person)
        rows = self.filter(person__in=self.filter(pk=pk).values("person"))  # a merge may have moved it meanwhile
        rows = rows.select_for_update(of=("self",)).order_by("pk")
        return {row.pk: row for row in rows.select_related("person")}[pk]


class Claim(Stated):
    """Credits from outside that somebody asks for, with evidence; somebody else decides."""

    PERSONAL = ("words", "answer")

    class State(models.TextChoices):
        """Where a claim stands."""

        WAITING = "waiting", _("Waits for review")
        ACCEPTED = "accepted", pgettext_lazy("credits", "Accepted")
        REFUSED = "refused", pgettext_lazy("credits", "Refused")

    person = models.ForeignKey("directory.Person", models.PROTECT, related_name="+")
    kind = models.CharField(max_length=12, choices=Kind)
    words = models.CharField(max_length=200)
    completed_on = models.DateField()
    asked = models.DecimalField(max_digits=4, decimal_places=1)
    hours = models.DecimalField(max_digits=6, decimal_places=1)
    months = models.PositiveSmallIntegerField(default=0)
    specialist = models.BooleanField(default=True)
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    filed_on = models.DateField()
    decided_on = models.DateField(null=True)
    decided_by = models.CharField(max_length=120, blank=True)
    answer = models.CharField(max_length=300, blank=True)

    objects = ClaimQuerySet.as_manager()

    class Meta:
        ordering = ("filed_on", "pk")

    @property
    def ref(self) -> Ref:
        """Its name for the rest of the house."""
        return ref("learning.claim", self.pk)

    def get_absolute_url(self) -> str:
        """Return its page."""
        return reverse("learning:claim", args=[self.pk])


class AwardQuerySet(StatedQuerySet):
    """Sets of awards."""

    def standing(self) -> "AwardQuerySet":
        """Return those that were not taken back."""
        return self.filter(revoked_on=None)


class Award(Stated):
    """Credits that somebody has: from a project by its minutes, or from an accepted claim."""

    PERSONAL = ("revoked_for",)

    person = models.ForeignKey("directory.Person", models.PROTECT, related_name="+")
    kind = models.CharField(max_length=12, choices=Kind)
    level = models.CharField(max_length=12, choices=Level, blank=True)
    project = models.ForeignKey(Project, models.PROTECT, null=True, related_name="awards")
    claim = models.OneToOneField(Claim, models.PROTECT, null=True, related_name="award")
    credits = models.DecimalField(max_digits=4, decimal_places=1)
    minutes = models.PositiveIntegerField()
    per_credit = models.PositiveSmallIntegerField(null=True)  # minutes for one credit; none for claims
    hours = models.DecimalField(max_digits=6, decimal_places=1)
    specialist = models.BooleanField(default=True)
    year = models.PositiveSmallIntegerField()
    completed_on = models.DateField()
    issued_on = models.DateField()
    revoked_on = models.DateField(null=True)
    revoked_for = models.CharField(max_length=200, blank=True)
    # The fact of a decision that took it back; empty when only its attendance was corrected. What came in before it
    # earns the person nothing again: keys of facts grow with time.
    revoked_key = models.UUIDField(null=True)
    said_key = models.UUIDField(null=True)  # its fact names the row, so the row comes first

    objects = AwardQuerySet.as_manager()

    class Meta:
        ordering = ("-completed_on", "-pk")
        constraints = [
            models.CheckConstraint(condition=Q(project=None) ^ Q(claim=None), name="award_of_project_or_claim"),
            # C11: credits never exceed the minutes that were attended.
            models.CheckConstraint(
                condition=Q(project=None) | Q(per_credit__gt=0, minutes__gte=F("credits") * F("per_credit")),
                name="credits_within_attended_minutes"),
            models.CheckConstraint(condition=Q(credits__gt=0), name="award_has_credits"),
            models.UniqueConstraint(fields=["project", "person", "kind"], condition=Q(revoked_on=None),
                                    name="awarded_once"),
        ]
        indexes = [models.Index(fields=["person", "year"], name="awards_of_person")]

    @property
    def ref(self) -> Ref:
        """Its name for the rest of the house."""
        return ref("learning.award", self.pk)

    @property
    def title(self) -> str:
        """Return what it was earned with."""
        return self.project.title if self.project_id else self.claim.words

    def get_absolute_url(self) -> str:
        """Return the page that says why."""
        return reverse("learning:award", args=[self.pk])


class Duty(Stated):
    """Which requirement holds for somebody from a day on; who has none stands under the first."""

    class What(models.TextChoices):
        """Whose requirement."""

        HEALTH = "health", _("Health professional")
        TERTIARY = "tertiary", _("Health professional of a tertiary hospital")
        TECHNICAL = "technical", _("Other professional or technical staff")
        EXEMPT = "exempt", pgettext_lazy("credits", "Exempt")

    person = models.ForeignKey("directory.Person", models.PROTECT, related_name="+")
    what = models.CharField(max_length=10, choices=What)
    from_on = models.DateField()

    class Meta:
        ordering = ("person", "from_on", "pk")
        constraints = [models.UniqueConstraint(fields=["person", "from_on"], name="one_duty_a_day")]


class Bar(Stated):
    """Somebody or a branch may not apply from a day until before another: fraud."""

    PERSONAL = ("reason",)

    about = models.CharField(max_length=120, db_index=True)  # a person's or an organisation's ref
    from_on = models.DateField()
    until_on = models.DateField()
    reason = models.CharField(max_length=200)

    class Meta:
        ordering = ("-from_on", "-pk")
        constraints = [models.CheckConstraint(condition=Q(until_on__gt=F("from_on")), name="bar_ends_after_start")]
