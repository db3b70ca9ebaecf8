"""Derives what an account may do on a day from the person's terms, or from the account's one grant."""

from collections.abc import Collection
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
    return brought_to(people=[account.person_id], on=on)[account.person_id]


def brought_to(*, people: Collection[int], on: date, later: bool = False) -> dict[int, list[Bringing]]:
    """Return for each of these people (no more than one query takes) the roles that their posts bring on a day,
    `later` also those of terms yet to begin.

    A post counts only within our own association: the office of a hospital is not the office of this house.
    """
    terms = Term.objects.not_over(on) if later else Term.objects.on(on)
    above = "post__organisation" + "__parent" * DEPTH
    found = [
        (rule, term)
        for term in terms.filter(person__in=people).select_related(above)
        for rule in rules()
        if term.post.title in rule.titles and term.organisation.kind in rule.kinds and _lasts(term.organisation, on)
    ]
    ours = Organisation.objects.ours(on).first() if found else None
    answer: dict[int, list[Bringing]] = {person: [] for person in people}
    for rule, term in found:
        if ours is not None and _root(term.organisation) == ours:
            place = None if rule.everywhere else term.organisation.pk
            answer[term.person_id].append(Bringing(role=rule.role, since=term.from_on, organisation=place))
    return answer


def _lasts(organisation: Organisation, on: date) -> bool:
    return organisation.until_on is None or organisation.until_on > on


def _root(organisation: Organisation) -> Organisation:
    for _level in range(DEPTH):
        if organisation.parent is None:
            break
        organisation = organisation.parent
    return organisation


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

    def again(self, *, actor: Actor, on: date) -> Actor:
        """Return who an actor is on a later date; parts of the house stay what they are."""
        account = Account.objects.filter(pk=actor.ref.key).first() if actor.ref.kind == "directory.account" else None
        return actor_of(account=account, on=on) if account else actor
