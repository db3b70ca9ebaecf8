"""Orders: many places for one payer, names later, money in and out, what nobody pays ends."""

from datetime import timedelta
from decimal import Decimal

import pytest

from xinglin.engines.events import closing
from xinglin.engines.events.actions.deciding import cancel_event
from xinglin.engines.events.actions.ordering import Payer
from xinglin.engines.events.actions.orders import (
    Closed,
    NothingUnpaid,
    NotYet,
    TooMuch,
    WrongAmount,
    cancel_unpaid,
    extend_order,
    name_many,
    pay_refund,
    place_order,
    receive_payment,
)
from xinglin.engines.events.actions.registrations import Again, cancel_registration
from xinglin.engines.events.closing import empty_cancelled, end_unpaid
from xinglin.engines.events.names_pasted import parties_in
from xinglin.engines.events.offering import PoolLine
from xinglin.engines.events.orders import Order
from xinglin.engines.events.places import Party
from xinglin.engines.events.registrations import Registration
from xinglin.kernel.policy import NotAllowed, Refusals
from xinglin.mechanics.booking import holding, waiting
from xinglin.mechanics.booking.values import Held
from xinglin.mechanics.transfers.book import BookedAlready

from .conftest import DAY, FIRST, HOUSE, OFFICE, actor, at
from .selling import NOW, enrol, guest, members, selling, sheet, take

__all__ = ["members", "selling"]
pytestmark = pytest.mark.django_db
FORTY = (PoolLine(code="hall", title="一号厅", capacity=40), sheet().pools[1])


def weighed(order: Order) -> Order:
    return Order.objects.weighed().get(pk=order.pk)


def group(event, quantity=40, **given) -> Order:
    held = take(event, guest(9), quantity=quantity)
    return place_order(**{"by": HOUSE, "on": DAY, "at": NOW, "token": held.token, **given,
                          "payer": given.get("payer", Payer(name="江海市第一人民医院（虚构）"))})


def pay(order: Order, amount: str, serial: str = "B1", **given):
    return receive_payment(**{"by": HOUSE, "on": DAY, "order": order, "way": "transfer", "amount": Decimal(amount),
                              "paid_on": DAY, "serial": serial, **given})


# Groups ------------------------------------------------------------------------------------------


def test_one_payer_orders_forty_places_and_names_come_later(selling):
    event = selling(pools=FORTY)
    order = group(event)
    assert (order.registrations.count(), weighed(order).total) == (40, 28000)
    assert not order.registrations.exclude(name="").exists()
    pay(order, "28000")
    assert order.registrations.confirmed().count() == 40
    assert not any(row.admits for row in order.registrations.all())  # nobody is named yet


def test_forty_names_with_three_wrong_keep_the_right_ones(selling):
    order = group(selling(pools=FORTY))
    lines = [f"周{chr(0x4E8C + number)}\t心内科\t138{number:08}" for number in range(40)]
    lines[4], lines[11], lines[29] = "\t心内科\t13800000005", "周宁\t心内科\t1380000", lines[0]
    rows, wrong = parties_in(text="姓名\t科室\t手机\n" + "\n".join(lines))
    named = name_many(by=HOUSE, on=DAY, order=order, rows=rows)
    assert (len(named.kept), [one.row for one in wrong]) == (37, [6, 13, 31])
    assert all(str(one.message) for one in wrong)
    assert order.registrations.filter(name="").count() == 3
    rest, _none = parties_in(text="贺一\n贺二\n贺三\n贺四")
    last = name_many(by=HOUSE, on=DAY, order=order, rows=rest)
    assert (len(last.kept), len(last.problems)) == (3, 1)
    with pytest.raises(Refusals):
        name_many(by=HOUSE, on=DAY, order=order, rows=rest[:1])


def test_a_list_of_names_says_what_would_be_right():
    rows, wrong = parties_in(text="张三,心内科,13800000001\n李四，外科，a@b\n\n王五 wang@example.org")
    assert [(number, party.name, party.email) for number, party in rows] == [
        (1, "张三", ""), (4, "王五", "wang@example.org")]
    assert [one.row for one in wrong] == [2]


