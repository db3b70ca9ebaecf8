"""Tables of an event's programme: tracks, rooms, sessions and who speaks when."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from xinglin.kernel.refs import Ref, ref
from xinglin.kernel.stated import Stated, StatedQuerySet
from xinglin.shell.units import speaks_chinese

from .meetings import Event


class Room(Stated):
    """A room of an event's venue and how many it seats."""

    event = models.ForeignKey(Event, models.PROTECT, related_name="rooms")
    name = models.CharField(max_length=60)
    name_en = models.CharField(max_length=80, blank=True)
    seats = models.PositiveIntegerField(null=True)
    order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ("event", "order", "pk")
        constraints = [models.UniqueConstraint(fields=["event", "name"], name="a_room_once_an_event")]

    def __str__(self) -> str:
        return self.name if speaks_chinese() else self.name_en or self.name


class SessionQuerySet(StatedQuerySet):
    """Sets of sessions."""

    def meeting(self, *, from_at: object, until_at: object) -> "SessionQuerySet":
        """Return those that meet a half-open span of time."""
        return self.filter(from_at__lt=until_at, until_at__gt=from_at)


class Session(Stated):
    """One item of the programme: when, where, who speaks, and whether its minutes count for credits (E5)."""

    class Kind(models.TextChoices):
        """What happens in it."""

        LECTURE = "lecture", _("Lecture")
        PANEL = "panel", _("Panel")
        ABSTRACTS = "abstracts", _("Free papers")
        WORKSHOP = "workshop", _("Workshop")
        OPENING = "opening", _("Opening ceremony")
        OATH = "oath", _("Physicians' oath")
        REGISTRATION = "registration", _("Sign-in")
        BREAK = "break", _("Pause")
        CLOSING = "closing", _("Closing ceremony")

    event = models.ForeignKey(Event, models.PROTECT, related_name="sessions")
    kind = models.CharField(max_length=12, choices=Kind, default=Kind.LECTURE)
    title = models.CharField(max_length=160)
    title_en = models.CharField(max_length=200, blank=True)
    summary = models.TextField(blank=True)
    track = models.CharField(max_length=60, blank=True)
    room = models.ForeignKey(Room, models.PROTECT, null=True, related_name="sessions")
    from_at = models.DateTimeField()
    until_at = models.DateTimeField()
    on_site = models.BooleanField(default=True)
    online = models.BooleanField(default=False)
    stream = models.URLField(blank=True)  # HLS address of the association's streaming service
    recording = models.CharField(max_length=200, blank=True)  # HLS address or path of the recording
    recording_minutes = models.PositiveSmallIntegerField(null=True)  # how long it is; empty: as long as planned
    places = models.PositiveIntegerField(null=True)  # sign-up with a limit; empty: no sign-up

    objects = SessionQuerySet.as_manager()

    class Meta:
        ordering = ("event", "from_at", "room__order", "pk")
        constraints = [models.CheckConstraint(condition=Q(until_at__gt=F("from_at")), name="session_ends_after_start")]
        indexes = [models.Index(fields=["from_at", "until_at"], name="sessions_in_time")]

    COUNTING = (Kind.LECTURE, Kind.PANEL, Kind.ABSTRACTS, Kind.WORKSHOP)

    def __str__(self) -> str:
        return self.title

    @property
    def ref(self) -> Ref:
        """Its name for the rest of the house."""
        return ref("events.session", self.pk)

    @property
    def name(self) -> str:
        """The title in the reader's language."""
        return self.title if speaks_chinese() else self.title_en or self.title

    @property
    def counts(self) -> bool:
        """Whether its minutes count as hours of learning: ceremonies and sign-in do not (E5)."""
        return self.kind in self.COUNTING

    @property
    def minutes(self) -> int:
        """Planned length in whole minutes."""
        return int((self.until_at - self.from_at).total_seconds() // 60)

    def meets(self, other: "Session") -> bool:
        """Say whether nobody can be in both: they share some time."""
        return self.pk != other.pk and self.from_at < other.until_at and other.from_at < self.until_at

    @property
    def recording_seconds(self) -> int:
        """How long its recording is, of which E7 wants nine tenths watched."""
        return (self.recording_minutes or self.minutes) * 60


class Speaking(Stated):
    """Somebody speaks in or chairs a session."""

    PERSONAL = ("name", "unit")

    class Part(models.TextChoices):
        """What they do."""

        SPEAKER = "speaker", _("Speaker")
        CHAIR = "chair", _("Session chair")
        PANELLIST = "panellist", _("Panellist")

    session = models.ForeignKey(Session, models.CASCADE, related_name="speakers")
    person = models.ForeignKey("directory.Person", models.PROTECT, null=True, related_name="+")
    name = models.CharField(max_length=60)
    unit = models.CharField(max_length=120, blank=True)
    part = models.CharField(max_length=10, choices=Part, default=Part.SPEAKER)
    order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ("session", "order", "pk")
        constraints = [models.UniqueConstraint(fields=["session", "person", "part"], condition=Q(person__isnull=False),
                                               name="somebody_once_a_session")]
