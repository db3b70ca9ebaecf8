"""What presence tells and is told: sessions, scans, stretches that somebody sat, figures."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum

from xinglin.kernel.refs import Ref

from .spans import NOTHING, Span


class Kind(StrEnum):
    """How somebody was there."""

    LIVE = "live"
    RECORDING = "recording"
    ON_SITE = "on_site"


class Way(StrEnum):
    """Through a door: in or out."""

    IN = "in"
    OUT = "out"


@dataclass(frozen=True, kw_only=True)
class Session:
    """What the caller plans: a session, the time in which a minute is valid, and whose doors lead to it.

    `spans` of a recording is the time in which it may be watched. `places` are refs that scans at doors name instead
    of the session (a room that holds many sessions). `media_seconds` is the length of the recording, 0 when unknown.
    """

    session: Ref
    spans: tuple[Span, ...]
    places: tuple[Ref, ...] = ()
    media_seconds: float = 0

    def is_at(self, place: Ref) -> bool:
        """Say whether presence at a ref is presence in this session."""
        return place == self.session or place in self.places


@dataclass(frozen=True, kw_only=True)
class Scanned:
    """One scan at a door."""

    person: Ref
    place: Ref
    way: Way
    at: datetime


@dataclass(frozen=True, kw_only=True)
class Sat:
    """A stretch of time for which somebody is proven to have been there; `media_from` in seconds for recordings."""

    person: Ref
    place: Ref
    kind: Kind
    span: Span
    media_from: float | None = None


@dataclass(frozen=True, kw_only=True)
class Counted:
    """What one person is counted for in one session on one local day."""

    session: Ref
    day: date
    on_site: timedelta = NOTHING
    online: timedelta = NOTHING

    @property
    def total(self) -> timedelta:
        """On site and online together; they never overlap."""
        return self.on_site + self.online


@dataclass(frozen=True, kw_only=True)
class Minutes:
    """The counted time of one person. Minutes are whole: time is added up first, then the rest below a minute falls."""

    lines: tuple[Counted, ...] = ()
    watched: dict[Ref, float] = field(default_factory=dict, hash=False)  # recordings: share of the media seen, 0 to 1

    def of(self, session: Ref) -> int:
        """Return the whole minutes of one session, all days."""
        return whole(one.total for one in self.lines if one.session == session)

    def on(self, day: date) -> int:
        """Return the whole minutes of one day, all sessions."""
        return whole(one.total for one in self.lines if one.day == day)

    def in_hall(self, session: Ref) -> int:
        """Return the whole minutes on site of one session."""
        return whole(one.on_site for one in self.lines if one.session == session)

    def online(self, session: Ref) -> int:
        """Return the whole minutes online of one session."""
        return whole(one.online for one in self.lines if one.session == session)

    @property
    def total(self) -> int:
        """All whole minutes."""
        return whole(one.total for one in self.lines)


def whole(parts: Iterable[timedelta]) -> int:
    """Return the whole minutes in several lengths of time: added first, then rounded down."""
    return sum(parts, NOTHING) // timedelta(minutes=1)


@dataclass(frozen=True, kw_only=True)
class PersonTimes:
    """人次 (K9): on site and online apart, and together with each person once a day."""

    on_site: int
    online: int
    together: int


@dataclass(frozen=True, kw_only=True)
class Audience:
    """Who watched online: distinct people, the most at one moment, and when that was first reached."""

    unique: int
    peak: int
    peak_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class Sitting:
    """One sitting as it stands: whose, where, since when, until when, and what it is proven for so far."""

    number: int
    person: Ref
    session: Ref
    kind: Kind
    opened_at: datetime
    beat_at: datetime  # the last heartbeat taken
    ended_at: datetime | None
    ended_why: str  # "", "left", "elsewhere", "over"
    counted: timedelta


@dataclass(frozen=True, kw_only=True)
class Opened:
    """What a page needs to keep a sitting alive."""

    number: int
    token: str
    secret: str
    beat_seconds: int
    counted: timedelta  # in this session, by earlier sittings
    resume_seconds: float  # of a recording: where what was watched from its beginning ends
    state: str  # "paused"; "check" or "missed" when an earlier page was asked and nobody answered
    check_until_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class Beaten:
    """What became of a heartbeat: the state goes back to the page, the token is needed for the next one."""

    state: str
    token: str = ""
    seq: int = 0
    counted: timedelta = NOTHING
    age: timedelta = NOTHING  # since the last heartbeat taken
    check_until_at: datetime | None = None
    excess: str = ""  # who asked more often than any page does, which the security log is told
