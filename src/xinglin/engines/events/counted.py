"""What was counted of an event at its doors and streams, to propose when it is written down as held (K9)."""

from collections.abc import Callable
from dataclasses import dataclass

from .meetings import Event


@dataclass(frozen=True, kw_only=True)
class Counted:
    """Person-times on site and online, counted apart."""

    on_site: int
    online: int


_counters: list[Callable[[Event], Counted | None]] = []


def count_with(counter: Callable[[Event], Counted | None]) -> None:
    """Register who counts presence; it answers None for an event that nobody counted."""
    _counters.append(counter)


def counted(event: Event) -> Counted | None:
    """Return what was counted, None when nobody did."""
    return next((found for one in _counters if (found := one(event))), None)
