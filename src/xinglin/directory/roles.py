"""Derives what an account may do on a day from the person's terms, or from the account's one grant."""

from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path

import yaml

from xinglin.kernel.actors import Actor
from xinglin.kernel.refs import Ref, ref

from .accounts import Account
from .organisations import Organisation
from .posts import Term

# Who must bind a second factor, beside the three administrations.
STAFF = frozenset({"department", "department_head", "office", "secretary_general", "leader", "supervisor"})
# Parts of parts: a branch, its youth committee, its working groups. Deeper is an error in the data.
DEPTH = 5


@dataclass(frozen=True, kw_only=True)
class Rule:
    """One line of the table: these titles in organisations of these kinds bring this role."""

    role: str
    titles: frozenset[str]
    kinds: frozenset[str]
    everywhere: bool


@dataclass(frozen=True, kw_only=True)
class Bringing:
    """A role that a term brings: since when, and in which organisation (None: everywhere)."""

    role: str
    since: date
    organisation: int | None


@lru_cache(maxsize=1)
def rules() -> tuple[Rule, ...]:
    """Return the table of roles in the order of its file."""
    content = yaml.safe_load(Path(__file__).with_name("roles.yaml").read_text("utf-8"))
    return tuple(
        Rule(
            role=one["role"],
            titles=frozenset(one["titles"]),
            kinds=frozenset(one["kinds"]),
            everywhere=one["scope"] == "association",
        )
        for one in content
    )


def bringings(*, account: Account, on: date) -> list[Bringing]:
    """Return every role that the person's terms of that day bring."""
    if account.person_id is None or account.administers:
        return []
    terms = Term.objects.on(on).filter(person=account.person_id)
    held = terms.values_list("post__title", "post__organisation__kind", "post__organisation", "from_on")
    return [
        Bringing(role=rule.role, since=since, organisation=None if rule.everywhere else organisation)
        for title, kind, organisation, since in held
        for rule in rules()
        if title in rule.titles and kind in rule.kinds
    ]


def actor_of(*, account: Account, on: date) -> Actor:
    """Return who an account is on a day; kept on the account object, which lives as long as the request."""
    kept: dict[date, Actor] = account.__dict__.setdefault("_actors", {})
    if on not in kept:
        kept[on] = _actor_of(account, on)
    return kept[on]


def _actor_of(account: Account, on: date) -> Actor:
    if not account.is_active:
        return Actor(ref=account.ref, name=account.username)
    if account.administers:
        grant = account.grants.on(on).first()
        roles = frozenset({grant.role}) if grant else frozenset()
        return Actor(ref=account.ref, name=account.username, roles=roles)
    if account.person is None:
        return Actor(ref=account.ref, name=account.username)
    found = bringings(account=account, on=on)
    return Actor(
        ref=account.ref,
        person=account.person.ref,
        name=account.person.name,
        roles=frozenset({"member", *(one.role for one in found)}),
        scope=_scope(found),
    )


def _scope(found: list[Bringing]) -> dict[str, frozenset[str]]:
    everywhere = {one.role for one in found if one.organisation is None}
    places: dict[str, set[int]] = {}
    for one in found:
        if one.organisation is not None and one.role not in everywhere:
            places.setdefault(one.role, set()).add(one.organisation)
    return {role: frozenset(_with_parts(roots)) for role, roots in places.items()}


def _with_parts(roots: set[int]) -> set[Ref]:
    known, fresh = set(roots), set(roots)
    for _level in range(DEPTH):
        parts = Organisation.objects.filter(parent__in=fresh).values_list("pk", flat=True)
        fresh = set(parts) - known
        if not fresh:
            break
        known |= fresh
    return {ref("directory.organisation", pk) for pk in known}


class Actors:
    """Answers the kernel's question who an account is on a date."""

    def of(self, *, account: object, on: date) -> Actor:
        """Return the actor of a signed-in account on a date."""
        if not isinstance(account, Account):
            raise TypeError("only accounts act")
        return actor_of(account=account, on=on)
