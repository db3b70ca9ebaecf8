"""What can be counted: terms of fact types and of sources, merged, each once."""

from datetime import date

import pytest

from xinglin.kernel import vocabulary
from xinglin.kernel.vocabulary import Term, terms, terms_of

from .conftest import VisitMade

DAY = date(2026, 3, 5)


@pytest.fixture
def own_source(monkeypatch):
    monkeypatch.setattr(vocabulary, "_sources", [])
    return vocabulary.register_terms


def test_a_fact_type_gives_a_term_per_noun_quantity_and_distinct_field():
    found = {one.key: one for one in terms_of(VisitMade)}
    assert list(found) == [
        "trial.visit.made|count||",
        "trial.visit.made|sum|people|",
        "trial.visit.made|distinct|place|",
    ]
    assert found["trial.visit.made|count||"].units == ("次", "家")
    assert found["trial.visit.made|sum|people|"].nouns == ("人次", "走访")
    assert found["trial.visit.made|distinct|place|"].zh == "走访已完成：不同地点"


def test_a_source_adds_terms_and_wins_over_the_fact_type(own_source):
    made = {"fact": "trial.visit.made", "measure": "count"}
    richer = Term(**made, nouns=("走访", "慰问"), units=("次",), zh="走访", en="Visits")
    care = Term(**made, filter=(("kind", "care"),), nouns=("慰问",), zh="慰问", en="Care")
    own_source(lambda on: [richer, care] if on >= DAY else [])
    keys = [one.key for one in terms(DAY)]
    assert keys.count("trial.visit.made|count||") == 1
    assert next(one for one in terms(DAY) if one.key == richer.key).nouns == ("走访", "慰问")
    assert care.key in keys
    assert care.key not in [one.key for one in terms(date(2026, 3, 4))]


@pytest.mark.parametrize(
    ("body", "counted"),
    [
        ({"kind": "care"}, True),
        ({"kind": "other"}, False),
        ({}, False),
        ({"kind": ["x", "care"]}, True),
        ({"kind": []}, False),
    ],
)
def test_a_filter_holds_for_equal_values_and_for_members_of_tuples(body, counted):
    term = Term(fact="a.b.c", measure="count", filter=(("kind", "care"),), zh="", en="")
    assert term.counts(body) is counted


def test_numbers_and_flags_are_compared_as_they_are_written():
    term = Term(fact="a.b.c", measure="count", filter=(("edition", "11"), ("done", "true")), zh="", en="")
    assert term.counts({"edition": 11, "done": True})
    assert not term.counts({"edition": 1, "done": True})
