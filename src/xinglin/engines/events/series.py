"""Tables of series: branded programmes (“东方”) and numbered ones, whose editions are events."""

from django.db import models
from django.urls import reverse

from xinglin.kernel.refs import Ref, ref
from xinglin.kernel.stated import Stated, StatedQuerySet


class SeriesQuerySet(StatedQuerySet):
    """Sets of series."""

    def one_locked(self, *, pk: int) -> "Series":
        """Lock one series, so that the next edition is taken by one act at a time."""
        return self.select_for_update(of=("self",)).get(pk=pk)


class Series(Stated):
    """A brand or a recurring event under one name; numbered ones count their editions without gap or repeat (C05)."""

    title = models.CharField(max_length=120, unique=True)
    aliases = models.JSONField(default=list)
    organisation = models.ForeignKey("directory.Organisation", models.PROTECT, related_name="event_series")
    branded = models.BooleanField(default=False)  # planned by number a year (C04)
    numbered = models.BooleanField(default=True)
    known_edition = models.PositiveIntegerField(default=0)  # held before this register was kept
    known_year = models.PositiveSmallIntegerField(null=True)
    closed_on = models.DateField(null=True)

    objects = SeriesQuerySet.as_manager()

    class Meta:
        ordering = ("-branded", "title")

    def __str__(self) -> str:
        return self.title

    @property
    def ref(self) -> Ref:
        """Its name for the rest of the house."""
        return ref("events.series", self.pk)

    def get_absolute_url(self) -> str:
        """Return the address of its page."""
        return reverse("events:series", args=[self.pk])
