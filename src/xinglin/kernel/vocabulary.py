"""Terms: what people count, said so that a sentence of a plan can be bound to facts of the ledger."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from .facts import Fact, fact_types

COUNT, DISTINCT, SUM = "count", "distinct", "sum"


@dataclass(frozen=True, kw_only=True)
class Term:
    """One thing that can be counted: which facts, how, and the words people use for it.

    `measure` is count (facts), distinct (values of `field`) or sum (of `field`). `filter` holds pairs of
    field and value which must all hold; a field that is a tuple matches when it contains the value.
    """

    fact: str
    measure: str
    field: str | None = None
    filter: tuple[tuple[str, str], ...] = ()
    nouns: tuple[str, ...] = ()
    units: tuple[str, ...] = ()
    zh: str
    en: str
    general: bool = False  # written down by hand: whoever counts the same thing at its source goes before

    @property
    def key(self) -> str:
        """A permanent name, `fact|measure|field|field=value&…`: labels and words may change, this may not."""
        filter_ = "&".join("=".join(one) for one in self.filter)
        return "|".join((self.fact, self.measure, self.field or "", filter_))

    def counts(self, body: dict[str, Any]) -> bool:
        """Say whether the body of a fact of this type passes the filter."""
        return all(_holds(body.get(field), value) for field, value in self.filter)


def _holds(found: Any, wanted: str) -> bool:
    if isinstance(found, list | tuple):
        return wanted in [str(one) for one in found]
    if isinstance(found, bool):
        return str(found).lower() == wanted.lower()
    return found is not None and str(found) == wanted


Source = Callable[[date], Iterable[Term]]
_sources: list[Source] = []


def register_terms(source: Source) -> Source:
    """Let an engine add terms that live in its tables: a function of a date that returns terms."""
    if source not in _sources:
        _sources.append(source)
    return source


def terms(on: date) -> list[Term]:
    """Return everything that can be counted on a date, each key once.

    Terms of sources come before those of fact types: they know more words for the same thing.
    """
    answer: dict[str, Term] = {}
    for source in _sources:
        for one in source(on):
            answer.setdefault(one.key, one)
    for cls in fact_types().values():
        if cls.VOCABULARY.countable:
            for one in terms_of(cls):
                answer.setdefault(one.key, one)
    return list(answer.values())


def terms_of(cls: type[Fact]) -> list[Term]:
    """Return the terms one fact type's vocabulary declares: per noun, quantity and distinct field."""
    voc = cls.VOCABULARY
    answer = [
        Term(fact=cls.TYPE, measure=COUNT, filter=where, nouns=tuple(nouns), units=tuple(units), zh=zh, en=en)
        for where, (nouns, units, zh, en) in _nouns(cls).items()
    ]
    words = tuple(noun.zh for noun in voc.nouns if not noun.where)
    answer += [
        Term(fact=cls.TYPE, measure=SUM, field=one.field, nouns=(one.zh, *words), units=one.units,
             zh=f"{voc.zh}：{one.zh}", en=f"{voc.en}: {one.en}")
        for one in voc.quantities
    ]
    answer += [
        Term(fact=cls.TYPE, measure=DISTINCT, field=one.field, nouns=(one.zh, *words), units=one.units,
             zh=f"{voc.zh}：不同{one.zh}", en=f"{voc.en}: distinct {one.en}")
        for one in voc.dimensions if one.distinct
    ]
    return answer


def _nouns(cls: type[Fact]) -> dict[tuple[tuple[str, str], ...], tuple[list[str], list[str], str, str]]:
    """Gather the nouns with the same restriction: they are synonyms of one term."""
    voc = cls.VOCABULARY
    groups: dict[tuple[tuple[str, str], ...], tuple[list[str], list[str], str, str]] = {}
    for noun in voc.nouns:
        zh, en = (noun.zh, noun.en) if noun.where else (voc.zh, voc.en)
        nouns, units, _zh, _en = groups.setdefault(noun.where, ([], [], zh, en))
        nouns.append(noun.zh)
        units.extend(unit for unit in noun.units if unit not in units)
    return groups
