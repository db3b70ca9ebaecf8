"""The canonical text of a fact: what is hashed, and the only truth about it."""

import json
import secrets
import uuid
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

from django.conf import settings

from ..refs import Ref
from .standalone import annex_digest, digest

if TYPE_CHECKING:
    from ..facts import Fact

VERSION = 1
_encoder = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def canonical(value: object) -> str:
    """Return the one JSON text of a value: keys sorted, no spaces, UTF-8 as it is."""
    return _encoder.encode(value)


@dataclass(frozen=True, kw_only=True)
class Annexed:
    """Personal words kept outside the chain under a salted digest."""

    key: uuid.UUID
    salt: str
    text: str


@dataclass(frozen=True, kw_only=True)
class Statement:
    """One fact ready for the intake: its canonical content and, apart from it, its annex."""

    key: uuid.UUID
    type: str
    content: str
    annex: Annexed | None

    @classmethod
    def of(
        cls, *, fact: "Fact", key: uuid.UUID, act: uuid.UUID, by: Ref, happened_on: date, recorded_at: datetime,
        cause: uuid.UUID | None, corrects: uuid.UUID | None, backfilled: bool,
    ) -> "Statement":
        """Write the canonical content of a fact; optional parts are left out, never null."""
        words = fact.annex()
        annex = Annexed(key=key, salt=secrets.token_hex(16), text=canonical(words)) if words else None
        content: dict[str, object] = {
            "v": VERSION,
            "key": str(key),
            "act": str(act),
            "type": fact.TYPE,
            "actor": str(by),
            "on": happened_on.isoformat(),
            "at": recorded_at.astimezone(UTC).isoformat(timespec="microseconds"),
            "body": fact.body(),
        }
        if cause:
            content["cause"] = str(cause)
        if corrects:
            content["corrects"] = str(corrects)
        if backfilled:
            content["backfilled"] = True
        if annex:
            content["annex"] = annex_digest(annex.salt, annex.text, settings.XINGLIN_LEDGER_HASH)
        return cls(key=key, type=fact.TYPE, content=canonical(content), annex=annex)


def next_link(*, before: bytes, leaf: bytes, algorithm: str) -> bytes:
    """Return the link of a fact: the digest over the link before and this leaf."""
    return digest(b"\x02" + before + leaf, algorithm)
