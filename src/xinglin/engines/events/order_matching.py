"""Proposes which orders of events the rows of a bank statement pay: by code exactly, by name and amount likely."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from xinglin.lib.transfer_codes import codes_in
from xinglin.mechanics.transfers.bank_sheets import BankRow, payer_folded

from .orders import Order, Payment


@dataclass(frozen=True, kw_only=True)
class Fit:
    """One row with the orders it may pay: `exact` is chosen, `likely` needs a click, `none` is not of an event."""

    row: BankRow
    kind: str  # exact, likely, none, booked, trouble
    orders: tuple[Order, ...] = ()
    note: str = ""


def fits(*, rows: Sequence[BankRow]) -> list[Fit]:
    """Return what each row may pay; rows that are booked for an order say so."""
    codes = {row.number: codes_in(text=row.remark) for row in rows}
    weighed = Order.objects.weighed().select_related("event")
    known = {one.code: one for one in weighed.filter(code__in={code for found in codes.values() for code in found})}
    booked = {one.serial: one for one in Payment.objects.filter(serial__in=[row.serial for row in rows])}
    named: dict[str, list[Order]] = {}
    for one in weighed.filter(cancelled_on=None, owed__gt=0, payer_name__in={row.payer for row in rows if row.payer}):
        named.setdefault(payer_folded(one.payer_name), []).append(one)
    return [_fit(row, [known[code] for code in codes[row.number] if code in known], named, booked) for row in rows]


def _fit(row: BankRow, hits: list[Order], named: dict[str, list[Order]], booked: dict[str, Payment]) -> Fit:
    if row.serial in booked:
        return Fit(row=row, kind="booked", note=booked[row.serial].order.number)
    if row.trouble:
        return Fit(row=row, kind="trouble", note=row.trouble)
    if hits:
        [order, *more] = hits
        sure = not more and order.cancelled_on is None and order.owed > 0
        return Fit(row=row, kind="exact" if sure else "likely", orders=tuple(hits), note=_doubt(row, order))
    same = tuple(one for one in named.get(payer_folded(row.payer), ()) if one.owed == row.amount)
    return Fit(row=row, kind="likely" if same else "none", orders=same[:9])


def _doubt(row: BankRow, order: Order) -> str:
    if order.cancelled_on:
        return _("The order was cancelled on %(day)s: booked, the money goes back.") % {"day": order.cancelled_on}
    if order.owed <= 0:
        return _("Paid already: booked, the money goes back.")
    if row.amount and row.amount != order.owed:
        return _("%(owed)s is owed.") % {"owed": order.owed}
    return ""
