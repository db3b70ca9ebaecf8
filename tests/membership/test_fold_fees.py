"""The facts of fees alone, folded in order, give their tables."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from xinglin.engines.membership.actions.charges import cancel_charge
from xinglin.engines.membership.actions.members import waive_fee
from xinglin.engines.membership.actions.payments import allocate_payment, return_payment
from xinglin.engines.membership.actions.receipts import issue_receipt, void_receipt
from xinglin.engines.membership.actions.schedules import disclose_schedule
from xinglin.engines.membership.dues_run import run_dues
from xinglin.engines.membership.fees import Allocation, Charge, FeeLine, Payment, Receipt, Run, Schedule
from xinglin.kernel.ledger.models import SealedFact
from xinglin.kernel.refs import Code, Ref

from .conftest import DAY, OFFICE
from .fees import bill, line_of, pay, standard

pytestmark = pytest.mark.django_db
LATER = DAY + timedelta(days=10)


def key(text):
    return int(Ref(text).key)


def day(text):
    return date.fromisoformat(text)


def folded():
    """Read the ledger from its first fact."""
    told = {name: {} for name in ("schedules", "lines", "charges", "payments", "allocations", "receipts")}
    numbers = {}
    for fact in SealedFact.objects.order_by("position"):
        _fold(told, numbers, fact, fact.body)
    return told


def _fold(told, numbers, fact, body):
    match fact.type.removeprefix("membership."):
        case "schedule.adopted":
            told["schedules"][key(body["schedule"])] = [
                day(body["adopted_on"]), day(body["from_on"]), body["entitled"], body["present"], body["in_favour"],
                None]
            for line, tier, amount, seats in zip(body["fee_lines"], body["tiers"], body["amounts"], body["seats"],
                                                 strict=True):
                told["lines"][key(line)] = [key(body["schedule"]), tier, Decimal(amount), int(seats)]
        case "schedule.disclosed":
            told["schedules"][key(body["schedule"])][5] = fact.happened_on
        case "charge.issued":
            told["charges"][key(body["charge"])] = [
                body["member"], key(body["line"]), body["year"], body["months"], Decimal(body["amount"]),
                day(body["due_on"]), fact.happened_on, None, False]
        case "charge.cancelled":
            told["charges"][key(body["charge"])][7:] = [fact.happened_on, body["replaced"]]
        case "payment.received":
            told["payments"][key(body["payment"])] = [
                body["way"], Decimal(body["amount"]), day(body["paid_on"]), body.get("member"), Decimal(0)]
        case "payment.allocated":
            told["allocations"][key(body["payment"]), key(body["charge"])] = Decimal(body["amount"])
            told["payments"][key(body["payment"])][3] = told["payments"][key(body["payment"])][3] or body["member"]
        case "payment.returned":
            told["payments"][key(body["payment"])][4] += Decimal(body["amount"])
        case "kernel.number.issued":
            numbers[body["number"]] = body["about"]
        case "kernel.number.voided":
            [row] = [row for row in told["receipts"].values() if row[0] == numbers[body["number"]] and row[2] is None]
            row[2] = fact.happened_on
        case "receipt.issued":
            told["receipts"][key(body["receipt"])] = [body["charge"], fact.happened_on, None]


def tables():
    return {
        "schedules": {row.pk: [row.adopted_on, row.from_on, row.entitled, row.present, row.in_favour,
                               row.disclosed_on] for row in Schedule.objects.all()},
        "lines": {row.pk: [row.schedule_id, str(row.tier.ref), row.amount, row.seats] for row in FeeLine.objects.all()},
        "charges": {row.pk: [str(row.spell.member.ref), row.line_id, row.year, row.months, row.amount, row.due_on,
                             row.issued_on, row.cancelled_on, row.replaced] for row in Charge.objects.all()},
        "payments": {row.pk: [row.way, row.amount, row.paid_on, str(row.member.ref) if row.member else None,
                              row.returned] for row in Payment.objects.all()},
        "allocations": {(row.payment_id, row.charge_id): row.amount for row in Allocation.objects.all()},
        "receipts": {row.pk: [str(row.charge.ref), row.issued_on, row.voided_on] for row in Receipt.objects.all()},
    }


def test_the_facts_give_the_tables(someone, found, admit, tiers, sealed):
    schedule = standard(tiers)
    disclose_schedule(by=OFFICE, on=DAY, schedule=schedule, disclosed_on=date(2026, 1, 20))
    people = [admit(someone(f"会员{number}")) for number in range(4)]
    unit = admit(found("江海省第一医院"), tier="unit")
    bill(unit, line_of(schedule, "unit", "理事单位"))
    run_dues(by=OFFICE, on=DAY, run=Run.objects.create(year=2026, due_on=LATER, begun_on=DAY))
    bills = [Charge.objects.get(spell__member=one) for one in people]
    unknown = pay(amount="260.00")
    allocate_payment(by=OFFICE, on=LATER, payment=unknown, charges=[bills[0]])
    return_payment(by=OFFICE, on=LATER, payment=unknown, reason="多缴", amount=Decimal(20))
    return_payment(by=OFFICE, on=LATER, payment=unknown, reason="多缴")
    pay(bills[1], amount="120.00", on=LATER)
    pay(bills[1], amount="80.00", on=LATER)
    cancel_charge(by=OFFICE, on=LATER, charge=bills[2], reason="减免")
    waive_fee(by=OFFICE, on=LATER, member=people[3], from_on=LATER, reason="名誉")
    first = issue_receipt(by=OFFICE, on=LATER, charge=bills[0])
    void_receipt(by=OFFICE, on=LATER + timedelta(days=1), receipt=first, reason=Code("wrong_name"))
    issue_receipt(by=OFFICE, on=LATER + timedelta(days=1), charge=bills[0])
    issue_receipt(by=OFFICE, on=LATER, charge=bills[1])
    sealed()
    assert folded() == tables()
    assert (Charge.objects.count(), Receipt.objects.count(), Allocation.objects.count()) == (5, 3, 3)
