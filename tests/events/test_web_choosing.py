"""Choosing places on the page: for oneself, for somebody else, for many; whatever a stranger sends."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.urls import reverse

from xinglin.directory.actions.terms import begin_term
from xinglin.engines.events import groups
from xinglin.engines.events.actions.deciding import close_registration
from xinglin.engines.events.actions.handing_over import transfer_registration
from xinglin.engines.events.actions.orders import receive_payment
from xinglin.engines.events.actions.registrations import cancel_registration
from xinglin.engines.events.carts import VISITOR
from xinglin.engines.events.offering import PoolLine
from xinglin.engines.events.orders import Order
from xinglin.engines.events.places import Party
from xinglin.engines.events.registration_policy import may_change_registration
from xinglin.engines.events.registrations import Draft, Registration
from xinglin.kernel import clock
from xinglin.mechanics.booking import waiting
from xinglin.mechanics.booking.models import Hold, Pool

from .conftest import DAY, HOUSE, OFFICE, actor
from .selling import NOW, enrol, guest, members, selling, sheet
from .test_web_registering import ME, NOBODY, PARTY, hold

__all__ = ["members", "selling"]
pytestmark = pytest.mark.django_db
MANY = (PoolLine(code="hall", title="一号厅", capacity=400), sheet().pools[1])


@pytest.fixture(autouse=True)
def at_ten(monkeypatch):
    """It is ten o'clock of the day the sale opened."""
    monkeypatch.setattr(clock, "now", lambda: NOW)


def choose(client, event, **given):
    return client.post(reverse("events:choose", args=[event.pk]), {
        "ticket": event.tickets.get(code="full").pk, "quantity": 1, **given})


@pytest.mark.parametrize("given", [
    {"ticket": "abc"}, {"ticket": ""}, {"ticket": "9" * 400}, {"quantity": "9" * 5000}, {"quantity": "-3"},
    {"quantity": "²"}, {"quantity": "61"}, {"visit": "<b>"}])
def test_whatever_is_sent_is_answered_in_words_and_nothing_is_held(selling, someone, visit, given):
    event, client = selling(pools=MANY), visit(actor(person=someone()))
    assert choose(client, event, **given).url == reverse("events:choose", args=[event.pk])
    assert not Hold.objects.exists()


def test_a_reader_registers_herself_or_says_that_somebody_else_comes(selling, someone, visit):
    event, wang = selling(), someone()
    client = visit(actor(person=wang))
    form = hold(client, event, "online")
    answer = client.post(form, PARTY)
    assert answer.status_code == 422
    assert "王小明" in answer.content.decode()
    answer = client.post(form, {**PARTY, "other": "on", "email": "chief@example.org"})
    assert answer.status_code == 302
    chief = Registration.objects.get()
    assert (chief.name, chief.person) == ("周宁", None)
    assert client.post(form, {**PARTY, "other": "on"}).url == answer.url  # a second click
    assert client.post(hold(client, event, "online"), ME).status_code == 302  # her own place is still there
    assert Registration.objects.get(person=wang).name == "王小明"
    page = client.get(reverse("events:choose", args=[event.pk])).content.decode()
    assert (page.count('min="2"'), page.count('min="1"')) == (3, 0)  # more are for others


def test_somebody_else_pays_what_they_owe_and_not_the_readers_price(selling, someone, visit, members):
    event, wang = selling(), someone()
    members(wang.ref)
    client = visit(actor(person=wang))
    form = hold(client, event)
    assert "500" in client.get(form).content.decode()
    assert "700" in client.post(form, {**PARTY, "other": "on", "mobile": "1"}).content.decode()
    client.post(form, {**PARTY, "other": "on"})
    assert Order.objects.weighed().get().total == 700


def test_a_group_sees_the_price_it_is_charged(selling, someone, visit, members, cardiology):
    event, wang = selling(pools=MANY), someone()
    members(wang.ref)
    client = visit(actor(person=wang))
    form = hold(client, event, quantity=3)
    assert "500.00" in client.get(form).content.decode()
    client.post(form, {**PARTY, "name": "某院（虚构）"})
    order = Order.objects.weighed().get()
    assert (order.total, order.person) == (1500, wang)


def test_who_began_by_e_mail_and_signed_in_pays_the_price_shown_and_has_the_place(selling, someone, visit, members):
    event, wang = selling(), someone()
    members(wang.ref)
    client = visit(NOBODY)
    session = client.session
    session[VISITOR] = "wang@example.org"
    session.save()
    form = hold(client, event)
    client = visit(actor(person=wang))
    assert "500" in client.get(form).content.decode()
    assert client.post(form, ME).status_code == 302
    row = Registration.objects.get()
    assert (Order.objects.weighed().get().total, row.person, row.who) == (500, wang, str(wang.ref))
    assert client.post(form, ME).url == reverse("events:own", args=[row.key])  # a second click


def test_who_registers_others_finds_what_she_ordered_and_gives_two_guests_one_address(selling, someone, visit):
    event = selling()
    client = visit(actor(person=someone()))
    for name in ("周宁", "吴双"):
        assert client.post(hold(client, event), {**PARTY, "name": name, "other": "on"}).status_code == 302
    page = client.get(reverse("events:my_registrations")).content.decode()
    assert [one.number in page and one.key in page for one in Order.objects.all()] == [True, True]
    guests = visit(NOBODY)
    session = guests.session
    session[VISITOR] = "zhou@example.org"  # the address to which both tickets were sent
    session.save()
    page = guests.get(reverse("events:my_registrations")).content.decode()
    assert [one.key in page for one in Registration.objects.all()] == [True, True]
    page = guests.get(reverse("events:choose", args=[event.pk])).content.decode()
    first = Registration.objects.order_by("pk").first()
    assert reverse("events:own", args=[first.key]) in page and 'min="1"' not in page  # more are for others


