"""Assigning, evidence, changes and supervision through the pages."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.plans.conftest import VISITS
from tests.plans.web.conftest import CLERK, DAY, HX, LEADER, OFFICE, OTHER, SECOND, SUPERVISOR
from xinglin.kernel import clock
from xinglin.plans.actions.assigning import assign_commitment, bind_commitment, bind_to_evidence
from xinglin.plans.actions.correcting import accept_commitments
from xinglin.plans.actions.documents import adopt_plan
from xinglin.plans.actions.running import comment_on
from xinglin.plans.commitments import Commitment
from xinglin.plans.running import ChangeRequest, Evidence, Supervision

pytestmark = pytest.mark.django_db
LED = "directory.organisation:9"


@pytest.fixture
def running(read_plan):
    """The plan adopted, the visits bound and led by the clerk's unit."""
    accept_commitments(by=OFFICE, on=DAY, commitments=list(read_plan.commitments.all()))
    one = read_plan.commitments.get(text__contains="走访")
    bind_commitment(by=OFFICE, on=DAY, commitment=one, term=VISITS)
    assign_commitment(by=OFFICE, on=DAY, commitment=one, lead=LED, leader="directory.person:78")
    adopt_plan(by=OFFICE, on=DAY, plan=read_plan, adopted_by="常务理事会")
    return Commitment.objects.select_related("plan").get(pk=one.pk)


def page(client, one):
    return client.get(reverse("plans:commitment", args=[one.pk])).content.decode()


def test_the_year_says_why_a_red_one_is_red_and_what_is_left(visit, running, visits, sealed):
    visits(2)
    sealed()
    response = visit(OFFICE).get(reverse("plans:year"))
    red = next(one for one in response.context["reds"] if one.outlook.standing.commitment.pk == running.pk)
    assert red.figure == "2 / 20 家"
    assert "还差 18 家" in red.left and red.outlook.needed > 0
    assert reverse("plans:facts", args=[running.measures.get().pk]) in response.content.decode()


def test_every_number_of_the_year_leads_to_what_it_counts(visit, running, visits, sealed):
    visits(3)
    sealed()
    response = visit(OFFICE).get(reverse("plans:year"))
    line = next(one for one in response.context["happened"] if one.term.fact == "trial.visit.made")
    assert line.value == 3
    counted = response.client.get(reverse("plans:counted"), {"term": line.term.key, "year": "2026"})
    assert counted.context["figure"] == 3


def test_a_row_of_the_table_is_edited_in_place(visit, running):
    client, key = visit(OFFICE), f"r{running.pk}"
    values = {
        "lead": "directory.organisation:10",
        "partners": [LED],
        "weight": "2",
        "budget_line": "学术 03",
        "milestones": "2026-06-30 50% 完成半数\n2026.12.31 100",
        "stamp": running.stamp,
    }
    url = reverse("plans:edit_row", args=[running.pk])
    given = {f"{key}-{name}": value for name, value in values.items()}
    without = client.post(url, given, **HX)  # the plan runs: weight and milestones change with a reason
    assert without.status_code == 422 and without.context["form"].errors["why"]
    assert client.post(url, {**given, f"{key}-why": "理事会调整"}, **HX).status_code == 200
    one = Commitment.objects.get(pk=running.pk)
    assert (one.lead, one.weight, one.budget_line) == ("directory.organisation:10", 2, "学术 03")
    assert [(step.due_on, step.share) for step in one.milestones.all()] == [
        (date(2026, 6, 30), 50),
        (date(2026, 12, 31), 100),
    ]
    late = client.post(
        reverse("plans:edit_row", args=[running.pk]),
        {f"{key}-weight": "3", f"{key}-milestones": "半年做一半", f"{key}-stamp": "old"},
        **HX,
    )
    assert late.status_code == 422 and "半年做一半" in str(late.context["form"].errors["milestones"])


def test_several_rows_get_one_lead_at_once(visit, running):
    client = visit(OFFICE)
    keys = list(running.plan.commitments.accepted().values_list("pk", flat=True)[:3])
    client.post(
        reverse("plans:assign_many", args=[running.plan_id]), {"pick": keys, "many-lead": "directory.organisation:10"}
    )
    assert set(Commitment.objects.filter(pk__in=keys).values_list("lead", flat=True)) == {"directory.organisation:10"}


def test_a_change_in_one_list_shows_in_all_three_and_to_everybody_named(visit, running, sealed):
    client, key = visit(OFFICE), f"i{running.pk}"
    client.post(
        reverse("plans:item", args=[running.pk]),
        {
            f"{key}-problem": "基层反映走访少",
            f"{key}-duty": "每月至少两家",
            f"{key}-lead": LED,
            f"{key}-stamp": running.stamp,
            "list": "problem",
        },
        **HX,
    )
    sealed()
    for which, word in (("problem", "基层反映走访少"), ("task", "走访会员单位"), ("duty", "每月至少两家")):
        body = client.get(
            reverse("plans:lists", args=[running.plan_id]), {"list": which, "party": LED}
        ).content.decode()
        assert word in body
    other = client.get(reverse("plans:lists", args=[running.plan_id]), {"party": "directory.organisation:10"})
    assert running.pk not in [row.commitment.pk for row in other.context["rows"]]
    changed = visit(CLERK).get(reverse("plans:mine")).context["changed"]
    assert running.pk in [one.pk for _fact, one, _label, _by in changed]


