"""Supervision by W4: a quarter as it stood, replies after holidays, talks for quarters in a row, reminders at night."""

from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.directory.conftest import branch, found, register  # noqa: F401  fixtures
from tests.plans.conftest import CLERK, DAY, HOUSE, LEADER, OFFICE, VISITS
from xinglin.directory.actions import terms
from xinglin.directory.models import Organisation
from xinglin.kernel import scheduler
from xinglin.kernel.actions.regulations import override_regulation
from xinglin.kernel.ledger.models import UnsealedFact
from xinglin.kernel.notices.models import Notice
from xinglin.kernel.policy import NotAllowed
from xinglin.kernel.scheduler import run_due
from xinglin.plans.actions.assigning import assign_commitment, bind_commitment, bind_to_evidence
from xinglin.plans.actions.correcting import add_commitment
from xinglin.plans.actions.documents import adopt_plan, close_plan
from xinglin.plans.actions.evidence import submit_evidence, verify_evidence
from xinglin.plans.actions.running import (
    AnsweredBefore,
    NobodyToTalk,
    NoTalkDue,
    answer_supervision,
    ask_change,
    decide_change,
    escalate_supervision,
    send_supervision,
)
from xinglin.plans.policy import may_supervise
from xinglin.plans.progress import standings
from xinglin.plans.reminding import remind
from xinglin.plans.running import Supervision
from xinglin.plans.supervising import reply_due, stood, to_escalate

pytestmark = pytest.mark.django_db
LEAD = "directory.organisation:9"
WHO, BOSS = "directory.person:77", "directory.person:78"
FIRST, SECOND, THIRD = date(2026, 1, 1), date(2026, 4, 1), date(2026, 7, 1)


@pytest.fixture
def running(plan, commitment):
    """A plan that runs, with one commitment of 20 visits by the end of June."""
    assign_commitment(by=OFFICE, on=DAY, commitment=commitment, lead=LEAD, responsible=WHO, leader=BOSS)
    bind_commitment(by=OFFICE, on=DAY, commitment=commitment, term=VISITS)
    adopt_plan(by=OFFICE, on=DAY, plan=plan)
    return plan


def send(plan, quarter, on):
    return send_supervision(by=OFFICE, on=on, plan=plan, quarter=quarter, standings=standings(plan=plan, on=on))[0]


def talks(plan, on):
    return [(one.quarter, why) for one, why in to_escalate(plan=plan, on=on)]


def test_a_quarter_is_read_as_its_last_day_left_it_without_what_is_settled(running, visits, sealed):
    visits(10, on=date(2026, 6, 30))
    visits(4, on=date(2026, 7, 20))
    sealed()
    day = date(2026, 7, 25)
    assert [(one.value, one.light) for one in stood(plan=running, quarter=SECOND, on=day)] == [(10, "ok")]
    assert [(one.value, one.light) for one in stood(plan=running, quarter=FIRST, on=day)] == [(0, "bad")]
    assert [one.value for one in stood(plan=running, quarter=THIRD, on=day)] == [14]  # it runs: as of today
    visits(6, on=date(2026, 7, 21))
    sealed()
    assert stood(plan=running, quarter=FIRST, on=day) == []


def test_a_reply_falls_due_after_the_holidays():
    assert reply_due(sent_on=date(2026, 7, 2)) == date(2026, 7, 9)
    assert reply_due(sent_on=date(2026, 9, 24)) == date(2026, 10, 8)  # 1 October and the days off after it


def test_the_days_to_reply_can_be_working_days():
    override_regulation(
        by=OFFICE, on=DAY, regulation_id="W4.reply_unit", value="working_days", from_on=DAY, reason="惯例"
    )
    assert reply_due(sent_on=DAY) == date(2026, 7, 13)


def test_only_quarters_in_a_row_call_for_the_leader(running):
    days = {FIRST: date(2026, 4, 2), THIRD: date(2026, 10, 9)}
    for quarter, on in days.items():
        answer_supervision(by=CLERK, on=on, supervision=send(running, quarter, on), reply="补办")
    assert talks(running, date(2026, 10, 10)) == []  # red twice, but not in a row
    answer_supervision(by=CLERK, on=DAY, supervision=send(running, SECOND, DAY), reply="补办")
    assert talks(running, date(2026, 10, 10)) == [(THIRD, "red_again"), (SECOND, "red_again")]


def test_a_talk_is_asked_for_only_when_it_is_due(running, sealed):
    notice = send(running, SECOND, DAY)
    sealed()
    with pytest.raises(NoTalkDue):
        escalate_supervision(by=OFFICE, on=notice.reply_due_on, supervision=notice)
    # The page was opened while no reply was there; the reply came, then the button was pressed.
    stale = Supervision.objects.get(pk=notice.pk)
    answer_supervision(by=CLERK, on=date(2026, 7, 12), supervision=notice, reply="八月补办")
    with pytest.raises(NoTalkDue):
        escalate_supervision(by=OFFICE, on=date(2026, 7, 12), supervision=stale)
    with pytest.raises(AnsweredBefore):
        answer_supervision(by=CLERK, on=date(2026, 7, 13), supervision=stale, reply="再写")
    assert Supervision.objects.get().escalated_on is None
    assert [one.content.count("escalated") for one in UnsealedFact.objects.all()] == [0]
    with pytest.raises(NotAllowed):
        escalate_supervision(by=CLERK, on=date(2026, 7, 12), supervision=stale)


def test_nobody_is_asked_about_what_is_done_by_now(running, clerk_of_office, visits, sealed):
    notice = send(running, SECOND, DAY)
    late = date(2026, 7, 12)
    assert talks(running, late) == [(SECOND, "no_reply")]
    visits(20, on=date(2026, 7, 11))
    sealed()
    assert (talks(running, late), remind(on=late)) == ([], 0)
    with pytest.raises(NoTalkDue):
        escalate_supervision(by=OFFICE, on=late, supervision=notice)


