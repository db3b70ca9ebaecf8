"""Every page answers those who may read it, and tells the others why not."""

from datetime import date

import pytest
from django.urls import reverse

from tests.plans.conftest import VISITS
from tests.plans.web.conftest import CLERK, DAY, LEADER, OFFICE, OTHER, STRANGER, SUPERVISOR
from xinglin.kernel.actions.regulations import override_regulation
from xinglin.plans.actions.assigning import assign_commitment, bind_commitment
from xinglin.plans.actions.correcting import accept_commitments
from xinglin.plans.actions.documents import adopt_plan, close_plan
from xinglin.plans.commitments import Commitment
from xinglin.plans.running import Supervision
from xinglin.plans.web import supervising

pytestmark = pytest.mark.django_db
PLAIN = ("year", "plans", "commitments", "mine")
OF_PLAN = ("plan", "table", "lists", "supervision", "drafts")


@pytest.fixture
def running(read_plan, visits, sealed):
    """The plan adopted, one commitment bound, led and partly done."""
    accept_commitments(by=OFFICE, on=DAY, commitments=list(read_plan.commitments.all()))
    one = next(c for c in read_plan.commitments.all() if "走访" in c.text)
    bind_commitment(by=OFFICE, on=DAY, commitment=one, term=VISITS)
    assign_commitment(by=OFFICE, on=DAY, commitment=one, lead="directory.organisation:9")
    adopt_plan(by=OFFICE, on=DAY, plan=read_plan, adopted_by="常务理事会")
    visits(3)
    sealed()
    return Commitment.objects.get(pk=one.pk)


@pytest.mark.parametrize("actor", [OFFICE, CLERK, OTHER, LEADER, SUPERVISOR], ids=lambda one: one.name)
def test_readers_see_every_page(visit, running, actor):
    client = visit(actor)
    for name in PLAIN:
        assert client.get(reverse(f"plans:{name}")).status_code == 200, name
    for name in OF_PLAN:
        assert client.get(reverse(f"plans:{name}", args=[running.plan_id])).status_code == 200, name
    assert client.get(reverse("plans:commitment", args=[running.pk])).status_code == 200
    assert client.get(reverse("plans:facts", args=[running.measures.get().pk])).status_code == 200


def test_a_member_is_told_why_plans_are_not_shown(visit, running):
    response = visit(STRANGER).get(reverse("plans:year"))
    assert response.status_code == 403
    assert "工作要点由工作人员、分支机构负责人、领导和监事查看。" in response.content.decode()


def test_nobody_without_account_sees_a_page(client, db):
    for name in PLAIN:
        response = client.get(reverse(f"plans:{name}"))
        assert (response.status_code, response["Location"].split("?")[0]) == (302, "/account/login/")


def test_a_fresh_installation_says_what_to_do_first(visit):
    body = visit(OFFICE).get(reverse("plans:year")).content.decode()
    assert reverse("plans:plans") in body
    body = visit(OFFICE).get(reverse("plans:plans")).content.decode()
    assert reverse("plans:read") in body


def test_the_figure_equals_the_sum_of_the_facts_behind_it(visit, running):
    response = visit(OFFICE).get(reverse("plans:facts", args=[running.measures.get().pk]))
    assert response.context["figure"] == 3
    assert response.context["table"].count == 3


def test_the_facts_behind_a_closed_figure_end_where_it_does(visit, running, visits, sealed):
    close_plan(by=OFFICE, on=DAY, plan=running.plan)
    visits(2)
    sealed()
    response = visit(OFFICE).get(reverse("plans:facts", args=[running.measures.get().pk]))
    assert (response.context["figure"], response.context["table"].count) == (3, 3)


def test_a_talk_says_how_many_quarters_were_red(visit, running, monkeypatch):
    override_regulation(
        by=OFFICE, on=DAY, regulation_id="W4.escalate_after", value=3, from_on=DAY, reason="惯例"
    )
    notice = Supervision(pk=1, commitment=running, quarter=date(2026, 4, 1))
    monkeypatch.setattr(supervising, "to_escalate", lambda **_asked: [(notice, "red_again")])
    page = visit(OFFICE).get(reverse("plans:supervision", args=[running.plan_id]))
    assert page.context["talks"] == [(notice, "连续 3 季红灯")]
