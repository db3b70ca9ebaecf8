"""Money: booked once, paid to the right bills, kept when it fits none, and never paid back when it paid."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from xinglin.engines.membership import answers
from xinglin.engines.membership.actions import exits
from xinglin.engines.membership.actions.payments import (
    NoRefund,
    NothingLeft,
    NothingToPay,
    NotYet,
    WrongAmount,
    allocate_payment,
    receive_payment,
    rest_of,
    return_payment,
)
from xinglin.engines.membership.fees import Allocation, Charge, Payment
from xinglin.engines.membership.members import Coverage
from xinglin.kernel.actions.regulations import override_regulation
from xinglin.kernel.policy import NotAllowed, Refusal
from xinglin.mechanics.transfers.book import BookedAlready

from .conftest import DAY, HOUSE, OFFICE, actor
from .fees import bill, line_of, pay, standard

pytestmark = pytest.mark.django_db
LATER = DAY + timedelta(days=10)


@pytest.fixture
def schedule(tiers):
    return standard(tiers)


@pytest.fixture
def member(someone, admit):
    return admit(someone())


@pytest.fixture
def charge(member, schedule):
    return bill(member, line_of(schedule, "ordinary"))


def covered():
    return [(row.from_on.isoformat(), row.until_on.isoformat()) for row in Coverage.objects.order_by("from_on")]


def test_a_full_payment_covers_the_year_and_makes_the_member_active(member, charge, said):
    said()
    payment = pay(charge, amount="200.00", remark="会费")
    assert (payment.member, rest_of(payment), covered()) == (member, 0, [("2026-03-02", "2027-03-02")])
    assert answers.status_of(member, on=DAY).code == "active"
    assert [type_ for type_, _body in said()] == ["payment.received", "payment.allocated", "coverage.begun"]


def test_a_part_covers_nothing_until_the_bill_is_full(member, charge):
    pay(charge, amount="150.00")
    assert covered() == [] and Charge.objects.owed().get().received == Decimal("150.00")
    assert answers.status_of(member, on=DAY).code == "joining"
    pay(charge, amount="50.00", on=LATER)
    assert covered() == [("2026-03-02", "2027-03-02")]
    assert not Charge.objects.owed().exists()


def test_the_latest_money_decides_whichever_was_booked_last(someone, admit, schedule):
    charge = bill(admit(someone("李小红")), line_of(schedule, "ordinary"))
    late, now = DAY + timedelta(days=90), DAY + timedelta(days=100)  # after the days for the first fee
    pay(charge, amount="150.00", on=now, paid_on=late)
    pay(charge, amount="50.00", on=now, paid_on=DAY)
    assert covered() == [(str(late), "2027-05-31")]


def test_what_is_too_much_stays_with_the_payer_and_only_that_is_sent_back(charge, said):
    payment = pay(charge, amount="260.00")
    assert rest_of(payment) == Decimal("60.00")
    said()
    with pytest.raises(NoRefund) as refusal:
        return_payment(by=OFFICE, on=LATER, payment=payment, reason="退会退费", amount=Decimal("260.00"))
    assert refusal.value.regulation == "M4"
    return_payment(by=OFFICE, on=LATER, payment=payment, reason="多缴")
    assert [(type_, body["amount"]) for type_, body in said()] == [("payment.returned", "60")]
    assert rest_of(payment) == 0 and covered() == [("2026-03-02", "2027-03-02")]
    with pytest.raises(NothingLeft):
        return_payment(by=OFFICE, on=LATER, payment=payment, reason="再退")


def test_what_is_left_is_sent_back_in_parts(charge, said):
    payment = pay(charge, amount="260.00")
    said()
    for amount in ("25.00", "35.00"):
        return_payment(by=OFFICE, on=LATER, payment=payment, reason="多缴", amount=Decimal(amount))
    assert [Decimal(body["amount"]) for _type, body in said()] == [Decimal(25), Decimal(35)]
    assert (rest_of(payment), Payment.objects.get().returned) == (0, Decimal("60.00"))


def test_fees_that_were_paid_are_not_paid_back_on_an_exit(someone, admit, schedule):
    wang = someone("李小红")
    member = admit(wang)
    payment = pay(bill(member, line_of(schedule, "ordinary")), amount="200.00")
    exits.leave(by=actor(person=wang), on=LATER, member=member)
    with pytest.raises(NoRefund) as refusal:
        return_payment(by=OFFICE, on=LATER, payment=payment, reason="退会")
    assert (refusal.value.regulation, Payment.objects.get().returned) == ("M4", 0)
    with pytest.raises(Refusal):
        return_payment(by=OFFICE, on=LATER, payment=payment, reason="")


def test_a_bill_paid_twice_leaves_the_second_payment_as_credit(charge, member, schedule):
    pay(charge, amount="200.00")
    second = pay(charge, amount="200.00", on=LATER)
    assert (rest_of(second), second.member, Allocation.objects.count()) == (Decimal("200.00"), member, 1)
    next_year = bill(member, line_of(schedule, "ordinary"), year=2027, on=LATER, due_on=LATER)
    assert allocate_payment(by=OFFICE, on=LATER, payment=second, charges=[next_year]) == 0
    assert covered() == [("2026-03-02", "2027-03-02"), ("2027-03-02", "2028-03-02")]
    with pytest.raises(NothingLeft):
        allocate_payment(by=OFFICE, on=LATER, payment=second, charges=[next_year])


def test_a_serial_is_booked_once(charge):
    first = pay(charge, amount="50.00", serial="2026030200017")
    with pytest.raises(BookedAlready, match="2026030200017") as refusal:
        pay(charge, amount="50.00", serial=" 2026030200017 ")
    assert refusal.value.field == "serial"
    with pytest.raises(BookedAlready):
        pay(charge, amount="50.00", serial="")
    assert Payment.objects.get() == first


@pytest.mark.parametrize(("given", "refusal"), [
    ({"amount": "0"}, WrongAmount), ({"amount": "-5"}, WrongAmount), ({"amount": "1.005"}, WrongAmount),
    ({"amount": "5", "paid_on": DAY + timedelta(days=1)}, NotYet)])
def test_impossible_amounts_and_days_are_refused(charge, given, refusal):
    with pytest.raises(refusal):
        pay(charge, **given)
    assert not Payment.objects.exists()


def test_a_payment_pays_several_bills_oldest_first(member, charge, schedule):
    later = bill(member, line_of(schedule, "ordinary"), year=2027)
    pay(later, charge, amount="300.00")
    got = dict(Allocation.objects.values_list("charge__year", "amount"))
    assert got == {2026: Decimal("200.00"), 2027: Decimal("100.00")}


def test_money_for_a_membership_that_is_over_is_kept_and_waits_for_the_office(someone, admit, schedule):
    wang = someone("李小红")
    member = admit(wang)
    charge = bill(member, line_of(schedule, "ordinary"))
    exits.leave(by=actor(person=wang), on=LATER, member=member)
    payment = pay(charge, amount="200.00", on=LATER)
    assert (rest_of(payment), payment.member, covered()) == (Decimal("200.00"), member, [])
    with pytest.raises(NothingToPay) as refusal:
        allocate_payment(by=OFFICE, on=LATER, payment=payment, charges=[charge])
    assert refusal.value.regulation == "M4"
    return_payment(by=OFFICE, on=LATER, payment=payment, reason="已退会，误缴")
    assert rest_of(payment) == 0


def test_a_lapsed_member_who_pays_is_covered_from_the_day_of_the_payment(member, charge):
    on = date(2026, 6, 1)
    assert answers.status_of(member, on=on).code == "lapsed"
    pay(charge, amount="200.00", on=on, paid_on=date(2026, 5, 28))
    assert covered() == [("2026-05-28", "2027-05-28")]


def test_money_that_came_in_time_and_is_booked_late_counts_on_its_day(member, charge):
    pay(charge, amount="200.00", on=date(2026, 6, 1), paid_on=date(2026, 3, 31))
    assert covered() == [("2026-03-02", "2027-03-02")]


def test_the_policy_in_force_on_the_day_of_the_payment_decides(member, charge):
    override_regulation(by=HOUSE, on=DAY, regulation_id="M2.policy", value="fixed_year", from_on=date(2026, 3, 10),
                        until_on=None, reason="章程规定")
    pay(charge, amount="200.00", on=LATER, paid_on=date(2026, 3, 9))
    assert covered() == [("2026-03-02", "2027-03-02")]


def test_money_from_somebody_unknown_is_booked_and_finds_its_bill_later(charge, member):
    payment = pay(amount="200.00")
    assert (payment.member, rest_of(payment)) == (None, Decimal("200.00"))
    allocate_payment(by=OFFICE, on=LATER, payment=payment, charges=[charge])
    payment.refresh_from_db()
    assert (payment.member, covered()) == (member, [("2026-03-02", "2027-03-02")])


def test_a_paid_bill_takes_nothing_more(charge):
    pay(charge, amount="200.00")
    other = pay(amount="10.00")
    with pytest.raises(NothingToPay):
        allocate_payment(by=OFFICE, on=LATER, payment=other, charges=[charge])


def test_the_account_of_a_payer_is_sealed(charge):
    pay(charge, amount="200.00", account="6222020200112233445")
    assert Payment.objects.filter(account_index__matches="6222 0202 0011 2233 445").get().account.endswith("3445")


def test_only_the_office_books_and_returns(charge):
    payment = pay(charge, amount="300.00")
    for role in ("department", "department_head", "leader", "supervisor", "branch_chair", "system_admin"):
        with pytest.raises(NotAllowed):
            receive_payment(by=actor(role), on=DAY, way=Payment.Way.CASH, amount=Decimal("1.00"), paid_on=DAY,
                            serial="x")
        with pytest.raises(NotAllowed):
            allocate_payment(by=actor(role), on=DAY, payment=payment, charges=[charge])
        with pytest.raises(NotAllowed):
            return_payment(by=actor(role), on=DAY, payment=payment, reason="不")
    assert (Payment.objects.count(), rest_of(payment)) == (1, Decimal("100.00"))
