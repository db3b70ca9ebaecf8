"""Takes places: one statement that writes the hold and then counts it in each pool, or leaves everything as it was.

The hold is written before the pools are touched, so that a slow insert keeps nobody else waiting; the pools come last
and in the order of their keys, so that their locks are short and never crossed. Room is looked at first (who comes too
late writes nothing) and decided by the CHECK of the pool.
"""

from collections.abc import Mapping
from datetime import datetime
from enum import Enum
from functools import lru_cache
from typing import Any

from django.db import IntegrityError, connection, transaction
from psycopg import Cursor
from psycopg import errors as pg

from .cards import Ask, Card, Kept


class Taken(Enum):
    """How it ended: taken, no room or too many, or somebody was faster and one should look again."""

    YES = 1
    NO = 2
    RACED = 3


COLUMNS = "item_id, who, quantity, key, token, turn, channel, window_id, offered, state, held_at, expires_at"
INSERT = f"""INSERT INTO booking_hold ({COLUMNS})
SELECT %(item)s, %(who)s, %(quantity)s, %(key)s, %(token)s, mine.turn, %(channel)s, CAST(%(window)s AS bigint), FALSE,
 'held', %(at)s, %(expires)s
FROM (SELECT COALESCE(SUM(CASE WHEN state = 'confirmed' OR (state = 'held' AND expires_at > %(at)s) THEN quantity
                               ELSE 0 END), 0) AS live, COALESCE(MAX(turn), 0) + 1 AS turn
      FROM booking_hold WHERE item_id = %(item)s AND who = %(who)s) mine
WHERE (%(limit)s = 0 OR mine.live + %(quantity)s <= %(limit)s)"""
ROOM = """ AND NOT EXISTS (SELECT 1 FROM booking_pool p WHERE p.id = %(pool{n})s
 AND (p.awaited OR p.due_at <= %(at)s OR p.taken + p.kept + %(need{n})s > p.capacity))"""
DUE = " AND NOT EXISTS (SELECT 1 FROM booking_pool p WHERE p.id = %(pool{n})s AND p.due_at <= %(at)s)"
KEPT = """ AND EXISTS (SELECT 1 FROM booking_window w WHERE w.id = %(window)s AND w.state = 'open' AND NOT w.awaited
 AND w.taken + %(need{n})s <= w.granted)"""
# Whoever waits is first: a pool that became awaited meanwhile refuses by its CHECK, as a full one does, and so does one
# of which the item needs something else by now.
COUNT = """UPDATE booking_pool SET taken = CASE WHEN awaited OR shape <> %(shape{n})s THEN capacity + 1
 ELSE taken + %(need{n})s END,
 due_at = CASE WHEN due_at IS NULL OR due_at > %(expires)s THEN %(expires)s ELSE due_at END"""
COUNT_KEPT = """UPDATE booking_pool SET kept = kept - %(need{n})s,
 taken = CASE WHEN shape <> %(shape{n})s THEN capacity + 1 ELSE taken + %(need{n})s END,
 due_at = CASE WHEN due_at IS NULL OR due_at > %(expires)s THEN %(expires)s ELSE due_at END"""
# A hold by itself is no business fact: its commit does not wait for the disk, so that the lock of a pool that all want
# is not held for so long. Should PostgreSQL itself break down, holds of the last moment are gone with their count;
# `confirm` commits in the caller's transaction, which does wait, and with it for everything before.
UNFLUSHED = " AND set_config('synchronous_commit', 'off', TRUE) = 'off'"
THIS_POOL = " WHERE booking_pool.id = %(pool{n})s"
COUNT_WINDOW = """UPDATE booking_window SET
 taken = CASE WHEN state = 'open' AND NOT awaited THEN taken + %(need{n})s ELSE granted + 1 END"""
THIS_WINDOW = " WHERE booking_window.id = %(window)s"


