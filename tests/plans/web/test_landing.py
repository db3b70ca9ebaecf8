"""The first page tells one task of the adopted plan, where the house lets it."""

import pytest
from django.test import override_settings

from tests.plans.conftest import DAY, HOUSE, OFFICE, VISITS
from xinglin.kernel import clock
from xinglin.plans.actions.assigning import bind_commitment
from xinglin.plans.actions.documents import adopt_plan

pytestmark = pytest.mark.django_db


@pytest.fixture
def reached(plan, commitment, visits, sealed):
    bind_commitment(by=OFFICE, on=DAY, commitment=commitment, term=VISITS)
    adopt_plan(by=HOUSE, on=DAY, plan=plan)
    visits(25)
    sealed()
    return commitment


def shown(client) -> str:
    with clock.pretending(DAY):
        return client.get("/").content.decode()


def test_a_visitor_sees_the_figures_of_the_ledger(client, reached):
    with override_settings(XINGLIN_OPEN_PLAN=True):
        page = shown(client)
    assert "走访会员单位 20 次" in page
    assert "走访 25 次，完成目标的 125%" in page


def test_a_house_that_keeps_its_plan_shows_none_of_it(client, reached):
    assert "走访会员单位" not in shown(client)
