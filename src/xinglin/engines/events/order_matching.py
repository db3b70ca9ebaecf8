"""Proposes which orders of events the rows of a bank statement pay: by code exactly, by name and amount likely."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from xinglin.lib.transfer_codes import codes_in
from xinglin.mechanics.transfers.bank_sheets import BankRow, payer_folded
from xinglin.mechanics.transfers.book import Seen, seen

from .orders import Order


@dataclass(frozen=True, kw_only=True)
class Fit:
    """One row with the orders it may pay: `exact` is chosen, `likely` needs a click, `none` is not of an event."""

    row: BankRow
    kind: str  # exact, likely, none, booked, trouble
    orders: tuple[Order, ...] = ()
    notes: tuple[str, ...] = ()
    known: Seen | None = None  # as the book has it, of a row that is booked, also by others than events


def fits(*, rows: Sequence[BankRow]) -> list[Fit]:
    """Return what each row may pay; rows that are in the book already, whatever for, say so."""
    codes = {row.number: codes_in(text=row.remark) for row in rows}
    weighed = Order.objects.weighed().select_related("event")
    known = {one.code: one for one in weighed.filter(code__in={code for found in codes.values() for code in found})}
    named: dict[str, list[Order]] = {}
    payers = {payer_folded(row.payer) for row in rows if row.payer}
    for one in weighed.filter(cancelled_on=None, owed__gt=0, payer_folded__in=payers):
        named.setdefault(one.payer_folded, []).append(one)
    return [_fit(one, [known[code] for code in codes[one.row.number] if code in known], named) for one in seen(rows)]


def _fit(one: Seen, hits: list[Order], named: dict[str, list[Order]]) -> Fit:
    row = one.row
    if one.booked:
        return Fit(row=row, kind="booked", known=one)
    if row.trouble:
        return Fit(row=row, kind="trouble", notes=(row.trouble,))
    if hits:
        [order, *more] = hits
        sure = not more and order.cancelled_on is None and order.owed > 0 and not one.doubted
        return Fit(row=row, kind="exact" if sure else "likely", orders=tuple(hits),
                   notes=(*one.notes, *filter(None, [_doubt(row, order)])))
    same = tuple(order for order in named.get(payer_folded(row.payer), ()) if order.owed == row.amount)
    return Fit(row=row, kind="likely" if same else "none", orders=same[:9], notes=one.notes)


def _doubt(row: BankRow, order: Order) -> str:
    if order.cancelled_on:
        return _("The order was cancelled on %(day)s: booked, the money goes back.") % {"day": order.cancelled_on}
    if order.owed <= 0:
        return _("Paid already: booked, the money goes back.")
    if row.amount and row.amount != order.owed:
        return _("%(owed)s is owed.") % {"owed": order.owed}
    return ""
