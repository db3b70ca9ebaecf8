"""Search over everything: each app finds its own, the shell lines the hits up."""

import logging
from collections.abc import Callable
from dataclasses import dataclass

from django.utils.functional import Promise

from xinglin.kernel.actors import Actor

log = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class Hit:
    """One thing found: its name, a second line, where it is."""

    label: str
    url: str
    sub: str = ""
    icon: str = "file"


Finder = Callable[[str, Actor, int], list[Hit]]


@dataclass(frozen=True, kw_only=True)
class Kind:
    """A kind of thing that can be found."""

    code: str
    label: str | Promise
    find: Finder
    order: int


@dataclass(frozen=True, kw_only=True)
class Group:
    """The hits of one kind; `more` says that the list was cut."""

    kind: Kind
    hits: list[Hit]
    more: bool
    failed: bool = False


_kinds: dict[str, Kind] = {}


def register(kind: str, function: Finder, *, label: str | Promise = "", order: int = 50) -> Finder:
    """Register `function(query, actor, limit) -> list[Hit]`; it must respect what the actor may see."""
    _kinds[kind] = Kind(code=kind, label=label or kind, find=function, order=order)
    return function


def kinds() -> list[Kind]:
    """Return the registered kinds in order."""
    return sorted(_kinds.values(), key=lambda one: one.order)


def found(*, query: str, actor: Actor, limit: int, only: str = "") -> list[Group]:
    """Return the hits by kind; a kind that fails is named as failed and spoils no other."""
    wanted = query.strip()
    if not wanted:
        return []
    chosen = [one for one in kinds() if not only or one.code == only]
    groups = [_group(kind=one, query=wanted, actor=actor, limit=limit) for one in chosen]
    return [one for one in groups if one.hits or one.failed]


def _group(*, kind: Kind, query: str, actor: Actor, limit: int) -> Group:
    try:
        hits = kind.find(query, actor, limit + 1)
    except Exception:
        log.exception("search for %s failed", kind.code)
        return Group(kind=kind, hits=[], more=False, failed=True)
    return Group(kind=kind, hits=hits[:limit], more=len(hits) > limit)
