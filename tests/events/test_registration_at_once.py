"""Two at the same moment, on PostgreSQL: clicks, cashiers, notices, cancellations, and a worker killed half-way."""

import re
import subprocess
import sys
import threading
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection, transaction

from tests.kernel.test_concurrency import at_once
from xinglin.engines.events.actions.handing_over import NotYours, claim_registration, transfer_registration
from xinglin.engines.events.actions.orders import (
    NothingUnpaid,
    TooMuch,
    cancel_unpaid,
    pay_refund,
    receive_payment,
)
from xinglin.engines.events.actions.registrations import (
    Again,
    AlreadyRegistered,
    GivenBack,
    cancel_registration,
    register,
)
from xinglin.engines.events.meetings import Event
from xinglin.engines.events.offering import PoolLine
from xinglin.engines.events.orders import Order, Payment, Refund
from xinglin.engines.events.paying import SIMULATOR, take_notice
from xinglin.engines.events.places import Party
from xinglin.engines.events.pricing import WrongVoucher
from xinglin.engines.events.registrations import Registration
from xinglin.engines.membership.actions.payments import receive_payment as receive_fee
from xinglin.engines.membership.fees import Payment as Fee
from xinglin.kernel.policy import NotAllowed
from xinglin.mechanics.booking.models import Pool
from xinglin.mechanics.booking.values import NotBooked
from xinglin.mechanics.transfers.book import BookedAlready
from xinglin.mechanics.transfers.models import Booked

from .conftest import DAY, HOUSE, OFFICE, actor
from .selling import NOW, enrol, guest, members, selling, sheet, take

__all__ = ["members", "selling"]
pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]
WIDE = {"pools": (PoolLine(code="hall", title="一号厅", capacity=100), sheet().pools[1])}


def each(work, *refusals) -> tuple:
    """Return a call that notes how it ended, and its note."""
    note: list[str] = []

    def run() -> None:
        try:
            work()
            note.append("done")
        except refusals as refusal:
            note.append(type(refusal).__name__)

    return run, note


def both(first, second, *refusals) -> list[str]:
    """Run two at once and return how they ended, sorted."""
    (one, said), (two, heard) = each(first, *refusals), each(second, *refusals)
    at_once(one, two)
    return sorted(said + heard)


def test_two_clicks_at_once_are_one_registration(selling):
    event = selling(**WIDE)
    held = take(event, guest())

    def click():
        register(by=HOUSE, on=DAY, at=NOW, token=held.token, party=Party(name="周宁"))

    assert both(click, click, Again) == ["Again", "done"]
    assert (Registration.objects.count(), Order.objects.count()) == (1, 1)


def test_one_person_by_two_tickets_at_once_has_one_place(selling, someone):
    event, wang = selling(**WIDE), someone()
    held = [take(event, wang.ref, code) for code in ("full", "online")]
    calls = [lambda one=one: register(by=HOUSE, on=DAY, at=NOW, token=one.token, party=Party()) for one in held]
    assert both(*calls, AlreadyRegistered) == ["AlreadyRegistered", "done"]


def test_the_last_use_of_a_voucher_is_given_once(selling):
    event = selling(**WIDE)
    held = [take(event, guest(number)) for number in (1, 2)]
    calls = [lambda one=one: register(by=HOUSE, on=DAY, at=NOW, token=one.token, party=Party(name="周宁"),
                                      voucher="HALF") for one in held]
    assert both(*calls, WrongVoucher) == ["WrongVoucher", "done"]


def test_orders_of_many_at_once_are_numbered_and_none_waits_for_another(selling):
    event = selling(**WIDE)
    held = [take(event, guest(number)) for number in range(8)]
    inside = threading.Barrier(len(held), timeout=60)  # passed only when all have their number and none is done

    def press(one):
        with transaction.atomic():
            register(by=HOUSE, on=DAY, at=NOW, token=one.token, party=Party(name="周宁"))
            inside.wait()

    answers = at_once(*[lambda one=one: press(one) for one in held])
    assert not any(answers), answers
    assert all(re.fullmatch(r"HD-2026-\d{6,}", number) for number in Order.objects.values_list("number", flat=True))
    assert Order.objects.count() == len(held)


def test_two_cashiers_book_one_transfer_once(selling):
    order = enrol(selling(**WIDE), guest()).order

    def book():
        receive_payment(by=OFFICE, on=DAY, order=order, way="transfer", amount=Decimal(700), paid_on=DAY, serial="B1")

    assert both(book, book, BookedAlready) == ["BookedAlready", "done"]


def test_a_notice_told_by_many_threads_is_booked_once(selling):
    order = enrol(selling(**WIDE), guest()).order
    body, signature = SIMULATOR.notice(transaction="t1", order=order.number, amount=Decimal(700), at=NOW)
    at_once(*[lambda: take_notice(code="simulator", body=body, signature=signature, at=NOW)] * 6)
    assert Payment.objects.count() == 1


