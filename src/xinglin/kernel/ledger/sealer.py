"""Gives committed facts their gapless places: one sealer at a time, in batches."""

import json
import logging
import time
import uuid
from collections.abc import Callable, Iterable
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.db import connection, transaction

from ..refs import Ref
from .content import canonical, next_link
from .models import Head, Mention, SealedFact, Tile, UnsealedFact
from .standalone import leaf_hash
from .tree import grow

log = logging.getLogger(__name__)
BATCH = 5000
COLUMNS = ("position", "key", "act", "type", "happened_on", "recorded_at", "actor", "cause", "corrects", "body",
           "content", "link")


def head_locked() -> Head:
    """Return the head row, locked until the transaction ends; a second sealer waits here."""
    head, _ = Head.objects.select_for_update().get_or_create(
        pk=1, defaults={"algorithm": settings.XINGLIN_LEDGER_HASH, "origin": settings.XINGLIN_ORIGIN}
    )
    return head


@transaction.atomic
def seal_batch(*, limit: int = BATCH) -> int:
    """Seal up to `limit` waiting facts and return how many were sealed."""
    if not UnsealedFact.objects.exists():
        return 0
    head = head_locked()
    waiting = list(UnsealedFact.objects.order_by("pk").values_list("pk", "content")[:limit])
    if not waiting:
        return 0
    rows, leaves, link = [], [], bytes(head.link)
    for offset, (_, content) in enumerate(waiting, start=1):
        leaf = leaf_hash(content.encode(), head.algorithm)
        link = next_link(before=link, leaf=leaf, algorithm=head.algorithm)
        leaves.append(leaf)
        rows.append(_row(head.size + offset, content, link))
    _insert(rows)
    _save_tiles(head, leaves)
    head.size, head.link = head.size + len(rows), link
    head.save(update_fields=["size", "link"])
    _remove([pk for pk, _ in waiting])
    return len(rows)


def _row(position: int, content: str, link: bytes) -> tuple[Any, ...]:
    said = json.loads(content)
    cause, corrects = said.get("cause"), said.get("corrects")
    return (
        position, uuid.UUID(said["key"]), uuid.UUID(said["act"]), said["type"], date.fromisoformat(said["on"]),
        datetime.fromisoformat(said["at"]), said["actor"], cause and uuid.UUID(cause),
        corrects and uuid.UUID(corrects), said["body"], content, link)


def _mentions(rows: Iterable[tuple[Any, ...]]) -> Iterable[tuple[str, int]]:
    for row in rows:
        named = {row[6]}
        for value in row[9].values():
            for one in value if isinstance(value, list) else (value,):
                if isinstance(one, str) and ":" in one and "." in one.partition(":")[0]:
                    named.add(Ref(one))
        yield from ((one, row[0]) for one in sorted(named))


def _insert(rows: list[tuple[Any, ...]]) -> None:
    if connection.vendor != "postgresql":
        SealedFact.objects.bulk_create(
            [SealedFact(**dict(zip(COLUMNS, row, strict=True))) for row in rows], batch_size=500
        )
        Mention.objects.bulk_create([Mention(ref=one, position=at) for one, at in _mentions(rows)], batch_size=2000)
        return
    with connection.cursor() as cursor:
        with cursor.copy(f"COPY {SealedFact._meta.db_table} ({','.join(COLUMNS)}) FROM STDIN") as copy:
            for row in rows:
                copy.write_row((*row[:9], canonical(row[9]), *row[10:]))
        with cursor.copy(f"COPY {Mention._meta.db_table} (ref, position) FROM STDIN") as copy:
            for mention in _mentions(rows):
                copy.write_row(mention)


def _save_tiles(head: Head, leaves: list[bytes]) -> None:
    tiles = grow(size=head.size, leaves=leaves, read=read_tile, algorithm=head.algorithm)
    Tile.objects.bulk_create(
        [Tile(level=level, number=number, hashes=hashes) for (level, number), hashes in tiles.items()],
        update_conflicts=True,
        unique_fields=["level", "number"],
        update_fields=["hashes"],
    )


def read_tile(level: int, number: int) -> bytes:
    """Return the hashes of one tile (32 bytes each)."""
    return bytes(Tile.objects.values_list("hashes", flat=True).get(level=level, number=number))


def _remove(keys: list[int]) -> None:
    table = UnsealedFact._meta.db_table
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(f"DELETE FROM {table} WHERE id = ANY(%s)", [keys])
        else:
            cursor.executemany(f"DELETE FROM {table} WHERE id = %s", [(key,) for key in keys])


def seal_all() -> int:
    """Seal everything that waits and return how many facts were sealed."""
    total = 0
    while sealed := seal_batch():
        total += sealed
    return total


def run(*, stop: Callable[[], bool], pause: float = 0.2, after: Callable[[int], None] = lambda sealed: None) -> None:
    """Seal until told to stop; a passing database fault is logged and tried again.

    Between batches it rests: one fact costs as much as a hundred, and a fact waits well below a second.
    """
    while not stop():
        try:
            sealed = seal_batch(limit=BATCH)
            after(sealed)
        except Exception:
            log.exception("sealing failed, trying again")
            connection.close()
            sealed = 0
            time.sleep(1)
        if sealed < BATCH:
            time.sleep(pause)
