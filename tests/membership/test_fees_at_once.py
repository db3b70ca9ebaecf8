"""Two cashiers, two workers, one payment or one year at the same moment, on PostgreSQL."""

from contextlib import suppress
from datetime import date, timedelta
from decimal import Decimal

import pytest

from tests.kernel.test_concurrency import at_once
from xinglin.engines.membership.actions.bundles import NoSeats, grant_seats
from xinglin.engines.membership.actions.charges import BilledAlready
from xinglin.engines.membership.actions.payments import receive_payment, rest_of, return_payment
from xinglin.engines.membership.actions.receipts import IssuedAlready, issue_receipt
from xinglin.engines.membership.actions.schedules import DisclosedAlready, disclose_schedule
from xinglin.engines.membership.actions.statements import Booking, book_statement
from xinglin.engines.membership.dues_run import UnderWay, run_dues, start_dues
from xinglin.engines.membership.fees import Allocation, Charge, Payment, Receipt, Run
from xinglin.engines.membership.keeping_statements import keep_statement, sheet_of
from xinglin.engines.membership.members import Coverage
from xinglin.kernel.jobs import Job
from xinglin.kernel.ledger.models import SealedFact
from xinglin.kernel.numbering import IssuedNumber
from xinglin.mechanics.transfers.book import BookedAlready

from .bank import csv, receipt
from .conftest import DAY, OFFICE
from .fees import account, bill, line_of, pay, standard

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]
DUE = date(2026, 3, 31)


@pytest.fixture
def schedule(tiers):
    return standard(tiers)


@pytest.fixture
def charge(someone, admit, schedule):
    return bill(admit(someone()), line_of(schedule, "ordinary"))


def kinds(answers):
    return sorted(type(one).__name__ for one in answers)


def test_two_cashiers_book_one_payment_at_once_and_it_is_in_the_book_once(charge):
    def book():
        return receive_payment(by=OFFICE, on=DAY, way=Payment.Way.TRANSFER, amount=Decimal("200.00"), paid_on=DAY,
                               serial="2026030200017", charges=[charge])

    answers = at_once(book, book, book)
    assert kinds(answers) == ["BookedAlready", "BookedAlready", "Payment"]
    assert isinstance(next(one for one in answers if isinstance(one, BookedAlready)), BookedAlready)
    assert (Payment.objects.count(), Allocation.objects.count(), Coverage.objects.count()) == (1, 1, 1)


def test_two_payments_for_one_bill_at_once_fill_it_once(charge):
    answers = at_once(*[lambda n=n: pay(charge, amount="150.00", serial=f"S{n}") for n in range(3)])
    assert kinds(answers) == ["Payment"] * 3
    assert sum(Allocation.objects.values_list("amount", flat=True)) == Decimal("200.00")
    assert sorted(rest_of(one) for one in answers) == [0, Decimal("100.00"), Decimal("150.00")]
    assert Coverage.objects.count() == 1


def test_two_cashiers_confirm_one_statement_at_once_and_each_row_is_booked_once(charge):
    content = csv(*[receipt("20260302", "10.00", f"付款人{number}", charge.code) for number in range(6)])
    statement, _made = keep_statement(by=OFFICE, on=DAY, name="明细.csv", content=content)
    bookings = [Booking(row=row, charge=charge) for row in sheet_of(statement).rows]
    answers = at_once(*[lambda: book_statement(by=OFFICE, on=DAY, statement=statement, bookings=bookings)] * 2)
    assert kinds(answers) == ["Refusals", "list"]
    assert (Payment.objects.count(), Allocation.objects.count()) == (6, 6)


def test_one_rest_is_sent_back_once(charge):
    payment = pay(charge, amount="260.00")
    answers = at_once(*[lambda: return_payment(by=OFFICE, on=DAY, payment=payment, reason="多缴")] * 2)
    assert kinds(answers) == ["NothingLeft", "Payment"]
    assert rest_of(payment) == 0


def test_one_receipt_though_two_press_the_button(charge):
    pay(charge, amount="200.00")
    answers = at_once(*[lambda: issue_receipt(by=OFFICE, on=DAY, charge=charge)] * 3)
    assert kinds(answers) == ["IssuedAlready", "IssuedAlready", "Receipt"]
    assert isinstance(answers[0], Receipt | IssuedAlready)
    assert Receipt.objects.count() == IssuedNumber.objects.count() == 1


def test_the_last_seat_is_given_once(found, someone, admit, schedule):
    unit = admit(found("江海省第一医院"), tier="unit")
    pay(bill(unit, line_of(schedule, "unit", "理事单位")), amount="5000.00")
    people = [admit(someone(f"职工{number}")) for number in range(4)]
    answers = at_once(*[lambda one=one: grant_seats(by=OFFICE, on=DAY, unit=unit, members=[one]) for one in people])
    assert sum(isinstance(one, NoSeats) for one in answers) == 2
    assert Coverage.objects.filter(kind="seat").count() == 2


def test_dues_run_twice_at_once_bill_everybody_once(someone, admit, schedule, sealed):
    for number in range(40):
        admit(someone(f"会员{number}"))
    run = Run.objects.create(year=2026, due_on=DUE, begun_on=DAY)
    answers = at_once(*[lambda: run_dues(by=OFFICE, on=DAY, run=run, size=3)] * 3)
    assert kinds(answers) == ["Run"] * 3
    assert Charge.objects.count() == 40
    assert Run.objects.get().bills == 40
    sealed()
    assert SealedFact.objects.filter(type="membership.charge.issued").count() == 40


def test_a_run_and_a_bill_by_hand_at_once_give_one_bill_each(someone, admit, schedule):
    members = [admit(someone(f"会员{number}")) for number in range(20)]
    run, line = Run.objects.create(year=2026, due_on=DUE, begun_on=DAY), line_of(schedule, "ordinary")

    def by_hand():
        for one in members:
            with suppress(BilledAlready):
                bill(one, line)

    answers = at_once(lambda: run_dues(by=OFFICE, on=DAY, run=run, size=2), by_hand)
    assert kinds(answers) == ["NoneType", "Run"]
    assert Charge.objects.count() == 20
    assert Run.objects.get().ended_on == DAY


def test_a_run_is_started_once(someone, admit, schedule, association):
    account()
    admit(someone())
    answers = at_once(*[lambda: start_dues(by=OFFICE, on=DAY, year=2026, due_on=DUE)] * 2)
    assert kinds(answers) == ["Run", "UnderWay"]
    assert any(isinstance(one, UnderWay) for one in answers)
    assert Job.objects.count() == 1


def test_a_standard_is_disclosed_once(schedule):
    day = date(2026, 1, 15)
    answers = at_once(*[lambda n=n: disclose_schedule(
        by=OFFICE, on=DAY, schedule=schedule, disclosed_on=day + timedelta(days=n)) for n in range(2)])
    assert kinds(answers) == ["DisclosedAlready", "Schedule"]
    assert any(isinstance(one, DisclosedAlready) for one in answers)
