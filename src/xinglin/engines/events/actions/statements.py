"""Books the chosen rows of a bank statement for orders of events, all or none, each once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from xinglin.kernel.actors import Actor
from xinglin.kernel.acts import act
from xinglin.kernel.policy import Problem, Refusal, Refusals, require
from xinglin.mechanics.transfers.bank_sheets import BankRow

from ..orders import Order, Payment, Way
from ..registration_policy import may_book_statements
from .orders import receive_payment


class NothingChosen(Refusal):
    """No row was chosen."""


@dataclass(frozen=True, kw_only=True)
class Booking:
    """A row and the order it pays."""

    row: BankRow
    order: Order


@act
def book_statement(*, by: Actor, on: date, bookings: Sequence[Booking]) -> list[Payment]:
    """Book these rows, all or none; a row that somebody booked meanwhile is named (Refusals)."""
    require(may_book_statements(actor=by))
    if not bookings:
        raise NothingChosen(_("Choose the rows to book."))
    made, problems = [], []
    for one in sorted(bookings, key=lambda booking: booking.order.pk):
        row = one.row
        try:
            if row.amount is None or row.paid_on is None or row.trouble:
                raise Refusal(row.trouble or _("The amount cannot be read."))
            made.append(receive_payment(
                by=by, on=on, order=one.order, way=Way.TRANSFER, amount=row.amount, paid_on=row.paid_on,
                serial=row.serial, payer_name=row.payer, account=row.account))
        except Refusal as refusal:
            problems.append(Problem(field=f"row-{row.number}", row=row.number, message=_("Row %(row)d: %(why)s") % {
                "row": row.number, "why": refusal}))
    if problems:
        raise Refusals(problems)
    return made
