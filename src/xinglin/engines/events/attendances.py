"""Tables of attendance: who was at an event on a day, in the hall and online, for how many minutes."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from xinglin.kernel.refs import Ref, ref
from xinglin.kernel.stated import Stated, StatedQuerySet

from .holders import Key
from .meetings import Event
from .registrations import Registration, Role


class Channel(models.TextChoices):
    """How somebody was there."""

    ON_SITE = "on_site", _("On site")
    ONLINE = "online", _("Online")
    BOTH = "both", _("On site and online")
    NONE = "none", _("Not there after all")


class AttendanceQuerySet(StatedQuerySet):
    """Sets of attendances."""

    def on_site(self) -> "AttendanceQuerySet":
        """Return the person-times on site (K9)."""
        return self.filter(channel__in=[Channel.ON_SITE, Channel.BOTH])

    def online(self) -> "AttendanceQuerySet":
        """Return the person-times online (K9)."""
        return self.filter(channel__in=[Channel.ONLINE, Channel.BOTH])


class Attendance(Stated):
    """Who held a registration on one day: a person-time (K9) and the minutes that were proven (E7)."""

    event = models.ForeignKey(Event, models.PROTECT, related_name="attendances")
    registration = models.ForeignKey(Registration, models.PROTECT, related_name="attendances")
    turn = models.PositiveSmallIntegerField(default=0)  # which holder of the place, where it was handed over
    person = models.ForeignKey("directory.Person", models.PROTECT, null=True, related_name="+")
    day = models.DateField()
    role = models.CharField(max_length=10, choices=Role)
    channel = models.CharField(max_length=7, choices=Channel)
    minutes_on_site = models.PositiveSmallIntegerField(default=0)
    minutes_online = models.PositiveSmallIntegerField(default=0)  # of the stream
    minutes_recorded = models.PositiveSmallIntegerField(default=0)  # of recordings of that day's sessions
    sessions = models.JSONField(default=dict)  # key of the session → minutes
    version = models.PositiveSmallIntegerField(default=1)
    said_key = models.UUIDField(null=True)  # the fact in force; its fact names the row, so the row comes first

    objects = AttendanceQuerySet.as_manager()

    class Meta:
        ordering = ("event", "day", "pk")
        constraints = [
            models.UniqueConstraint(fields=["registration", "turn", "day"], name="an_attendance_a_day"),
            models.CheckConstraint(condition=Q(minutes_on_site__lte=1440) & Q(minutes_online__lte=1440),
                                   name="an_attendance_fits_a_day"),
        ]
        indexes = [models.Index(fields=["event", "day"], name="attendances_of_a_day")]

    @property
    def ref(self) -> Ref:
        """Its name for the rest of the house."""
        return ref("events.attendance", self.pk)

    @property
    def holder(self) -> Key:
        """Whose it is: which place, and the how-manieth holder."""
        return self.registration_id, self.turn

    @property
    def minutes(self) -> int:
        """All minutes: hall, stream and recordings never overlap."""
        return self.minutes_on_site + self.minutes_online + self.minutes_recorded
