"""The door for engines: all that others may use of presence."""

from .counting import audience, minutes, person_times
from .doors import scan, scan_many, unscan
from .evidence import counted, scans, spans
from .player import Player, player_for
from .rules import Rules, rules_on
from .sittings import beat, open_sitting, sittings_of
from .spans import Span
from .values import (
    Audience,
    Beaten,
    Counted,
    Kind,
    Minutes,
    Opened,
    PersonTimes,
    Sat,
    Scanned,
    Session,
    Sitting,
    Way,
)

__all__ = [
    "Audience", "Beaten", "Counted", "Kind", "Minutes", "Opened", "PersonTimes", "Player", "Rules", "Sat", "Scanned",
    "Session", "Sitting", "Span", "Way", "audience", "beat", "counted", "minutes", "open_sitting", "person_times",
    "player_for", "rules_on", "scan", "scan_many", "scans", "sittings_of", "spans", "unscan",
]
