"""Figures and what stands behind them: counted among the facts of a checkpoint, opened down to each fact."""

import dataclasses
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django.db.models import QuerySet

from xinglin.kernel.facts import fact_type
from xinglin.kernel.ledger.models import SealedFact
from xinglin.kernel.refs import shown

from ..measures import Measure
from ..measuring import Asked, count_afresh, counted, keys_afresh, total

CAP = 20  # facts printed one by one for each figure; the rest are counted and can be opened
LABELS = 2  # things named for each fact
# A paper that leaves the house names no people and no accounts; whoever may opens the fact itself.
_UNNAMED = ("directory.person:", "directory.account:", "kernel.")
_REFS = ":"


@dataclass(frozen=True, kw_only=True)
class Figure:
    """A number of a paper and the question to the ledger that it answers."""

    number: int
    label: str
    value: Decimal
    unit: str
    asked: Asked
    size: int  # how many facts of the ledger were asked


@dataclass(frozen=True, kw_only=True)
class MonthLine:
    """What one month adds to a figure."""

    month: date
    facts: int
    amount: Decimal


@dataclass(frozen=True, kw_only=True)
class FactLine:
    """One fact behind a figure: its place in the chain, its day, what it says and what it adds."""

    position: int
    on: date
    what: str
    amount: Decimal


@dataclass(frozen=True, kw_only=True)
class Evidence:
    """Everything behind one figure; `months` add up to it, and so do `lines` with what is not printed."""

    figure: Figure
    facts: int
    amount: Decimal
    base: Decimal | None  # a ratio's denominator
    months: tuple[MonthLine, ...]
    lines: tuple[FactLine, ...]
    rest: int
    rest_amount: Decimal


def cut(*, asked: Asked, on: date) -> Asked:
    """Return the question limited to what has happened up to and including a day."""
    until = min(asked.until_on, on + timedelta(days=1))
    return dataclasses.replace(asked, until_on=max(until, asked.from_on))


def value_of(*, asked: Asked, size: int) -> Decimal:
    """Return a figure among the first `size` facts of the ledger."""
    return total(asked=asked, upto=size)


def facts_behind(*, asked: Asked, size: int) -> QuerySet[SealedFact]:
    """Return the facts behind a figure, oldest first; a sum leaves out those that add nothing."""
    rows = counted(asked=asked, upto=size)
    if asked.how == Measure.How.SUM:
        rows = rows.filter(body__has_key=asked.field)
    return rows.order_by("happened_on", "position")


def amount_of(*, fact: SealedFact, asked: Asked) -> Decimal:
    """Return what one fact adds to a sum or a count."""
    return Decimal(str(fact.body.get(asked.field) or 0)) if asked.how == Measure.How.SUM else Decimal(1)


def evidence_of(*, figures: Sequence[Figure], cap: int = CAP) -> list[Evidence]:
    """Return what stands behind each figure, in the order of the figures; labels are asked for once."""
    opened = [(one, *_opened(one, cap)) for one in figures]
    names = _names(fact for _, _, first in opened for fact, _ in first)
    return [_evidence(one, behind, first, names) for one, behind, first in opened]


def _opened(figure: Figure, cap: int) -> tuple[int, list[tuple[SealedFact, Decimal]]]:
    asked = figure.asked
    rows = facts_behind(asked=asked, size=figure.size).defer("content", "link")
    if asked.how != Measure.How.DISTINCT:
        return rows.count(), [(fact, amount_of(fact=fact, asked=asked)) for fact in rows[:cap]]
    # Of a distinct count each thing is proven by the first fact that names it.
    seen: set[str] = set()
    first: list[tuple[SealedFact, Decimal]] = []
    facts = 0
    for fact in rows.iterator(chunk_size=5000):
        facts += 1
        fresh = set(keys_of(fact.body.get(asked.field))) - seen
        seen |= fresh
        if fresh and len(first) < cap:
            first.append((fact, Decimal(len(fresh))))
    return facts, first