def test_no_more_is_sent_back_than_came_by_two_at_once(selling):
    order = enrol(selling(**WIDE), guest()).order
    receive_payment(by=OFFICE, on=DAY, order=order, way="transfer", amount=Decimal(800), paid_on=DAY, serial="B1")
    calls = [lambda one=one: pay_refund(by=OFFICE, on=DAY, order=order, amount=Decimal(100), serial=one)
             for one in ("R1", "R2")]
    assert both(*calls, TooMuch) == ["TooMuch", "done"]
    assert Refund.objects.count() == 1


def test_paid_and_ended_at_the_same_moment_is_one_of_both(selling):
    order = enrol(selling(**WIDE), guest()).order
    late = order.due_at + timedelta(days=3)

    def book():
        receive_payment(by=OFFICE, on=late.date(), order=order, way="transfer", amount=Decimal(700),
                        paid_on=late.date(), serial="B1")

    def end():
        cancel_unpaid(by=HOUSE, on=late.date(), at=late, order=order, before=late)

    both(book, end, NothingUnpaid)
    row, weighed = Registration.objects.get(), Order.objects.weighed().get()
    assert (row.state, weighed.owed) in {("confirmed", 0), ("cancelled", -700)}


def test_given_back_twice_at_once_frees_one_place(selling):
    row = enrol(selling(**WIDE), guest())

    def give():
        cancel_registration(by=HOUSE, on=DAY, at=NOW, registration=row)

    assert both(give, give, GivenBack) == ["GivenBack", "done"]
    assert Pool.objects.get(code="pool:hall").taken == 0


def test_one_transfer_booked_for_a_fee_and_an_order_at_once_is_booked_for_one(selling):
    order = enrol(selling(**WIDE), guest()).order
    money = {"by": OFFICE, "on": DAY, "way": "transfer", "amount": Decimal(700), "paid_on": DAY, "serial": "B1"}
    assert both(lambda: receive_payment(order=order, **money), lambda: receive_fee(**money), BookedAlready) == [
        "BookedAlready", "done"]
    assert Booked.objects.count() == Payment.objects.count() + Fee.objects.count() == 1


def test_a_place_is_claimed_by_one_of_two(selling, someone):
    row = enrol(selling(**WIDE), guest(), party={"name": "王小明"})
    calls = [lambda one=one: claim_registration(by=actor(person=one), on=DAY, at=NOW, key=row.key)
             for one in (someone(), someone())]
    assert both(*calls, NotYours) == ["NotYours", "done"]


def test_handed_over_and_given_back_at_once_is_one_of_both(selling):
    row = enrol(selling(**WIDE), guest())
    calls = (lambda: transfer_registration(by=actor(), on=DAY, at=NOW, registration=row, key=row.key,
                                           to=Party(name="郑一", email="z@example.org")),
             lambda: cancel_registration(by=actor(), on=DAY, at=NOW, registration=row, key=row.key))
    assert "done" in both(*calls, GivenBack, NotAllowed)
    assert Registration.objects.get().state in ("held", "cancelled")


KILLED = """
import os, django
django.setup()
from django.db import connection
connection.settings_dict.update(%(database)r)
from datetime import date
from django.utils.dateparse import parse_datetime
from xinglin.engines.events.actions import registrations
from xinglin.engines.events.places import Party
from xinglin.kernel.actors import house
registrations.say_order = lambda *given, **more: os.kill(os.getpid(), 9)  # before the act ends
registrations.register(by=house("t"), on=date(2026, 3, 2), at=parse_datetime(%(at)r), token=%(token)r,
                       party=Party(name="x"))
"""


def test_a_worker_killed_between_hold_and_order_leaves_nothing_and_the_place_falls_back(selling):
    event = selling(pools=(PoolLine(code="hall", title="一号厅", capacity=1), sheet().pools[1]))
    held = take(event, guest(1))
    database = {name: connection.settings_dict[name] for name in ("NAME", "HOST", "PORT", "USER", "PASSWORD")}
    code = KILLED % {"database": database, "at": NOW.isoformat(), "token": held.token}
    ended = subprocess.run([sys.executable, "-c", code], check=False, capture_output=True, timeout=120)
    assert ended.returncode == -9, ended.stderr.decode()[-800:]
    assert not Registration.objects.exists()
    assert not Order.objects.exists()
    with pytest.raises(NotBooked):
        register(by=HOUSE, on=DAY, at=NOW + timedelta(minutes=16), token=held.token, party=Party(name="周宁"))
    assert enrol(event, guest(2), moment=NOW + timedelta(minutes=16)).pk
    assert threading.active_count() < 50


def test_who_holds_an_event_keeps_no_registration_waiting(selling):
    event = selling(**WIDE)
    held, begun, done = take(event, guest(1)), threading.Event(), threading.Event()

    def organiser() -> None:
        with transaction.atomic():
            Event.objects.one_locked(pk=event.pk)
            begun.set()
            assert done.wait(10)

    def desk() -> Registration:
        begun.wait(10)
        try:
            with transaction.atomic():
                connection.cursor().execute("SET LOCAL lock_timeout = '3s'")
                return register(by=HOUSE, on=DAY, at=NOW, token=held.token, party=Party(name="周宁"))
        finally:
            done.set()

    assert at_once(organiser, desk)[1] == Registration.objects.get()
