"""The office chooses in the browser by what a commitment is counted: narrowed by a value, or as a share."""

from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse

from tests.plans.conftest import DAY
from tests.plans.reporting.conftest import kinds, term, work_done, worked
from tests.plans.web.conftest import CLERK, HX, OFFICE
from xinglin.plans.actions.correcting import add_commitment
from xinglin.plans.measures import Measure
from xinglin.plans.measuring import Asked, total

__all__ = ["kinds", "term", "work_done", "worked"]
pytestmark = pytest.mark.django_db
LAW = "kinds=law_training"


@pytest.fixture
def taught(plan, worked, sealed):
    """Eight courses, six of them on law, and a forum."""
    for number in range(8):
        worked("law_training" if number < 6 else "training_course", date(2026, 3, number + 1))
    worked("forum", date(2026, 3, 1))
    sealed()
    return plan


@pytest.fixture
def rate(taught):
    return add_commitment(by=OFFICE, on=DAY, plan=taught, text="法律类培训占比达到90%", object="法律类培训占比",
                          kind="percent", value_min=Decimal(90), unit="%")


@pytest.fixture
def courses(taught):
    return add_commitment(by=OFFICE, on=DAY, plan=taught, text="举办各类培训10期", object="各类培训", kind="count",
                          value_min=Decimal(10), unit="期")


def test_a_measure_is_narrowed_by_a_value_on_offer(visit, courses, term):
    client, key = visit(OFFICE), term("training").key
    page = client.get(reverse("plans:measures", args=[courses.pk])).content.decode()
    assert f'value="{LAW}"' in page
    assert 'value="people=' not in page
    given = {"term": key, "how": "sum", "narrow": LAW}
    before = client.get(reverse("plans:would", args=[courses.pk]), given).content.decode()
    assert "6" in before
    assert "narrow=kinds" in before
    assert client.post(reverse("plans:bind", args=[courses.pk]), {**given, "tab": "all"}, **HX).status_code == 200
    measure = Measure.objects.get(commitment=courses)
    assert (total(asked=Asked.of(measure)), measure.filter[1]) == (6, ["kinds", "law_training"])


def test_a_value_that_is_not_on_offer_narrows_nothing(visit, courses, term):
    client = visit(OFFICE)
    given = {"term": term("training").key, "how": "sum", "narrow": "logged_by=directory.person:1", "tab": "all"}
    response = client.post(reverse("plans:bind", args=[courses.pk]), given, **HX)
    assert response.status_code == 422
    assert not courses.measures.exists()


def test_a_percentage_is_bound_as_a_share(visit, rate, term):
    client, whole = visit(OFFICE), term("training").key
    page = client.get(reverse("plans:measures", args=[rate.pk])).content.decode()
    assert 'name="base"' in page
    assert f'value="{whole}"' in page
    given = {"term": whole, "how": "ratio", "narrow": LAW, "base": whole}
    assert "75" in client.get(reverse("plans:would", args=[rate.pk]), given).content.decode()
    assert client.post(reverse("plans:bind", args=[rate.pk]), {**given, "tab": "all"}, **HX).status_code == 200
    measure = Measure.objects.get(commitment=rate)
    assert (measure.how, total(asked=Asked.of(measure))) == ("ratio", Decimal("75.00"))
    facts = client.get(reverse("plans:facts", args=[measure.pk]))
    assert (facts.context["figure"], facts.context["parts"]) == (Decimal("75.00"), (6, 8))
    address = {"term": whole, "how": "ratio", "narrow": LAW, "base": whole, "year": "2026"}
    assert client.get(reverse("plans:counted"), address).context["figure"] == Decimal("75.00")


def test_a_share_without_its_whole_is_refused(visit, rate, term):
    response = visit(OFFICE).post(
        reverse("plans:bind", args=[rate.pk]), {"term": term("training").key, "how": "ratio", "tab": "all"}, **HX
    )
    assert response.status_code == 422
    assert not rate.measures.exists()


def test_only_the_office_binds(visit, rate, term):
    whole = term("training").key
    given = {"term": whole, "how": "ratio", "narrow": LAW, "base": whole}
    assert visit(CLERK).post(reverse("plans:bind", args=[rate.pk]), given, **HX).status_code == 403
    assert not rate.measures.exists()


def test_a_proof_of_a_percentage_asks_how_far_it_is(visit, rate):
    page = visit(OFFICE).get(reverse("plans:commitment", args=[rate.pk]))
    form = page.context["evidence_form"]
    assert (form.initial.get("amount"), form.fields["amount"].widget.unit) == (None, "%")