def test_a_unit_in_good_standing_pays_as_member(selling, found, members):
    event, hospital = selling(pools=FORTY), found("江海市第一人民医院（虚构）")
    members(hospital.ref)
    order = group(event, quantity=3, payer=Payer(name=hospital.name, unit=hospital))
    assert weighed(order).total == 1500
    assert {row.unit for row in order.registrations.all()} == {hospital}


def test_nobody_orders_in_the_name_of_a_unit_they_do_not_speak_for(selling, found, members, someone):
    event, hospital, wang = selling(pools=FORTY), found("江海市第一人民医院（虚构）"), someone()
    members(hospital.ref)
    with pytest.raises(NotAllowed) as refused:
        group(event, quantity=3, payer=Payer(name=hospital.name, unit=hospital), by=actor(person=wang))
    assert refused.value.regulation == "K2.classes"


def test_two_clicks_are_one_order(selling):
    event = selling(pools=FORTY)
    held = take(event, guest(), quantity=3)
    ask = {"by": HOUSE, "on": DAY, "at": NOW, "token": held.token, "payer": Payer(name="医院")}
    place_order(**ask)
    with pytest.raises(Again):
        place_order(**ask)
    assert (Order.objects.count(), Registration.objects.count()) == (1, 3)


def test_one_of_a_group_gives_back_one_place(selling):
    event = selling(pools=FORTY)
    order = group(event, quantity=3)
    pay(order, "2100")
    row = order.registrations.first()
    cancel_registration(by=HOUSE, on=FIRST - timedelta(days=10), at=NOW, registration=row)
    after = weighed(order)
    assert (after.total, after.owed, after.cancelled_on) == (1750, -350, None)
    assert holding.Pool.objects.get(code="pool:hall").taken == 2


def test_a_place_given_back_confirms_the_others_when_nothing_is_owed_then(selling):
    event = selling(pools=FORTY)
    order = group(event, quantity=3)
    pay(order, "1400")
    assert not order.registrations.confirmed().exists()
    cancel_registration(by=HOUSE, on=FIRST - timedelta(days=10), at=NOW, registration=order.registrations.last())
    assert order.registrations.confirmed().count() == 2
    assert weighed(order).owed == 0


# Money -------------------------------------------------------------------------------------------


def test_money_is_booked_once_under_its_serial(selling):
    event = selling()
    order = enrol(event, guest()).order
    pay(order, "300")
    assert not order.registrations.confirmed().exists()
    with pytest.raises(BookedAlready):
        pay(order, "400")
    pay(order, "400", "B2")
    assert order.registrations.confirmed().count() == 1
    assert weighed(order).owed == 0


@pytest.mark.parametrize(("given", "refusal"), [
    ({"amount": Decimal(0)}, WrongAmount), ({"amount": Decimal("1.005")}, WrongAmount),
    ({"amount": Decimal("-5")}, WrongAmount), ({"paid_on": DAY + timedelta(days=1)}, NotYet),
    ({"serial": " "}, BookedAlready)])
def test_wrong_money_is_refused(selling, given, refusal):
    order = enrol(selling(), guest()).order
    with pytest.raises(refusal):
        pay(order, **{"amount": "1", **given})


def test_a_refund_is_never_larger_than_what_came_and_is_not_owed(selling):
    order = enrol(selling(), guest()).order
    pay(order, "750")
    for amount in ("50.01", "750", "9999"):
        with pytest.raises(TooMuch) as refused:
            pay_refund(by=OFFICE, on=DAY, order=order, amount=Decimal(amount), serial="R1")
        assert refused.value.regulation == "K2.refund"
    pay_refund(by=OFFICE, on=DAY, order=order, amount=Decimal(50), serial="R1")
    with pytest.raises(TooMuch):
        pay_refund(by=OFFICE, on=DAY, order=order, amount=Decimal("0.01"), serial="R2")


def test_who_runs_the_event_does_not_send_money_back(selling, chair):
    order = enrol(selling(), guest()).order
    pay(order, "800", by=chair, way="on_spot")
    with pytest.raises(NotAllowed):
        pay_refund(by=chair, on=DAY, order=order, amount=Decimal(100), serial="R1")


