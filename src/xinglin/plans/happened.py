"""Answers what has happened in a year, from the ledger: totals of its terms, and the facts behind each."""

import hashlib
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.core.cache import cache
from django.db.models import Count
from django.db.models.fields.json import KeyTextTransform

from xinglin.kernel.vocabulary import COUNT, Term, terms

from .measuring import Asked, effective, head_size, total

KEPT_SECONDS = 600


@dataclass(frozen=True, kw_only=True)
class Happened:
    """One line of what has happened: a term of the vocabulary and its figure in a year."""

    term: Term
    value: Decimal

    @property
    def unit(self) -> str:
        """Return the first measure word people use."""
        return self.term.units[0] if self.term.units else ""


def total_kept(*, asked: Asked) -> Decimal:
    """Return a total, counted once for each state of the ledger: many sentences ask for the same figure."""
    words = "|".join((str(head_size()), repr(asked)))
    key = f"plans.total.{hashlib.blake2s(words.encode()).hexdigest()}"
    return Decimal(cache.get_or_set(key, lambda: str(total(asked=asked)), KEPT_SECONDS))


def happened(*, year: int, on: date, most: int = 6) -> list[Happened]:
    """Return the terms counted most often in a year, each fact type at most twice, from one query a type and field."""
    key = f"plans.happened.{year}.{head_size()}"
    counts = cache.get(key)
    if counts is None:
        counts = {
            (one.fact, one.filter): found
            for one, found in _counts(terms=[one for one in terms(on) if one.measure == COUNT], year=year)
        }
        cache.set(key, counts, KEPT_SECONDS)
    lines = [
        Happened(term=one, value=Decimal(counts[one.fact, one.filter]))
        for one in terms(on)
        if one.measure == COUNT and counts.get((one.fact, one.filter))
    ]
    lines.sort(key=lambda one: (-one.value, one.term.key))
    return _varied(lines)[:most]


def _varied(lines: list[Happened]) -> list[Happened]:
    """Leave out a sum of kinds where its kinds are shown, and of two terms for the same facts the second."""
    with_kinds = {one.term.fact for one in lines if one.term.filter}
    seen: set[tuple[str, tuple[tuple[str, str], ...]]] = set()
    kept = []
    for one in lines:
        name = (one.term.fact, one.term.filter)
        if name not in seen and (one.term.filter or one.term.fact not in with_kinds):
            seen.add(name)
            kept.append(one)
    return kept


def _counts(*, terms: Iterable[Term], year: int) -> Iterable[tuple[Term, int]]:
    by_type: dict[str, list[Term]] = defaultdict(list)
    for one in terms:
        by_type[one.fact].append(one)
    for fact_type, members in by_type.items():
        facts = effective(fact_type=fact_type).filter(
            happened_on__gte=date(year, 1, 1), happened_on__lt=date(year + 1, 1, 1)
        )
        whole: int | None = None
        fields = {one.filter[0][0] for one in members if len(one.filter) == 1}
        by_field = {
            field: dict(
                facts.order_by().annotate(value_=KeyTextTransform(field, "body")).values_list("value_")
                .annotate(times=Count("pk"))
            )
            for field in fields
        }
        for one in members:
            if not one.filter:
                whole = facts.count() if whole is None else whole
                yield one, whole
            elif len(one.filter) == 1:
                field, value = one.filter[0]
                yield one, by_field[field].get(str(value), 0)
