"""Exports with sensitive columns need a second person; the security's owner says how."""

from datetime import date
from typing import Protocol

from xinglin.kernel.actors import Actor


class ExportGate(Protocol):
    """Answers whether sensitive columns may leave, and where to ask a second person."""

    def granted(self, *, actor: Actor, table: str, columns: tuple[str, ...], address: str, rows: int, on: date) -> bool:
        """Return whether a second person has agreed to exactly this export by this actor: these rows, so many."""
        ...

    def ask_address(self, *, actor: Actor, table: str, columns: tuple[str, ...], address: str, rows: int) -> str:
        """Return the page on which the actor asks a second person."""
        ...


_gate: list[ExportGate] = []


def provide_gate(gate: ExportGate) -> None:
    """Register the gate; until then sensitive columns leave masked only."""
    _gate[:] = [gate]


def gate() -> ExportGate | None:
    """Return the registered gate."""
    return _gate[0] if _gate else None
