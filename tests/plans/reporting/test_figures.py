"""Every figure of a paper opens: shares with part and whole, things counted apart with what they are."""

from datetime import date
from decimal import Decimal
from urllib.parse import parse_qs

import pytest
from django.http import QueryDict

from tests.plans.conftest import OFFICE
from tests.plans.reporting.conftest import SERVICE, YEAR_END
from tests.plans.web.conftest import visit  # noqa: F401
from xinglin.kernel import clock
from xinglin.kernel.ledger.checkpoints import make_checkpoint
from xinglin.kernel.refs import Code
from xinglin.kernel.vocabulary import terms
from xinglin.plans.actions.assigning import bind_commitment
from xinglin.plans.measuring import Asked, head_size
from xinglin.plans.reporting.asking import question_of
from xinglin.plans.reporting.figures import query_of, value_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def office(visit):  # noqa: F811
    with clock.pretending(YEAR_END):
        yield visit(OFFICE)


@pytest.fixture
def shared(promise, term, worked, sealed):
    """One promise of a share, one of places counted apart: 3 of 4 courses were on law, in two counties."""
    share = promise("法律类培训占比达到 50%", object="法律类培训占比", kind="percent", value_min=50, unit="%",
                    **SERVICE)
    bind_commitment(by=OFFICE, on=YEAR_END, commitment=share, term=term("law_training"), how="ratio",
                    base_filter=term("training").filter)
    regions = next(one for one in terms(YEAR_END) if one.measure == "distinct" and one.field == "region"
                   and one.filter == (("kinds", "law_training"),))
    apart = promise("法律培训覆盖 2 个县", object="法律培训覆盖县", kind="count", value_min=2, unit="个", term=regions,
                    **SERVICE)
    for number, region in enumerate(("320102", "320102", "320104")):
        worked("law_training", date(2026, 3, number + 1), region=Code(region))
    worked("training_course", date(2026, 3, 9))
    sealed()
    make_checkpoint()
    return {"share": share, "apart": apart}


@pytest.mark.parametrize(("which", "value", "facts"), [("share", Decimal("75.00"), 3), ("apart", Decimal(2), 3)])
def test_the_address_of_a_figure_asks_what_the_figure_asks(shared, office, which, value, facts):
    asked = Asked.of(shared[which].measures.get())
    query = query_of(asked=asked, size=head_size())
    given = QueryDict(query)
    assert question_of(given=given, where=given.getlist("where"), base=given.getlist("base")) == asked
    page = office.get(f"/plans/figure/?{query}")
    assert (page.context["figure"], page.context["table"].count) == (value, facts)
    assert value_of(asked=asked, size=head_size()) == value


def test_the_summary_links_shares_and_things_counted_apart(shared, plan, office):
    page = office.get(f"/plans/{plan.pk}/summary/").content.decode().replace("&amp;", "&")
    links = [parse_qs(one.split('"')[0].partition("?")[2]) for one in page.split('href="/plans/figure/')[1:]]
    assert {one["how"][0] for one in links} >= {"ratio", "distinct"}
    for one in page.split('href="')[1:]:
        if one.startswith("/plans/figure/"):
            assert office.get(one.split('"')[0]).status_code == 200


def test_a_whole_without_a_share_is_no_question(office):
    address = "/plans/figure/?type=worklog.work.verified&how=count&base=kinds%3Dforum&from=2026-01-01&until=2027-01-01"
    assert office.get(f"{address}&size=1").status_code == 404
