"""What has happened in a year is counted once for each state of one ledger, never for another of the same size."""

from datetime import date

import pytest

from tests.plans.conftest import DAY, VISITS
from xinglin.kernel.ledger.models import Head
from xinglin.plans import happened as answers
from xinglin.plans.choosing import Choice

pytestmark = pytest.mark.django_db


def test_figures_kept_for_one_ledger_are_no_answer_of_another_of_the_same_size(visits, sealed, monkeypatch):
    visits(2)
    sealed()
    asked = Choice(term=VISITS, how="count").asked(year=2026)
    assert answers.total_kept(asked=asked) == 2
    assert {one.facts for one in answers.happened(year=2026, on=DAY)} == {2}
    monkeypatch.setattr(answers, "total", lambda **_asked: 7)
    monkeypatch.setattr(answers, "_figures", lambda known, year: [(known[0], (5, "5"))])
    assert answers.total_kept(asked=asked) == 2
    Head.objects.update(link=bytes(range(32)))
    assert answers.total_kept(asked=asked) == 7
    assert [one.facts for one in answers.happened(year=2026, on=date(2026, 7, 2))] == [5]
