"""Reads the whole ledger again and names the first place where it does not hold."""

import base64
import json
import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass

from django.db import connection, transaction
from django.db.models import Exists, Max, OuterRef

from ..facts_of_kernel import AnnexForgotten
from .checkpoints import signature_stands
from .models import Annex, Checkpoint, Head, Mention, SealedFact, Tile, UnsealedFact
from .standalone import annex_holds, digest, node_hash, read_note
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
    """Check order, chain, columns, index, tiles, checkpoints, signatures and annexes; name the first broken position.

    A sealer may be at work: everything is read up to the head as it stands now.
    """
    facts = SealedFact.objects.exists()
    head = Head.objects.first()
    if head is None:
        return Finding(facts=0, broken_at=1 if facts else None, what="missing" if facts else "")
    apart = connection.vendor == "postgresql" and not connection.in_atomic_block
    with ThreadPoolExecutor(1) as beside:  # the database compares columns while we hash
        columns = beside.submit(_columns_apart, head.size) if apart else None
        found = _chain(head, progress)
        at = columns.result() if columns else _columns(head.size) if found.holds else None
    if found.holds:
        wrong = Finding(facts=found.facts, broken_at=at, what="columns") if at else None
        found = _beyond(found) or wrong or _mentions(found) or _annexes(found) or found
    return found


def _columns_apart(size: int) -> int | None:
    with closing(connection):  # a thread has a connection of its own
        return _columns(size)


def _rows(size: int) -> Iterator[list[tuple[int, str, bytes]]]:
    after = -(1 << 63)  # not 0: what somebody put before the first place is found too
    while True:
        rest = SealedFact.objects.filter(position__gt=after, position__lte=size).order_by("position")
        rows = list(rest.values_list("position", "content", "link")[:BATCH])
        if not rows:
            return
        yield [(position, content, bytes(link)) for position, content, link in rows]
        after = rows[-1][0]


def _chain(head: Head, progress: Callable[[int], None]) -> Finding:
    algorithm, link, expected = head.algorithm, bytes(32), 1
    checkpoints = {one.size: one for one in Checkpoint.objects.filter(size__lte=head.size)}
    roots, pending = _Roots(algorithm), []
    for rows in _rows(head.size):
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


def _beyond(found: Finding) -> Finding | None:
    """Find facts or checkpoints beyond the head; the head is read last, because it moves while we read."""
    facts, checkpoints = SealedFact.objects.aggregate(at=Max("position")), Checkpoint.objects.aggregate(at=Max("size"))
    size = Head.objects.get(pk=1).size
    if max(facts["at"] or 0, checkpoints["at"] or 0) <= size:
        return None
    return Finding(facts=found.facts, broken_at=size + 1, what="missing")


def _leaves(start: int, count: int) -> list[bytes]:
    """Return the stored leaf hashes for `count` facts after `start`."""
    first, last = start // WIDTH, (start + count - 1) // WIDTH
    tiles = dict(Tile.objects.filter(level=0, number__gte=first, number__lte=last).values_list("number", "hashes"))
    joined = b"".join(bytes(tiles.get(number, b"")).ljust(WIDTH * SIZE, b"\0") for number in range(first, last + 1))
    skip = (start - first * WIDTH) * SIZE
    return [joined[i : i + SIZE] for i in range(skip, skip + count * SIZE, SIZE)]


def _checkpoint(checkpoint: Checkpoint, root: bytes, link: bytes) -> str:
    try:
        said = read_note(checkpoint.note)
        agrees = (
            base64.b64decode(said["root"]) == root == bytes(checkpoint.root)
            and bytes.fromhex(said["link"]) == link == bytes(checkpoint.link)
            and int(said["size"]) == checkpoint.size
        )
    except (ValueError, KeyError):  # not even a note
        agrees = False
    if not agrees:
        return "checkpoint"
    return "" if signature_stands(checkpoint) else "signature"


