"""Reads the whole ledger again and names the first place where it does not hold."""

import base64
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.db import connection

from .content import annex_digest
from .keys import public_key
from .models import Annex, Checkpoint, Head, SealedFact, Tile
from .standalone import digest, node_hash, read_note, signature_holds
from .tree import SIZE, WIDTH

BATCH = 20_000


@dataclass(frozen=True, kw_only=True)
class Finding:
    """The result of a verification: how many facts were read and, if broken, where and how."""

    facts: int
    broken_at: int | None = None
    what: str = ""

    @property
    def holds(self) -> bool:
        """Say whether the ledger is whole."""
        return self.broken_at is None


class _Roots:
    """Roots at growing sizes without keeping the leaves: one hash per complete subtree."""

    def __init__(self, algorithm: str):
        self.stack: list[tuple[int, bytes]] = []
        self.algorithm = algorithm

    def add(self, tile: list[bytes]) -> None:
        for leaf in tile:
            height, value = 0, leaf
            while self.stack and self.stack[-1][0] == height:
                value = node_hash(self.stack.pop()[1], value, self.algorithm)
                height += 1
            self.stack.append((height, value))

    def root(self) -> bytes:
        value = self.stack[-1][1]
        for _, left in reversed(self.stack[:-1]):
            value = node_hash(left, value, self.algorithm)
        return value


def verify(*, progress: Callable[[int], None] = lambda read: None) -> Finding:
    """Check order, chain, columns, tiles, checkpoints, signatures and annexes; name the first broken position."""
    head = Head.objects.first()
    if head is None:
        return Finding(facts=0)
    found = _chain(head, progress)
    if found.holds:
        found = _columns(found) or _annexes(found) or found
    return found


def _rows() -> Iterator[list[tuple[int, str, bytes]]]:
    after = 0
    while True:
        rows = list(
            SealedFact.objects.filter(position__gt=after)
            .order_by("position")
            .values_list("position", "content", "link")[:BATCH]
        )
        if not rows:
            return
        yield [(position, content, bytes(link)) for position, content, link in rows]
        after = rows[-1][0]


def _chain(head: Head, progress: Callable[[int], None]) -> Finding:
    algorithm, link, expected = head.algorithm, bytes(32), 1
    checkpoints = {one.size: one for one in Checkpoint.objects.all()}
    roots, pending = _Roots(algorithm), []
    for rows in _rows():
        tiles = _leaves(expected - 1, len(rows))
        for (position, content, kept), stored in zip(rows, tiles, strict=True):
            if position != expected:
                return Finding(facts=expected - 1, broken_at=expected, what="missing")
            leaf = digest(b"\x00" + content.encode(), algorithm)
            link = digest(b"\x02" + link + leaf, algorithm)
            if link != kept:
                return Finding(facts=expected - 1, broken_at=position, what="altered")
            if leaf != stored:
                return Finding(facts=expected - 1, broken_at=position, what="tile")
            pending.append(leaf)
            if position in checkpoints:
                roots.add(pending)
                pending = []
                if wrong := _checkpoint(checkpoints.pop(position), roots.root(), link):
                    return Finding(facts=position, broken_at=position, what=wrong)
            expected += 1
        roots.add(pending)
        pending = []
        progress(expected - 1)
    if head.size != expected - 1 or bytes(head.link) != link or checkpoints:
        return Finding(facts=expected - 1, broken_at=expected, what="missing")
    return Finding(facts=expected - 1)


def _leaves(start: int, count: int) -> list[bytes]:
    """Return the stored leaf hashes for `count` facts after `start`."""
    first, last = start // WIDTH, (start + count - 1) // WIDTH
    tiles = dict(Tile.objects.filter(level=0, number__gte=first, number__lte=last).values_list("number", "hashes"))
    joined = b"".join(bytes(tiles.get(number, b"")).ljust(WIDTH * SIZE, b"\0") for number in range(first, last + 1))
    skip = (start - first * WIDTH) * SIZE
    return [joined[i : i + SIZE] for i in range(skip, skip + count * SIZE, SIZE)]


def _checkpoint(checkpoint: Checkpoint, root: bytes, link: bytes) -> str:
    said = read_note(checkpoint.note)
    agrees = (
        base64.b64decode(said["root"]) == root == bytes(checkpoint.root)
        and bytes.fromhex(said["link"]) == link == bytes(checkpoint.link)
        and int(said["size"]) == checkpoint.size
    )
    if not agrees:
        return "checkpoint"
    return "" if signature_holds(checkpoint.note, public_key()) else "signature"


_DIFFERS = {
    # OFFSET 0 keeps the parsed text in one place: otherwise it would be parsed again for every comparison.
    "postgresql": """SELECT min(position) FROM (SELECT *, content::jsonb AS c FROM {table} OFFSET 0) f WHERE
        c->'body' <> body OR c->>'type' <> type OR c->>'on' <> happened_on::text OR (c->>'key')::uuid <> key
        OR (c->>'act')::uuid <> act OR c->>'actor' <> actor OR (c->>'corrects')::uuid IS DISTINCT FROM corrects
        OR (c->>'cause')::uuid IS DISTINCT FROM cause""",
    "sqlite": """SELECT min(position) FROM {table} WHERE
        json_extract(content,'$.body') <> json(body) OR json_extract(content,'$.type') <> type
        OR json_extract(content,'$.on') <> happened_on OR replace(json_extract(content,'$.key'),'-','') <> key
        OR replace(json_extract(content,'$.act'),'-','') <> act OR json_extract(content,'$.actor') <> actor
        OR replace(json_extract(content,'$.corrects'),'-','') IS NOT corrects
        OR replace(json_extract(content,'$.cause'),'-','') IS NOT cause""",
}


def _columns(found: Finding) -> Finding | None:
    """Find the first row whose query columns say other things than its content."""
    with connection.cursor() as cursor:
        cursor.execute(_DIFFERS[connection.vendor].format(table=SealedFact._meta.db_table))
        position = cursor.fetchone()[0]
    return Finding(facts=found.facts, broken_at=position, what="columns") if position else None


def _annexes(found: Finding) -> Finding | None:
    """Find the first annex whose words no longer match the digest in the chain."""
    for start in range(0, Annex.objects.count(), BATCH):
        annexes = {one.key: one for one in Annex.objects.order_by("key")[start : start + BATCH]}
        facts = (
            SealedFact.objects.filter(key__in=annexes).order_by("position").values_list("position", "key", "content")
        )
        for position, key, content in facts.iterator():
            expected = annex_digest(salt=annexes[key].salt, text=annexes[key].text)
            if f'"annex":"{expected}"' not in content:
                return Finding(facts=found.facts, broken_at=position, what="annex")
    return None
