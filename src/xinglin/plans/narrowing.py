"""Offers by what a measure may be narrowed: values of its facts' dimensions, never an expression."""

import hashlib
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.core.cache import cache

from xinglin.kernel.facts import Dimension, fact_types
from xinglin.kernel.refs import shown
from xinglin.kernel.vocabulary import Term
from xinglin.lib.regions import full_name, region_of
from xinglin.shell.units import speaks_chinese

from .choosing import EDITION, SERIES
from .commitments import Commitment
from .measuring import effective, head_size, matching

_UNOFFERED = {"people", "item"}  # persons are nobody's filter, items are counted through their register
_ORGANISATION = "organisation"
_LOOKED_AT = 500  # newest facts whose values are offered
_MOST = 30  # values of one dimension
_KEPT_SECONDS = 600


@dataclass(frozen=True, kw_only=True)
class Value:
    """One value by which a measure may be narrowed."""

    field: str
    value: str
    label: str

    @property
    def key(self) -> str:
        """Return the value as a form sends it."""
        return f"{self.field}={self.value}"


@dataclass(frozen=True, kw_only=True)
class Offered:
    """One dimension with the values on offer."""

    label: str
    values: tuple[Value, ...]


def narrowings(*, term: Term, commitment: Commitment, known: Iterable[Term]) -> list[Offered]:
    """Return the dimensions of a term's facts with the values the ledger, the vocabulary and the commitment name."""
    kind = fact_types().get(term.fact)
    if kind is None:
        return []
    held = _held(term)
    words = _words(term, known)
    answer = []
    for one in kind.VOCABULARY.dimensions:
        if one.field in _UNOFFERED or (one.field == EDITION and SERIES not in dict(term.filter)):
            continue
        keys = [*_of_commitment(one, commitment), *held.get(one.field, ())]
        values = _named(one, list(dict.fromkeys(keys)), words, taken={value for _field, value in term.filter})
        if values:
            answer.append(Offered(label=one.zh if speaks_chinese() else one.en, values=values))
    return answer


def narrowed_by(*, key: str, offered: Iterable[Offered]) -> Value | None:
    """Return the offered value that a form names."""
    return next((one for each in offered for one in each.values if one.key == key), None)


def _held(term: Term) -> dict[str, list[str]]:
    """Return the values of each dimension among the newest facts of a term, most frequent first."""
    name = f"plans.narrow.{head_size()}.{hashlib.blake2s(term.key.encode()).hexdigest()}"
    found = cache.get(name)
    if found is None:
        counts: dict[str, Counter[str]] = {}
        facts = matching(effective(fact_type=term.fact), term.filter).order_by("-position")
        fields = [one.field for one in fact_types()[term.fact].VOCABULARY.dimensions]
        for body in facts.values_list("body", flat=True)[:_LOOKED_AT]:
            for field in fields:
                counts.setdefault(field, Counter()).update(_texts(body.get(field)))
        found = {field: [value for value, _n in each.most_common(_MOST)] for field, each in counts.items()}
        cache.set(name, found, _KEPT_SECONDS)
    return dict(found)


def _texts(value: Any) -> list[str]:
    return [str(one) for one in value] if isinstance(value, list) else [] if value is None else [str(value)]


def _words(term: Term, known: Iterable[Term]) -> dict[tuple[str, str], str]:
    """Return what the vocabulary calls the values that are terms of their own: kinds, series, registers."""
    single = (one for one in known if one.fact == term.fact and len(one.filter) == 1)
    words: dict[tuple[str, str], str] = {}
    for one in single:
        words.setdefault((one.filter[0][0], str(one.filter[0][1])), one.zh if speaks_chinese() else one.en)
    return words


def _of_commitment(dimension: Dimension, commitment: Commitment) -> list[str]:
    if dimension.field != _ORGANISATION:
        return []
    return [one for one in (commitment.lead, *commitment.partners.values_list("unit", flat=True)) if one]


def _named(
    dimension: Dimension, keys: list[str], words: dict[tuple[str, str], str], *, taken: set[str]
) -> tuple[Value, ...]:
    """Return the values that can be said in words; a code nobody can name is not offered."""
    labels = shown([one for one in keys if ":" in one])
    answer = []
    for key in keys:
        label = words.get((dimension.field, key)) or _label(dimension, key)
        if not label and key in labels and labels[key].label != key:
            label = labels[key].label
        if label and key not in taken:
            answer.append(Value(field=dimension.field, value=key, label=label))
    return tuple(answer)


def _label(dimension: Dimension, key: str) -> str:
    if dimension.field in {"region", "city"} and region_of(code=key):
        return full_name(code=key)
    return key if dimension.field == EDITION else ""
