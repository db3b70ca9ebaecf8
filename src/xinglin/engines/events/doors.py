"""Tables of doors: the phones that scan, what they scanned, and which days are closed."""

from datetime import datetime

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from xinglin.kernel.refs import Ref, ref
from xinglin.kernel.stated import Stated, StatedQuerySet

from .meetings import Event
from .programme import Room
from .registrations import Registration


class Often(models.TextChoices):
    """How often one enters a place without leaving it in between."""

    DAY = "day", _("Once a day")
    BLOCK = "block", _("Once a sitting (half day)")


class DeviceQuerySet(StatedQuerySet):
    """Sets of gate phones."""

    def one_locked(self, *, pk: int) -> "Device":
        """Lock one gate phone, so that its scans are taken in one batch after another."""
        return self.select_for_update(of=("self",)).select_related("event__organisation", "room").get(pk=pk)

    def admitting(self) -> "DeviceQuerySet":
        """Return those that are not revoked."""
        return self.filter(revoked_on=None)


class Device(Stated):
    """A phone that scans at one gate of one event; revocable, and of no use after the event (K8)."""

    event = models.ForeignKey(Event, models.PROTECT, related_name="devices")
    gate = models.CharField(max_length=40)  # “East door”; several phones may stand at one gate
    room = models.ForeignKey(Room, models.PROTECT, null=True, related_name="devices")  # empty: the way into the event
    often = models.CharField(max_length=5, choices=Often, default=Often.DAY)
    tickets = models.JSONField(default=list)  # keys of the classes that may enter here; empty: all
    enrolled_by = models.CharField(max_length=80)
    enrolled_at = models.DateTimeField()
    revoked_on = models.DateField(null=True)

    objects = DeviceQuerySet.as_manager()

    class Meta:
        ordering = ("event", "gate", "pk")

    def __str__(self) -> str:
        return f"{self.gate} #{self.pk}"

    @property
    def ref(self) -> Ref:
        """Its name for the rest of the house."""
        return ref("events.device", self.pk)

    @property
    def place(self) -> Ref:
        """What a scan here says of where somebody is: a room, else the event."""
        return ref("events.room", self.room_id) if self.room_id else self.event.ref


class Station(models.Model):
    """The technical side of a gate phone: what lets it in and how far its scans have come. No facts."""

    device = models.OneToOneField(Device, models.CASCADE, primary_key=True, related_name="station")
    enrol = models.CharField(max_length=64, blank=True, db_index=True)  # digest of the code that enrols it, once
    enrol_until_at = models.DateTimeField(null=True)
    token = models.CharField(max_length=64, blank=True, db_index=True)  # digest of what the phone says
    taken = models.PositiveIntegerField(default=0)  # counter of the last scan that was handed in
    synced_at = models.DateTimeField(null=True)
    waiting = models.PositiveIntegerField(default=0)  # scans the phone still keeps, as it said last


class Standing(models.TextChoices):
    """What a scan is worth once all gates have said what they saw."""

    ADMITTED = "admitted", _("Admitted (scan)")
    LEFT = "left", _("Scanned out")
    REFUSED = "refused", _("Refused at the gate")
    TWICE = "twice", _("Same ticket at two gates")
    DOUBTED = "doubted", _("Admitted against a rule")
    UNDONE = "undone", _("Undone at the gate")


CROWDED = ("full", "flow")  # what one gate alone cannot see; who was let in all the same is inside and counts


class ScanQuerySet(models.QuerySet["DoorScan"]):
    """Sets of scans."""

    def counting(self) -> "ScanQuerySet":
        """Return those that say where somebody was."""
        return self.filter(standing__in=[Standing.ADMITTED, Standing.LEFT])

    def in_conflict(self) -> "ScanQuerySet":
        """Return those that two gates saw, that break a rule, or that came in above what a place holds."""
        return self.filter(Q(standing__in=[Standing.TWICE, Standing.DOUBTED])
                           | Q(standing=Standing.ADMITTED, doubt__in=CROWDED, chosen=None))

    def later_than(self, moment: datetime) -> "ScanQuerySet":
        """Return those handed in, or judged otherwise, after a moment."""
        return self.filter(changed_at__gt=moment)


class DoorScan(models.Model):
    """One scan at a gate, as the phone judged it and as it stands with what others saw. Evidence, no fact."""

    device = models.ForeignKey(Device, models.PROTECT, related_name="scans")
    counter = models.PositiveIntegerField()  # of the phone: 1, 2, 3 without a gap, whatever its clock says
    event = models.ForeignKey(Event, models.PROTECT, related_name="scans")
    registration = models.ForeignKey(Registration, models.PROTECT, null=True, related_name="scans")
    turn = models.PositiveSmallIntegerField(default=0)  # whose ticket it was, where the place was handed over
    place = models.CharField(max_length=80)
    way = models.CharField(max_length=4)  # in, out, undo
    told = models.CharField(max_length=20)  # what the phone said: in, out, or the rule that refused
    by_code = models.BooleanField(default=False)  # typed, not scanned
    at = models.DateTimeField()  # by the server's reckoning
    said_at = models.BigIntegerField()  # by the phone's clock, milliseconds
    received_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    standing = models.CharField(max_length=8, choices=Standing)
    doubt = models.CharField(max_length=20, blank=True)  # the rule that it breaks by what the server knows
    against = models.ForeignKey("self", models.SET_NULL, null=True, related_name="later")  # the one that came first
    chosen = models.BooleanField(null=True)  # the organiser says that this one stands (or does not)
    chosen_by = models.CharField(max_length=80, blank=True)
    undone = models.BooleanField(default=False)
    digest = models.CharField(max_length=64)  # of what the phone said: the same counter never says two things

    objects = ScanQuerySet.as_manager()

    class Meta:
        ordering = ("at", "device", "counter")
        constraints = [models.UniqueConstraint(fields=["device", "counter"], name="a_scan_is_taken_in_once")]
        indexes = [models.Index(fields=["event", "place", "at"], name="scans_of_a_place"),
                   models.Index(fields=["event", "changed_at"], name="scans_lately")]

    @property
    def key(self) -> str:
        """Its name among all scans, for the mechanic of presence."""
        return f"events.scan:{self.device_id}-{self.counter}"


class DoorDay(models.Model):
    """When the attendance of a day was last reckoned; what comes in later is reckoned again. No fact."""

    event = models.ForeignKey(Event, models.CASCADE, related_name="door_days")
    day = models.DateField()
    closed_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["event", "day"], name="a_day_is_closed_once")]
