"""Before an event: grade and agreements, names, oath, filing, editions."""

from datetime import date

import pytest

from xinglin.engines.events.actions.deciding import (
    AlreadyFiled,
    CannotMove,
    NotApproved,
    NotFiled,
    NotWaiting,
    ReasonMissing,
    TooSmall,
    cancel_event,
    close_registration,
    decide_event,
    file_event,
    note_permit,
    open_registration,
)
from xinglin.engines.events.actions.programme import Slot, arrange_session
from xinglin.engines.events.actions.proposing import (
    NotADraft,
    NothingChanges,
    NothingPlanned,
    OathMissing,
    WrongEdition,
    amend_event,
    draft_event,
    propose_event,
)
from xinglin.engines.events.actions.series import SeriesTaken, open_series
from xinglin.engines.events.meetings import Event, State
from xinglin.kernel.policy import NotAllowed, Refusals

from .conftest import DAY, FIRST, GENERAL, HOUSE, LEADER, OFFICE, actor, at

pytestmark = pytest.mark.django_db


def roles(event: Event) -> list[str]:
    return list(event.approvals.values_list("role", flat=True))


@pytest.mark.parametrize(("given", "grade", "asked"), [
    ({}, "3", ["branch_chair", "office"]),
    ({"heads": 300}, "2", ["branch_chair", "office", "secretary_general"]),
    ({"heads": 299}, "3", ["branch_chair", "office"]),
    ({"heads": 400, "heads_online": 600, "format": "hybrid"}, "1",
     ["branch_chair", "office", "secretary_general", "leader"]),
    ({"sponsored": True}, "2", ["branch_chair", "office", "secretary_general"]),
    ({"international": True}, "1", ["branch_chair", "office", "secretary_general", "leader"]),
    ({"budget": [("expense", "venue", 200000)]}, "2", ["branch_chair", "office", "secretary_general"]),
    ({"planned": False}, "3", ["branch_chair", "office", "secretary_general"]),
])
def test_c03_the_grade_decides_who_must_agree(draft, given, grade, asked):
    event = propose_event(by=HOUSE, on=DAY, event=draft(**given))
    assert (event.grade, roles(event)) == (grade, asked)


def test_c03_a_change_of_scale_grades_again_and_asks_again(draft, approve, plan, said):
    event = approve(draft())
    said()
    event = amend_event(by=HOUSE, on=DAY, event=event, plan=plan(heads=1000))
    assert (event.grade, event.state, event.approvals.count()) == ("1", State.DRAFT, 0)
    assert [name for name, _body in said()] == ["events.event.amended"]
    event = propose_event(by=HOUSE, on=DAY, event=event)
    assert len(roles(event)) == 4


def test_a_smaller_scale_keeps_the_agreement(draft, approve, plan):
    event = approve(draft(heads=500))
    event = amend_event(by=HOUSE, on=DAY, event=event, plan=plan(heads=100))
    assert (event.grade, event.state) == ("3", State.APPROVED)
    with pytest.raises(NothingChanges):
        amend_event(by=HOUSE, on=DAY, event=event, plan=plan(heads=100))


@pytest.mark.parametrize("title", ["中华心血管大会", "心血管国际论坛", "高端峰会"])
def test_g16_names_may_not_bear_the_forbidden_words(plan, title):
    with pytest.raises(Refusals) as refused:
        draft_event(by=HOUSE, on=DAY, plan=plan(title=title))
    assert [one.field for one in refused.value.problems] == ["title"]
    assert not Event.objects.exists()


def test_g16_a_fixed_name_stands(plan):
    assert draft_event(by=HOUSE, on=DAY, plan=plan(title="中国医师节庆祝大会", kind="celebration")).pk


def test_bad_input_is_said_all_at_once(plan):
    with pytest.raises(Refusals) as refused:
        draft_event(by=HOUSE, on=DAY, plan=plan(title="世界论坛", until_on=FIRST, heads=0, format="hybrid"))
    assert [one.field for one in refused.value.problems] == ["until_on", "title", "heads", "heads_online"]


