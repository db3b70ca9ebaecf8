"""Faculty: invitations, lecture fees within the ceiling, tax by the month."""

from datetime import date
from decimal import Decimal

import pytest

from xinglin.engines.events.actions.deciding import cancel_event
from xinglin.engines.events.actions.faculty import (
    AboveCeiling,
    AlreadyInvited,
    AnsweredAlready,
    NotDue,
    answer_invitation,
    invite_faculty,
    pay_faculty,
    promise_fee,
    withdraw_invitation,
)
from xinglin.engines.events.actions.programme import Slot, Speaker, arrange_session
from xinglin.engines.events.faculty_fees import ceiling
from xinglin.kernel.notices.models import Notice
from xinglin.kernel.policy import NotAllowed

from .conftest import DAY, FIRST, HOUSE, OFFICE, actor, at

pytestmark = pytest.mark.django_db


@pytest.fixture
def speaker(draft, someone):
    """An event and somebody who teaches 90 minutes in the morning and 240 in the afternoon."""
    event, wang = draft(), someone("王小明")
    for title, start, end in (("甲", "10:30", "12:00"), ("乙", "13:00", "17:00")):
        arrange_session(by=HOUSE, on=DAY, event=event, slot=Slot(
            title=title, from_at=at(start), until_at=at(end), room="三号厅", speakers=(Speaker(person=wang),)))
    return event, wang


def invite(event, person, **given):
    return invite_faculty(by=HOUSE, on=DAY, event=event, person=person, **given)


@pytest.mark.parametrize(("rank", "most"), [
    ("other", 3000), ("associate", 3000), ("full", 6000), ("academician", 9000)])
def test_k3_the_ceiling_is_the_rate_by_the_hours_and_a_half_day_has_four(speaker, rank, most):
    event, wang = speaker  # 90 minutes are 2 class hours; 240 would be 5.3, of which 4 are paid for
    row = invite(event, wang, rank=rank, net=Decimal(most))
    limit = ceiling(row, on=DAY)
    assert (limit.hours, limit.most) == (Decimal(6), Decimal(most))
    with pytest.raises(AboveCeiling) as refused:
        promise_fee(by=HOUSE, on=DAY, invitation=row, rank=rank, net=Decimal(most) + Decimal("0.01"))
    assert refused.value.regulation == f"K3.{rank}"


def test_who_does_not_teach_has_no_fee(draft, someone):
    with pytest.raises(AboveCeiling):
        invite(draft(), someone(), rank="full", net=Decimal(100))


def test_an_invitation_is_sent_and_answered_by_its_key(speaker, said):
    event, wang = speaker
    row = invite(event, wang, rank="full", net=Decimal(5000))
    assert Notice.objects.filter(to=wang.ref, template="events_invitation").count() == 1
    with pytest.raises(AlreadyInvited):
        invite(event, wang)
    said()
    row = answer_invitation(by=actor(), on=DAY, key=row.key, accepted=True, note="素食")
    assert [(name, body["state"], body["net"]) for name, body in said()] == [
        ("events.faculty.moved", "accepted", "5000")]
    with pytest.raises(AnsweredAlready):
        answer_invitation(by=actor(), on=DAY, key=row.key, accepted=False)
    with pytest.raises(NotAllowed):
        answer_invitation(by=actor(), on=DAY, key="invented", accepted=True)


def test_who_was_let_go_can_be_asked_again_and_answers_no_more(speaker):
    event, wang = speaker
    row = withdraw_invitation(by=HOUSE, on=DAY, invitation=invite(event, wang))
    with pytest.raises(AnsweredAlready):
        withdraw_invitation(by=HOUSE, on=DAY, invitation=row)
    with pytest.raises(AnsweredAlready):
        promise_fee(by=HOUSE, on=DAY, invitation=row, rank="full", net=Decimal(1))
    again = invite(event, wang)
    cancel_event(by=HOUSE, on=DAY, at=at("09:00", DAY), event=event, reason="停办")
    with pytest.raises(AnsweredAlready):
        answer_invitation(by=actor(), on=DAY, key=again.key, accepted=True)


def test_f9_payments_of_one_month_are_taxed_together(speaker, someone, draft):
    event, wang = speaker
    first = invite(event, wang, rank="full", net=Decimal(4200))
    other = draft(title="另一会议")
    arrange_session(by=HOUSE, on=DAY, event=other, slot=Slot(
        title="丙", from_at=at("18:00"), until_at=at("21:00"), speakers=(Speaker(person=wang),)))
    second = invite(other, wang, rank="academician", net=Decimal(4200))
    for row in (first, second):
        answer_invitation(by=actor(), on=DAY, key=row.key, accepted=True)
    with pytest.raises(NotDue):
        pay_faculty(by=OFFICE, on=DAY, invitation=first)
    with pytest.raises(NotDue) as refused:
        pay_faculty(by=OFFICE, on=FIRST, invitation=first, paid_on=date(2026, 6, 1))
    assert refused.value.field == "paid_on"
    first = pay_faculty(by=OFFICE, on=FIRST, invitation=first)
    assert (first.gross, first.tax) == (Decimal(5000), Decimal(800))
    second = pay_faculty(by=OFFICE, on=FIRST, invitation=second)
    assert (second.gross, second.tax) == (Decimal(5000), Decimal(800))  # 8400 net are 10000 before tax
    third = invite(draft(title="六月会议", from_on=date(2026, 6, 1), until_on=date(2026, 6, 2)), someone("李小红"))
    with pytest.raises(NotDue):
        pay_faculty(by=OFFICE, on=date(2026, 6, 2), invitation=third)


def test_a_branch_pays_nobody_itself(speaker):
    event, wang = speaker
    row = invite(event, wang, rank="full", net=Decimal(800))
    answer_invitation(by=actor(), on=DAY, key=row.key, accepted=True)
    with pytest.raises(NotAllowed):
        pay_faculty(by=actor("branch_secretary", where=event.organisation), on=FIRST, invitation=row)
    with pytest.raises(NotAllowed):
        invite_faculty(by=actor("member"), on=DAY, event=event, person=wang)
