"""Proposes which bills the rows of a bank statement pay: by code exactly, by name and amount likely."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from django.db.models import Q
from django.utils.translation import gettext as _

from xinglin.lib.transfer_codes import codes_in
from xinglin.mechanics.transfers.bank_sheets import BankRow, payer_folded
from xinglin.mechanics.transfers.book import Seen, seen

from .answers import days_of
from .bundling import owed_on
from .fees import Bundle, Charge
from .statuses import Shifts, judge

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
    known: Seen | None = None  # as the book has it, of a row that is booked


def propose(*, rows: Sequence[BankRow], on: date) -> list[Proposal]:
    """Return a proposal for each row; rows that are in the book already say so."""
    codes = {row.number: codes_in(text=row.remark) for row in rows}
    wanted = {code for found in codes.values() for code in found}
    bills = {one.code: one for one in Charge.objects.standing().filter(code__in=wanted).select_related(
        *RELATED).prefetch_related("spell__coverages")}
    bundles = Bundle.objects.filter(code__in=wanted).select_related("payer__unit", "payer__person")
    targets = {one.code: target(one) for one in bundles}  # what is owed of each is added up once
    named = _by_name({payer_folded(row.payer) for row in rows if row.payer})
    shifts: dict[date, Shifts] = {}
    answer = []
    for one in seen(rows):
        row = one.row
        if one.booked:
            answer.append(Proposal(row=row, kind="booked", known=one))
        elif row.trouble:
            answer.append(Proposal(row=row, kind="trouble", notes=(row.trouble,)))
        else:
            hits = [hit for code in codes[row.number] if (hit := bills.get(code) or targets.get(code))]
            answer.append(_noted(_by_code(row, hits, on, shifts) or _likely(row, named), one))
    return answer


def _noted(proposal: Proposal, one: Seen) -> Proposal:
    """Say what the book knows of a row, and take the tick from one that may be in it."""
    kind = "likely" if proposal.kind == "exact" and one.doubted else proposal.kind
    return replace(proposal, kind=kind, notes=(*one.notes, *proposal.notes))


def _by_code(row: BankRow, hits: "list[Charge | Target]", on: date, shifts: dict[date, Shifts]) -> Proposal | None:
    if not hits:
        return None
    targets = tuple(one if isinstance(one, Target) else target(one) for one in hits)
    owed = sum((one.owed for one in targets), Decimal(0))
    doubts = [note for one in hits if isinstance(one, Charge) for note in _doubts(one, row, on, shifts)]
    notes = [*doubts]
    if owed == 0:
        notes.append(_("Paid already: a second payment? It stays as credit."))
    elif row.amount != owed:
        more = row.amount > owed
        notes.append((_("%(amount)s yuan more than owed; the rest stays as credit.") if more else
                      _("%(amount)s yuan less than owed; the bill stays open.")) % {"amount": abs(row.amount - owed)})
    sure = len(hits) == 1 and not doubts and owed > 0
    return Proposal(row=row, kind="exact" if sure else "likely", targets=targets, notes=tuple(notes))


def _doubts(one: Charge, row: BankRow, on: date, shifts: dict[date, Shifts]) -> list[str]:
    """Say what the office should know before this is booked: the membership is over, or lapsed."""
    if one.spell.ended_on and one.spell.ended_on <= on:
        return [_("The membership ended on %(day)s: the money is kept, you decide.") % {"day": one.spell.ended_on}]
    then = row.paid_on or on
    if judge(days_of(one.spell, on=then), on=then, shifts=shifts.setdefault(then, {})).code == "lapsed":
        return [_("Lapsed on the day of the payment: the time begins with that day.")]
    return []


def _likely(row: BankRow, named: dict[str, list[Charge]]) -> Proposal:
    same = [one for one in named.get(payer_folded(row.payer), ()) if one.amount - one.received == row.amount]
    if not same:
        return Proposal(row=row, kind="none")
    notes = (_("Several bills fit; choose one."),) if len(same) > 1 else ()
    return Proposal(row=row, kind="likely", targets=tuple(target(one) for one in same[:9]), notes=notes)


def _by_name(names: set[str]) -> dict[str, list[Charge]]:
    """Return open bills by the name of their member, for the names that paid."""
    answer: dict[str, list[Charge]] = {}
    where = Q(spell__member__person__name__in=names) | Q(spell__member__unit__name__in=names)
    for one in Charge.objects.owed().filter(where).select_related(*RELATED).order_by("due_on", "pk"):
        answer.setdefault(payer_folded(one.spell.member.name), []).append(one)
    return answer


def target(one: Charge | Bundle) -> Target:
    """Return a bill or a bundle as something to choose."""
    if isinstance(one, Bundle):
        bills, owed = owed_on(one)
        label = _("%(name)s for %(number)d bills") % {"name": one.payer.name, "number": len(bills)}
        return Target(key=f"bundle:{one.pk}", label=label, owed=owed)
    owed = max(one.amount - one.received, Decimal(0)) if hasattr(one, "received") else one.amount
    return Target(key=f"charge:{one.pk}", label=f"{one.spell.member.name}　{one.year}　{one.code}", owed=owed)
