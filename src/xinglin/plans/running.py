"""What happens around a commitment while the year runs: evidence, changes, supervision, comments."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from xinglin.kernel.stated import Stated

from .commitments import Commitment


class Evidence(Stated):
    """Something that shows progress where no engine measures it; a second person verifies it."""

    class State(models.TextChoices):
        """submitted → verified | refused | withdrawn."""

        SUBMITTED = "submitted", _("To be verified")
        VERIFIED = "verified", _("Verified")
        REFUSED = "refused", _("Not accepted")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    commitment = models.ForeignKey(Commitment, models.CASCADE, related_name="evidence")
    amount = models.DecimalField(max_digits=18, decimal_places=4, default=1)
    happened_on = models.DateField()
    words = models.TextField()
    file = models.CharField(max_length=120, blank=True)  # ref of a stored file
    state = models.CharField(max_length=10, choices=State, default=State.SUBMITTED)
    by = models.CharField(max_length=120)
    submitted_on = models.DateField()
    decided_by = models.CharField(max_length=120, blank=True)
    decided_on = models.DateField(null=True)
    why = models.TextField(blank=True)
    fact = models.UUIDField(null=True)

    PERSONAL = ("words", "why")


class ChangeRequest(Stated):
    """A wish to change target, deadline or lead, or to cancel, which a leader decides (W4)."""

    class State(models.TextChoices):
        """asked → approved | refused."""

        ASKED = "asked", _("To be decided")
        APPROVED = "approved", pgettext_lazy("change", "Approved")
        REFUSED = "refused", pgettext_lazy("change", "Refused")

    commitment = models.ForeignKey(Commitment, models.CASCADE, related_name="change_requests")
    cancel = models.BooleanField(default=False)
    value_min = models.DecimalField(max_digits=18, decimal_places=4, null=True)
    deadline = models.DateField(null=True)
    lead = models.CharField(max_length=120, blank=True)
    reason = models.TextField()
    by = models.CharField(max_length=120)
    asked_on = models.DateField()
    state = models.CharField(max_length=10, choices=State, default=State.ASKED)
    decided_by = models.CharField(max_length=120, blank=True)
    decided_on = models.DateField(null=True)
    decision = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["commitment"], condition=models.Q(state="asked"), name="one_open_change"),
        ]


class Supervision(Stated):
    """A quarterly 督办 notice for one commitment: sent, answered, escalated."""

    commitment = models.ForeignKey(Commitment, models.CASCADE, related_name="supervisions")
    quarter = models.DateField()  # first day of the quarter it speaks of
    light = models.CharField(max_length=5)
    sent_on = models.DateField()
    reply_due_on = models.DateField()
    reply = models.TextField(blank=True)
    replied_by = models.CharField(max_length=120, blank=True)
    replied_on = models.DateField(null=True)
    escalated_on = models.DateField(null=True)

    class Meta:
        ordering = ("-quarter", "pk")
        constraints = [models.UniqueConstraint(fields=["commitment", "quarter"], name="one_notice_a_quarter")]


class Comment(Stated):
    """A remark on a commitment."""

    commitment = models.ForeignKey(Commitment, models.CASCADE, related_name="comments")
    by = models.CharField(max_length=120)
    at = models.DateTimeField(auto_now_add=True)
    words = models.TextField()

    PERSONAL = ("words",)

    class Meta:
        ordering = ("pk",)
