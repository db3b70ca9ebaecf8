"""Books the chosen rows of a bank statement in one transaction, each once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from xinglin.kernel.actors import Actor
from xinglin.kernel.acts import act
from xinglin.kernel.policy import require
from xinglin.mechanics.transfers.bank_sheets import BankRow
from xinglin.mechanics.transfers.rows import book_rows

from ..bundling import owed_on
from ..fees import Bundle, Charge, Payment, Statement
from ..policy import may_keep_fees
from .payments import receive_payment


@dataclass(frozen=True, kw_only=True)
class Booking:
    """A row and what it pays: a bill, all of a bundle, or nothing yet."""

    row: BankRow
    charge: Charge | None = None
    bundle: Bundle | None = None


@act
def book_statement(*, by: Actor, on: date, statement: Statement, bookings: Sequence[Booking]) -> list[Payment]:
    """Book these rows, all or none; a row that another cashier booked meanwhile is named (Refusals)."""
    require(may_keep_fees(actor=by))

    def book(one: Booking) -> Payment:
        charges, member, row = ([one.charge] if one.charge else []), None, one.row
        if one.bundle:
            charges, member = owed_on(one.bundle)[0], one.bundle.payer
        return receive_payment(
            by=by, on=on, way=Payment.Way.TRANSFER, amount=row.amount or Decimal(0), paid_on=row.paid_on or on,
            serial=row.serial, payer_name=row.payer, account=row.account, remark=row.remark, member=member,
            charges=charges, statement=statement)

    return book_rows(statement=statement, bookings=bookings, book=book)