def test_evidence_counts_after_a_second_person_and_never_by_the_same_hand(visit, running, sealed):
    one = running.plan.commitments.get(text__contains="办法")
    bind_to_evidence(by=OFFICE, on=DAY, commitment=one)
    given = {
        "e-words": "办法已印发",
        "e-amount": "1",
        "e-happened_on": "2026-06-20",
        "e-file": SimpleUploadedFile("办法.pdf", b"%PDF-1.4\n1 0 obj\n"),
    }
    assert visit(SECOND).post(reverse("plans:submit", args=[one.pk]), given).status_code == 302
    evidence = Evidence.objects.get()
    assert visit(SUPERVISOR).get(reverse("plans:evidence_file", args=[evidence.pk])).status_code == 200
    decide = reverse("plans:decide_evidence", args=[evidence.pk])
    assert visit(SECOND).post(decide, {"do": "verify"}).status_code == 403
    assert visit(OFFICE).post(decide, {"do": "verify"}).status_code == 302
    sealed()
    assert visit(OFFICE).get(reverse("plans:commitment", args=[one.pk])).context["standing"].light == "done"


def test_evidence_ahead_of_time_is_refused_beside_the_date(visit, running):
    response = visit(CLERK).post(
        reverse("plans:submit", args=[running.pk]),
        {"e-words": "将走访", "e-amount": "1", "e-happened_on": "2026-09-01"},
    )
    assert response.status_code == 422
    assert "happened_on" in response.context["evidence_form"].errors
    assert "将走访" in response.content.decode() and not Evidence.objects.exists()


def test_a_change_is_asked_by_the_lead_and_decided_by_a_leader(visit, running):
    ask = reverse("plans:ask", args=[running.pk])
    assert visit(OTHER).post(ask, {"ch-value_min": "10", "ch-reason": "汛情"}).status_code == 403
    empty = visit(CLERK).post(ask, {"ch-value_min": "10", "ch-reason": ""})
    assert empty.status_code == 422 and "reason" in empty.context["change_form"].errors
    assert visit(CLERK).post(ask, {"ch-value_min": "15", "ch-reason": "汛情停办"}).status_code == 302
    wish = ChangeRequest.objects.get()
    assert "20" in visit(LEADER).get(reverse("plans:year")).context["waits"][0].label
    decide = reverse("plans:decide", args=[wish.pk])
    assert visit(CLERK).post(decide, {"d-approved": "yes"}).status_code == 403
    assert visit(LEADER).post(decide, {"d-approved": "yes"}).status_code == 302
    assert Commitment.objects.get(pk=running.pk).value_min == Decimal(15)


def test_supervision_is_previewed_sent_once_answered_by_the_lead(visit, running):
    url = reverse("plans:supervision", args=[running.plan_id])
    client = visit(OFFICE)
    behind = client.get(url).context["fresh"]
    assert running.pk in [one.standing.commitment.pk for one in behind]
    send = reverse("plans:send", args=[running.plan_id])
    assert client.post(send, {"pick": [running.pk], "quarter": "2026-04-01"}).status_code == 302
    notice = Supervision.objects.get()
    assert (notice.quarter, notice.reply_due_on) == (date(2026, 4, 1), date(2026, 7, 9))
    client.post(send, {"pick": [running.pk], "quarter": "2026-04-01"})
    assert Supervision.objects.count() == 1
    answer = reverse("plans:answer", args=[notice.pk])
    assert visit(OTHER).post(answer, {"a-reply": "已补排"}).status_code == 403
    assert visit(CLERK).post(answer, {"a-reply": "已补排 5 场"}).status_code == 302
    assert "已补排 5 场" in page(visit(LEADER), running)


def test_what_waits_stands_on_the_page_of_whoever_must_act(visit, running):
    visit(OFFICE).post(reverse("plans:send", args=[running.plan_id]), {"pick": [running.pk], "quarter": "2026-04-01"})
    mine = visit(CLERK).get(reverse("plans:mine"))
    assert [one.url for one in mine.context["waits"]] == [
        reverse("plans:commitment", args=[running.pk]) + "#supervision"
    ]
    assert running.pk in [one.standing.commitment.pk for one in mine.context["own"]]
    assert visit(OTHER).get(reverse("plans:mine")).context["waits"] == []


def test_the_supervisor_reads_and_cannot_write(visit, running):
    client = visit(SUPERVISOR)
    for name, given in (
        ("submit", {"e-words": "x", "e-amount": "1", "e-happened_on": "2026-06-01"}),
        ("ask", {"ch-value_min": "1", "ch-reason": "x"}),
    ):
        assert client.post(reverse(f"plans:{name}", args=[running.pk]), given).status_code == 403
    assert client.post(reverse("plans:send", args=[running.plan_id]), {"pick": [running.pk]}).status_code == 403
    assert not Evidence.objects.exists() and not ChangeRequest.objects.exists() and not Supervision.objects.exists()


