"""Books the chosen rows of a bank statement, all or none, by one cashier at a time; an engine says how."""

from collections.abc import Callable, Sequence
from typing import Protocol, TypeVar

from django.utils.translation import gettext as _

from xinglin.kernel.policy import Problem, Refusal, Refusals

from .bank_sheets import BankRow
from .models import Statement


class Booking(Protocol):
    """A row and what the engine books it for."""

    @property
    def row(self) -> BankRow:
        """The row."""
        ...


One = TypeVar("One", bound=Booking)
Made = TypeVar("Made")


class NothingChosen(Refusal):
    """No row was chosen."""


def book_rows(*, statement: Statement, bookings: Sequence[One], book: Callable[[One], Made]) -> list[Made]:
    """Book these rows inside an act, all or none; one that cannot be booked any more is named (Refusals)."""
    if not bookings:
        raise NothingChosen(_("Choose the rows to book."))
    Statement.objects.one_locked(pk=statement.pk)
    made, problems = [], []
    for one in bookings:
        row = one.row
        try:
            if row.amount is None or row.paid_on is None or row.trouble:
                raise Refusal(row.trouble or _("The amount cannot be read."))
            made.append(book(one))
        except Refusal as refusal:
            problems.append(Problem(field=f"row-{row.number}", row=row.number, message=_("Row %(row)d: %(why)s") % {
                "row": row.number, "why": refusal}))
    if problems:
        raise Refusals(problems)
    return made
