"""Who acts: a person by an account, or a part of the house itself."""

from dataclasses import dataclass, field
from datetime import date
from typing import Protocol

from .ports import port
from .refs import Ref


@dataclass(frozen=True, kw_only=True)
class Actor:
    """Who does something, with the roles that hold on one date."""

    ref: Ref
    person: Ref | None = None
    name: str = ""
    roles: frozenset[str] = field(default_factory=frozenset)
    # Organisations in which each role holds: role → refs; an empty set means the whole association.
    scope: dict[str, frozenset[str]] = field(default_factory=dict, hash=False, compare=False)

    def has(self, role: str) -> bool:
        """Say whether the actor holds a role anywhere."""
        return role in self.roles

    def has_in(self, role: str, organisation: str) -> bool:
        """Say whether the actor holds a role in this organisation or in the whole association."""
        if role not in self.roles:
            return False
        where = self.scope.get(role, frozenset())
        return not where or organisation in where


def house(part: str) -> Actor:
    """Return the actor for a part of the house: a flow, a night job, the demonstration."""
    return Actor(ref=Ref(f"kernel.house:{part}"), name=part, roles=frozenset({"house"}))


class _Accounts:
    """Until the directory answers: a superuser holds the office roles, everybody else is a member."""

    OFFICE = frozenset({"member", "department", "department_head", "office", "secretary_general", "leader",
                        "system_admin"})

    def of(self, *, account: object, on: date) -> Actor:
        roles = self.OFFICE if getattr(account, "is_superuser", False) else frozenset({"member"})
        name = str(getattr(account, "get_full_name", str)() or account)
        return Actor(ref=Ref(f"directory.account:{getattr(account, 'pk', 0)}"), name=name, roles=roles)

    def again(self, *, actor: Actor, on: date) -> Actor:
        return actor


@port(null=_Accounts)
class ActorSource(Protocol):
    """Answers which actor an account is on a date; the directory provides it."""

    def of(self, *, account: object, on: date) -> Actor:
        """Return the actor of a signed-in account on a date."""
        ...

    def again(self, *, actor: Actor, on: date) -> Actor:
        """Return who an actor is on a later date: roles may have ended since, the account may be stopped."""
        ...