def test_a_stranger_books_no_money_and_who_runs_the_event_only_what_came_at_its_desk(selling, chair):
    order = enrol(selling(), guest()).order
    for by, way in ((actor(), "on_spot"), (actor(), "transfer"), (chair, "transfer"), (chair, "online")):
        with pytest.raises(NotAllowed):
            pay(order, "700", by=by, way=way)
    assert pay(order, "700", by=OFFICE).pk


# What ends by itself -----------------------------------------------------------------------------


def test_an_unpaid_order_ends_after_its_term_and_its_place_goes_to_who_waits(selling):
    event = selling(pools=(PoolLine(code="hall", title="一号厅", capacity=1), sheet().pools[1]))
    row = enrol(event, guest(1))
    waits = waiting.wait(item=event.tickets.get(code="full").item, who=guest(2), at=NOW)
    due = row.order.due_at
    assert due == NOW + timedelta(days=7)
    assert end_unpaid(at=due + timedelta(days=2)) == 0  # a transfer may be on its way
    over = due + timedelta(days=2, seconds=1)
    assert end_unpaid(at=over) == 1
    assert end_unpaid(at=over) == 0
    assert isinstance(waiting.place_in_waiting(token=waits.token, at=over), Held)
    row.refresh_from_db()
    assert (row.state, row.cancelled_for, weighed(row.order).owed) == ("cancelled", "unpaid", 0)


def test_what_was_paid_or_given_more_time_does_not_end(selling):
    event = selling(pools=FORTY)
    paid, longer, desk = enrol(event, guest(1)).order, enrol(event, guest(2)).order, enrol(
        event, guest(3), way="on_spot").order
    pay(paid, "700")
    extend_order(by=OFFICE, on=DAY, order=longer, due_at=longer.due_at + timedelta(days=20))
    assert end_unpaid(at=paid.due_at + timedelta(days=10)) == 0
    assert desk.due_at is None
    with pytest.raises(NothingUnpaid):
        cancel_unpaid(by=HOUSE, on=DAY, at=NOW, order=paid, before=paid.due_at + timedelta(days=10))


def test_money_that_comes_too_late_is_booked_and_goes_back(selling):
    order = enrol(selling(), guest()).order
    end_unpaid(at=order.due_at + timedelta(days=3))
    pay(order, "700")
    assert [one.owed for one in Order.objects.to_send_back()] == [-700]
    with pytest.raises(Closed):
        extend_order(by=OFFICE, on=DAY, order=order, due_at=order.due_at)


def test_a_cancelled_event_gives_every_place_and_all_money_back(selling):
    event = selling(pools=FORTY)
    order, alone = group(event, quantity=3), enrol(event, guest(1))
    pay(order, "2100")
    cancel_event(by=HOUSE, on=DAY, at=at("09:00", DAY), event=event, reason="疫情")
    assert empty_cancelled(at=NOW) == 4
    assert empty_cancelled(at=NOW) == 0
    assert weighed(order).owed == -2100
    assert weighed(alone.order).owed == 0
    assert not Registration.objects.live().exists()


def test_one_row_that_cannot_be_ended_keeps_nobody_waiting(selling, monkeypatch):
    event = selling(pools=FORTY)
    first, second = (enrol(event, guest(number)).order for number in (1, 2))
    whole = closing.cancel_unpaid

    def breaks(**given):
        if given["order"].pk == first.pk:
            raise RuntimeError("a bad row")
        return whole(**given)

    monkeypatch.setattr(closing, "cancel_unpaid", breaks)
    assert end_unpaid(at=first.due_at + timedelta(days=3)) == 1
    assert [Order.objects.get(pk=one.pk).cancelled_on is None for one in (first, second)] == [True, False]


def test_names_are_those_of_the_party(selling):
    event = selling(pools=FORTY)
    held = take(event, guest(), quantity=2)
    order = place_order(by=HOUSE, on=DAY, at=NOW, token=held.token, payer=Payer(name="医院"),
                        parties=[Party(name="周宁"), Party(name="吴双")])
    assert sorted(order.registrations.values_list("name", flat=True)) == ["吴双", "周宁"]
