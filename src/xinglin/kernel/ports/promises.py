"""The port `Promises`: what the year's plan promises of something that an engine counts."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Protocol

from ..refs import Ref
from . import port


@dataclass(frozen=True, kw_only=True)
class Promise:
    """A number that the plan of a year promises, in the plan's own words, and the commitment that says so."""

    number: Decimal
    words: str
    commitment: Ref


class NoPromises:
    """Nobody plans: nothing is promised."""

    def of(self, *, fact: str, filter: tuple[tuple[str, str], ...], on: date) -> Promise | None:
        """Return nothing."""
        return None


@port(null=NoPromises)
class Promises(Protocol):
    """Knows how many facts of a type the adopted plan of a year promises."""

    def of(self, *, fact: str, filter: tuple[tuple[str, str], ...], on: date) -> Promise | None:
        """Return what the plan of that year promises of the facts under exactly this filter, None when nothing."""
        ...