@pytest.mark.parametrize("kind", ["celebration", "annual_meeting", "committee_annual"])
def test_c14_an_agenda_without_the_oath_is_rejected(draft, kind):
    event = draft(kind=kind)
    with pytest.raises(OathMissing) as refused:
        propose_event(by=HOUSE, on=DAY, event=event)
    assert refused.value.regulation == "C14.oath"
    arrange_session(by=HOUSE, on=DAY, event=event, slot=Slot(
        title="医师宣誓", kind="oath", from_at=at("08:00"), until_at=at("08:10")))
    assert propose_event(by=HOUSE, on=DAY, event=event).state == State.PROPOSED


def test_nothing_is_proposed_without_agenda_or_twice(draft):
    event = draft(sessions=False)
    with pytest.raises(NothingPlanned):
        propose_event(by=HOUSE, on=DAY, event=event)
    event = propose_event(by=HOUSE, on=DAY, event=draft(title="另一会议", from_on=date(2026, 6, 1),
                                                          until_on=date(2026, 6, 2)))
    with pytest.raises(NotADraft):
        propose_event(by=HOUSE, on=DAY, event=event)


def test_agreements_come_in_order_and_from_those_asked(draft, chair):
    event = propose_event(by=HOUSE, on=DAY, event=draft(heads=1200))
    with pytest.raises(NotWaiting):
        decide_event(by=OFFICE, on=DAY, event=event, order=1, answer="yes")
    with pytest.raises(NotAllowed):
        decide_event(by=OFFICE, on=DAY, event=event, order=0, answer="yes")
    for by, order in ((chair, 0), (OFFICE, 1), (GENERAL, 2), (LEADER, 3)):
        event = decide_event(by=by, on=DAY, event=event, order=order, answer="yes")
    assert event.state == State.APPROVED
    with pytest.raises(NotWaiting):
        decide_event(by=LEADER, on=DAY, event=event, order=3, answer="yes")


def test_nobody_agrees_to_the_event_they_wrote_down(plan, someone, association):
    mine = actor("office", person=someone())
    event = draft_event(by=mine, on=DAY, plan=plan(organisation=association))
    arrange_session(by=mine, on=DAY, event=event, slot=Slot(title="报告", from_at=at("09:00"), until_at=at("10:00")))
    event = propose_event(by=mine, on=DAY, event=event)
    with pytest.raises(NotAllowed):
        decide_event(by=mine, on=DAY, event=event, order=0, answer="yes")
    assert event.approvals.get(order=0).answer == ""


def test_a_refusal_says_why_and_sending_back_reopens(draft, chair, said):
    event = propose_event(by=HOUSE, on=DAY, event=draft())
    with pytest.raises(ReasonMissing):
        decide_event(by=chair, on=DAY, event=event, order=0, answer="back", reason=" ")
    event = decide_event(by=chair, on=DAY, event=event, order=0, answer="back", reason="请补预算")
    assert event.state == State.DRAFT
    event = propose_event(by=HOUSE, on=DAY, event=event)
    event = decide_event(by=chair, on=DAY, event=event, order=0, answer="no", reason="与年会冲突")
    assert event.state == State.REFUSED
    assert [(name, body.get("answer")) for name, body in said() if name == "events.event.decided"] == [
        ("events.event.decided", "back"), ("events.event.decided", "no")]