def keys_of(value: Any) -> list[str]:
    """Return the things a field names: none, one or several."""
    return [str(one) for one in value] if isinstance(value, list) else [] if value is None else [str(value)]


def _evidence(
    figure: Figure, facts: int, first: list[tuple[SealedFact, Decimal]], names: dict[str, str]
) -> Evidence:
    months = _months(figure)
    amount = sum((one.amount for one in months), Decimal(0))
    lines = tuple(
        FactLine(position=fact.position, on=fact.happened_on, what=tell(fact=fact, names=names), amount=adds)
        for fact, adds in first
    )
    base = None
    if figure.asked.how == Measure.How.RATIO:
        base = sum((two for _, two in count_afresh(asked=figure.asked, upto=figure.size).values()), Decimal(0))
    return Evidence(
        figure=figure, facts=facts, amount=amount, base=base, months=months, lines=lines,
        rest=facts - len(lines), rest_amount=amount - sum((one.amount for one in lines), Decimal(0)),
    )


def _months(figure: Figure) -> tuple[MonthLine, ...]:
    asked, size = figure.asked, figure.size
    plain = dataclasses.replace(asked, how=Measure.How.COUNT)
    facts = {month: int(value) for month, (value, _) in count_afresh(asked=plain, upto=size).items()}
    if asked.how == Measure.How.DISTINCT:
        amounts: dict[date, Decimal] = {}
        for month in first_months(asked=asked, size=size).values():
            amounts[month] = amounts.get(month, Decimal(0)) + 1
    elif asked.how == Measure.How.SUM:
        amounts = {month: value for month, (value, _) in count_afresh(asked=asked, upto=size).items()}
    else:
        amounts = {month: Decimal(count) for month, count in facts.items()}
    rows = (
        MonthLine(month=month, facts=count, amount=amounts.get(month, Decimal(0)))
        for month, count in sorted(facts.items())
    )
    return tuple(one for one in rows if one.amount or asked.how != Measure.How.SUM)


def first_months(*, asked: Asked, size: int) -> dict[str, date]:
    """Return the month in which each distinct thing was first named."""
    first: dict[str, date] = {}
    for key, month in sorted(keys_afresh(asked=asked, upto=size), key=lambda one: one[1]):
        first.setdefault(key, month)
    return first


def tell(*, fact: SealedFact, names: dict[str, str]) -> str:
    """Return what a fact says in a line: its type and the things it names."""
    told = [names[one] for one in named_in(fact) if one in names][:LABELS]
    return "　".join((fact_type(fact.type).VOCABULARY.zh, *dict.fromkeys(told)))


def named_in(fact: SealedFact) -> list[str]:
    """Return the refs of a fact that a paper may name, in the order of its type's fields."""
    names = fact_type(fact.type).__dataclass_fields__  # type: ignore[attr-defined]
    found = [one for name in names for one in keys_of(fact.body.get(name)) if _nameable(one)]
    return list(dict.fromkeys(found))


def _nameable(text: str) -> bool:
    return _REFS in text and "." in text.partition(_REFS)[0] and not text.startswith(_UNNAMED)


def _names(facts: Iterable[SealedFact]) -> dict[str, str]:
    wanted = {one for fact in facts for one in named_in(fact)[: LABELS * 2]}
    # A ref nobody resolves keeps its own text; printed on paper that would say nothing.
    return {key: one.label for key, one in shown(wanted).items() if one.label != key}


def names_of(*, facts: Iterable[SealedFact]) -> dict[str, str]:
    """Return the labels of what facts name, for lists outside papers."""
    return _names(facts)


def query_of(*, asked: Asked, size: int) -> str:
    """Return the question as a query string, by which the page of facts opens it."""
    parts = [("type", asked.fact_type), ("how", asked.how), ("field", asked.field)]
    parts += [("where", f"{name}={value}") for name, value in asked.filter]
    parts += [("from", asked.from_on.isoformat()), ("until", asked.until_on.isoformat()), ("size", str(size))]
    return urlencode([(name, value) for name, value in parts if value])
