"""Posts and terms: who holds which office in which organisation, from when until when, by which decision."""

from datetime import date

from django.db import models
from django.utils.translation import gettext_lazy as _

from xinglin.kernel.refs import Ref, ref
from xinglin.kernel.stated import Stated, StatedQuerySet

from .lists import post_titles
from .organisations import Organisation
from .people import Person


class Post(Stated):
    """An office within an organisation: 会长, 主任委员, 委员, 部门负责人; it exists from its first term on."""

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="posts")
    title = models.CharField(_("Post"), max_length=40)  # code of lists/post_titles.csv
    name = models.CharField(max_length=60, blank=True)  # where the organisation says it differently
    order = models.PositiveSmallIntegerField(default=100)

    class Meta:
        ordering = ("organisation", "order", "pk")
        constraints = [models.UniqueConstraint(fields=["organisation", "title", "name"], name="a_post_once")]

    def __str__(self) -> str:
        return self.label

    @property
    def ref(self) -> Ref:
        """The name by which strangers know this post."""
        return ref("directory.post", self.pk)

    @property
    def label(self) -> str:
        """The post in words."""
        return self.name or post_titles.label(self.title)


class TermQuerySet(StatedQuerySet):
    """Names the sets of terms that others ask for."""

    def on(self, day: date) -> "TermQuerySet":
        """Return the terms that hold on a day (half-open: the last day is the one before `until_on`)."""
        return self.filter(from_on__lte=day).filter(models.Q(until_on=None) | models.Q(until_on__gt=day))

    def not_over(self, day: date) -> "TermQuerySet":
        """Return the terms that hold on a day or will hold later."""
        return self.filter(models.Q(until_on=None) | models.Q(until_on__gt=day))

    def ending(self, *, from_: date, until: date) -> "TermQuerySet":
        """Return the terms that end within a span."""
        return self.filter(until_on__gte=from_, until_on__lt=until)


class Term(Stated):
    """Somebody holds a post from a day until before another; the end may be open."""

    class EndedBy(models.TextChoices):
        """Why a term ended."""

        EXPIRED = "expired", _("Term expired")
        RESIGNED = "resigned", _("Resigned")
        REMOVED = "removed", _("Removed")
        RETIRED = "retired", _("Retired")
        TRANSFERRED = "transferred", _("Transferred")
        DECEASED = "deceased", _("Deceased")
        REORGANISED = "reorganised", _("Organisation reorganised")

    person = models.ForeignKey(Person, models.PROTECT, related_name="terms")
    post = models.ForeignKey(Post, models.PROTECT, related_name="terms")
    from_on = models.DateField(_("Since"))
    until_on = models.DateField(_("Up to"), null=True, blank=True)
    session = models.PositiveSmallIntegerField(_("Session"), null=True, blank=True)  # 第五届
    decision = models.CharField(_("Decision number"), max_length=120, blank=True)  # ref or document number
    ended_by = models.CharField(max_length=12, choices=EndedBy, blank=True)

    objects = TermQuerySet.as_manager()

    class Meta:
        ordering = ("post__order", "from_on", "pk")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(until_on=None) | models.Q(until_on__gt=models.F("from_on")),
                name="term_ends_after_start"),
        ]
        indexes = [
            models.Index(fields=["person", "from_on"], name="term_person"),
            models.Index(fields=["post", "until_on"], name="term_post"),
        ]

    @property
    def ref(self) -> Ref:
        """The name by which strangers know this term."""
        return ref("directory.term", self.pk)

    @property
    def organisation(self) -> Organisation:
        """The organisation in which the post is held."""
        return self.post.organisation