_DIFFERS = {
    # OFFSET 0 keeps the parsed text in one place: otherwise it would be parsed again for every comparison.
    "postgresql": """SELECT min(position) FROM (SELECT *, content::jsonb AS c FROM {facts} WHERE position <= {size}
        OFFSET 0) f WHERE c->'body' <> body OR c->>'type' <> type OR c->>'on' <> happened_on::text
        OR (c->>'key')::uuid <> key OR (c->>'act')::uuid <> act OR c->>'actor' <> actor
        OR (c->>'corrects')::uuid IS DISTINCT FROM corrects OR (c->>'cause')::uuid IS DISTINCT FROM cause
        OR (c->>'at')::timestamptz <> recorded_at""",
    "sqlite": """SELECT min(position) FROM {facts} WHERE position <= {size} AND (
        json_extract(content,'$.body') <> json(body) OR json_extract(content,'$.type') <> type
        OR json_extract(content,'$.on') <> happened_on OR replace(json_extract(content,'$.key'),'-','') <> key
        OR replace(json_extract(content,'$.act'),'-','') <> act OR json_extract(content,'$.actor') <> actor
        OR replace(json_extract(content,'$.corrects'),'-','') IS NOT corrects OR
        replace(json_extract(content,'$.cause'),'-','') IS NOT cause
        OR substr(json_extract(content,'$.at'), 1, 10) <> substr(recorded_at, 1, 10)
        OR substr(json_extract(content,'$.at'), 12, 15) <> substr(substr(recorded_at, 12) || '.000000', 1, 15))""",
}
_NAMED = {  # the refs in a body: the only texts with a colon
    "postgresql": """SELECT position, v #>> '{{}}' FROM {facts}, jsonb_path_query(body, '$.*[*]') v
        WHERE v::text LIKE '%:%'""",
    "sqlite": """SELECT position, t.atom FROM {facts} f, json_tree(f.body) t
        WHERE t.type = 'text' AND t.atom LIKE '%:%'""",
}
# Both sides add up to one number; only when they differ is it worth asking where. Ten times faster than _INDEX.
_SUMS = """SELECT 0 WHERE (SELECT sum(hashtextextended(ref, position)::numeric) FROM {mentions}
    WHERE position <= {size}) IS DISTINCT FROM (SELECT sum(hashtextextended(r.ref, position)::numeric) FROM {facts},
    LATERAL (SELECT actor AS ref UNION SELECT v #>> '{{}}' FROM jsonb_path_query(body, '$.*[*]') v
    WHERE v::text LIKE '%:%') r WHERE position <= {size})"""
_INDEX = """SELECT min(position) FROM (SELECT position FROM (
    SELECT position, ref, 1 AS said, 0 AS listed FROM (SELECT position, actor AS ref FROM {facts} UNION ALL {named}) f
    UNION ALL SELECT position, ref, 0, 1 FROM {mentions}) b
    WHERE position <= {size} GROUP BY position, ref HAVING max(said) <> 1 OR sum(listed) <> 1) wrong"""


def _first(sql: str) -> int | None:
    with transaction.atomic(), connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET LOCAL work_mem = '64MB'")
        cursor.execute(sql)
        return (cursor.fetchone() or (None,))[0]


def _columns(size: int) -> int | None:
    """Return the first place whose query columns say other things than its content."""
    return _first(_DIFFERS[connection.vendor].format(facts=SealedFact._meta.db_table, size=size))


def _mentions(found: Finding) -> Finding | None:
    """Find the first fact that the index behind the timelines lists wrongly."""
    facts = SealedFact._meta.db_table
    named = _NAMED[connection.vendor].format(facts=facts)
    names = {"facts": facts, "mentions": Mention._meta.db_table, "size": found.facts, "named": named}
    if connection.vendor == "postgresql" and _first(_SUMS.format(**names)) is None:
        return None
    position = _first(_INDEX.format(**names))
    return Finding(facts=found.facts, broken_at=position, what="index") if position else None


def _annexes(found: Finding) -> Finding | None:
    """Find the first annex whose words no longer match the digest in the chain, or that went without a word."""
    after = uuid.UUID(int=0)
    while annexes := {one.key: one for one in Annex.objects.filter(key__gt=after).order_by("key")[:BATCH]}:
        facts = SealedFact.objects.filter(key__in=annexes).order_by("position")
        for position, key, content in facts.values_list("position", "key", "content").iterator():
            said = json.loads(content).get("annex", "")
            if not annex_holds(said, salt=annexes[key].salt, text=annexes[key].text):
                return Finding(facts=found.facts, broken_at=position, what="annex")
        after = max(annexes)
    kept = Exists(Annex.objects.filter(key=OuterRef("key")))
    without = SealedFact.objects.filter(~kept, content__contains='"annex":"').order_by("position")
    bare = list(without.values_list("position", "key", "content"))
    forgotten = _forgotten() if bare else set()  # read after the annexes: one may be forgotten meanwhile
    for position, key, content in bare:
        if "annex" in json.loads(content) and f"kernel.fact:{key}" not in forgotten:
            return Finding(facts=found.facts, broken_at=position, what="annex")
    return None


def _forgotten() -> set[str]:
    """Return the facts whose annex was deleted by an act that said so, sealed or about to be."""
    waiting = map(json.loads, list(UnsealedFact.objects.values_list("content", flat=True)))
    said = [one["body"] for one in waiting if one["type"] == AnnexForgotten.TYPE]
    said += SealedFact.objects.filter(type=AnnexForgotten.TYPE).values_list("body", flat=True)
    return {one["fact"] for one in said}
