"""Finds the rows of a bank statement that are in the book already, also under another serial than they bear now."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import partial

from xinglin.mechanics.transfers.bank_sheets import BankRow, payer_folded

from .fees import Payment

_Free = dict[tuple[date | None, Decimal | None], list[Payment]]


@dataclass(frozen=True, kw_only=True)
class Found:
    """Payments by the number of a row: it is this one for sure, it may be this one, it only bears its serial."""

    booked: dict[int, Payment]
    alike: dict[int, Payment]
    namesakes: dict[int, Payment]


def booked_before(rows: Sequence[BankRow]) -> Found:
    """Look for rows in the book.

    Sure: the same serial, day and amount; some banks number the rows of an export, so a serial alone says nothing. A
    longer export that holds it twice, with its reversal, hides nothing. Alike: day, amount and payer, where one of
    both has no serial of the bank. A namesake is booked under a digest of what the row says.
    """
    asked = {serial for row in rows for serial in (row.serial, row.digest())}
    known = {one.serial: one for one in Payment.objects.filter(serial__in=asked)}
    booked = {row.number: one for row in rows for serial in (row.digest(), row.serial)
              if (one := known.get(serial)) and _is_of(row, one)}
    left = [row for row in rows if row.number not in booked and row.amount and row.paid_on]
    free = _others(left, [one.pk for one in booked.values()])
    for row in left:
        if one := _take(free, row, partial(_is, row)):
            booked[row.number] = one
    left = [row for row in left if row.number not in booked]
    namesakes = {row.number: known[row.serial] for row in left if row.serial in known}
    alike = {row.number: one for row in left if (one := _take(free, row, partial(_may_be, row)))}
    return Found(booked=booked, alike=alike, namesakes=namesakes)


def _is_of(row: BankRow, other: Payment) -> bool:
    return (row.paid_on, row.amount) == (other.paid_on, other.amount)


def is_another(row: BankRow, other: Payment) -> bool:
    """Say whether row and payment name two payers, so that neither is the other with a slip in day or amount."""
    if row.account and other.account:
        return row.account != other.account
    return bool(row.payer and other.payer_name) and payer_folded(row.payer) != payer_folded(other.payer_name)


def _others(rows: Sequence[BankRow], taken: list[int]) -> _Free:
    """Return the other transfers of these days by day and amount."""
    found: _Free = {}
    days = {row.paid_on for row in rows}
    for one in Payment.objects.filter(way=Payment.Way.TRANSFER, paid_on__in=days).exclude(pk__in=taken).order_by("pk"):
        found.setdefault((one.paid_on, one.amount), []).append(one)
    return found


def _take(free: _Free, row: BankRow, fits: Callable[[Payment], bool]) -> Payment | None:
    """Return the first payment of the row's day and amount that fits, and use it up: one payment is one row."""
    here = free.get((row.paid_on, row.amount), [])
    one = next((other for other in here if fits(other)), None)
    if one:
        here.remove(one)
    return one


def _is(row: BankRow, other: Payment) -> bool:
    return bool(row.own) and row.own == other.serial


def _may_be(row: BankRow, other: Payment) -> bool:
    """Say whether row and payment name the same payer, and no serial of the bank tells them apart."""
    if row.is_named and other.statement_id and not other.serial.startswith("row-"):
        return False
    if row.account and other.account:
        return row.account == other.account
    return bool(row.payer) and payer_folded(row.payer) == payer_folded(other.payer_name)