@lru_cache(maxsize=256)
def steps(count: int, kept: int | None) -> tuple[str, tuple[tuple[str, str], ...]]:
    """Return the insert and the counting updates (change, which row) for so many pools, one of them by a window."""
    room = "".join((DUE + KEPT if n == kept else ROOM).format(n=n) for n in range(count))
    counts = [((COUNT_KEPT if n == kept else COUNT).format(n=n), THIS_POOL.format(n=n)) for n in range(count)]
    if kept is not None:
        counts.append((COUNT_WINDOW.format(n=kept), THIS_WINDOW))
    return INSERT + room, tuple(counts)


@lru_cache(maxsize=256)
def statement(count: int, kept: int | None, alone: bool) -> str:
    """Return all steps as one statement of PostgreSQL; each needs the row of the one before, which fixes the order."""
    insert, counts = steps(count, kept)
    parts, before = [f"made AS ({insert}{UNFLUSHED if alone else ''} RETURNING id)"], "made"
    for n, (change, which) in enumerate(counts):
        parts.append(f"c{n} AS ({change} FROM {before}{which} RETURNING {before}.id AS id)")
        before = f"c{n}"
    return f"WITH {', '.join(parts)} SELECT id FROM {before}"


def take(*, card: Card, ask: Ask, token: str, way: Kept | None, expires_at: datetime) -> Taken:
    """Take the places of one request by one way."""
    values: dict[str, Any] = {
        "item": card.item, "who": str(ask.who), "quantity": ask.quantity, "key": ask.key, "token": token,
        "channel": ask.channel, "window": way.key if way else None, "limit": card.limit_by(way),
        "at": connection.ops.adapt_datetimefield_value(ask.at),
        "expires": connection.ops.adapt_datetimefield_value(expires_at),
    }
    kept = None
    for n, (pool, need) in enumerate(card.needs):
        values |= {f"pool{n}": pool, f"need{n}": need * ask.quantity, f"shape{n}": card.shapes[n]}
        if way and way.pool == pool:
            kept = n
    if connection.vendor != "postgresql":
        return _one_by_one(len(card.needs), kept, values)
    nested = connection.in_atomic_block
    return _at_once(statement(len(card.needs), kept, not nested), values, nested)


def _at_once(sql: str, values: Mapping[str, Any], nested: bool) -> Taken:
    try:
        if nested:
            with transaction.atomic():
                return _execute(sql, values)
        return _execute(sql, values)
    except (pg.CheckViolation, pg.UniqueViolation):
        return Taken.RACED


def _execute(sql: str, values: Mapping[str, Any]) -> Taken:
    connection.ensure_connection()
    # The driver is spoken to directly: it prepares the statement, and a rush is this statement and nothing else.
    with Cursor(connection.connection) as cursor:
        cursor.execute(sql, values)
        return Taken.YES if cursor.fetchone() else Taken.NO


def has_places(*, item: int, who: str, at: datetime) -> bool:
    """Say whether a person holds or has places of an item: the one thing looked up for who comes too late."""
    sql = ("SELECT EXISTS (SELECT 1 FROM booking_hold WHERE item_id = %(item)s AND who = %(who)s"
           " AND (state = 'confirmed' OR (state = 'held' AND expires_at > %(at)s)))")
    values: dict[str, Any] = {"item": item, "who": who, "at": connection.ops.adapt_datetimefield_value(at)}
    if connection.vendor == "postgresql":
        connection.ensure_connection()
        with Cursor(connection.connection) as cursor:
            row = cursor.execute(sql, values).fetchone()
    else:
        with connection.cursor() as plain:
            plain.execute(sql, values)
            row = plain.fetchone()
    return bool(row and row[0])


def _one_by_one(count: int, kept: int | None, values: Mapping[str, Any]) -> Taken:
    insert, counts = steps(count, kept)
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(insert, values)
            if not cursor.rowcount:
                return Taken.NO
            for change, which in counts:
                cursor.execute(change + which, values)
    except IntegrityError:
        return Taken.RACED
    return Taken.YES
