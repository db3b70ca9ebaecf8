"""Choosing: who can be picked in a form, answered by the app that keeps them."""

from collections.abc import Callable
from dataclasses import dataclass

from xinglin.kernel.actors import Actor
from xinglin.kernel.refs import Ref


@dataclass(frozen=True, kw_only=True)
class Choice:
    """One thing that can be chosen: its ref, its name, a second line that tells namesakes apart."""

    ref: Ref
    label: str
    sub: str = ""


Chooser = Callable[[str, Actor, int], list[Choice]]
_choosers: dict[str, Chooser] = {}


class UnknownChooser(LookupError):
    """Nobody registered a chooser of this kind."""


def register(kind: str, function: Chooser) -> Chooser:
    """Register `function(query, actor, limit) -> list[Choice]` for a kind such as directory.person."""
    _choosers[kind] = function
    return function


def is_known(kind: str) -> bool:
    """Say whether some app keeps things of this kind to choose from."""
    return kind in _choosers


def choices(*, kind: str, query: str, actor: Actor, limit: int = 12) -> list[Choice]:
    """Return what can be chosen for a query (UnknownChooser)."""
    if kind not in _choosers:
        raise UnknownChooser(kind)
    return _choosers[kind](query.strip(), actor, limit)