def test_the_register_has_the_lists_people_return_to(visit, running):
    response = visit(OFFICE).get(reverse("plans:commitments"), {"list": "editions"})
    assert [one.commitment.edition for one in response.context["table"].selected] == [11]
    response = visit(OFFICE).get(reverse("plans:commitments"), {"list": "entrusted"})
    assert ["委托" in one.commitment.text for one in response.context["table"].selected] == [True]
    response = visit(OFFICE).get(reverse("plans:commitments"), {"light": "bad"})
    assert running.pk in [one.key for one in response.context["table"].selected]


def test_a_notice_without_reply_is_handed_to_the_leader(visit, running):
    visit(OFFICE).post(reverse("plans:send", args=[running.plan_id]), {"pick": [running.pk], "quarter": "2026-04-01"})
    notice = Supervision.objects.get()
    with clock.pretending(date(2026, 7, 20)):
        talks = visit(OFFICE).get(reverse("plans:supervision", args=[running.plan_id])).context["talks"]
        assert [one.pk for one, _why in talks] == [notice.pk]
        assert visit(CLERK).post(reverse("plans:escalate", args=[notice.pk])).status_code == 403
        visit(OFFICE).post(reverse("plans:escalate", args=[notice.pk]))
    assert Supervision.objects.get().escalated_on == date(2026, 7, 20)


def test_what_is_unfinished_is_carried_into_the_next_plan(visit, running, read):
    with clock.pretending(date(2027, 1, 8)):
        client = visit(OFFICE)
        assert client.post(reverse("plans:close", args=[running.plan_id])).status_code == 302
        following = read(text="江海省医师协会（演示）2027年工作要点\n一、学术交流\n举办论坛 3 场。\n")
        url = reverse("plans:carry", args=[following.pk])
        rows = client.get(url).context["rows"]
        assert running.pk in [one.commitment.pk for one in rows]
        client.post(url, {"commitment": [running.pk]})
        carried = following.commitments.get(origin="carried")
        assert (carried.carried_from_id, carried.state) == (running.pk, "waiting")
        assert running.pk not in [one.commitment.pk for one in client.get(url).context["rows"]]


def test_a_plan_with_open_proposals_is_not_adopted(visit, read_plan):
    client = visit(OFFICE)
    given = {"adopted_by": "常务理事会", "adopted_on": "2026-01-20"}
    response = client.post(reverse("plans:adopt", args=[read_plan.pk]), given)
    assert response.status_code == 422 and "待确认" in response.content.decode()
    assert "常务理事会" in response.content.decode()  # nothing typed is lost


def test_changes_of_a_busy_item_stay_in_sight(visit, running, sealed):
    for number in range(40):
        comment_on(by=OFFICE, on=DAY, commitment=running, words=f"第 {number} 次催办")
    sealed()
    changed = visit(CLERK).get(reverse("plans:mine")).context["changed"]
    assert {fact.type for fact, _one, _label, _who in changed} == {
        "plans.commitment.assigned", "plans.commitment.bound", "plans.commitment.corrected"}
    assert all(one.pk == running.pk for _fact, one, _label, _who in changed)


def test_the_facts_of_a_figure_ask_for_their_labels_at_once(visit, running, visits, sealed):
    client, measure = visit(OFFICE), running.measures.get()
    asked = []
    for upto in (1, 2, 20):  # the first visit warms what is kept between requests
        for number in range(upto):
            visits(1, place=f"directory.organisation:{upto * 100 + number}")
        sealed()
        with CaptureQueriesContext(connection) as queries:
            assert client.get(reverse("plans:facts", args=[measure.pk])).status_code == 200
        asked.append(len(queries))
    assert asked[1] == asked[2]


def test_a_quarter_ahead_is_not_supervised(visit, running):
    url = reverse("plans:supervision", args=[running.plan_id])
    shown = visit(OFFICE).get(url, {"quarter": "2026-10-01"}).context
    assert shown["quarter"] == date(2026, 4, 1)
    assert shown["quarters"] == [date(2026, 1, 1), date(2026, 4, 1), date(2026, 7, 1)]


def test_an_entrusted_task_is_added_with_its_start(visit, running):
    given = {"text": "承办调研", "kind": "date", "modality": "must", "deadline": "2026-12-31"}
    given["entrusted_by"] = "省卫健委"
    client, url = visit(OFFICE), reverse("plans:add", args=[running.plan_id])
    for start in ("", "2026-09-01"):
        client.post(url, {**given, "starts_on": start}, **HX)
    rows = Commitment.objects.filter(entrusted_by="省卫健委").order_by("pk")
    assert [one.starts_on for one in rows] == [DAY, date(2026, 9, 1)]


def test_a_year_without_a_plan_is_said_not_to_exist(visit, running, visits, sealed):
    client = visit(OFFICE)
    assert client.get(f"/year/?year={running.plan.year}").status_code == 200
    for asked in ("1900", "2031", "abc"):
        assert client.get(f"/year/?year={asked}").status_code == 404
