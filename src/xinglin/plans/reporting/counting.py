"""Answers many questions to the ledger in one reading: their sums by month and the first facts of each.

The answer to a question among the first `size` facts never changes, so it is kept and read once.
"""

import dataclasses
import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.core.cache import cache

from xinglin.kernel.ledger.models import SealedFact

from ..measures import Measure
from ..measuring import Asked, effective, figure, holds, text_of

FIRST = 20  # facts remembered one by one for each question
KEPT_SECONDS = 86_400
_CHUNK = 5_000


@dataclass(frozen=True, kw_only=True)
class Line:
    """One fact behind a figure: its place in the chain, its day, what it names and what it adds."""

    position: int
    on: date
    type: str
    body: dict[str, Any] = field(hash=False)
    amount: Decimal


@dataclass(frozen=True, kw_only=True)
class Count:
    """The answer to one question: facts, and by month how many there were and what they add."""

    facts: int
    months: tuple[tuple[date, int, Decimal, Decimal], ...]  # month, facts, amount, base
    first: tuple[Line, ...]

    @property
    def added(self) -> list[tuple[date, Decimal, Decimal]]:
        """Return what each month adds, and to a ratio's base."""
        return [(month, amount, base) for month, _, amount, base in self.months]

    @property
    def amount(self) -> Decimal:
        """Return what all facts add up to, before a ratio or a yes is made of it."""
        return sum((amount for _, _, amount, _ in self.months), Decimal(0))

    @property
    def base(self) -> Decimal:
        """Return a ratio's denominator."""
        return sum((base for *_, base in self.months), Decimal(0))

    def value(self, how: str) -> Decimal:
        """Return the one figure: a sum, a percentage, or whether it happened."""
        return figure(how=how, months=[(amount, base) for _, _, amount, base in self.months])


def count_all(*, questions: Iterable[Asked], size: int) -> dict[Asked, Count]:
    """Return the answers to these questions among the first `size` sealed facts, read in one go a fact type."""
    wanted = list(dict.fromkeys(questions))
    state = _state_of(size)
    names = {one: _name(one, state) for one in wanted}
    kept = cache.get_many(names.values())
    answers = {one: kept[name] for one, name in names.items() if name in kept}
    fresh: dict[Asked, Count] = {}
    by_type: dict[str, list[Asked]] = defaultdict(list)
    for one in wanted:
        if one not in answers:
            by_type[one.fact_type].append(one)
    for fact_type, members in by_type.items():
        fresh |= _Reading(fact_type=fact_type, questions=members, size=size).read()
    cache.set_many({names[one]: count for one, count in fresh.items()}, KEPT_SECONDS)
    return answers | fresh


def _state_of(size: int) -> str:
    """Return the link of the last fact asked: two ledgers with the same link hold the same facts."""
    link = SealedFact.objects.filter(position=size).values_list("link", flat=True).first()
    return f"{size}.{bytes(link).hex() if link else ''}"


def _name(asked: Asked, state: str) -> str:
    return f"plans.count.{hashlib.blake2s(f'{state}|{asked!r}'.encode()).hexdigest()}"


class _Sum:
    """One question's answer in the making."""

    def __init__(self, asked: Asked) -> None:
        self.asked, self.facts = asked, 0
        self.months: dict[date, list[Any]] = defaultdict(lambda: [0, Decimal(0), Decimal(0)])
        self.first: list[Line] = []
        self.seen: set[str] = set()

    def take(self, position: int, on: date, body: dict[str, Any]) -> None:
        """Add one fact that matches."""
        adds = self._adds(body)
        if adds is None:
            return
        self.facts += 1
        month = self.months[on.replace(day=1)]
        month[0] += 1
        month[1] = adds if self.asked.latest else month[1] + adds
        if len(self.first) < FIRST and (adds or self.asked.how != Measure.How.DISTINCT):
            self.first.append(Line(position=position, on=on, type=self.asked.fact_type, body=body, amount=adds))

    def _adds(self, body: dict[str, Any]) -> Decimal | None:
        """Return what a fact adds; None when a sum finds nothing to add."""
        if self.asked.summed or self.asked.latest:
            value = body.get(self.asked.field)
            return None if value is None else Decimal(str(value))
        if self.asked.how == Measure.How.DISTINCT:
            fresh = set(keys_of(body.get(self.asked.field))) - self.seen
            self.seen |= fresh
            return Decimal(len(fresh))
        return Decimal(1)

    def count(self) -> Count:
        """Return the answer."""
        months = tuple((month, *row) for month, row in sorted(self.months.items()))
        return Count(facts=self.facts, months=months, first=tuple(self.first))


class _Reading:
    """Reads the facts of one type in the order they happened and hands each to the questions it may answer."""

    def __init__(self, *, fact_type: str, questions: list[Asked], size: int) -> None:
        self.fact_type, self.size = fact_type, size
        self.sums = {one: _Sum(one) for one in questions}
        self.always: list[_Sum] = []
        self.by_value: dict[str, dict[str | None, list[_Sum]]] = defaultdict(lambda: defaultdict(list))
        self.bases: dict[Asked, _Sum] = {}
        for one, taker in self.sums.items():
            self._place(taker)
            if one.how == Measure.How.RATIO:
                self.bases[one] = _Sum(_base_of(one))
                self._place(self.bases[one])

    def _place(self, taker: _Sum) -> None:
        if not taker.asked.filter:
            self.always.append(taker)
            return
        name, value = taker.asked.filter[0]
        self.by_value[name][text_of(value)].append(taker)

    def read(self) -> dict[Asked, Count]:
        """Return the answers of all questions."""
        for position, on, body in self._facts():
            for taker in self._takers(body):
                asked = taker.asked
                if asked.from_on <= on < asked.until_on and holds(body, asked.filter[1:]):
                    taker.take(position, on, body)
        return {one: self._with_base(one, taker.count()) for one, taker in self.sums.items()}

    def _takers(self, body: dict[str, Any]) -> Iterator[_Sum]:
        yield from self.always
        for name, by_value in self.by_value.items():
            value = body.get(name)
            for one in value if isinstance(value, list) else (value,):
                yield from by_value.get(text_of(one), ())

    def _facts(self) -> Iterator[tuple[int, date, dict[str, Any]]]:
        every = [*self.sums, *(one.asked for one in self.bases.values())]
        rows = effective(fact_type=self.fact_type, upto=self.size)
        rows = rows.filter(happened_on__gte=min(one.from_on for one in every),
                           happened_on__lt=max(one.until_on for one in every))
        found = rows.order_by("happened_on", "position").values_list("position", "happened_on", "body")
        yield from found.iterator(chunk_size=_CHUNK)

    def _with_base(self, asked: Asked, count: Count) -> Count:
        base = self.bases.get(asked)
        if base is None:
            return count
        months = {month: [facts, amount, Decimal(0)] for month, facts, amount, _ in count.months}
        for month, (_facts, amount, _base) in base.months.items():
            months.setdefault(month, [0, Decimal(0), Decimal(0)])[2] = amount
        return dataclasses.replace(count, months=tuple((month, *row) for month, row in sorted(months.items())))


def _base_of(asked: Asked) -> Asked:
    how = Measure.How.SUM if asked.field else Measure.How.COUNT
    return dataclasses.replace(asked, how=how.value, filter=asked.base_filter, base_filter=())


def keys_of(value: Any) -> list[str]:
    """Return the things a field names: none, one or several."""
    return [str(one) for one in value] if isinstance(value, list) else [] if value is None else [str(value)]
