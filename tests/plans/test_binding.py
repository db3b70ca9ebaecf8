"""A measure is ticked beforehand only when it is clearly meant: counted over sentences of invented plans."""

from datetime import date

import pytest

from tests.plans.promises import SENTENCES
from tests.plans.reporting.conftest import kinds
from xinglin.kernel.vocabulary import Term, terms
from xinglin.plans.binding import best_of, sure_of
from xinglin.plans.commitments import Commitment
from xinglin.plans.proposing import propose
from xinglin.plans.reading import read_text

__all__ = ["kinds"]
pytestmark = pytest.mark.django_db
SPRING = date(2026, 1, 6)
SAME = ("text", "object", "kind", "value_min", "value_max", "unit", "edition")


def commitments_of(sentence):
    """Return the commitments the reader finds in a sentence, in their order."""
    reading = read_text(text=f"江海省医师协会（演示）2026年工作要点\n\n一、重点工作\n{sentence}。\n")
    found = [one for one in propose(reading=reading, year=2026) if one.kind != "words"]
    return [Commitment(**{name: getattr(one, name) for name in SAME}) for one in found]


def named(term: Term) -> str:
    """Return a term as the table of sentences writes it: a kind of work by its code, what engines count by its key."""
    if not term.general:
        return term.key
    kind = next((value for name, value in term.filter if name == "kinds"), term.key)
    return kind if term.field == "count" else f"{kind}:{term.field or 'times'}"


def ticked(known):
    """Return each figure with the right term and the one that would be ticked."""
    for sentence, right in SENTENCES:
        rows = commitments_of(sentence)
        assert len(rows) == len(right), f"{sentence}: {[one.quote for one in rows]}"
        for one, wanted in zip(rows, right, strict=True):
            sure = sure_of(commitment=one, fitted=best_of(commitment=one, known=known))
            yield sentence, wanted, named(sure.term) if sure else None


def good(wanted, got):
    """Say whether what is ticked is what is right."""
    return wanted is not None and (got == wanted or got.partition(":")[0] == wanted.removesuffix(":*"))


def test_what_is_ticked_is_right(kinds):
    rows = list(ticked(terms(SPRING)))
    ticks = [row for row in rows if row[2]]
    wrong = [row for row in ticks if not good(row[1], row[2])]
    missed = [row for row in rows if row[1] and not row[2]]
    countable = sum(1 for row in rows if row[1])
    precision, recall = 1 - len(wrong) / len(ticks), (len(ticks) - len(wrong)) / countable
    print(f"\n{len(rows)} figures, {len(ticks)} ticked: precision {precision:.3f}, recall {recall:.3f}")
    print("wrong", wrong, "\nmissed", missed)
    assert len(rows) >= 40
    assert precision >= 0.95, wrong
    assert recall >= 0.75, missed
