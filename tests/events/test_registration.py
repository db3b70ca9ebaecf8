"""Registering: what it costs, whom it is for, once only, named, handed over, changed and given back."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import connection

from xinglin.engines.events.actions import offers, registrations
from xinglin.engines.events.actions.deciding import cancel_event
from xinglin.engines.events.actions.handing_over import name_registration, transfer_registration
from xinglin.engines.events.actions.offers import publish_offer
from xinglin.engines.events.actions.options import change_options
from xinglin.engines.events.actions.orders import receive_payment
from xinglin.engines.events.actions.registrations import (
    Again,
    AlreadyRegistered,
    NotOpen,
    TooLate,
    cancel_registration,
    register,
)
from xinglin.engines.events.meetings import Event
from xinglin.engines.events.offering import PoolLine, sheet_of
from xinglin.engines.events.orders import Order
from xinglin.engines.events.places import NoName, Party, giving_back
from xinglin.engines.events.pricing import NotForYou, WrongVoucher
from xinglin.engines.events.registrations import Registration
from xinglin.kernel.policy import NotAllowed, Refusals
from xinglin.mechanics.booking import holding, waiting
from xinglin.mechanics.booking.values import Held, NotBooked, Waitlisted

from .conftest import DAY, FIRST, HOUSE, actor, at
from .selling import EARLY, NOW, OPENS, enrol, guest, members, selling, sheet, take

__all__ = ["members", "selling"]
pytestmark = pytest.mark.django_db


def weighed(row: Registration) -> Order:
    return Order.objects.weighed().get(pk=row.order_id)


# Offers ------------------------------------------------------------------------------------------


def test_a_list_is_published_before_the_sale_opens(draft):
    event = draft()
    with pytest.raises(offers.NotInTime) as refused:
        publish_offer(by=HOUSE, on=DAY, event=event, sheet=sheet(), at=OPENS + timedelta(seconds=1))
    assert (refused.value.field, refused.value.regulation) == ("opens_at", "K2.published")
    publish_offer(by=HOUSE, on=DAY, event=event, sheet=sheet(), at=OPENS)


def test_a_list_survives_being_written_down():
    assert sheet_of(sheet().content) == sheet()


@pytest.mark.parametrize(("given", "field"), [
    ({"tickets": ()}, "tickets"), ({"prices": sheet().prices[1:2]}, "prices"),
    ({"closes_at": OPENS}, "closes_at"), ({"pay_days": 0}, "pay_days"),
    ({"prices": (*sheet().prices, replace(sheet().prices[0], amount=Decimal(-1)))}, "prices"),
    ({"prices": (*sheet().prices, replace(sheet().prices[0], ticket="gold"))}, "prices"),
    ({"vouchers": (replace(sheet().vouchers[0], percent=120),)}, "vouchers"),
    ({"pools": (PoolLine(code="hall", title="一号厅", capacity=0), sheet().pools[1])}, "pools"),
    ({"questions": (replace(sheet().questions[0], when=("nothing", "yes")),)}, "questions")])
def test_a_wrong_list_is_said_beside_its_field(draft, given, field):
    with pytest.raises(Refusals) as refused:
        publish_offer(by=HOUSE, on=DAY, event=draft(), sheet=sheet(**given), at=OPENS)
    assert field in {one.field for one in refused.value.problems}


def test_no_more_than_the_share_of_the_seats_is_sold(draft):
    event = draft()
    pools = (PoolLine(code="hall", title="一号厅", capacity=100, room="一号厅"), sheet().pools[1])
    with connection.cursor() as cursor:
        cursor.execute("UPDATE events_room SET seats = 100 WHERE name = '一号厅'")
    with pytest.raises(Refusals) as refused:
        publish_offer(by=HOUSE, on=DAY, event=event, sheet=sheet(pools=pools), at=OPENS)
    assert "95" in str(refused.value)
    fewer = (replace(pools[0], capacity=95), pools[1])
    publish_offer(by=HOUSE, on=DAY, event=event, sheet=sheet(pools=fewer), at=OPENS)


def test_a_price_changed_while_in_the_cart_keeps_what_was_promised(selling):
    event = selling()
    held = take(event, guest())
    dearer = sheet(prices=tuple(replace(one, amount=one.amount * 2) for one in sheet().prices))
    publish_offer(by=HOUSE, on=DAY, event=event, sheet=dearer, at=NOW + timedelta(minutes=1))
    row = register(by=HOUSE, on=DAY, at=NOW + timedelta(minutes=5), token=held.token, party=Party(name="周宁"))
    assert weighed(row).total == 700
    assert row.order.offer.number == 1
    late = enrol(event, guest(2), moment=NOW + timedelta(minutes=6))
    assert (weighed(late).total, late.order.offer.number) == (1400, 2)


def test_the_early_price_ends_thirty_days_before(selling):
    event = selling()
    before = enrol(event, guest(1), moment=at("23:00", EARLY - timedelta(days=1)))
    after = enrol(event, guest(2), moment=at("00:30", EARLY))
    assert [weighed(one).total for one in (before, after)] == [700, 800]


def test_there_are_never_fewer_places_than_are_taken(selling):
    event = selling()
    for number in range(2):
        enrol(event, guest(number))
    fewer = sheet(pools=(PoolLine(code="hall", title="一号厅", capacity=1), sheet().pools[1]))
    with pytest.raises(Refusals):
        publish_offer(by=HOUSE, on=DAY, event=event, sheet=fewer, at=NOW)
    with pytest.raises(offers.NothingNew):
        publish_offer(by=HOUSE, on=DAY, event=event, sheet=sheet(), at=NOW)


# Registering -------------------------------------------------------------------------------------


def test_a_free_place_is_confirmed_at_once_and_a_priced_one_when_it_is_paid(selling, said):
    event = selling()
    said()
    free = enrol(event, guest(1), "online")
    assert (free.state, free.order) == ("confirmed", None)
    priced = enrol(event, guest(2))
    assert (priced.state, weighed(priced).owed, priced.admits) == ("held", 700, False)
    assert [kind for kind, _body in said()] == [
        "events.registration.confirmed", "events.registration.changed", "events.order.placed"]


def test_two_clicks_are_one_registration(selling):
    event = selling()
    held = take(event, guest())
    first = register(by=HOUSE, on=DAY, at=NOW, token=held.token, party=Party(name="周宁"))
    with pytest.raises(Again) as again:
        register(by=HOUSE, on=DAY, at=NOW, token=held.token, party=Party(name="周宁"))
    assert again.value.registration == first
    assert (Registration.objects.count(), Order.objects.count()) == (1, 1)


def test_ten_tabs_are_one_place(selling):
    event = selling()
    ticket = event.tickets.get(code="full")
    answers = [holding.hold(item=ticket.item, who=guest(), key=f"tab-{tab}", at=NOW) for tab in range(10)]
    assert [type(one) is Held for one in answers].count(True) == 1


def test_one_person_has_one_place_at_an_event(selling, someone):
    event, wang = selling(), someone()
    enrol(event, wang.ref)
    held = take(event, wang.ref, "online")
    with pytest.raises(AlreadyRegistered):
        register(by=HOUSE, on=DAY, at=NOW, token=held.token, party=Party())
    assert Registration.objects.get().name == "王小明"


def test_a_hold_that_ran_out_registers_nobody_and_its_place_is_free(selling):
    event = selling(pools=(PoolLine(code="hall", title="一号厅", capacity=1), sheet().pools[1]))
    held = take(event, guest(1))
    late = NOW + timedelta(minutes=16)
    with pytest.raises(NotBooked):
        register(by=HOUSE, on=DAY, at=late, token=held.token, party=Party(name="周宁"))
    assert not Registration.objects.exists()
    assert enrol(event, guest(2), moment=late).pk


def test_nobody_takes_a_place_held_for_another(selling, someone):
    event, wang, li = selling(), someone(), someone("李小红")
    held = take(event, wang.ref)
    with pytest.raises(NotAllowed):
        register(by=actor(person=li), on=DAY, at=NOW, token=held.token, party=Party())
    assert register(by=actor(person=wang), on=DAY, at=NOW, token=held.token, party=Party()).person == wang


def test_members_pay_less_on_the_day_of_order(selling, someone, members):
    event, wang, li = selling(), someone(), someone("李小红")
    members(wang.ref)
    assert weighed(enrol(event, wang.ref)).total == 500
    assert weighed(enrol(event, li.ref)).total == 700


def test_a_class_is_for_those_it_is_for(selling, someone, members):
    tickets = (replace(sheet().tickets[0], audience="member"), *sheet().tickets[1:])
    event, wang, li = selling(tickets=tickets), someone(), someone("李小红")
    members(wang.ref)
    with pytest.raises(NotForYou) as refused:
        enrol(event, li.ref)
    assert refused.value.regulation == "K2.classes"
    assert enrol(event, wang.ref).pk


def test_vouchers_are_of_the_list_and_used_so_often(selling):
    event = selling()
    with pytest.raises(WrongVoucher):
        enrol(event, guest(1), "student")
    with pytest.raises(WrongVoucher):
        enrol(event, guest(2), voucher="WINTER")
    with pytest.raises(WrongVoucher):
        enrol(event, guest(3), voucher="XS2026")  # of another class


def test_a_voucher_takes_off_once(selling):
    event = selling()
    first = enrol(event, guest(1), voucher="half")
    assert weighed(first).total == 350
    with pytest.raises(WrongVoucher):
        enrol(event, guest(2), voucher="HALF")
    cancel_registration(by=HOUSE, on=DAY, at=NOW, registration=first)
    assert weighed(enrol(event, guest(3), voucher="HALF")).total == 350


def test_a_voucher_in_the_cart_stays_what_it_was_and_its_uses_count_over_all_lists(selling):
    event = selling()
    held = take(event, guest(1))
    less = (sheet().vouchers[0], replace(sheet().vouchers[1], percent=10))
    publish_offer(by=HOUSE, on=DAY, event=event, sheet=sheet(vouchers=less), at=NOW + timedelta(minutes=1))
    late = take(event, guest(2), moment=NOW + timedelta(minutes=2))
    row = register(by=HOUSE, on=DAY, at=NOW + timedelta(minutes=5), token=held.token, party=Party(name="周宁"),
                   voucher="HALF")
    assert weighed(row).total == 350
    with pytest.raises(WrongVoucher):
        register(by=HOUSE, on=DAY, at=NOW + timedelta(minutes=5), token=late.token, party=Party(name="吴双"),
                 voucher="HALF")


def test_a_student_pays_by_the_code(selling):
    assert weighed(enrol(selling(), guest(1), "student", voucher="XS2026")).total == 200


def test_options_cost_and_have_places_of_their_own(selling):
    event = selling()
    answers = {"dinner": ("gala",), "workshop": "echo"}
    first = enrol(event, guest(1), party={"answers": answers})
    assert weighed(first).total == 1000
    with pytest.raises(Refusals) as refused:
        enrol(event, guest(2), party={"answers": answers})
    assert [one.field for one in refused.value.problems] == ["workshop"]
    assert Registration.objects.count() == 1
    assert enrol(event, guest(3), party={"answers": {"dinner": ("gala",)}}).chosen.count() == 1


def test_without_a_name_nobody_is_registered(selling):
    with pytest.raises(NoName):
        enrol(selling(), guest(), party={"name": " "})


def test_what_is_not_open_takes_nobody(selling):
    event = selling()
    held = take(event, guest())
    cancel_event(by=HOUSE, on=DAY, at=at("09:00", DAY), event=event, reason="疫情")
    with pytest.raises(NotOpen):
        register(by=HOUSE, on=DAY, at=NOW, token=held.token, party=Party(name="周宁"))


# Naming, handing over, options -------------------------------------------------------------------


def test_a_name_put_right_later_is_a_fact(selling, said):
    event = selling()
    row = enrol(event, guest(), "online")
    said()
    name_registration(by=HOUSE, on=FIRST + timedelta(days=40), registration=row, party=Party(name="周凝"))
    [(kind, body)] = said()
    assert (kind, body["what"], body["standing"]) == ("events.registration.changed", "renamed", "confirmed")
    assert Registration.objects.get().name == "周凝"


def test_handing_over_kills_the_old_ticket(selling, someone):
    event, wang, li = selling(), someone(), someone("李小红")
    row = enrol(event, wang.ref)
    after = transfer_registration(by=actor(person=wang), on=DAY, at=NOW, registration=row, to=Party(person=li))
    assert (after.person, after.name, after.who) == (li, "李小红", str(li.ref))
    assert after.code != row.code
    assert after.booking != row.booking
    with pytest.raises(NotAllowed):
        cancel_registration(by=actor(person=someone("吴双")), on=DAY, at=NOW, registration=after, key=row.key)
    assert enrol(event, wang.ref).pk  # may register anew


def test_options_change_at_the_price_in_force(selling):
    event = selling()
    row = enrol(event, guest(1), "online")
    row = change_options(by=HOUSE, on=DAY, at=NOW, registration=row, answers={"dinner": ["gala"]})
    assert (weighed(row).total, row.state) == (300, "held")
    row = change_options(by=HOUSE, on=DAY, at=NOW, registration=row, answers={})
    assert (weighed(row).total, row.chosen.count()) == (0, 0)
    assert Registration.objects.get().state == "confirmed"
    pool = holding.Pool.objects.get(code="option:dinner:gala")
    assert pool.taken == 0


# Giving back -------------------------------------------------------------------------------------


@pytest.mark.parametrize(("days", "percent", "back"), [(30, 100, 700), (29, 50, 350), (7, 50, 350), (6, 0, 0)])
def test_the_fee_goes_back_by_the_days_before(selling, days, percent, back):
    event = selling()
    row = enrol(event, guest())
    pay(row)
    day = FIRST - timedelta(days=days)
    given = giving_back(registration=row, on=day)
    assert (given.share.percent, given.back) == (percent, back)
    cancel_registration(by=HOUSE, on=day, at=at("10:00", day), registration=row)
    assert weighed(row).owed == -back


def pay(row: Registration, amount: int = 0) -> None:
    receive_payment(by=HOUSE, on=DAY, order=row.order, way="transfer", amount=Decimal(amount) or weighed(row).total,
                    paid_on=DAY, serial=f"S{row.pk}-{amount}")


def test_what_was_not_paid_is_not_owed_any_more(selling):
    event = selling()
    row = enrol(event, guest())
    day = FIRST - timedelta(days=2)
    cancel_registration(by=HOUSE, on=day, at=at("10:00", day), registration=row)
    order = weighed(row)
    assert (order.total, order.owed, order.cancelled_on) == (0, 0, day)


def test_of_half_a_payment_no_more_than_came_goes_back_or_is_kept(selling):
    event = selling()
    row = enrol(event, guest())
    pay(row, 100)
    day = FIRST - timedelta(days=10)
    cancel_registration(by=HOUSE, on=day, at=at("10:00", day), registration=row)
    assert (weighed(row).total, weighed(row).owed) == (100, 0)


def test_all_goes_back_when_the_event_is_cancelled_or_moved_online(selling):
    event = selling()
    row = enrol(event, guest())
    pay(row)
    day = FIRST - timedelta(days=1)
    assert giving_back(registration=row, on=day).back == 0
    row.event.format = "online"
    assert giving_back(registration=row, on=day).back == 700
    row.event.format, row.event.state = "on_site", "cancelled"
    assert giving_back(registration=row, on=day).back == 700


def test_a_place_given_back_goes_to_who_waits_first(selling):
    event = selling(pools=(PoolLine(code="hall", title="一号厅", capacity=1), sheet().pools[1]))
    row = enrol(event, guest(1))
    ticket = event.tickets.get(code="full")
    waits = waiting.wait(item=ticket.item, who=guest(2), at=NOW)
    assert isinstance(waits, Waitlisted)
    cancel_registration(by=HOUSE, on=DAY, at=NOW, registration=row)
    offered = waiting.place_in_waiting(token=waits.token, at=NOW)
    assert isinstance(offered, Held)
    again = register(by=HOUSE, on=DAY, at=NOW, token=offered.token, party=Party(name="吴双"))
    assert again.who == str(guest(2))


def test_who_cancels(selling, someone):
    event, wang, li = selling(), someone(), someone("李小红")
    row = enrol(event, wang.ref)
    with pytest.raises(NotAllowed):
        cancel_registration(by=actor(person=li), on=DAY, at=NOW, registration=row)
    with pytest.raises(TooLate):
        cancel_registration(by=actor(person=wang), on=date(2026, 5, 18), at=NOW, registration=row)
    done = cancel_registration(by=actor(person=li), on=DAY, at=NOW, registration=row, key=row.key)
    assert done.state == "cancelled"
    with pytest.raises(registrations.GivenBack):
        cancel_registration(by=actor(person=wang), on=DAY, at=NOW, registration=row)
    assert Event.objects.get(pk=event.pk).registrations.live().count() == 0
