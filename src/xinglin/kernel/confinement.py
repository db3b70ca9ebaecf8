"""Who may act at all: administrations and supervisors are confined to the acts that name them."""

from collections.abc import Callable
from typing import Any, TypeVar

from django.utils.translation import gettext_lazy as _

from .actors import Actor
from .policy import NotAllowed

F = TypeVar("F", bound=Callable[..., Any])

# The three administrations do no work of the association, and a supervisor watches it.
CONFINED = frozenset({"system_admin", "security_admin", "audit_admin", "supervisor"})


def open_to(*roles: str) -> Callable[[F], F]:
    """Open an act to confined roles; written below `@act`. Every other act is closed to them.

    `member` opens it to supervisors too: what any member does for themselves (dues, registrations, password).
    """

    def mark(function: F) -> F:
        function.open_to = frozenset(roles)  # type: ignore[attr-defined]
        return function

    return mark


def is_open(*, function: Callable[..., Any], actor: Actor) -> bool:
    """Say whether an act is open to every confined role that the actor holds."""
    opened: frozenset[str] = getattr(function, "open_to", frozenset())
    held = actor.roles & CONFINED
    return all(role in opened or (role == "supervisor" and "member" in opened) for role in held)


def require_open(*, function: Callable[..., Any], actor: Actor) -> None:
    """Refuse an act that is not open to a confined actor (NotAllowed)."""
    if not is_open(function=function, actor=actor):
        raise NotAllowed(
            _("This account does not do this work: its role looks after the system or watches."),
            regulation="SE9.separation",
        )
