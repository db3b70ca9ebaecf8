"""Proposes which bills the rows of a bank statement pay: by code exactly, by name and amount likely."""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Q
from django.utils.translation import gettext as _

from .answers import days_of
from .bank_sheets import BankRow
from .bundling import owed_on
from .fees import Bundle, Charge, Payment
from .statuses import judge
from .transfer_codes import codes_in

RELATED = ("spell__member__person", "spell__member__unit", "line__tier")


@dataclass(frozen=True, kw_only=True)
class Target:
    """What a row may pay: one bill, or all bills of a bundle."""

    key: str  # "charge:12", "bundle:3"
    label: str
    owed: Decimal


@dataclass(frozen=True, kw_only=True)
class Proposal:
    """One row of a statement with what it may pay: `exact` is ticked, `likely` needs a click, `none` is unknown."""

    row: BankRow
    kind: str  # exact, likely, none, booked, trouble
    targets: tuple[Target, ...] = ()
    notes: tuple[str, ...] = ()
    booked: Payment | None = None


def propose(*, rows: Sequence[BankRow], on: date) -> list[Proposal]:
    """Return a proposal for each row; rows that are in the book already say so."""
    codes = {row.number: codes_in(text=row.remark) for row in rows}
    wanted = {code for found in codes.values() for code in found}
    bills = {one.code: one for one in Charge.objects.standing().filter(code__in=wanted).select_related(*RELATED)}
    bundles = {one.code: one for one in Bundle.objects.filter(code__in=wanted).select_related("payer__unit")}
    booked = {one.serial: one for one in Payment.objects.filter(serial__in=[row.serial for row in rows])}
    named = _by_name({_folded(row.payer) for row in rows if row.payer})
    answer = []
    for row in rows:
        if row.serial in booked:
            answer.append(Proposal(row=row, kind="booked", booked=booked[row.serial]))
        elif row.trouble:
            answer.append(Proposal(row=row, kind="trouble", notes=(row.trouble,)))
        else:
            hits = [bills.get(code) or bundles.get(code) for code in codes[row.number]]
            answer.append(_by_code(row, [one for one in hits if one], on) or _likely(row, named))
    return answer


def _by_code(row: BankRow, hits: list[Charge | Bundle], on: date) -> Proposal | None:
    if not hits:
        return None
    targets = tuple(target(one) for one in hits)
    owed = sum((one.owed for one in targets), Decimal(0))
    notes = [note for one in hits for note in _doubts(one, row, on)]
    if owed == 0:
        notes.append(_("Paid already: a second payment? It stays as credit."))
    elif row.amount != owed:
        more = row.amount > owed
        notes.append((_("%(amount)s yuan more than owed; the rest stays as credit.") if more else
                      _("%(amount)s yuan less than owed; the bill stays open.")) % {"amount": abs(row.amount - owed)})
    sure = len(hits) == 1 and not any(_doubts(one, row, on) for one in hits) and owed > 0
    return Proposal(row=row, kind="exact" if sure else "likely", targets=targets, notes=tuple(notes))


def _doubts(one: Charge | Bundle, row: BankRow, on: date) -> list[str]:
    """Say what the office should know before this is booked: the membership is over, or lapsed."""
    if isinstance(one, Bundle):
        return []
    if one.spell.ended_on and one.spell.ended_on <= on:
        return [_("The membership ended on %(day)s: the money is kept, you decide.") % {"day": one.spell.ended_on}]
    if judge(days_of(one.spell, on=row.paid_on or on), on=row.paid_on or on).code == "lapsed":
        return [_("Lapsed on the day of the payment: the time begins with that day.")]
    return []


def _likely(row: BankRow, named: dict[str, list[Charge]]) -> Proposal:
    same = [one for one in named.get(_folded(row.payer), ()) if one.amount - one.received == row.amount]
    if not same:
        return Proposal(row=row, kind="none")
    notes = (_("Several bills fit; choose one."),) if len(same) > 1 else ()
    return Proposal(row=row, kind="likely", targets=tuple(target(one) for one in same[:9]), notes=notes)


def _by_name(names: set[str]) -> dict[str, list[Charge]]:
    """Return open bills by the name of their member, for the names that paid."""
    answer: dict[str, list[Charge]] = {}
    where = Q(spell__member__person__name__in=names) | Q(spell__member__unit__name__in=names)
    for one in Charge.objects.owed().filter(where).select_related(*RELATED).order_by("due_on", "pk"):
        answer.setdefault(_folded(one.spell.member.name), []).append(one)
    return answer


def _folded(name: str) -> str:
    return "".join(unicodedata.normalize("NFKC", name).split()).replace("(", "（").replace(")", "）")


def target(one: Charge | Bundle) -> Target:
    """Return a bill or a bundle as something to choose."""
    if isinstance(one, Bundle):
        bills, owed = owed_on(one)
        label = _("%(name)s for %(number)d bills") % {"name": one.payer.name, "number": len(bills)}
        return Target(key=f"bundle:{one.pk}", label=label, owed=owed)
    owed = max(one.amount - one.received, Decimal(0)) if hasattr(one, "received") else one.amount
    return Target(key=f"charge:{one.pk}", label=f"{one.spell.member.name}　{one.year}　{one.code}", owed=owed)
