"""Table of invitations: who is asked to speak or chair, the answer, and the fee by the rules (K3, F9)."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from xinglin.kernel.refs import Ref, ref
from xinglin.kernel.stated import Stated, StatedQuerySet

from .keys import new_key
from .meetings import MONEY, Event
from .programme import Speaking


class InvitationQuerySet(StatedQuerySet):
    """Sets of invitations."""

    def one_locked(self, *, pk: int) -> "Invitation":
        """Lock one invitation and return it."""
        return self.select_for_update(of=("self",)).select_related("event", "person").get(pk=pk)

    def standing(self) -> "InvitationQuerySet":
        """Return those neither declined nor taken back."""
        return self.exclude(state__in=[Invitation.State.DECLINED, Invitation.State.WITHDRAWN])


class Invitation(Stated):
    """Somebody is asked to speak at or chair an event, for a fee within the ceiling of their rank."""

    PERSONAL = ("note",)

    class Rank(models.TextChoices):
        """The rank that sets the ceiling of the fee (K3)."""

        OTHER = "other", _("Below associate senior title")
        ASSOCIATE = "associate", _("Associate senior title")
        FULL = "full", _("Full senior title")
        ACADEMICIAN = "academician", _("Academician")

    class State(models.TextChoices):
        """What became of it."""

        INVITED = "invited", _("Invited")
        ACCEPTED = "accepted", _("Invitation accepted")
        DECLINED = "declined", _("Invitation declined")
        WITHDRAWN = "withdrawn", _("Invitation taken back")
        PAID = "paid", _("Fee paid")

    event = models.ForeignKey(Event, models.PROTECT, related_name="faculty")
    person = models.ForeignKey("directory.Person", models.PROTECT, related_name="+")
    part = models.CharField(max_length=10, choices=Speaking.Part, default=Speaking.Part.SPEAKER)
    rank = models.CharField(max_length=12, choices=Rank, default=Rank.OTHER)
    net = models.DecimalField(default=0, **MONEY)  # promised, after tax
    reason = models.CharField(max_length=200, blank=True)  # of a fee above the ceiling
    state = models.CharField(max_length=10, choices=State, default=State.INVITED)
    note = models.CharField(max_length=300, blank=True)  # what the invited said
    key = models.CharField(max_length=40, unique=True, default=new_key)
    invited_on = models.DateField()
    answered_on = models.DateField(null=True)
    paid_on = models.DateField(null=True)
    gross = models.DecimalField(null=True, **MONEY)  # as paid
    tax = models.DecimalField(null=True, **MONEY)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        ordering = ("event", "person__sort_key", "pk")
        constraints = [
            models.UniqueConstraint(fields=["event", "person"], name="invited_once", condition=~Q(state="withdrawn")),
            models.CheckConstraint(condition=Q(net__gte=0), name="a_fee_for_speaking_is_no_debt"),
            models.CheckConstraint(condition=~Q(state="paid") | Q(paid_on__isnull=False, gross__isnull=False),
                                   name="a_paid_fee_says_when_and_how_much"),
        ]

    @property
    def ref(self) -> Ref:
        """Its name for the rest of the house."""
        return ref("events.invitation", self.pk)
