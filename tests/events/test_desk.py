"""The desk on the spot: who comes without a ticket, as a member or not, pays there; two clicks are one."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.urls import reverse

from xinglin.engines.events.offering import PoolLine
from xinglin.engines.events.orders import Order
from xinglin.engines.events.registration_policy import may_change_order
from xinglin.engines.events.registrations import Registration
from xinglin.kernel import clock

from .conftest import FIRST, OFFICE, actor, at
from .selling import members, selling, sheet

__all__ = ["members", "selling"]
pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(selling, visit, monkeypatch):
    """The desk of an event of two places on its first morning, after the sale closed."""
    event = selling(pools=(PoolLine(code="hall", title="一号厅", capacity=2), sheet().pools[1]))
    monkeypatch.setattr(clock, "now", lambda: at("08:20", FIRST))
    monkeypatch.setattr(clock, "today", lambda: FIRST)
    client, url = visit(OFFICE), reverse("events:desk", args=[event.pk])

    def send(visit_key="a1", code="full", **given):
        return client.post(url, {"ticket": event.tickets.get(code=code).pk, "visit": visit_key, **given})

    return client, url, send


def test_who_comes_is_registered_and_pays_at_the_desk(desk, someone, members):
    client, url, send = desk
    assert url in client.get(url.replace("desk", "registrations")).content.decode()
    page = client.get(url).content.decode()
    assert ("800" in page, "500" in page) == (True, True)
    answer = send(name="来客", mobile="13800000001")
    row = Registration.objects.get()
    assert (answer.status_code, answer.url) == (302, reverse("events:order", args=[row.order_id]))
    assert send(name="来客").url == answer.url  # a second click
    assert (row.order.way, Order.objects.weighed().get().total) == ("on_spot", 800)
    client.post(reverse("events:receive", args=[row.order_id]), {
        "way": "on_spot", "amount": "800", "paid_on": FIRST.isoformat(), "serial": "现金1"})
    row.refresh_from_db()
    assert row.admits
    assert not may_change_order(actor=actor(), order=row.order), "the clerk keeps no say when the role is over"
    wang = someone()
    members(wang.ref)
    send("b2", person=wang.ref)
    assert Order.objects.weighed().get(person=wang).total == Decimal(500)
    answer = send("c3", name="第三人")
    assert answer.status_code == 422  # the hall is full
    assert Registration.objects.count() == 2


@pytest.mark.parametrize("given", [
    {"name": ""}, {"name": "来客", "visit_key": "<b>"}, {"name": "来客", "mobile": "12"},
    {"name": "来客", "voucher": "NONE"}, {"name": "来客", "code": "student"}, {"name": "来客", "code": "online"}])
def test_what_is_wrong_is_said_and_nothing_is_held(desk, given):
    _client, _url, send = desk
    assert send(**given).status_code == 422
    assert not Registration.objects.exists()
    assert send("z9", name="来客").status_code == 302


def test_nobody_else_stands_behind_the_desk(desk, visit):
    _client, url, _send = desk
    assert visit(actor("supervisor")).get(url).status_code == 403
    assert visit(actor()).post(url, {}).status_code == 403


def test_after_the_event_the_desk_is_closed(desk, monkeypatch):
    _client, _url, send = desk
    monkeypatch.setattr(clock, "now", lambda: at("09:00", FIRST + timedelta(days=2)))
    assert send(name="来客").status_code == 422
