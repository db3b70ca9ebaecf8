"""What the office says about the quality of a commitment's work, which the score of regulation W5 takes in."""

from django.db import models

from xinglin.kernel.stated import Stated

from .commitments import Commitment


class Quality(Stated):
    """The quality factor of one commitment with its reason; without one the factor is 1."""

    commitment = models.OneToOneField(Commitment, models.CASCADE, related_name="quality")
    factor = models.DecimalField(max_digits=3, decimal_places=2)
    reason = models.TextField()
    given_by = models.CharField(max_length=120)
    given_on = models.DateField()

    PERSONAL = ("reason",)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(factor__gt=0, factor__lte=2), name="a_factor_is_small"),
        ]
