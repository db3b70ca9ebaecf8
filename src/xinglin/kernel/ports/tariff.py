"""The port `Tariffs`: what something costs somebody on a date."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Protocol

from ..refs import Code, Ref
from . import port


@dataclass(frozen=True, kw_only=True)
class Price:
    """An amount in yuan with two decimals, the tariff line it comes from, and the decision that set it."""

    amount: Decimal
    line: Ref
    decision: Ref | None = None


class NoTariffs:
    """Nobody sets prices: nothing has one, which is not the same as being free."""

    def price(self, *, item: Code, payer: Ref | None, on: date) -> Price | None:
        """Return None."""
        return None


@port(null=NoTariffs)
class Tariffs(Protocol):
    """Knows prices."""

    def price(self, *, item: Code, payer: Ref | None, on: date) -> Price | None:
        """Return what the payer (None: anybody) pays for an item on a date; None when no price is set."""
        ...
