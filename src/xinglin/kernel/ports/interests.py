"""The port `Interests`: what ties people together and keeps one from judging the other."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from ..refs import Code, Ref
from . import port


@dataclass(frozen=True, kw_only=True)
class Interest:
    """One tie between a person and somebody or something: same unit, kin, supervisor, co-author."""

    person: Ref
    with_: Ref
    kind: Code
    since: date | None = None
    until: date | None = None


class NoInterests:
    """Nobody declares interests: none are known."""

    def between(self, *, people: Sequence[Ref], others: Sequence[Ref], on: date) -> tuple[Interest, ...]:
        """Return nothing."""
        return ()


@port(null=NoInterests)
class Interests(Protocol):
    """Knows declared and derived conflicts of interest."""

    def between(self, *, people: Sequence[Ref], others: Sequence[Ref], on: date) -> tuple[Interest, ...]:
        """Return the ties that hold on a date between any of the people and any of the others."""
        ...