def test_c06_a_large_event_does_not_open_without_filing_number(draft, approve, said):
    event = approve(draft())
    with pytest.raises(NotFiled) as refused:
        open_registration(by=HOUSE, on=DAY, at=at("09:00", DAY), event=event)
    assert "2026-04-30" in str(refused.value)
    with pytest.raises(NotAllowed):
        file_event(by=actor("branch_secretary", where=event.organisation), on=DAY, event=event, number="1")
    event = file_event(by=OFFICE, on=DAY, event=event, number="江医报〔2026〕7号")
    assert not event.filed_late
    with pytest.raises(AlreadyFiled):
        file_event(by=OFFICE, on=DAY, event=event, number="江医报〔2026〕8号")
    event = open_registration(by=HOUSE, on=DAY, at=at("09:00", DAY), event=event)
    assert event.state == State.OPEN
    assert [name for name, _body in said()][-2:] == ["events.event.filed", "events.event.moved"]


def test_c06_filed_too_late_is_marked(draft, approve):
    event = approve(draft())
    assert file_event(by=OFFICE, on=date(2026, 5, 6), event=event, number="7号").filed_late


def test_a_small_event_opens_without_filing(draft, approve):
    event = approve(draft(kind="seminar"))
    with pytest.raises(TooSmall):
        file_event(by=OFFICE, on=DAY, event=event, number="7号")
    event = open_registration(by=HOUSE, on=DAY, at=at("09:00", DAY), event=event)
    event = close_registration(by=HOUSE, on=DAY, at=at("09:00", DAY), event=event)
    with pytest.raises(CannotMove):
        close_registration(by=HOUSE, on=DAY, at=at("09:00", DAY), event=event)


def test_what_is_not_agreed_to_neither_opens_nor_is_filed(draft):
    event = draft()
    with pytest.raises(NotApproved):
        open_registration(by=HOUSE, on=DAY, at=at("09:00", DAY), event=event)
    with pytest.raises(NotApproved):
        file_event(by=OFFICE, on=DAY, event=event, number="7号")


def test_k1_a_public_event_of_a_thousand_needs_the_permit(draft, approve):
    event = approve(draft(public=True, heads=1000))
    file_event(by=OFFICE, on=DAY, event=event, number="7号")
    with pytest.raises(NotFiled) as refused:
        open_registration(by=HOUSE, on=DAY, at=at("09:00", DAY), event=event)
    assert refused.value.regulation == "K1.public_heads"
    note_permit(by=OFFICE, on=DAY, event=event, number="公安许可〔2026〕3号")
    assert open_registration(by=HOUSE, on=DAY, at=at("09:00", DAY), event=event).state == State.OPEN
    with pytest.raises(AlreadyFiled):
        note_permit(by=OFFICE, on=DAY, event=event, number="公安许可〔2026〕3号")


def test_c05_the_next_edition_is_proposed_and_a_gap_or_repeat_refused(plan, association, draft):
    forum = open_series(by=OFFICE, on=DAY, title="江海医院发展论坛", organisation=association, known_edition=10,
                        known_year=2025)
    with pytest.raises(SeriesTaken):
        open_series(by=OFFICE, on=DAY, title="江海医院发展论坛", organisation=association)
    for number in (10, 12):
        with pytest.raises(WrongEdition):
            draft_event(by=HOUSE, on=DAY, plan=plan(series=forum, edition=number))
    eleventh = draft(series=forum)
    assert eleventh.edition == 11
    twelfth = draft(series=forum, title="第二场", from_on=date(2026, 9, 5), until_on=date(2026, 9, 6))
    assert twelfth.edition == 12
    cancel_event(by=HOUSE, on=DAY, at=at("09:00", DAY), event=twelfth, reason="场地停用")
    again = draft(series=forum, title="第三场", from_on=date(2026, 10, 5), until_on=date(2026, 10, 6))
    assert again.edition == 12


def test_calling_off_says_why(draft):
    with pytest.raises(ReasonMissing):
        cancel_event(by=HOUSE, on=DAY, at=at("09:00", DAY), event=draft(), reason="")


def test_a_branch_proposes_its_own_events_only(plan, surgery):
    with pytest.raises(NotAllowed):
        draft_event(by=actor("branch_secretary", where=surgery), on=DAY, plan=plan())
    assert not Event.objects.exists()