def test_who_reads_the_notices_is_asked_at_once(running, plan):
    for number in range(3):
        one = add_commitment(by=OFFICE, on=DAY, plan=plan, text=f"走访 {number}", starts_on=date(2026, 1, 1),
                             deadline=date(2026, 6, 1))
        assign_commitment(by=OFFICE, on=DAY, commitment=one, lead=f"directory.organisation:{number}")
        bind_to_evidence(by=OFFICE, on=DAY, commitment=one)
    rows = standings(plan=plan, on=DAY)
    with CaptureQueriesContext(connection) as queries:
        made = send_supervision(by=OFFICE, on=DAY, plan=plan, quarter=SECOND, standings=rows)
    asked = [one for one in queries if "branch_secretary" in one["sql"]]
    assert (len(made), len(asked)) == (4, 1)


def test_a_closed_year_is_supervised_no_more(running):
    rows, notice = standings(plan=running, on=DAY), send(running, SECOND, DAY)
    close_plan(by=OFFICE, on=DAY, plan=running)
    notice = Supervision.objects.get(pk=notice.pk)
    later = date(2026, 7, 12)
    for act, given in (
        (send_supervision, {"by": OFFICE, "plan": running, "quarter": FIRST, "standings": rows}),
        (answer_supervision, {"by": CLERK, "supervision": notice, "reply": "补办"}),
        (escalate_supervision, {"by": OFFICE, "supervision": notice}),
    ):
        with pytest.raises(NotAllowed) as refused:
            act(on=later, **given)
        assert "本年度已结束" in str(refused.value)
    assert not may_supervise(actor=OFFICE, plan=running)


# Reminders at night -------------------------------------------------------------------------------------------------


def told():
    return sorted((one.template, one.to) for one in Notice.objects.exclude(template="plans_supervision"))


@pytest.fixture
def clerk_of_office(register, branch, found):  # noqa: F811
    """Somebody who works in the office."""
    person = register("王小明")
    place = found("办公室", kind="office", parent=Organisation.objects.get(kind="association").ref,
                  from_on=date(2010, 1, 1))
    terms.begin_term(by=HOUSE, on=DAY, person=person, organisation=place, title="staff", from_on=date(2024, 1, 1))
    return str(person)


def test_what_waits_is_told_once_to_those_it_waits_for(running, commitment, clerk_of_office):
    notice = send(running, SECOND, DAY)
    evidence = submit_evidence(by=CLERK, on=DAY, commitment=commitment, words="x")
    wish = ask_change(by=CLERK, on=DAY, commitment=commitment, value_min=Decimal(9), reason="x")
    assert remind(on=DAY) == 0  # what came in today has not waited
    assert [remind(on=date(2026, 7, 3)), remind(on=date(2026, 7, 9))] == [2, 0]
    assert told() == [("plans_change_waiting", BOSS), ("plans_evidence_waiting", clerk_of_office)]
    assert [remind(on=date(2026, 7, 10)) for _again in range(2)] == [2, 0]
    assert [one for one in told() if "waiting" not in one[0]] == [
        ("plans_reply_overdue", WHO), ("plans_talk_due", clerk_of_office)]
    answer_supervision(by=CLERK, on=date(2026, 7, 10), supervision=notice, reply="补办")
    verify_evidence(by=OFFICE, on=DAY, evidence=evidence)
    decide_change(by=LEADER, on=DAY, wish=wish, approved=False, decision="不同意")
    Notice.objects.all().delete()
    assert remind(on=date(2026, 7, 11)) == 0


def test_missed_nights_are_made_up(running, commitment, monkeypatch):
    monkeypatch.setattr(scheduler, "_schedules", {"plans.reminders": scheduler.schedules()["plans.reminders"]})
    night = [datetime(2026, 7, day, 8, tzinfo=ZoneInfo("Asia/Shanghai")) for day in (2, 12)]
    run_due(now=night[0])
    send(running, SECOND, DAY)
    assert run_due(now=night[1]) == 10
    assert told() == [("plans_reply_overdue", WHO)]


@pytest.fixture
def general(register, branch):  # noqa: F811
    """The secretary-general, who stands in where no leader is in charge."""
    person, house = register("魏明远"), Organisation.objects.get(kind="association")
    terms.begin_term(by=HOUSE, on=DAY, person=person, organisation=house.ref, title="secretary_general",
                     from_on=date(2024, 1, 1))
    return str(person)


def test_nobody_is_told_of_what_they_handed_in_themselves_but_somebody_else_decides(running, commitment, request):
    boss = LEADER.__class__(ref="directory.account:2", person=BOSS, roles=frozenset({"office"}))
    ask_change(by=boss, on=DAY, commitment=commitment, value_min=Decimal(9), reason="x")
    assert remind(on=date(2026, 7, 5)) == 0  # there is no secretary-general
    general = request.getfixturevalue("general")
    assert [remind(on=date(2026, 7, 6)), told()] == [1, [("plans_change_waiting", general)]]


def test_a_talk_is_handed_to_somebody_or_refused(running, commitment, request):
    assign_commitment(by=OFFICE, on=DAY, commitment=commitment, leader="")
    notice = send(running, SECOND, DAY)
    late = {"by": OFFICE, "on": date(2026, 7, 10), "supervision": notice}
    with pytest.raises(NobodyToTalk):
        escalate_supervision(**late)
    assert Supervision.objects.get().escalated_on is None
    general = request.getfixturevalue("general")
    assert escalate_supervision(**late) == "no_reply"
    assert told() == [("plans_talk", general)]
