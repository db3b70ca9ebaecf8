"""Bills: none without a line of the standard in force, and never another amount than the line's."""

from datetime import date, timedelta
from decimal import Decimal
from inspect import signature

import pytest

from xinglin.engines.membership.actions import exits
from xinglin.engines.membership.actions.charges import (
    BilledAlready,
    CancelledAlready,
    MoneyCame,
    NothingOwed,
    NothingToBill,
    NotOnTheStandard,
    bill_newcomers,
    cancel_charge,
    issue_charge,
)
from xinglin.engines.membership.actions.members import NotMember
from xinglin.engines.membership.fees import Charge
from xinglin.engines.membership.tariffs import MembershipTariff
from xinglin.kernel.policy import NotAllowed, Refusal
from xinglin.kernel.ports import ask
from xinglin.kernel.ports.conformance import check
from xinglin.kernel.ports.tariff import Tariffs
from xinglin.kernel.refs import Code
from xinglin.lib.transfer_codes import holds

from .conftest import DAY, OFFICE, actor
from .fees import bill, fees, line_of, pay, standard

pytestmark = pytest.mark.django_db


@pytest.fixture
def schedule(tiers):
    return standard(tiers)


def test_a_bill_asks_for_what_the_line_says(someone, admit, schedule, said):
    member = admit(someone())
    said()
    charge = bill(member, line_of(schedule, "ordinary"))
    assert (charge.amount, charge.months, charge.line.schedule) == (Decimal("200.00"), 12, schedule)
    assert holds(code=charge.code)
    assert said() == [("charge.issued", {
        "charge": str(charge.ref), "member": str(member.ref), "line": str(charge.line.ref), "year": 2026, "months": 12,
        "amount": "200", "due_on": "2026-03-31"})]
    assert "amount" not in signature(issue_charge).parameters, "an amount can be asked for by its line only"


def test_fewer_months_are_pro_rata_of_the_line(someone, admit, schedule):
    assert bill(admit(someone()), line_of(schedule, "ordinary"), months=7).amount == Decimal("116.67")


def test_a_line_of_another_tier_or_of_an_old_standard_is_refused(someone, admit, tiers, schedule):
    member = admit(someone())
    with pytest.raises(NotOnTheStandard) as refusal:
        bill(member, line_of(schedule, "senior"))
    assert refusal.value.regulation == "G10"
    standard(tiers, from_on=date(2026, 2, 1))
    with pytest.raises(NotOnTheStandard):
        bill(member, line_of(schedule, "ordinary"))
    assert not Charge.objects.exists()


@pytest.mark.parametrize("given", [{"year": 2025}, {"year": 2028}, {"months": 0}, {"months": 13},
                                   {"due_on": DAY - timedelta(days=1)}])
def test_bills_for_impossible_years_months_and_days_are_refused(someone, admit, schedule, given):
    with pytest.raises(Refusal):
        bill(admit(someone()), line_of(schedule, "ordinary"), **given)
    assert not Charge.objects.exists()


def test_a_line_of_nothing_needs_no_bill(someone, admit, tiers):
    row = standard(tiers, lines=fees(tiers, senior=[("", "0.00", 0)]))
    with pytest.raises(NothingOwed):
        bill(admit(someone(), tier="senior"), line_of(row, "senior"))


def test_one_bill_a_year_and_another_after_it_was_cancelled(someone, admit, schedule, said):
    member, line = admit(someone()), line_of(schedule, "ordinary")
    first = bill(member, line)
    with pytest.raises(BilledAlready, match=first.code):
        bill(member, line)
    said()
    cancel_charge(by=OFFICE, on=DAY, charge=first, reason="等级有误")
    assert said() == [("charge.cancelled", {"charge": str(first.ref), "member": str(member.ref), "replaced": False})]
    with pytest.raises(CancelledAlready):
        cancel_charge(by=OFFICE, on=DAY, charge=first, reason="再来")
    second = bill(member, line)
    assert second.code != first.code and Charge.objects.standing().get() == second


