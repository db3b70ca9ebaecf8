"""Tables of applications: answers to the form, recommenders, the steps of review, and batches for the council."""

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from xinglin.kernel.refs import Ref, ref
from xinglin.kernel.sealed_fields import BlindIndex, SealedText
from xinglin.kernel.stated import Stated, StatedQuerySet

from .members import Member
from .tiers import Holder, Tier


class Form(models.Model):
    """A questionnaire as it stood when somebody answered it, so that old answers stay readable."""

    digest = models.CharField(max_length=64, primary_key=True)
    content = models.JSONField()


class Draft(models.Model):
    """An application as it is being filled in; nobody but the bearer of the key sees it, and it is deleted when old."""

    key = models.CharField(max_length=43, unique=True)
    holder = models.CharField(max_length=10, choices=Holder)
    form = models.CharField(max_length=64)  # digest of the questionnaire it began with
    answers = SealedText(blank=True, default="")  # JSON
    account = models.CharField(max_length=120, blank=True)
    application = models.ForeignKey("membership.Application", models.CASCADE, null=True, related_name="+")
    changed_at = models.DateTimeField(auto_now=True)

    PERSONAL = ("answers",)


class State(models.TextChoices):
    """submitted → (returned → submitted) → at the office → at the council → approved; or refused, withdrawn, and then
    emptied of what was said."""

    SUBMITTED = "submitted", _("With the branch")
    RETURNED = "returned", _("Returned for correction")
    PASSED = "passed", _("With the office")
    VERIFIED = "verified", _("Waiting for the standing council")
    APPROVED = "approved", _("Approved by the council")
    REFUSED = "refused", _("Not approved")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    ERASED = "erased", _("Words deleted")


UNDER_REVIEW = (State.SUBMITTED, State.PASSED, State.VERIFIED)
OVER = (State.APPROVED, State.REFUSED, State.WITHDRAWN, State.ERASED)
TURNED_DOWN = (State.REFUSED, State.WITHDRAWN)


class ApplicationQuerySet(StatedQuerySet):
    """Sets of applications."""

    def open(self) -> "ApplicationQuerySet":
        """Return those that are neither decided nor withdrawn."""
        return self.exclude(state__in=OVER)

    def of_key_locked(self, key: str) -> "Application":
        """Lock the application whose page has this key and return it (DoesNotExist)."""
        return self.select_for_update(of=("self",)).select_related("tier", "branch").get(key=key)

    def held_locked(self, keys: list[int]) -> list["Application"]:
        """Lock applications in the order of their keys and return them."""
        rows = self.filter(pk__in=keys).select_for_update(of=("self",)).select_related("tier", "branch")
        return list(rows.order_by("pk"))


class Batch(Stated):
    """Applications that one meeting of the standing council decided together."""

    decision = models.CharField(max_length=120)
    held_on = models.DateField()

    @property
    def ref(self) -> Ref:
        """Its name for the rest of the house."""
        return ref("membership.batch", self.pk)


class Application(Stated):
    """Somebody asks to become a member, under the questionnaire of the day of submission."""

    PERSONAL = ("name", "answers", "email", "mobile", "reason")

    key = models.CharField(max_length=43, unique=True)  # of the applicant's own page
    holder = models.CharField(max_length=10, choices=Holder)
    name = models.CharField(max_length=120)
    answers = SealedText()  # JSON by question
    form = models.CharField(max_length=64)  # digest of the questionnaire
    email = models.EmailField(blank=True)
    mobile = SealedText(blank=True, default="")
    # The identity number or credit code. One may be handed in twice: a visitor is not told whose number is known, the
    # office sees both, and only one is admitted.
    proof = SealedText()
    proof_index = BlindIndex(of="proof")
    account = models.CharField(max_length=120, blank=True)
    tier = models.ForeignKey(Tier, models.PROTECT, related_name="+")
    branch = models.ForeignKey("directory.Organisation", models.PROTECT, null=True, related_name="applications")
    person = models.ForeignKey("directory.Person", models.PROTECT, null=True, related_name="+")
    unit = models.ForeignKey("directory.Organisation", models.PROTECT, null=True, related_name="+")
    state = models.CharField(max_length=10, choices=State, default=State.SUBMITTED)
    submitted_on = models.DateField()
    moved_on = models.DateField()  # into the present state
    reason = models.CharField(max_length=300, blank=True)  # why it was returned or refused
    batch = models.ForeignKey(Batch, models.PROTECT, null=True, related_name="applications")
    member = models.ForeignKey(Member, models.PROTECT, null=True, related_name="applications")

    objects = ApplicationQuerySet.as_manager()

    class Meta:
        ordering = ("moved_on", "pk")
        indexes = [models.Index(fields=["state", "branch"], name="applications_waiting")]

    def __str__(self) -> str:
        return self.name or str(State.ERASED.label)

    @property
    def ref(self) -> Ref:
        """Its name for the rest of the house."""
        return ref("membership.application", self.pk)

    def get_absolute_url(self) -> str:
        """Return the address of the page of review."""
        return reverse("membership:application", args=[self.pk])


class RecommendationQuerySet(StatedQuerySet):
    """Sets of recommendations."""

    def of_key_locked(self, key: str) -> "Recommendation":
        """Lock the recommendation whose page has this key and return it (DoesNotExist)."""
        rows = self.select_for_update(of=("self",)).select_related("application", "member__person")
        return rows.get(key=key)


class Recommendation(Stated):
    """A member is asked by a link to vouch for an applicant."""

    application = models.ForeignKey(Application, models.CASCADE, related_name="recommendations")
    member = models.ForeignKey(Member, models.PROTECT, related_name="+")
    key = models.CharField(max_length=43, unique=True)
    asked_on = models.DateField()
    answered_on = models.DateField(null=True)
    vouched = models.BooleanField(null=True)

    objects = RecommendationQuerySet.as_manager()

    class Meta:
        ordering = ("pk",)
        constraints = [models.UniqueConstraint(fields=["application", "member"], name="asked_once")]

    @property
    def ref(self) -> Ref:
        """Its name for the rest of the house."""
        return ref("membership.recommendation", self.pk)

    def get_absolute_url(self) -> str:
        """Return the address at which the member, signed in, answers."""
        return reverse("membership:recommendation", args=[self.pk])


class Step(Stated):
    """One decision on an application: who, when, from where to where, why."""

    PERSONAL = ("reason",)

    application = models.ForeignKey(Application, models.CASCADE, related_name="steps")
    from_state = models.CharField(max_length=10, choices=State, blank=True)
    to_state = models.CharField(max_length=10, choices=State)
    by = models.CharField(max_length=120)
    on = models.DateField()
    reason = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ("pk",)
