"""Single sessions: places of their own, a waiting list each, nobody in two at the same time, what gates know of it."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from xinglin.engines.events.actions.deciding import cancel_event
from xinglin.engines.events.actions.doors import enrol_device
from xinglin.engines.events.actions.handing_over import name_registration
from xinglin.engines.events.actions.moving import move_event
from xinglin.engines.events.actions.offers import publish_offer
from xinglin.engines.events.actions.options import change_options
from xinglin.engines.events.actions.ordering import Payer
from xinglin.engines.events.actions.orders import place_order, receive_payment
from xinglin.engines.events.actions.programme import Slot, arrange_session, remove_session, slot_of
from xinglin.engines.events.actions.registrations import cancel_registration, register
from xinglin.engines.events.actions.signing_up import (
    Full,
    NoSignUp,
    NotAdmitted,
    TooLateToSign,
    Unchanged,
    sign_off,
    sign_up,
)
from xinglin.engines.events.gate_lists import known_of
from xinglin.engines.events.offering import ChoiceLine, PoolLine, sheet_in, without_session
from xinglin.engines.events.offers import Option
from xinglin.engines.events.orders import Order
from xinglin.engines.events.places import Party, said_answers
from xinglin.engines.events.pricing import NotOffered
from xinglin.engines.events.programme import Session
from xinglin.engines.events.sign_up import leave_wait, sessions_of, sign_ups, wait_for
from xinglin.kernel.jobs import Job
from xinglin.kernel.notices.models import Notice
from xinglin.kernel.policy import NotAllowed, Refusal, Refusals
from xinglin.mechanics.booking import holding
from xinglin.mechanics.booking.values import Held, Waitlisted

from .conftest import DAY, FIRST, HOUSE, OFFICE, actor, at
from .selling import NOW, OPENS, WORKSHOP, enrol, guest, selling, sheet, take

__all__ = ["selling"]
pytestmark = pytest.mark.django_db
FREE = tuple(replace(one, amount=Decimal(0)) for one in sheet().prices)


@pytest.fixture
def workshops(selling):
    """An event free of charge with two workshops at the same time and one after them, of one place each."""
    event = selling(prices=FREE, pools=(PoolLine(code="hall", title="一号厅", capacity=9), sheet().pools[1]))
    rows = [arrange_session(by=HOUSE, on=DAY, event=event, at=NOW, slot=Slot(
        title=title, kind="workshop", room=title, from_at=at(begins), until_at=at(ends), places=1))
        for title, begins, ends in (("超声", "13:00", "14:00"), ("起搏", "13:30", "14:30"), ("康复", "14:30", "15:00"))]
    return event, rows


def sign(row, session, *, moment=NOW, by=HOUSE, key=""):
    return sign_up(by=by, on=moment.date(), at=moment, registration=row, session=session, key=key)


def off(row, session, moment=NOW):
    return sign_off(by=HOUSE, on=moment.date(), at=moment, registration=row, session=session)


def test_a_place_of_a_session_is_taken_once_and_given_back(workshops, said):
    event, (echo, _pace, _care) = workshops
    first, second = enrol(event, guest(1)), enrol(event, guest(2))
    said()
    sign(first, echo)
    with pytest.raises(Unchanged):
        sign(first, echo)
    with pytest.raises(Full):
        sign(second, echo)
    assert [body["what"] for _kind, body in said()] == ["signed_up"]
    assert sessions_of(first) == [echo]
    off(first, echo)
    with pytest.raises(Unchanged):
        off(first, echo)
    sign(second, echo)
    assert (sessions_of(first), sessions_of(second)) == ([], [echo])
    facts = [body for _kind, body in said()]
    assert [body["what"] for body in facts] == ["signed_off", "signed_up"]
    assert [body["options"] for body in facts] == [
        [str(one.option.ref) for one in row.chosen.all()] for row in (first, second)]


def test_two_sessions_at_the_same_time_are_refused_with_the_reason(workshops):
    event, (echo, pace, care) = workshops
    row = enrol(event, guest(1))
    sign(row, echo)
    with pytest.raises(Refusals) as refused:
        sign(row, pace)
    assert refused.value.problems[0].field == "session"
    assert "超声" in str(refused.value)
    assert "13:30" in str(refused.value)
    sign(row, care)  # begins after both
    assert sign_ups(row, [pace], at=NOW)[pace.pk].meets == (echo,)


def test_the_waiting_list_of_a_session_shows_the_position_offers_in_order_and_can_be_left(workshops, someone):
    event, (echo, _pace, _care) = workshops
    first, wang = enrol(event, guest(1)), someone()
    second, third = enrol(event, wang.ref), enrol(event, guest(3), party={"email": "wu@example.org"})
    sign(first, echo)
    for row, position in ((second, 1), (third, 2)):
        found = wait_for(row, echo, at=NOW)
        assert isinstance(found, Waitlisted)
        assert (found.position, found.until_at) == (position, echo.from_at)
    off(first, echo)
    offered = sign_ups(second, [echo], at=NOW)[echo.pk].held
    assert (offered.state, offered.expires_at) == ("held", NOW + timedelta(hours=24))
    assert Notice.objects.get(template="events_place_free").to == str(wang.ref)
    with pytest.raises(Full):
        sign(first, echo)
    before = Job.objects.count()
    leave_wait(second, session=echo, at=NOW)
    assert Job.objects.count() == before + 1  # the letter to who has no account
    sign(third, echo)
    assert sessions_of(third) == [echo]


def test_an_offer_that_nobody_takes_goes_to_the_next(workshops):
    event, (echo, _pace, _care) = workshops
    rows = [enrol(event, guest(number)) for number in (1, 2, 3)]
    sign(rows[0], echo)
    for row in rows[1:]:
        wait_for(row, echo, at=NOW)
    off(rows[0], echo)
    late = NOW + timedelta(hours=25)
    assert isinstance(sign_ups(rows[2], [echo], at=late)[echo.pk].held, Held)
    with pytest.raises(Full):
        sign(rows[1], echo, moment=late)


def test_giving_the_ticket_back_gives_back_sessions_and_waits(workshops):
    event, (echo, _pace, care) = workshops
    rows = [enrol(event, guest(number)) for number in (1, 2, 3)]
    sign(rows[0], echo)
    sign(rows[1], care)
    wait_for(rows[0], care, at=NOW)
    wait_for(rows[2], care, at=NOW)
    cancel_registration(by=HOUSE, on=DAY, at=NOW, registration=rows[0])
    sign(rows[1], echo)
    off(rows[1], care)
    assert sign_ups(rows[2], [care], at=NOW)[care.pk].held


def test_only_a_paid_ticket_of_the_day_and_hall_signs_up_before_it_begins(selling):
    event = selling(tickets=tuple(replace(one, days=("2026-05-17",)) if one.code == "student" else one
                                  for one in sheet().tickets))
    echo = arrange_session(by=HOUSE, on=DAY, event=event, at=NOW, slot=Slot(
        title="超声", from_at=at("13:00"), until_at=at("14:00"), places=5))
    plain = event.sessions.get(title="冠心病介入进展")
    owing = enrol(event, guest(1))
    with pytest.raises(NotAdmitted):
        sign(owing, echo)
    receive_payment(by=OFFICE, on=DAY, order=owing.order, way="transfer", amount=Decimal(700), paid_on=DAY, serial="1")
    with pytest.raises(NoSignUp):
        sign(owing, plain)
    with pytest.raises(TooLateToSign):
        sign(owing, echo, moment=at("13:00"))
    with pytest.raises(NotAllowed):
        sign(owing, echo, by=actor("member"))
    sign(owing, echo, by=actor("member"), key=owing.key)
    for code in ("student", "online"):
        other = enrol(event, guest(2), code, voucher="XS2026" if code == "student" else "")
        if other.order:
            receive_payment(by=OFFICE, on=DAY, order=other.order, way="transfer", amount=Decimal(200), paid_on=DAY,
                            serial="2")
        with pytest.raises(NotAdmitted):
            sign(other, echo)


def test_each_of_a_group_signs_up_for_themselves(selling):
    event = selling(prices=FREE, pools=(PoolLine(code="hall", title="一号厅", capacity=9), sheet().pools[1]))
    echo = arrange_session(by=HOUSE, on=DAY, event=event, at=NOW, slot=Slot(
        title="超声", from_at=at("13:00"), until_at=at("14:00"), places=2))
    held = take(event, guest(1), quantity=2)
    place_order(by=HOUSE, on=DAY, at=NOW, token=held.token, payer=Payer(name="医院"))
    rows = list(event.registrations.order_by("pk"))
    with pytest.raises(NotAdmitted):
        sign(rows[0], echo)  # sessions are for somebody with a name
    for row, name in zip(rows, ("郑一", "钱二"), strict=True):
        sign(name_registration(by=HOUSE, on=DAY, registration=row, party=Party(name=name)), echo)
    assert [sessions_of(row) for row in rows] == [[echo], [echo]]


def test_a_gate_of_the_room_knows_who_signed_up(workshops):
    event, (echo, _pace, _care) = workshops
    row = enrol(event, guest(1))
    sign(row, echo)
    device = enrol_device(by=HOUSE, on=FIRST, at=at("12:00"), event=event, gate="超声门", room=echo.room).device
    known = known_of(device)
    assert known["people"][str(row.pk)]["signed"] == [echo.pk]
    assert next(one for one in known["sessions"] if one["id"] == echo.pk)["signup"]


def test_places_follow_the_programme(workshops):
    event, (echo, _pace, care) = workshops
    rows = [enrol(event, guest(number)) for number in (1, 2)]
    sign(rows[0], echo)
    wait_for(rows[1], echo, at=NOW)
    arrange_session(by=HOUSE, on=DAY, event=event, at=NOW, session=echo, slot=replace(slot_of(echo), places=2))
    assert sign_ups(rows[1], [echo], at=NOW)[echo.pk].held  # the new place is offered
    sign(rows[1], echo)
    with pytest.raises(Refusals) as refused:
        arrange_session(by=HOUSE, on=DAY, event=event, at=NOW, session=echo, slot=replace(slot_of(echo), places=1))
    assert refused.value.problems[0].field == "places"
    remove_session(by=HOUSE, on=DAY, at=NOW, session=care)
    assert not Option.objects.filter(code=f"session:{care.pk}").exists()
    remove_session(by=HOUSE, on=DAY, at=NOW, session=echo)  # its guests have it no more
    assert (sessions_of(rows[0]), rows[0].chosen.count()) == ([], 0)
    assert Session.objects.filter(title="超声").count() == 0


def test_a_session_that_is_an_answer_of_the_form_meets_others_and_shares_its_places(selling):
    event = selling()
    echo, pace = [arrange_session(by=HOUSE, on=DAY, event=event, at=NOW, slot=Slot(
        title=title, room=title, from_at=at("13:00"), until_at=at("14:00"), places=1)) for title in ("超声", "起搏")]
    form = replace(WORKSHOP, kind="many", choices=(
        ChoiceLine(code="echo", zh="超声", amount=Decimal(100), session=echo.pk),
        ChoiceLine(code="pace", zh="起搏", session=pace.pk)))
    publish_offer(by=HOUSE, on=DAY, event=event, sheet=sheet(questions=(form,), prices=FREE), at=NOW)
    with pytest.raises(Refusals) as refused:
        enrol(event, guest(1), moment=NOW + timedelta(minutes=1), party={"answers": {"workshop": ["echo", "pace"]}})
    assert refused.value.problems[0].field == "workshop"
    row = enrol(event, guest(1), moment=NOW + timedelta(minutes=1), party={"answers": {"workshop": ["echo"]}})
    assert sessions_of(row) == [echo]
    other = enrol(event, guest(2), moment=NOW + timedelta(minutes=1))
    with pytest.raises(NoSignUp):
        sign(other, echo)
    found = wait_for(other, echo, at=NOW + timedelta(minutes=2))
    assert isinstance(found, Waitlisted)
    later = NOW + timedelta(minutes=3)
    change_options(by=HOUSE, on=DAY, at=later, registration=row, answers={})
    change_options(by=HOUSE, on=DAY, at=later, registration=other, answers={"workshop": ["echo"]})  # what was offered
    assert sessions_of(other) == [echo]


def test_what_was_signed_up_for_stays_when_the_form_is_changed(workshops):
    event, (echo, _pace, _care) = workshops
    row = enrol(event, guest(1))
    sign(row, echo)
    change_options(by=HOUSE, on=DAY, at=NOW, registration=row, answers={"dinner": ["gala"]})
    assert sessions_of(row) == [echo]


def test_the_list_refuses_a_session_of_another_event(selling):
    form = replace(WORKSHOP, choices=(ChoiceLine(code="echo", zh="超声", session=987654),))
    with pytest.raises(Refusals) as refused:
        publish_offer(by=HOUSE, on=DAY, event=selling(), sheet=sheet(questions=(form,)), at=OPENS)
    assert refused.value.problems[0].field == "questions"


def test_a_cancelled_event_ends_the_waits_of_its_sessions(workshops):
    event, (echo, _pace, _care) = workshops
    rows = [enrol(event, guest(number)) for number in (1, 2)]
    sign(rows[0], echo)
    wait_for(rows[1], echo, at=NOW)
    cancel_event(by=HOUSE, on=DAY, at=NOW, event=event, reason="台风")
    assert sign_ups(rows[1], [echo], at=NOW)[echo.pk].waits is None


@pytest.fixture
def named(selling):
    """An event and a workshop of one place, and a call by which a list makes it an answer of the form, at a price."""
    event = selling(prices=FREE)
    echo = arrange_session(by=HOUSE, on=DAY, event=event, at=NOW, slot=Slot(
        title="超声", from_at=at("13:00"), until_at=at("14:00"), places=1))
    form = replace(WORKSHOP, kind="many", choices=(ChoiceLine(code="echo", zh="超声", amount=Decimal(100),
                                                              session=echo.pk),))

    def name_it():
        publish_offer(by=HOUSE, on=DAY, event=event, sheet=sheet(questions=(form,), prices=FREE), at=NOW)

    return event, echo, name_it


def test_a_session_signed_up_for_before_the_form_named_it_is_one_place_and_can_be_given_back(named):
    event, echo, name_it = named
    first, second = enrol(event, guest(1)), enrol(event, guest(2))
    sign(first, echo)
    name_it()
    assert sign_ups(first, [echo], at=NOW)[echo.pk].option.question == ""
    off(first, echo)
    sign_up_by_form = {"by": HOUSE, "on": DAY, "at": NOW, "answers": {"workshop": ["echo"]}}
    change_options(**sign_up_by_form, registration=second)
    assert sessions_of(second) == [echo]
    with pytest.raises(NoSignUp):
        off(second, echo)


def test_what_was_signed_up_for_and_then_chosen_in_the_form_is_held_and_given_back_once(named):
    event, echo, name_it = named
    row = enrol(event, guest(1))
    sign(row, echo)
    name_it()
    for answers, left in (({"workshop": ["echo"]}, 0), ({}, 1)):
        change_options(by=HOUSE, on=DAY, at=NOW, registration=row, answers=answers)
        item = Option.objects.filter(session=echo).first().item
        assert (row.chosen.count(), holding.left(items=[item], at=NOW)[item].left) == (1 - left, left)


def test_a_session_that_is_removed_gives_its_whole_price_back_and_says_so(named):
    event, echo, name_it = named
    name_it()
    row = enrol(event, guest(1), party={"email": "zhou@example.org", "answers": {"workshop": ["echo"]}})
    receive_payment(by=OFFICE, on=DAY, order=row.order, way="transfer", amount=Decimal(100), paid_on=DAY, serial="B1")
    waits = enrol(event, guest(2), party={"email": "zheng@example.org"})
    wait_for(waits, echo, at=NOW)
    late, jobs = FIRST - timedelta(days=2), Job.objects.count()
    remove_session(by=HOUSE, on=late, at=at("10:00", late), session=echo)
    row.refresh_from_db()
    assert (row.state, row.chosen.count(), said_answers(row)) == ("confirmed", 0, {"workshop": []})
    assert Order.objects.weighed().get().owed == -100
    assert Job.objects.count() == jobs + 2  # who waited for it hears too
    with pytest.raises(Refusal):  # nobody gets it any more
        change_options(by=HOUSE, on=late, at=at("11:00", late), registration=row, answers={"workshop": ["echo"]})


def test_the_list_is_published_without_a_removed_session_and_the_event_moves_on(named):
    event, echo, name_it = named
    slot = replace(slot_of(echo), places=None)
    echo = arrange_session(by=HOUSE, on=DAY, event=event, at=NOW, session=echo, slot=slot)
    name_it()
    token = take(event, guest(1)).token  # at the list that names it
    remove_session(by=HOUSE, on=DAY, at=NOW, session=echo)
    assert [sum(1 for _question, choice in sheet_in(one).options() if choice.session)
            for one in event.offers.order_by("number")] == [0, 1, 0]
    with pytest.raises(NotOffered) as refused:
        register(by=HOUSE, on=DAY, at=NOW, token=token, party=Party(name="周宁", answers={"workshop": ["echo"]}))
    assert refused.value.field == "workshop"
    later = FIRST + timedelta(days=7)
    assert move_event(by=HOUSE, on=DAY, at=NOW, event=event, from_on=later, until_on=later + timedelta(days=2),
                      reason="场地停用").from_on == later


def test_a_list_loses_with_a_session_what_was_asked_because_of_it_and_nothing_else():
    other = ChoiceLine(code="other", zh="心电", session=8)
    many = replace(WORKSHOP, choices=(ChoiceLine(code="echo", zh="超声", session=7), other))
    asked = [replace(WORKSHOP, code=code, choices=(), kind="text", when=when) for code, when in (
        ("own", ("workshop", "echo")), ("level", ("workshop", "other")), ("diet", ("guest", "yes")))]
    left = without_session(sheet(questions=(many, *asked)), 7).questions
    assert ([one.code for one in left], left[0].choices) == (["workshop", "level", "diet"], (other,))


def test_a_session_that_took_place_keeps_whom_it_had(named):
    event, echo, _name_it = named
    sign(enrol(event, guest(1)), echo)
    with pytest.raises(Refusal):
        remove_session(by=HOUSE, on=FIRST, at=echo.until_at, session=echo)
    assert Session.objects.filter(pk=echo.pk).exists()