def test_who_registers_guests_for_nothing_keeps_them_in_sight_and_registers_no_hall_of_them(
        selling, someone, visit, monkeypatch):
    event, wang = selling(), actor(person=someone())
    client = visit(wang)
    monkeypatch.setattr(groups, "most", lambda who, *, at: 2)
    for name in ("周宁", "吴双"):
        assert client.post(hold(client, event, "online"), {**PARTY, "name": name, "other": "on"}).status_code == 302
    page = client.get(reverse("events:my_registrations")).content.decode()
    first, second = Registration.objects.order_by("pk")
    assert first.key in page and second.key in page
    answer = client.post(form := hold(client, event, "online"), {**PARTY, "name": "郑一", "other": "on"})
    assert (answer.status_code, Registration.objects.count()) == (422, 2)
    assert client.post(form, ME).status_code == 302, "her own is no guest"
    assert cancel_registration(by=wang, on=DAY, at=NOW, registration=first).state == "cancelled"
    to = Party(name="郑一", email="z@example.org")
    after = transfer_registration(by=wang, on=DAY, at=NOW, registration=second, to=to)
    assert not may_change_registration(actor=wang, registration=after)
    assert after.key not in client.get(reverse("events:my_registrations")).content.decode()


def test_who_speaks_for_a_unit_orders_in_its_name(selling, someone, visit, members, found):
    event, wang, unit = selling(pools=MANY), someone(), found("江海市第一人民医院（虚构）")
    members(unit.ref)
    begin_term(by=HOUSE, on=DAY, person=wang.ref, organisation=unit.ref, title="unit_contact",
               from_on=DAY - timedelta(days=9), until_on=DAY + timedelta(days=900))
    client = visit(actor(person=wang))
    form = hold(client, event, quantity=2)
    body = client.get(form).content.decode()
    assert "500.00" in body
    assert unit.name in body
    client.post(form, {**PARTY, "name": unit.name, "unit": unit.pk})
    order = Order.objects.weighed().get()
    assert (order.total, order.unit) == (1000, unit)


def test_a_second_order_of_the_same_size_is_another_one(selling, someone, visit):
    event = selling(pools=MANY)
    client = visit(actor(person=someone()))
    for number in (1, 2):
        form = hold(client, event, quantity=10, visit=f"v{number}")
        assert hold(client, event, quantity=10, visit=f"v{number}") == form  # two clicks on one page
        assert client.post(form, {**PARTY, "name": "某院（虚构）"}).status_code == 302
    assert [one.registrations.count() for one in Order.objects.all()] == [10, 10]


def test_nobody_holds_the_hall_for_many_without_paying_or_naming(selling, someone, visit):
    event = selling(pools=MANY)
    client = visit(actor(person=someone()))
    assert client.post(hold(client, event, quantity=40, visit="a"), {**PARTY, "name": "某院"}).status_code == 302
    for number in (30, 40, 50):
        assert "register" in choose(client, event, quantity=number, visit=f"n{number}").url
    assert Pool.objects.get(code="pool:hall").taken == 40
    for number in (30, 40):  # nor by asking for the waiting list while places are free
        assert "register" in choose(client, event, quantity=number, wait="1", visit=f"w{number}").url
    assert Pool.objects.get(code="pool:hall").taken == 40
    assert hold(client, event, quantity=20, visit="b")  # the rest of the sixty
    order = Order.objects.get()
    receive_payment(by=OFFICE, on=DAY, order=order, way="transfer", amount=Decimal(28000), paid_on=DAY, serial="B1")
    assert hold(client, event, quantity=40, visit="c")


def test_who_has_no_account_orders_a_few_only(selling, visit):
    event, client = selling(pools=MANY), visit(NOBODY)
    session = client.session
    session[VISITOR] = "zhou@example.org"
    session.save()
    assert hold(client, event, quantity=5, visit="a")
    assert choose(client, event, quantity=2, visit="b").url == reverse("events:choose", args=[event.pk])
    assert Pool.objects.get(code="pool:hall").taken == 5


def test_a_wait_that_ended_is_not_taken_for_another_hold(selling, someone, visit):
    event = selling(pools=(PoolLine(code="hall", title="一号厅", capacity=2), sheet().pools[1]))
    rows = [enrol(event, guest(number)) for number in (1, 2)]
    client = visit(actor(person=someone()))
    first = hold(client, event, wait="1")
    waiting.leave_waiting(token=Draft.objects.get().waiting, at=NOW)
    for row in rows:
        cancel_registration(by=HOUSE, on=DAY, at=NOW, registration=row)
    form = hold(client, event, quantity=2, visit="a")
    assert form != first
    assert client.post(form, {**PARTY, "name": "某院（虚构）"}).status_code == 302


def test_no_pass_is_handed_out_once_registration_is_closed(selling, someone, visit):
    event = selling()
    client = visit(actor(person=someone()))
    assert 'data-pass=""' not in client.get(reverse("events:choose", args=[event.pk])).content.decode()
    close_registration(by=HOUSE, on=DAY, at=NOW, event=event)
    assert 'data-pass=""' in client.get(reverse("events:choose", args=[event.pk])).content.decode()
