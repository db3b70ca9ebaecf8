"""Keeps uploaded bank statements for those who keep fees; the mechanic `transfers` reads, seals and forgets them."""

from datetime import date

from xinglin.kernel.actors import Actor
from xinglin.kernel.policy import require
from xinglin.mechanics.transfers import keeping
from xinglin.mechanics.transfers.keeping import KEPT, Forgotten, UnreadableStatement, forget_statements, sheet_of
from xinglin.mechanics.transfers.models import Statement

from .policy import may_keep_fees

__all__ = ["KEPT", "Forgotten", "UnreadableStatement", "forget_statements", "keep_statement", "sheet_of"]


def keep_statement(*, by: Actor, on: date, name: str, content: bytes) -> tuple[Statement, bool]:
    """Keep a statement, sealed; the same bytes give the statement that is there (UnreadableStatement)."""
    require(may_keep_fees(actor=by))
    return keeping.keep_statement(by=by, on=on, name=name, content=content)
