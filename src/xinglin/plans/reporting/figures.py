"""Figures and what stands behind them: counted among the facts of a checkpoint, opened down to each fact."""

import dataclasses
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from urllib.parse import urlencode

from django.db.models import QuerySet

from xinglin.kernel.facts import fact_type
from xinglin.kernel.ledger.models import SealedFact
from xinglin.kernel.refs import shown

from ..measures import Measure
from ..measuring import Asked, counted, total
from .counting import FIRST, Count, Line, count_all, keys_of

CAP = FIRST  # facts printed one by one for each figure; the rest are counted and can be opened
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
    """Return the facts behind a figure, oldest first; a sum leaves out those that have nothing to add."""
    rows = counted(asked=asked, upto=size)
    if asked.summed:
        rows = rows.filter(body__has_key=asked.field)
    return rows.order_by("happened_on", "position")


def evidence_of(
    *, figures: Sequence[Figure], counts: Mapping[Asked, Count] | None = None, cap: int = CAP
) -> list[Evidence]:
    """Return what stands behind each figure, in the order of the figures; labels are asked for once."""
    known = counts or count_all(questions=[one.asked for one in figures], size=figures[0].size if figures else 0)
    shown_lines = [line for one in figures for line in known[one.asked].first[:cap]]
    names = _names(shown_lines)
    return [_evidence(one, known[one.asked], cap, names) for one in figures]


def _evidence(figure: Figure, count: Count, cap: int, names: dict[str, str]) -> Evidence:
    lines = tuple(
        FactLine(position=one.position, on=one.on, what=tell(line=one, names=names), amount=one.amount)
        for one in count.first[:cap]
    )
    months = tuple(MonthLine(month=month, facts=facts, amount=amount) for month, facts, amount, _ in count.months)
    asked, rest = figure.asked, count.amount - sum((one.amount for one in lines), Decimal(0))
    return Evidence(
        figure=figure, facts=count.facts, amount=count.value(asked.how) if asked.latest else count.amount,
        base=count.base if asked.how == Measure.How.RATIO else None, months=months, lines=lines,
        rest=count.facts - len(lines), rest_amount=Decimal(0) if asked.latest else rest,
    )


def tell(*, line: Line, names: Mapping[str, str]) -> str:
    """Return what a fact says in a line: its type and the things it names."""
    told = [names[one] for one in named_in(line) if one in names][:LABELS]
    return "　".join((fact_type(line.type).VOCABULARY.zh, *dict.fromkeys(told)))


def named_in(line: Line) -> list[str]:
    """Return the refs of a fact that a paper may name, in the order of its type's fields."""
    fields = fact_type(line.type).__dataclass_fields__  # type: ignore[attr-defined]
    found = [one for name in fields for one in keys_of(line.body.get(name)) if _nameable(one)]
    return list(dict.fromkeys(found))


def _nameable(text: str) -> bool:
    return _REFS in text and "." in text.partition(_REFS)[0] and not text.startswith(_UNNAMED)


def _names(lines: Iterable[Line]) -> dict[str, str]:
    wanted = {one for line in lines for one in named_in(line)[: LABELS * 2]}
    # A ref nobody resolves keeps its own text; printed on paper that would say nothing.
    return {key: one.label for key, one in shown(wanted).items() if one.label != key}


def query_of(*, asked: Asked, size: int) -> str:
    """Return the question as a query string, by which the page of facts opens it."""
    parts = [("type", asked.fact_type), ("how", asked.how), ("field", asked.field)]
    parts += [("where", f"{name}={value}") for name, value in asked.filter]
    parts += [("base", f"{name}={value}") for name, value in asked.base_filter]
    parts += [("from", asked.from_on.isoformat()), ("until", asked.until_on.isoformat()), ("size", str(size))]
    return urlencode([(name, value) for name, value in parts if value])
