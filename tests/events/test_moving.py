"""Moving the days of an event whose places are sold: everything follows and everybody is told."""

from dataclasses import replace
from datetime import date, time, timedelta
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from xinglin.engines.events.actions.moving import move_event
from xinglin.engines.events.actions.orders import receive_payment
from xinglin.engines.events.actions.programme import Slot, arrange_session
from xinglin.engines.events.actions.proposing import PlacesSold, amend_event
from xinglin.engines.events.actions.signing_up import sign_off, sign_up
from xinglin.engines.events.entering import half_hours, open_half_hours, reserve_entry, reserve_now
from xinglin.engines.events.meetings import Event
from xinglin.engines.events.offers import Ticket
from xinglin.engines.events.places import giving_back
from xinglin.engines.events.sign_up import wait_for
from xinglin.kernel import clock
from xinglin.kernel.notices.models import Notice
from xinglin.kernel.policy import NotAllowed, Refusals
from xinglin.mechanics.booking import holding, waiting
from xinglin.mechanics.booking.models import Item
from xinglin.mechanics.booking.values import Held, Waitlisted

from .conftest import AFTER, DAY, FIRST, HOUSE, OFFICE, actor, at
from .phones import crowd, phone
from .selling import NOW, enrol, guest, selling, sheet

__all__ = ["selling"]
pytestmark = pytest.mark.django_db
LATER = date(2026, 6, 20)


def move(event, from_on=LATER, days=2, reason="场地停用"):
    return move_event(by=HOUSE, on=DAY, at=NOW, event=event, from_on=from_on, until_on=from_on + timedelta(days=days),
                      reason=reason)


def test_programme_tickets_and_waiting_lists_move_and_all_are_told(selling, someone, said):
    days = tuple(replace(one, days=("2026-05-17",)) if one.code == "full" else one for one in sheet().tickets)
    event, wang = selling(tickets=days), someone()
    row = enrol(event, wang.ref)
    before = [one.from_at for one in event.sessions.all()]
    said()
    event = move(event)
    step = LATER - FIRST
    assert [one.from_at for one in event.sessions.all()] == [one + step for one in before]
    assert row.ticket.days != Ticket.objects.get(pk=row.ticket.pk).days == ["2026-06-21"]
    late = at("12:00", date(2026, 6, 18))
    assert isinstance(holding.hold(item=row.ticket.item, who=guest(5), key="k", at=late), Held)
    assert Item.objects.get(pk=row.ticket.item).waits_until_at == at("00:00", date(2026, 6, 22))
    assert Notice.objects.get(template="events_days_moved").to == str(wang.ref)
    facts = dict(said())
    assert {"events.event.amended", "events.event.moved", "events.offer.published"} <= set(facts)
    assert {facts["events.event.amended"][name] for name in ("from_on", "moved_on")} == {"2026-06-20", str(DAY)}
    assert (event.state, event.moved_on) == ("open", DAY)


def test_days_that_go_to_and_fro_are_told_each_time(selling, someone):
    event, wang = selling(), someone()
    enrol(event, wang.ref)
    for day in (FIRST + timedelta(days=1), FIRST, FIRST + timedelta(days=1)):
        event = move(event, day)
    assert Notice.objects.filter(template="events_days_moved", to=str(wang.ref)).count() == 3


def test_who_registered_before_gives_back_in_full_until_it_begins(selling):
    event = selling()
    row = enrol(event, guest(1))
    receive_payment(by=OFFICE, on=DAY, order=row.order, way="transfer", amount=Decimal(700), paid_on=DAY, serial="B1")
    move(event, FIRST + timedelta(days=3))
    row.refresh_from_db()
    given = giving_back(registration=row, on=FIRST)
    assert (given.back, given.share.regulation) == (700, "K2.moved")
    late = enrol(Event.objects.get(pk=event.pk), guest(2), moment=at("10:00", DAY + timedelta(days=60)))
    assert giving_back(registration=late, on=FIRST).share.percent == 0


def test_half_hours_move_along_and_who_loses_one_alone_is_told(selling, someone):
    event, second = selling(event={"pack": True}), FIRST + timedelta(days=1)
    open_half_hours(event=event, from_time=time(8), until_time=time(9), places=2, at=NOW)
    rows = [enrol(event, one.ref) for one in (someone(), someone("李小红"))]
    for row, slots in zip(rows, (slice(1, 3), slice(3, 4)), strict=True):
        for slot in half_hours(event=event, at=NOW)[slots]:  # the first of the two on both days
            reserve_entry(event=event, item=slot.item, who=row.ref, name="周宁", region="320106", at=NOW)
    event = move(event, second)
    slots = half_hours(event=event, at=NOW)
    assert [one.at for one in slots] == [at(text, day) for day in event.days for text in ("08:00", "08:30")]
    assert [one.left for one in slots] == [2, 1, 1, 1]
    assert list(event.entries.values_list("slot_at", flat=True)) == [slots[number].at for number in (1, 2, 3)]
    assert reserve_now(event=event, who=guest(2), name="吴双", at=at("08:10", second)).slot_at == at("08:00", second)
    lost = Notice.objects.filter(template="events_slot_lost")
    assert not lost.exists()
    event = move(event, FIRST, days=1)  # the first of its days is left
    assert [one.left for one in half_hours(event=event, at=NOW)] == [1, 1]
    assert sorted(lost.values_list("to", flat=True)) == sorted(str(row.person.ref) for row in rows)
    open_half_hours(event=event, from_time=time(8), until_time=time(9), places=1, at=NOW)
    event = move(event, FIRST, days=3)  # the new days have what the last one has now
    assert [(one.capacity, one.left) for one in half_hours(event=event, at=NOW)] == [(1, 0)] * 2 + [(1, 1)] * 4


