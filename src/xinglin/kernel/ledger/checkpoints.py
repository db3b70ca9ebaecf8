"""Checkpoints and proofs: what anyone can hold and check without us."""

import base64
import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import transaction

from .. import clock
from .keys import known_keys, public_key, signature_line
from .models import Annex, Checkpoint, Head, SealedFact
from .sealer import head_locked, read_tile
from .standalone import signature_holds
from .tree import Tree


class NotSealed(LookupError):
    """The fact is not under a checkpoint yet."""


def tree() -> Tree:
    """Return the ledger's tree, read through its tiles."""
    head = Head.objects.first()
    return Tree(read=read_tile, algorithm=head.algorithm if head else "sha256")


def note_text(*, head: Head, root: bytes, at: datetime) -> str:
    """Return the text of a checkpoint that is signed: origin, size, root, then named lines."""
    when = at.astimezone(UTC).isoformat(timespec="seconds")
    return (
        f"{head.origin}\n{head.size}\n{base64.b64encode(root).decode()}\n"
        f"link {bytes(head.link).hex()}\ntime {when}\nhash {head.algorithm}\n"
    )


@transaction.atomic
def make_checkpoint() -> Checkpoint | None:
    """Sign the ledger as it stands and return the checkpoint (the last one when nothing is new)."""
    head = head_locked()
    last = Checkpoint.objects.order_by("-size").first()
    if head.size == 0 or (last and last.size == head.size):
        return last
    root, at = tree().span(0, head.size), clock.now()
    text = note_text(head=head, root=root, at=at)
    note = f"{text}\n{signature_line(origin=head.origin, text=text)}\n"
    return Checkpoint.objects.create(
        size=head.size, root=root, link=bytes(head.link), note=note, key=public_key(), made_at=at
    )


def signature_stands(checkpoint: Checkpoint) -> bool:
    """Say whether a checkpoint carries the signature of its key, and its key is one of ours."""
    key = bytes(checkpoint.key)
    try:
        return key in known_keys() and signature_holds(checkpoint.note, key)
    except (ValueError, KeyError):  # not even a note
        return False


def checkpoint_when_due(*, every: timedelta = timedelta(minutes=1)) -> Checkpoint | None:
    """Make a checkpoint when there are new facts and the last one is old enough."""
    last = Checkpoint.objects.order_by("-size").first()
    if last and clock.now() - last.made_at < every:
        return None
    return make_checkpoint()


def proof(*, key: uuid.UUID, with_annex: bool = False) -> dict[str, Any]:
    """Return an inclusion proof of one fact under the latest checkpoint (NotSealed when there is none)."""
    fact = SealedFact.objects.filter(key=key).first()
    checkpoint = Checkpoint.objects.order_by("-size").first()
    if fact is None or checkpoint is None or checkpoint.size < fact.position:
        raise NotSealed(str(key))
    path = tree().inclusion(index=fact.position - 1, size=checkpoint.size)
    answer: dict[str, Any] = {
        "content": fact.content,
        "position": fact.position,
        "path": [step.hex() for step in path],
        **_signed(checkpoint),
    }
    if with_annex and (annex := Annex.objects.filter(key=key).first()):
        answer["annex"] = {"salt": annex.salt, "text": annex.text}
    return answer


def consistency(*, old: int, new: int | None = None) -> dict[str, Any]:
    """Return the proof that the ledger of `old` facts begins that of a later checkpoint (NotSealed: there is none)."""
    later = Checkpoint.objects.filter(size__gte=old, **({"size": new} if new else {})).order_by("-size").first()
    if later is None or old < 1:
        raise NotSealed(f"{old}–{new or ''}")
    path = tree().consistency(old=old, new=later.size)
    return {"old": old, "new": later.size, "path": [step.hex() for step in path], **_signed(later)}


def _signed(checkpoint: Checkpoint) -> dict[str, str]:
    return {"checkpoint": checkpoint.note, "public_key": base64.b64encode(bytes(checkpoint.key)).decode()}
