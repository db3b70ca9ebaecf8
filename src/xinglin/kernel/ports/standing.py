"""The port `Standings`: whether a person or a unit is in good standing, and as what."""

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


class NoStandings:
    """Nobody keeps a register of members: everyone is a stranger."""

    def of(self, *, members: Sequence[Ref], on: date) -> dict[Ref, Standing]:
        """Return the standing of strangers."""
        stranger = Standing(good=False, category=Code("none"), reason=_("No register of members is kept here."))
        return dict.fromkeys(members, stranger)


@port(null=NoStandings)
class Standings(Protocol):
    """Knows who is a member in good standing."""

    def of(self, *, members: Sequence[Ref], on: date) -> dict[Ref, Standing]:
        """Return the standing of each person or unit on a date; strangers are not good, with a reason."""
        ...
