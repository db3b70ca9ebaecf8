"""Tables of certificates, appeals against lapse, requests to join a branch, privacy choices and saved segments."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from xinglin.kernel.refs import Ref, ref
from xinglin.kernel.stated import Stated

from .members import Member, Spell


class Certificate(Stated):
    """A paper that says who is a member; its key leads to a public page which says whether it still holds."""

    PERSONAL = ("revoked_for",)

    spell = models.ForeignKey(Spell, models.PROTECT, related_name="certificates")
    number = models.CharField(max_length=60, unique=True)
    key = models.CharField(max_length=22, unique=True)
    issued_on = models.DateField()
    revoked_on = models.DateField(null=True)
    revoked_for = models.CharField(max_length=120, blank=True)

    class Meta:
        ordering = ("-issued_on", "-pk")
        constraints = [models.UniqueConstraint(fields=["spell"], condition=Q(revoked_on=None),
                                               name="one_certificate_in_force")]

    @property
    def ref(self) -> Ref:
        """Its name for the rest of the house."""
        return ref("membership.certificate", self.pk)


class Appeal(Stated):
    """A member objects to a lapse or an expulsion; while it is open the exit is not final."""

    PERSONAL = ("words", "answer")

    spell = models.ForeignKey(Spell, models.PROTECT, related_name="appeals")
    lodged_on = models.DateField()
    words = models.TextField()
    decided_on = models.DateField(null=True)
    upheld = models.BooleanField(null=True)
    answer = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ("lodged_on", "pk")
        constraints = [models.UniqueConstraint(fields=["spell"], condition=Q(decided_on=None), name="one_open_appeal")]


class LapseNotice(models.Model):
    """A member was told that the membership will be deemed to have ended; no sooner than some days later it is."""

    spell = models.ForeignKey(Spell, models.CASCADE, related_name="lapse_notices")
    unpaid_from = models.DateField()  # the first day nobody paid for, or the day of being taken back
    given_on = models.DateField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["spell", "unpaid_from"], name="warned_once_of_a_lapse")]


class JoinRequest(Stated):
    """A member asks to be taken into a branch, a local body or a squad; the branch answers."""

    PERSONAL = ("reason",)

    member = models.ForeignKey(Member, models.PROTECT, related_name="join_requests")
    organisation = models.ForeignKey("directory.Organisation", models.PROTECT, related_name="+")
    asked_on = models.DateField()
    answered_on = models.DateField(null=True)
    taken_in = models.BooleanField(null=True)
    reason = models.CharField(max_length=300, blank=True)  # why it was declined

    class Meta:
        ordering = ("asked_on", "pk")
        constraints = [models.UniqueConstraint(fields=["member", "organisation"], condition=Q(answered_on=None),
                                               name="asked_to_join_once")]


class SeatRequest(Stated):
    """A unit asks the office to give somebody a free seat or to take it back; open until that is so, or declined."""

    PERSONAL = ("reason",)

    unit = models.ForeignKey(Member, models.PROTECT, related_name="seat_requests")
    member = models.ForeignKey(Member, models.PROTECT, related_name="+")
    give = models.BooleanField()
    asked_on = models.DateField()
    answered_on = models.DateField(null=True)  # declined, or asked for anew after it had been done
    reason = models.CharField(max_length=300, blank=True)  # why it was declined

    class Meta:
        ordering = ("asked_on", "pk")
        constraints = [models.UniqueConstraint(fields=["unit", "member"], condition=Q(answered_on=None),
                                               name="asked_about_a_seat_once")]


class Choice(Stated):
    """What a member allowed or asked for: the name on the public certificate page, suggestions, erasure."""

    class What(models.TextChoices):
        """The choices a member has; all are off until taken."""

        NAME_SHOWN = "name_shown", _("Show my name on the certificate's public page")
        UNIT_SHOWN = "unit_shown", _("Show my unit on the certificate's public page")
        NUMBER_SHOWN = "number_shown", _("Show member number, tier and day of issue on the certificate's public page")
        SUGGESTIONS = "suggestions", _("Suggest branches to me")
        ERASURE = "erasure", _("Delete my personal data")

    member = models.ForeignKey(Member, models.CASCADE, related_name="choices")
    what = models.CharField(max_length=20, choices=What)
    allowed = models.BooleanField()
    chosen_on = models.DateField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["member", "what"], name="one_answer_a_choice")]


class Asked(models.TextChoices):
    """What a member can ask besides, and be answered: words for the facts."""

    APPEAL = "appeal", _("Appeal against the exit")
    APPEAL_REJECTED = "appeal_rejected", _("Appeal rejected")
    JOIN_ASKED = "join_asked", _("Request to join a branch")
    JOIN_DECLINED = "join_declined", _("Request to join declined")
    ERASED = "erased", _("Personal data deleted")
    SEAT_ASKED = "seat_asked", _("Free seat asked for")
    SEAT_RETURNED = "seat_returned", _("Free seat to be taken back")
    SEAT_DECLINED = "seat_declined", _("Change of a free seat declined")
