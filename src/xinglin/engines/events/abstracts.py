"""Table of abstracts handed in for an event, and what was decided on them."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from xinglin.kernel.refs import Ref, ref
from xinglin.kernel.stated import Stated, StatedQuerySet

from .meetings import Event


class AbstractQuerySet(StatedQuerySet):
    """Sets of abstracts."""

    def one_locked(self, *, pk: int) -> "Abstract":
        """Lock one abstract and return it."""
        return self.select_for_update(of=("self",)).select_related("event", "person").get(pk=pk)

    def accepted(self) -> "AbstractQuerySet":
        """Return those that stand in the book, in its order."""
        return self.filter(state=Abstract.State.ACCEPTED).order_by("form", "number")


class Abstract(Stated):
    """What somebody wishes to present, under a number of its event; reviewing is another engine's work."""

    PERSONAL = ("authors",)

    class Form(models.TextChoices):
        """How it is or would be presented (K7)."""

        ORAL = "oral", _("Oral")
        POSTER = "poster", _("Poster")
        E_POSTER = "e_poster", _("Electronic poster")

    class State(models.TextChoices):
        """Where it stands."""

        SUBMITTED = "submitted", _("Abstract handed in")
        ACCEPTED = "accepted", _("Abstract accepted")
        REJECTED = "rejected", _("Abstract not accepted")
        WITHDRAWN = "withdrawn", _("Abstract withdrawn")

    event = models.ForeignKey(Event, models.PROTECT, related_name="abstracts")
    number = models.PositiveIntegerField()
    person = models.ForeignKey("directory.Person", models.PROTECT, related_name="+")  # who handed it in and presents
    title = models.CharField(max_length=160)
    text = models.TextField()
    authors = models.JSONField(default=list)  # [{name, unit}], the presenting one first
    specialty = models.CharField(max_length=40, blank=True)
    form = models.CharField(max_length=8, choices=Form, default=Form.ORAL)
    state = models.CharField(max_length=10, choices=State, default=State.SUBMITTED)
    submitted_on = models.DateField()
    decided_on = models.DateField(null=True)
    reason = models.CharField(max_length=300, blank=True)

    objects = AbstractQuerySet.as_manager()

    class Meta:
        ordering = ("event", "number")
        constraints = [
            models.UniqueConstraint(fields=["event", "number"], name="an_abstract_has_its_number"),
            models.UniqueConstraint(fields=["event", "person", "title"], name="an_abstract_is_handed_in_once",
                                    condition=~Q(state="withdrawn")),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def ref(self) -> Ref:
        """Its name for the rest of the house."""
        return ref("events.abstract", self.pk)
