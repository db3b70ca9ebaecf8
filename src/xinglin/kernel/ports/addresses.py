"""The port `Addresses`: where, and in which language, a person is reached."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from ..refs import Ref
from . import port


@dataclass(frozen=True, kw_only=True)
class Address:
    """How one person is reached; an empty word means that way is closed."""

    person: Ref
    email: str = ""
    mobile: str = ""
    language: str = "zh-hans"


class NoAddresses:
    """Nobody keeps addresses: letters wait, marked as having none."""

    def of(self, *, people: Sequence[Ref]) -> dict[Ref, Address]:
        """Return nothing."""
        return {}


@port(null=NoAddresses)
class Addresses(Protocol):
    """Knows where people are reached."""

    def of(self, *, people: Sequence[Ref]) -> dict[Ref, Address]:
        """Return the address of each person known; unknown people are left out."""
        ...
