"""Books the chosen rows of a bank statement for orders of events, all or none, each once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from xinglin.kernel.actors import Actor
from xinglin.kernel.acts import act
from xinglin.kernel.policy import require
from xinglin.mechanics.transfers.bank_sheets import BankRow
from xinglin.mechanics.transfers.models import Statement
from xinglin.mechanics.transfers.rows import book_rows

from ..orders import Order, Payment, Way
from ..registration_policy import may_book_statements
from .orders import receive_payment


@dataclass(frozen=True, kw_only=True)
class Booking:
    """A row and the order it pays."""

    row: BankRow
    order: Order


@act
def book_statement(*, by: Actor, on: date, statement: Statement, bookings: Sequence[Booking]) -> list[Payment]:
    """Book these rows, all or none; a row that somebody booked meanwhile is named (Refusals)."""
    require(may_book_statements(actor=by))

    def book(one: Booking) -> Payment:
        row = one.row
        return receive_payment(
            by=by, on=on, order=one.order, way=Way.TRANSFER, amount=row.amount or Decimal(0), paid_on=row.paid_on or on,
            serial=row.serial, payer_name=row.payer, account=row.account, statement=statement)

    return book_rows(statement=statement, bookings=sorted(bookings, key=lambda one: one.order.pk), book=book)
