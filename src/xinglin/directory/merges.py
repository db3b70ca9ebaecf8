"""Merges: which person turned out to be another, what moved, and which pairs were looked at and are two people."""

from django.db import models

from xinglin.kernel.refs import Ref, ref
from xinglin.kernel.stated import Stated

from .people import Person


class Merge(Stated):
    """One merge of two people, with what each engine moved, so that it can be undone for a while."""

    loser = models.ForeignKey(Person, models.PROTECT, related_name="merges_away")
    winner = models.ForeignKey(Person, models.PROTECT, related_name="merges_here")
    merged_on = models.DateField()
    moved = models.JSONField(default=dict)  # name of the mover → what it needs to move back
    by = models.CharField(max_length=120)
    undone_on = models.DateField(null=True)

    class Meta:
        ordering = ("-pk",)
        constraints = [
            models.CheckConstraint(condition=~models.Q(loser=models.F("winner")), name="merge_of_two"),
            models.UniqueConstraint(fields=["loser"], condition=models.Q(undone_on=None), name="merged_away_once"),
        ]

    @property
    def ref(self) -> Ref:
        """The name by which facts know this merge."""
        return ref("directory.merge", self.pk)


class Distinct(Stated):
    """A pair that looked like one person and was found to be two; it is not proposed again."""

    first = models.ForeignKey(Person, models.CASCADE, related_name="+")
    second = models.ForeignKey(Person, models.CASCADE, related_name="+")
    decided_on = models.DateField()
    by = models.CharField(max_length=120)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(first__lt=models.F("second")), name="pair_in_order"),
            models.UniqueConstraint(fields=["first", "second"], name="a_pair_once"),
        ]