def test_a_bill_is_cancelled_with_a_reason_and_never_when_money_came(someone, admit, schedule):
    charge = bill(admit(someone()), line_of(schedule, "ordinary"))
    with pytest.raises(Refusal):
        cancel_charge(by=OFFICE, on=DAY, charge=charge, reason=" ")
    pay(charge, amount="50.00")
    with pytest.raises(MoneyCame) as refusal:
        cancel_charge(by=OFFICE, on=DAY, charge=charge, reason="退会")
    assert refusal.value.regulation == "M4"
    assert Charge.objects.standing().count() == 1


def test_who_left_is_not_billed(someone, admit, schedule):
    wang = someone()
    member = admit(wang)
    exits.leave(by=actor(person=wang), on=DAY, member=member)
    with pytest.raises(NotMember):
        bill(member, line_of(schedule, "ordinary"))


def test_only_the_office_bills_and_cancels(someone, admit, schedule):
    member, line = admit(someone()), line_of(schedule, "ordinary")
    charge = bill(member, line)
    for role in ("department", "leader", "supervisor", "branch_chair", "audit_admin"):
        with pytest.raises(NotAllowed):
            bill_newcomers(by=actor(role), on=DAY, spells=[charge.spell], due_on=DAY)
        with pytest.raises(NotAllowed):
            issue_charge(by=actor(role), on=DAY, member=member, line=line, year=2027, due_on=DAY)
        with pytest.raises(NotAllowed):
            cancel_charge(by=actor(role), on=DAY, charge=charge, reason="不")
    assert Charge.objects.standing().count() == 1


def test_newcomers_are_billed_together_and_whom_no_line_fits_waits(someone, found, admit, schedule, said):
    people = [admit(someone("王小明")), admit(someone("李老先生", born_on=date(1940, 5, 1)))]
    unit = admit(found("江海省第一医院"), tier="unit")
    spells = [one.spells.get() for one in (*people, unit)]
    said()
    [charge] = bill_newcomers(by=OFFICE, on=DAY, spells=spells, due_on=DAY + timedelta(days=30))
    assert (charge.spell.member, charge.due_on) == (people[0], DAY + timedelta(days=30))
    assert [type_ for type_, _body in said()] == ["coverage.begun", "charge.issued"]
    with pytest.raises(NothingToBill):
        bill_newcomers(by=OFFICE, on=DAY, spells=spells, due_on=DAY)


def test_the_tariff_of_dues_is_the_line_of_the_member(someone, found, admit, schedule):
    port, dues = ask(Tariffs), Code("dues")
    assert isinstance(port, MembershipTariff)
    wang, old, unit = someone("王小明"), someone("李老先生", born_on=date(1940, 5, 1)), found("江海省第一医院")
    members = [admit(wang), admit(old), admit(unit, tier="unit")]
    bill_newcomers(by=OFFICE, on=DAY, spells=[one.spells.get() for one in members[:2]], due_on=DAY)
    price = port.price(item=dues, payer=members[0].ref, on=DAY)
    assert (price.amount, price.line, price.decision) == (
        Decimal("200.00"), line_of(schedule, "ordinary").ref, schedule.ref)
    assert port.price(item=dues, payer=wang.ref, on=DAY) == price
    assert port.price(item=dues, payer=old.ref, on=DAY).amount == 0
    assert port.price(item=dues, payer=unit.ref, on=DAY) is None  # its level has not been chosen
    bill(members[2], line_of(schedule, "unit", "理事单位"))
    assert port.price(item=dues, payer=unit.ref, on=DAY).amount == Decimal("5000.00")
    assert port.price(item=dues, payer=wang.ref, on=date(2025, 6, 1)) is None
    assert port.price(item=dues, payer=None, on=DAY) is None
    check(Tariffs, port, known=members[0].ref, on=DAY)
