"""Books the chosen rows of a bank statement in one transaction, each once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from xinglin.kernel.actors import Actor
from xinglin.kernel.acts import act
from xinglin.kernel.policy import Problem, Refusal, Refusals, require
from xinglin.mechanics.transfers.bank_sheets import BankRow

from ..bundling import owed_on
from ..fees import Bundle, Charge, Payment, Statement
from ..policy import may_keep_fees
from .payments import receive_payment


class NothingChosen(Refusal):
    """No row was chosen."""


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
    if not bookings:
        raise NothingChosen(_("Choose the rows to book."))
    Statement.objects.one_locked(pk=statement.pk)
    made, problems = [], []
    for one in bookings:
        try:
            made.append(_book(by, on, statement, one))
        except Refusal as refusal:
            problems.append(Problem(field=f"row-{one.row.number}", row=one.row.number,
                                    message=_("Row %(row)d: %(why)s") % {"row": one.row.number, "why": refusal}))
    if problems:
        raise Refusals(problems)
    return made


def _book(by: Actor, on: date, statement: Statement, one: Booking) -> Payment:
    row = one.row
    if row.amount is None or row.paid_on is None or row.trouble:
        raise Refusal(row.trouble or _("The amount cannot be read."))
    charges, member = ([one.charge] if one.charge else []), None
    if one.bundle:
        charges, member = owed_on(one.bundle)[0], one.bundle.payer
    return receive_payment(
        by=by, on=on, way=Payment.Way.TRANSFER, amount=row.amount, paid_on=row.paid_on, serial=row.serial,
        payer_name=row.payer, account=row.account, remark=row.remark, member=member, charges=charges,
        statement=statement)
