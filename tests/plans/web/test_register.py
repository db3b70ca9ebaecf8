"""The register counts branded meetings of one adopted year, in meetings."""

from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse

from tests.plans.conftest import DAY, OFFICE, VISITS
from tests.plans.web.conftest import visit
from xinglin.plans.actions.assigning import bind_commitment
from xinglin.plans.actions.correcting import accept_commitments, add_commitment
from xinglin.plans.actions.documents import adopt_plan, read_document
from xinglin.plans.reading import read_text

__all__ = ["visit"]
pytestmark = pytest.mark.django_db


def branded(plan, number, unit="场"):
    one = add_commitment(by=OFFICE, on=DAY, plan=plan, text=f"举办“东方”会议{number}{unit}", object="“东方”会议",
                         kind="count", value_min=Decimal(number), unit=unit)
    bind_commitment(by=OFFICE, on=DAY, commitment=one, term=VISITS)
    return one


def test_the_counter_holds_meetings_of_one_adopted_year(visit, plan, visits, sealed):
    branded(plan, 30)
    branded(plan, 9000, "人次")
    adopt_plan(by=OFFICE, on=DAY, plan=plan, adopted_by="理事会")
    draft = read_document(by=OFFICE, on=date(2026, 7, 1), name="n", sha256="n", year=2027, reading=read_text(
        text="江海省医师协会（演示）2027年工作要点\n\n一、学术\n举办“东方”会议40场。\n"))
    accept_commitments(by=OFFICE, on=DAY, commitments=list(draft.commitments.waiting()))
    visits(4)
    sealed()
    response = visit(OFFICE).get(reverse("plans:commitments"), {"list": "branded"})
    assert response.context["branded"] == {"year": 2026, "held": 4, "target": 30}
