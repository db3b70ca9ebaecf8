"""After an event: held with its figures, reported back, looked over, settled."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from xinglin.engines.events.actions.closing import (
    ChecksOpen,
    Figures,
    LinesOpen,
    NoEvidence,
    NotOver,
    NotYet,
    UnknownPoint,
    answer_check,
    hold_event,
    report_event,
    settle_event,
)
from xinglin.engines.events.actions.deciding import CannotMove, cancel_event
from xinglin.engines.events.checklists import points_of
from xinglin.engines.events.meetings import State
from xinglin.kernel.policy import NotAllowed

from .conftest import HOUSE, OFFICE, actor, at, paper

pytestmark = pytest.mark.django_db

LAST = date(2026, 5, 17)


@pytest.fixture
def held(draft, approve):
    event = approve(draft(budget=[("income", "fees", 24000), ("expense", "venue", 18000)], region="320106"))
    return hold_event(by=HOUSE, on=LAST, event=event, figures=Figures(people_on_site=210, people_online=35))


def look_over(event, *, failing=()):
    for point in points_of(event):
        answer_check(by=OFFICE, on=LAST, event=event, code=point.code, passed=point.code not in failing,
                     evidence=[paper()])


def test_held_is_said_once_and_corrected_by_a_later_word(held, said):
    event = hold_event(by=HOUSE, on=LAST, event=held, figures=Figures(people_on_site=208, people_online=35))
    facts = [body for name, body in said() if name == "events.event.held"]
    assert [(one["people_on_site"], one["people_online"], one["hours"], one["city"]) for one in facts] == [
        (210, 35, "1.5", "320100"), (208, 35, "1.5", "320100")]
    assert (event.state, event.held_on) == (State.HELD, LAST)
    with pytest.raises(CannotMove):
        cancel_event(by=HOUSE, on=LAST, at=at("09:00", LAST), event=event, reason="晚了")


def test_nothing_is_held_before_its_last_day_or_without_agreement(draft, approve):
    with pytest.raises(NotYet):
        hold_event(by=HOUSE, on=LAST, event=draft(title="草稿"), figures=Figures())
    event = approve(draft(from_on=date(2026, 6, 1), until_on=date(2026, 6, 3)))
    with pytest.raises(NotOver):
        hold_event(by=HOUSE, on=date(2026, 6, 1), event=event, figures=Figures())


def test_a_report_has_papers_and_says_when_it_is_late(held, said):
    with pytest.raises(NoEvidence):
        report_event(by=HOUSE, on=LAST, event=held, papers=[])
    said()
    report_event(by=HOUSE, on=LAST + timedelta(days=15), event=held, papers=[paper("总结.txt")])
    report_event(by=HOUSE, on=LAST + timedelta(days=16), event=held, papers=[paper("补充.txt")])
    assert [body["late"] for name, body in said() if name == "events.event.reported"] == [False, True]


def test_what_was_not_held_is_neither_reported_nor_settled(draft, approve):
    event = approve(draft())
    with pytest.raises(NotYet):
        report_event(by=HOUSE, on=LAST, event=event, papers=[paper()])
    with pytest.raises(NotYet):
        settle_event(by=HOUSE, on=LAST, event=event, actual={})


def test_c07_no_settlement_until_all_three_phases_carry_evidence(held, said):
    actual = {line.pk: line.planned for line in held.budget.all()}
    with pytest.raises(ChecksOpen) as refused:
        settle_event(by=HOUSE, on=LAST, event=held, actual=actual)
    assert refused.value.regulation == "C07.checklists"
    look_over(held, failing=("accounts",))
    with pytest.raises(ChecksOpen):
        settle_event(by=HOUSE, on=LAST, event=held, actual=actual)
    answer_check(by=OFFICE, on=LAST, event=held, code="accounts", passed=True)
    with pytest.raises(LinesOpen):
        settle_event(by=HOUSE, on=LAST, event=held, actual={})
    event = settle_event(by=HOUSE, on=LAST + timedelta(days=60), event=held, actual=actual)
    [fact] = [body for name, body in said() if name == "events.event.settled"]
    assert (fact["income"], fact["expense"], fact["late"]) == ("24000", "18000", False)
    assert event.state == State.SETTLED and held.budget.get(side="income").actual == Decimal(24000)
    with pytest.raises(NotYet):
        answer_check(by=OFFICE, on=LAST, event=event, code="accounts", passed=False)


def test_a_point_needs_evidence_and_another_pair_of_eyes(held, someone):
    with pytest.raises(NoEvidence):
        answer_check(by=OFFICE, on=LAST, event=held, code="content", passed=True)
    with pytest.raises(UnknownPoint):
        answer_check(by=OFFICE, on=LAST, event=held, code="stream", passed=True, evidence=[paper()])
    with pytest.raises(NotAllowed):
        answer_check(by=HOUSE, on=LAST, event=held, code="content", passed=True, evidence=[paper()])
    with pytest.raises(NotAllowed):
        answer_check(by=actor("branch_secretary", where=held.organisation), on=LAST, event=held, code="content",
                     passed=True, evidence=[paper()])
    assert not held.checks.exists()
