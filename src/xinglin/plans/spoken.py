"""The vocabulary as this association uses it: where work is written down by hand, an idle engine claims no word."""

from collections.abc import Iterable
from datetime import date

from xinglin.kernel.ledger.models import SealedFact
from xinglin.kernel.vocabulary import Term, terms


def spoken(*, on: date) -> list[Term]:
    """Return what can be counted on a date, without the terms of idle engines where work is written down by hand."""
    return in_use(terms(on))


def in_use(known: Iterable[Term]) -> list[Term]:
    """Return the terms without those of engines that never stated a countable fact, once anything is kept by hand."""
    asked = list(known)
    stated = {one for one in {term.fact for term in asked} if SealedFact.objects.filter(type=one).exists()}
    if not any(one.general and one.fact in stated for one in asked):
        return asked
    engines = {_engine(one) for one in stated}
    return [one for one in asked if one.general or _engine(one.fact) in engines]


def _engine(fact: str) -> str:
    return fact.partition(".")[0]
