"""Proposes from which facts a commitment could be counted: words of the sentence against the ledger's vocabulary."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from xinglin.kernel.vocabulary import Term, terms

from .commitments import Commitment
from .happened import total_kept
from .measures import Measure
from .measuring import Asked

_HOW = {"count": Measure.How.COUNT, "sum": Measure.How.SUM, "distinct": Measure.How.DISTINCT}
_LATIN = re.compile(r"[A-Za-z0-9]+")


@dataclass(frozen=True, kw_only=True)
class Proposal:
    """One way to count a commitment, how well its words fit (0–1), and what it would have counted."""

    key: str
    term: Term
    fit: Decimal
    how: str
    label: str
    last_year: Decimal | None = None
    this_year: Decimal | None = None


def propose_measures(
    *, commitment: Commitment, on: date, known: Iterable[Term] | None = None, most: int = 3
) -> list[Proposal]:
    """Return the best-fitting measures, best first, each with last year's and this year's figure.

    Of `known` terms, which somebody looked for by name, those the sentence does not mention are kept too.
    """
    if commitment.kind == Commitment.Kind.PERCENT:
        return []
    sentence = f"{commitment.object} {commitment.text}"
    asked = terms(on) if known is None else known
    scored = [(fit(commitment=commitment, term=one, sentence=sentence), one) for one in asked]
    kept = [(score, one) for score, one in scored if score > 0 or known is not None]
    best = sorted(kept, key=lambda pair: (-pair[0], pair[1].key))
    return [_proposal(commitment, one, score, on) for score, one in _distinct(best)[:most]]


def _distinct(best: list[tuple[Decimal, Term]]) -> list[tuple[Decimal, Term]]:
    seen, kept = set(), []
    for score, one in best:
        if (one.fact, one.measure, one.field, one.filter) not in seen:
            seen.add((one.fact, one.measure, one.field, one.filter))
            kept.append((score, one))
    return kept


def fit(*, commitment: Commitment, term: Term, sentence: str) -> Decimal:
    """Return how well a term fits (0–1): by its longest noun found, where that stands, and its unit."""
    found = [noun for noun in term.nouns if noun and noun.lower() in sentence.lower()]
    if not found:
        return Decimal(0)
    noun = max(found, key=len)
    object_ = commitment.object or commitment.text
    score = Decimal(min(len(noun), 8)) / Decimal(16)
    if object_.endswith(noun):
        score += Decimal("0.20")
    elif noun in object_:
        score += Decimal("0.10")
    if commitment.unit and term.units:
        score += Decimal("0.30") if commitment.unit in term.units else Decimal("-0.25")
    elif commitment.kind in {Commitment.Kind.DATE, Commitment.Kind.EDITION} and term.measure == "count":
        score += Decimal("0.10")
    if term.measure != "count" and commitment.unit not in term.units:
        return Decimal(0)  # sums and distinct counts are proposed only for their own measure words
    return max(Decimal(0), min(Decimal(1), score)).quantize(Decimal("0.01"))


def _proposal(commitment: Commitment, term: Term, score: Decimal, on: date) -> Proposal:
    how = _HOW[term.measure]
    if commitment.kind in {Commitment.Kind.DATE, Commitment.Kind.EDITION}:
        how = Measure.How.MET  # one such fact is enough, however much it says was done
    year = commitment.plan.year
    return Proposal(
        key=term.key,
        term=term,
        fit=score,
        how=how,
        label=term.zh,
        last_year=total_kept(asked=asked_of(term=term, how=how, year=year - 1)),
        this_year=total_kept(asked=asked_of(term=term, how=how, year=year)),
    )


def asked_of(*, term: Term, how: str, year: int) -> Asked:
    """Return what a term would ask in one calendar year."""
    return Asked(
        fact_type=term.fact,
        how=how,
        field=term.field or "",
        filter=tuple(term.filter),
        from_on=date(year, 1, 1),
        until_on=date(year + 1, 1, 1),
    )
