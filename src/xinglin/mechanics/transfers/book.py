"""The book of money that came: each serial once, whichever engine it came for; known rows of statements are found."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from functools import partial

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from xinglin.kernel.policy import Refusal
from xinglin.kernel.refs import Ref, Shown, shown
from xinglin.kernel.sealed_fields import blind_index, blind_indexes

from .bank_sheets import BankRow, payer_folded
from .models import Booked, Statement

BANK = "bank"
_PAYER, _ACCOUNT = "transfers_booked.payer", "transfers_booked.account"
_Free = dict[tuple[date | None, Decimal | None], list[Booked]]


class BookedAlready(Refusal):
    """This money is in the book."""

    field = "serial"


def enter_money(
    *, payment: Ref, serial: str, paid_on: date, amount: Decimal, book: str = BANK, payer: str = "", account: str = "",
    statement: Statement | None = None,
) -> Booked:
    """Write money into the book, inside the act that says what it came for (BookedAlready)."""
    if not serial:
        raise BookedAlready(_("Write the serial of the bank, or the number in the cash book."))
    try:
        with transaction.atomic():  # two cashiers at once, or two engines: the constraint decides
            if not Booked.objects.filter(book=book, serial=serial).exists():
                return Booked.objects.create(
                    book=book, serial=serial, paid_on=paid_on, amount=amount, payment=payment, statement=statement,
                    payer=blind_index(payer_folded(payer), column=_PAYER) if payer else None,
                    account=blind_index(account, column=_ACCOUNT) if account else None)
    except IntegrityError:
        pass
    other = Booked.objects.get(book=book, serial=serial)
    same = (other.paid_on, other.amount) == (paid_on, amount)
    raise BookedAlready(_("Serial %(serial)s was booked before: %(amount)s yuan, paid on %(day)s (%(what)s).") % {
        "serial": other.serial, "amount": other.amount, "day": other.paid_on,
        "what": shown([other.ref])[other.ref].label},
        instead="" if same else _("If this is another transfer, write its day behind the serial: %(serial)s.") % {
            "serial": f"{serial}/{paid_on:%Y%m%d}"})


@dataclass(frozen=True, kw_only=True)
class Seen:
    """A row of a statement as the book knows it: in it, or to be booked, perhaps under another serial or in doubt."""

    row: BankRow
    booked: Booked | None = None
    what: Shown | None = None  # it came for, of a row that is in the book
    notes: tuple[str, ...] = ()
    doubted: bool = False  # it may be in the book: nobody books it without looking


def seen(rows: Sequence[BankRow]) -> list[Seen]:
    """Look for rows in the book.

    Sure: the same serial, day and amount; some banks number the rows of an export, so a serial alone says nothing. A
    longer export that holds it twice, with its reversal, hides nothing. Alike: day, amount and payer, where one of
    both has no serial of the bank. A namesake is booked under a digest of what the row says.
    """
    known = {one.serial: one for one in Booked.objects.filter(
        book=BANK, serial__in={serial for row in rows for serial in (row.serial, row.digest())})}
    booked = {row.number: one for row in rows for serial in (row.digest(), row.serial)
              if (one := known.get(serial)) and (row.paid_on, row.amount) == (one.paid_on, one.amount)}
    left = [row for row in rows if row.number not in booked and row.amount and row.paid_on]
    free = _others(left, [one.pk for one in booked.values()])
    for row in left:
        if one := _take(free, row, partial(_is, row)):
            booked[row.number] = one
    alike = {row.number: one for row in left if row.number not in booked
             if (one := _take(free, row, partial(_may_be, row)))}
    names = shown([one.ref for one in booked.values()])
    return [Seen(row=replace(row, serial=one.serial), booked=one, what=names[one.ref])
            if (one := booked.get(row.number)) else _open(row, alike.get(row.number), known.get(row.serial))
            for row in rows]


def _open(row: BankRow, alike: Booked | None, namesake: Booked | None) -> Seen:
    notes, doubted = [], False
    if namesake:
        notes.append(_("Serial %(serial)s is in the book already: %(amount)s yuan, paid on %(day)s. This row is booked "
                       "beside it.") % {"serial": namesake.serial, "amount": namesake.amount, "day": namesake.paid_on})
        row, doubted = replace(row, serial=row.digest()), not _is_another(row, namesake)
    if alike:
        notes.append(_("Booked before? %(amount)s yuan of the same payer and day, serial %(serial)s.") % {
            "amount": alike.amount, "serial": alike.serial})
    return Seen(row=row, notes=tuple(notes), doubted=doubted or alike is not None)


def _others(rows: Sequence[BankRow], taken: list[int]) -> _Free:
    """Return the other transfers of these days by day and amount."""
    found: _Free = {}
    days = {row.paid_on for row in rows if row.paid_on}
    for one in Booked.objects.filter(book=BANK, paid_on__in=days).exclude(pk__in=taken).order_by("pk"):
        found.setdefault((one.paid_on, one.amount), []).append(one)
    return found


def _take(free: _Free, row: BankRow, fits: Callable[[Booked], bool]) -> Booked | None:
    """Return the first of the row's day and amount that fits, and use it up: one payment is one row."""
    here = free.get((row.paid_on, row.amount), [])
    one = next((other for other in here if fits(other)), None)
    if one:
        here.remove(one)
    return one


def _is(row: BankRow, other: Booked) -> bool:
    return bool(row.own) and row.own == other.serial


def _may_be(row: BankRow, other: Booked) -> bool:
    """Say whether row and payment name the same payer, and no serial of the bank tells them apart."""
    if row.is_named and other.statement_id and not other.serial.startswith("row-"):
        return False
    if row.account and other.account:
        return _bears(other.account, row.account, _ACCOUNT)
    return bool(row.payer and other.payer) and _bears(other.payer, payer_folded(row.payer), _PAYER)


def _is_another(row: BankRow, other: Booked) -> bool:
    """Say whether row and payment name two payers, so that neither is the other with a slip in day or amount."""
    if row.account and other.account:
        return not _bears(other.account, row.account, _ACCOUNT)
    return bool(row.payer and other.payer) and not _bears(other.payer, payer_folded(row.payer), _PAYER)


def _bears(mark: "bytes | memoryview[int] | None", value: str, column: str) -> bool:
    return mark is not None and bytes(mark) in blind_indexes(value, column=column)
