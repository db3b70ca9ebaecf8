"""Lays the sessions of one day out: a column a room, a row from one change to the next."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils import timezone

from .programme import Session


@dataclass(frozen=True, kw_only=True)
class Cell:
    """A session over so many rows, or free time when there is none."""

    session: Session | None
    rows: int


@dataclass(frozen=True, kw_only=True)
class Row:
    """What begins at one moment; a room whose session goes on has no cell."""

    at: datetime
    cells: tuple[Cell, ...]


@dataclass(frozen=True, kw_only=True)
class Day:
    """One day: its sessions in order, its rooms, and the rows of its table."""

    day: date
    sessions: tuple[Session, ...]
    rooms: tuple[Any, ...]
    rows: tuple[Row, ...]


def days(sessions: Sequence[Session]) -> list[Day]:
    """Return the days of a programme; sessions without room share the first column."""
    by_day: dict[date, list[Session]] = {}
    for one in sessions:
        by_day.setdefault(timezone.localtime(one.from_at).date(), []).append(one)
    return [_day(day, rows) for day, rows in sorted(by_day.items())]


def _day(day: date, sessions: list[Session]) -> Day:
    rooms = sorted({one.room for one in sessions}, key=lambda room: (room is None, room.order, room.pk) if room
                   else (True, 0, 0))
    moments = sorted({moment for one in sessions for moment in (one.from_at, one.until_at)})
    begins: dict[tuple[Any, datetime], Session] = {}
    for one in sessions:
        begins.setdefault((one.room, one.from_at), one)
    rows, busy = [], dict.fromkeys(rooms, 0)
    for place, moment in enumerate(moments[:-1]):
        cells = []
        for room in rooms:
            if busy[room] > place:
                continue
            session = begins.get((room, moment))
            height = moments.index(session.until_at) - place if session else 1
            busy[room] = place + height
            cells.append(Cell(session=session, rows=height))
        rows.append(Row(at=moment, cells=tuple(cells)))
    return Day(day=day, sessions=tuple(sessions), rooms=tuple(rooms), rows=tuple(rows))
