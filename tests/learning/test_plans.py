"""Sentences of plans find the facts of learning by their nouns and measure words, and the held count is right."""

from datetime import date

import pytest

from xinglin.kernel.ledger.models import SealedFact
from xinglin.kernel.vocabulary import terms

pytestmark = pytest.mark.django_db
DAY = date(2026, 1, 6)


@pytest.mark.parametrize(("noun", "unit", "fact", "level"), [
    ("国家级继续教育项目", "个", "learning.project.held", "national"),
    ("市级继续教育项目", "个", "learning.project.held", "municipal"),
    ("省级继续医学教育项目", "项", "learning.project.held", "provincial"),
    ("申报国家级继续教育项目", "个", "learning.project.filed", "national"),
    ("获批省级继续医学教育项目", "项", "learning.project.published", "provincial"),
])
def test_a_noun_of_the_plans_finds_its_fact_and_level(noun, unit, fact, level):
    found = [one for one in terms(DAY) if noun in one.nouns and unit in one.units and one.fact == fact]
    assert [dict(one.filter) for one in found] == [{"level": level}]


def test_credits_and_certificates_are_counted_too():
    found = {(one.fact, one.measure, one.field) for one in terms(DAY) if one.fact.startswith("learning.")}
    assert ("learning.credit.awarded", "sum", "credits") in found
    assert ("learning.project.held", "distinct", "organisation") in found
    assert ("learning.certificate.issued", "count", None) in found


def test_the_count_per_level_is_that_of_the_projects_run(project, sealed):
    """C11: what a plan counts per level is what was held, whatever was filed or cancelled."""
    for level in ("national", "national", "provincial"):
        project("held", level=level)
    project("published")
    sealed()
    held = SealedFact.objects.filter(type="learning.project.held")
    term = next(one for one in terms(DAY) if one.key == "learning.project.held|count||level=national")
    assert sum(term.counts(one.body) for one in held) == 2 and len(held) == 3
