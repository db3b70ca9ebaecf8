"""Lays a document out again with a mark wherever a commitment was read."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

from .commitments import Commitment
from .documents import Document


@dataclass(frozen=True, kw_only=True)
class Piece:
    """A run of text under the same commitments; `ends` are those whose span ends with it."""

    text: str
    keys: tuple[int, ...] = ()
    state: str = ""
    ends: tuple[Commitment, ...] = ()

    @property
    def all_keys(self) -> str:
        """Return the keys as one attribute: 12 15."""
        return " ".join(str(key) for key in self.keys)


@dataclass(frozen=True, kw_only=True)
class Block:
    """One paragraph of the document put back together."""

    kind: str  # title heading item para table furniture
    level: int
    start: int
    pieces: tuple[Piece, ...]


def mark_state(*, commitment: Commitment, bound: bool) -> str:
    """Return how a mark looks: wait (to be confirmed), none (cannot be measured), or plainly accepted."""
    if commitment.kind == Commitment.Kind.WORDS and not bound:
        return "none"
    return "wait" if commitment.state == Commitment.State.WAITING else ""


def lay_out(*, document: Document, commitments: Iterable[Commitment], bound: frozenset[int]) -> list[Block]:
    """Return the document's paragraphs cut into pieces at every beginning and end of a commitment."""
    spans = sorted(
        (one for one in commitments if one.document_id == document.pk and one.start is not None),
        key=lambda one: (one.start, one.end),
    )
    blocks = []
    for paragraph in document.paragraphs:
        start, end = paragraph["start"], paragraph["end"]
        within = [one for one in spans if one.start < end and start < one.end]
        pieces = _pieces(document.text, start, end, within, bound)
        if pieces:
            blocks.append(Block(kind=paragraph["kind"], level=paragraph["level"], start=start, pieces=tuple(pieces)))
    return blocks


def _pieces(text: str, start: int, end: int, within: list[Commitment], bound: frozenset[int]) -> list[Piece]:
    cuts = {start, end}
    for one in within:
        cuts |= {max(start, one.start or 0), min(end, one.end or 0)}
    pieces = []
    for left, right in pairwise(sorted(cuts)):
        covering = [one for one in within if (one.start or 0) <= left and right <= (one.end or 0)]
        # The shortest span speaks for its words: the figure inside the sentence, not the sentence around it.
        inner = min(covering, key=lambda one: (one.end or 0) - (one.start or 0), default=None)
        pieces.append(
            Piece(
                text=text[left:right],
                keys=tuple(one.pk for one in covering),
                state=mark_state(commitment=inner, bound=inner.pk in bound) if inner else "",
                ends=tuple(one for one in covering if one.end == right),
            )
        )
    return pieces
