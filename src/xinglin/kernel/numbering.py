"""Document numbers: gapless for each code and year, voided ones stay."""

from django.db import models

from .refs import Ref, ref
from .stated import Stated, StatedQuerySet


class SeriesQuerySet(StatedQuerySet["NumberSeries"]):
    """Sets of number series."""

    def one_locked(self, *, code: str) -> "NumberSeries | None":
        """Lock a series, so that the next number is given to one act at a time."""
        return self.select_for_update().filter(pk=code).first()


class NumberSeries(Stated):
    """A kind of numbered document, and how its numbers are written: 沪交医〔{year}〕{serial}号."""

    code = models.CharField(max_length=64, primary_key=True)
    label = models.CharField(max_length=100)
    pattern = models.CharField(max_length=100, unique=True)  # two series would write the same numbers

    objects = SeriesQuerySet.as_manager()  # type: ignore[misc]

    class Meta:
        app_label = "kernel"


class IssuedNumber(Stated):
    """A number that was given, for ever; `voided_on` says that it no longer counts."""

    series = models.ForeignKey(NumberSeries, on_delete=models.PROTECT)
    year = models.PositiveSmallIntegerField()
    serial = models.PositiveIntegerField()
    text = models.CharField(max_length=120, unique=True)
    about = models.CharField(max_length=120, blank=True, db_index=True)
    issued_on = models.DateField()
    voided_on = models.DateField(null=True)
    reason = models.CharField(max_length=64, blank=True)

    class Meta:
        app_label = "kernel"
        constraints = [
            models.UniqueConstraint(fields=["series", "year", "serial"], name="number_once"),
            models.UniqueConstraint(fields=["series", "about"], name="one_number_for_a_thing",
                                    condition=models.Q(voided_on=None) & ~models.Q(about="")),
        ]

    @property
    def ref(self) -> Ref:
        """Return its ref."""
        return ref("kernel.number", self.pk)
