"""The port `Standings`: whether a person or a unit is in good standing, and as what."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from ..refs import Code, Ref
from . import port


@dataclass(frozen=True, kw_only=True)
class Standing:
    """How a member stands on a date: good or not, in which category, over which half-open span, and why not."""

    good: bool
    category: Code
    since: date | None = None
    until: date | None = None
    reason: str | Promise = ""


@dataclass(frozen=True, kw_only=True)
class Roll:
    """Who may do something on a date, frozen: in the order of their numbers, with the digest by which it is known."""

    rule: Code
    on: date
    members: tuple[Ref, ...] = ()

    @property
    def digest(self) -> str:
        """Return the hex SHA-256 of the roll: a later look at the same roll compares it."""
        lines = "\n".join((self.rule, self.on.isoformat(), *self.members))
        return hashlib.sha256(lines.encode()).hexdigest()


class NoStandings:
    """Nobody keeps a register of members: everyone is a stranger."""

    def of(self, *, members: Sequence[Ref], on: date) -> dict[Ref, Standing]:
        """Return the standing of strangers."""
        stranger = Standing(good=False, category=Code("none"), reason=_("No register of members is kept here."))
        return dict.fromkeys(members, stranger)

    def roll(self, *, rule: Code, on: date) -> Roll:
        """Return an empty roll."""
        return Roll(rule=rule, on=on)


@port(null=NoStandings)
class Standings(Protocol):
    """Knows who is a member in good standing."""

    def of(self, *, members: Sequence[Ref], on: date) -> dict[Ref, Standing]:
        """Return the standing of each person or unit on a date; strangers are not good, with a reason."""
        ...

    def roll(self, *, rule: Code, on: date) -> Roll:
        """Return everybody who has a right on a date (`vote`, `stand` …) or, for `members`, every good standing."""
        ...
