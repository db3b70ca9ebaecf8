"""The payment service: signed, told late, twice or not at all; what is told is booked once."""

import json
from datetime import timedelta
from decimal import Decimal

import pytest
from django.urls import reverse

from xinglin.engines.events.orders import Order, Payment
from xinglin.engines.events.paying import SIMULATOR, Contradiction, NotGenuine, take_notice
from xinglin.engines.events.registrations import Registration
from xinglin.engines.membership.actions.payments import receive_payment as receive_fee
from xinglin.kernel import clock

from .conftest import HOUSE
from .selling import NOW, enrol, guest, members, selling

__all__ = ["members", "selling"]
pytestmark = pytest.mark.django_db


@pytest.fixture
def at_ten(monkeypatch):
    """It is ten o'clock of the day the sale opened."""
    monkeypatch.setattr(clock, "now", lambda: NOW)


def told(order: Order, *, at=NOW, amount="700", transaction="t1", **more) -> dict:
    body, signature = SIMULATOR.notice(transaction=transaction, order=order.number, amount=Decimal(amount), at=NOW,
                                       **more)
    return {"code": "simulator", "body": body, "signature": signature, "at": at}


def test_a_notice_told_again_and_late_is_booked_once(selling):
    order = enrol(selling(), guest()).order
    first = take_notice(**told(order))
    assert take_notice(**told(order, at=NOW + timedelta(minutes=9))) == first
    assert (Payment.objects.count(), Registration.objects.get().state) == (1, "confirmed")


def test_a_forged_altered_or_old_notice_is_refused(selling):
    order = enrol(selling(), guest()).order
    true = told(order)
    for wrong in ({"signature": "0" * 64}, {"body": true["body"].replace(b"700", b"070")},
                  {"at": NOW + timedelta(minutes=11)}, {"code": "nobody"}):
        with pytest.raises(NotGenuine):
            take_notice(**{**true, **wrong})
    assert not Payment.objects.exists()


def test_a_notice_sent_late_in_life_is_booked_on_the_day_of_the_payment(selling):
    """A service that reached nobody tells again for days, each time signed anew."""
    order, later = enrol(selling(), guest()).order, NOW + timedelta(days=3)
    row = take_notice(**told(order, at=later, sent_at=later))
    assert (row.paid_on, row.received_on) == (NOW.date(), later.date())


def test_a_notice_without_zone_is_no_notice(selling):
    order = enrol(selling(), guest()).order
    naive = NOW.replace(tzinfo=None)
    for given in ({"at": naive, "sent_at": NOW}, {"at": NOW, "sent_at": naive}):
        body, signature = SIMULATOR.notice(transaction="t1", order=order.number, amount=Decimal(700), **given)
        with pytest.raises(NotGenuine):
            take_notice(code="simulator", body=body, signature=signature, at=NOW)


def test_one_transaction_with_two_amounts_is_a_contradiction(selling):
    order = enrol(selling(), guest()).order
    take_notice(**told(order))
    with pytest.raises(Contradiction):
        take_notice(**told(order, amount="1"))
    assert Payment.objects.get().amount == 700


def test_a_transaction_booked_for_something_else_is_a_contradiction(selling):
    order = enrol(selling(), guest()).order
    receive_fee(by=HOUSE, on=NOW.date(), way="online", amount=Decimal(700), paid_on=NOW.date(), serial="simulator:t1")
    with pytest.raises(Contradiction):
        take_notice(**told(order))


def test_the_page_of_the_order_pays_by_the_simulator(selling, client, settings, at_ten):
    settings.XINGLIN_PAYMENT = "simulator"
    order = enrol(selling(), guest()).order
    page = client.post(reverse("events:pay", args=[order.key]))
    client.post(page.url, {"how": "fails"})
    assert not Payment.objects.exists()
    client.post(page.url, {"how": "thrice"})
    assert Payment.objects.get().amount == 700


def test_the_simulator_tells_late(selling, client, settings, at_ten):
    settings.XINGLIN_PAYMENT = "simulator"
    order = enrol(selling(), guest()).order
    client.post(client.post(reverse("events:pay", args=[order.key])).url, {"how": "late"})
    assert Payment.objects.get().paid_on == NOW.date() - timedelta(days=1)


def test_the_service_tells_without_a_session(selling, client, settings, at_ten):
    settings.XINGLIN_PAYMENT = "simulator"
    order = enrol(selling(), guest()).order
    given, address = told(order), reverse("events:payment_notice", args=["simulator"])
    send = {"content_type": "application/json", "headers": {"X-Payment-Signature": given["signature"]}}
    for _time in range(2):
        assert json.loads(client.post(address, given["body"], **send).content)["booked"] == "simulator:t1"
    assert client.post(address, b"{}", **send).status_code == 403
    assert Payment.objects.count() == 1


def test_without_a_service_nothing_is_offered(selling, client, at_ten):
    order = enrol(selling(), guest()).order
    assert reverse("events:pay", args=[order.key]) not in client.get(
        reverse("events:own_order", args=[order.key])).content.decode()
    assert client.post(reverse("events:pay", args=[order.key])).status_code == 404