def test_orders_are_due_before_it_begins(selling):
    event = selling()
    row = enrol(event, guest(1))
    move(event, DAY + timedelta(days=3))
    row.order.refresh_from_db()
    assert timezone.localdate(row.order.due_at) == DAY + timedelta(days=3)


@pytest.mark.parametrize(("given", "field"), [
    ({"from_on": DAY}, "from_on"), ({"days": 0}, "until_on"), ({"from_on": FIRST}, "from_on"),
    ({"reason": " "}, "reason")])
def test_what_cannot_be_is_said_beside_its_field(selling, given, field):
    with pytest.raises(Refusals) as refused:
        move(selling(), **given)
    assert field in {one.field for one in refused.value.problems}


def test_a_session_that_would_lie_outside_or_meet_another_event_refuses(selling, draft):
    event = selling()
    arrange_session(by=HOUSE, on=DAY, event=event, slot=Slot(
        title="闭幕", from_at=at("09:00", FIRST + timedelta(days=1)), until_at=at("10:00", FIRST + timedelta(days=1))))
    with pytest.raises(Refusals) as refused:
        move(event, days=1)
    assert refused.value.problems[0].field == "until_on"
    assert Event.objects.get(pk=event.pk).from_on == FIRST


def test_it_is_moved_once_prices_are_published_and_until_the_first_comes(selling, draft, someone):
    def late(event, on):
        return move_event(by=HOUSE, on=on, at=at("07:00", on), event=event, from_on=LATER,
                          until_on=LATER + timedelta(days=2), reason="台风")

    with pytest.raises(NotAllowed):
        move(draft(title="草稿", from_on=date(2026, 7, 1), until_on=date(2026, 7, 2)))
    assert late(selling(), AFTER).from_on == LATER, "nobody has a place: its agreements came late"
    first, second = (selling(event={"title": title}) for title in ("甲", "乙"))
    enrol(first, someone().ref)
    [row], gate = crowd(second, 1), phone(second, "东门", at("06:00"))
    with pytest.raises(NotAllowed):
        late(first, FIRST + timedelta(days=1))
    assert late(first, FIRST).from_on == LATER, "on its first morning"
    assert gate.scan(row, at("06:30")) == "in"
    gate.sync(at("06:31"))
    with pytest.raises(NotAllowed):
        late(second, FIRST)


def test_an_amendment_moves_no_days_and_asks_for_no_higher_grade_once_places_are_offered(selling, plan):
    event = selling()
    with pytest.raises(PlacesSold) as refused:  # also while nobody has one: lists, sessions and sale stand by the days
        amend_event(by=HOUSE, on=DAY, event=event, plan=plan(until_on=AFTER + timedelta(days=1)))
    assert refused.value.field == "from_on"
    enrol(event, guest(1))
    with pytest.raises(PlacesSold) as refused:
        amend_event(by=HOUSE, on=DAY, event=event, plan=plan(heads=1500))
    assert refused.value.regulation.startswith("C03")
    assert Event.objects.get(pk=event.pk).state == "open"


def test_the_page_moves_it(selling, visit, monkeypatch):
    event = selling()
    monkeypatch.setattr(clock, "now", lambda: NOW)
    client, url = visit(OFFICE), reverse("events:move", args=[event.pk])
    assert url in client.get(event.get_absolute_url()).content.decode()
    assert client.get(url).status_code == 200
    assert client.post(url, {"from_on": "2026-05-16", "until_on": "2026-05-17", "reason": "x"}).status_code == 422
    assert client.post(url, {"from_on": "2026-06-20", "until_on": "2026-06-21", "reason": "场地"}).status_code == 302
    assert Event.objects.get(pk=event.pk).from_on == LATER
    assert visit(actor()).get(url).status_code == 403


def test_a_moved_event_moves_the_waits_of_its_sessions(selling):
    event = selling(prices=tuple(replace(one, amount=Decimal(0)) for one in sheet().prices))
    row = arrange_session(by=HOUSE, on=DAY, event=event, slot=Slot(
        title="超声实操", from_at=at("13:00"), until_at=at("14:00"), places=1))
    first, second = enrol(event, guest(1)), enrol(event, guest(2))
    sign_up(by=HOUSE, on=DAY, at=NOW, registration=first, session=row)
    assert isinstance(wait_for(second, row, at=NOW), Waitlisted)
    move(Event.objects.get(pk=event.pk))
    row.refresh_from_db()
    item = Item.objects.get(code=f"session:{row.pk}")
    assert item.until_at == at("13:00", LATER)
    assert waiting.waits_of(who=second.ref, items=[item.pk], at=at("13:30", FIRST))  # past the hour it was to begin
    sign_off(by=HOUSE, on=DAY, at=at("14:00", FIRST), registration=first, session=row)
    assert [one.item for one in holding.held_by(who=second.ref, items=[item.pk], at=at("14:01", FIRST))] == [item.pk]
