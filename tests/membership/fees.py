"""A fee standard, bills and payments for tests of fees."""

from datetime import date
from decimal import Decimal

from xinglin.directory.actions.bank_accounts import name_bank_account
from xinglin.engines.membership.actions.charges import issue_charge
from xinglin.engines.membership.actions.payments import receive_payment
from xinglin.engines.membership.actions.schedules import Fee, adopt_schedule
from xinglin.engines.membership.actions.tiers import grant
from xinglin.engines.membership.fees import Payment

from .conftest import DAY, OFFICE

LEVELS = {"ordinary": [("", "200.00", 0)], "senior": [("", "300.00", 0)],
          "unit": [("会长单位", "20000.00", 40), ("理事单位", "5000.00", 2)]}
VOTE = {"decision": "第六届会员代表大会第二次会议决议", "adopted_on": date(2025, 12, 1), "from_on": date(2026, 1, 1),
        "entitled": 300, "present": 200, "in_favour": 100, "secret_ballot": True}


def fees(tiers, **levels):
    """Return lines of a standard: tier → (level, amount, seats)."""
    return [Fee(tier=tiers[code], level=level, amount=Decimal(amount), seats=seats)
            for code, lines in {**LEVELS, **levels}.items() for level, amount, seats in lines]


def standard(tiers, **given):
    """Adopt the usual standard and give every tier the duty to pay."""
    for tier in tiers.values():
        if not tier.entitlements.filter(code="fee").exists():
            grant(by=OFFICE, on=DAY, tier=tier, code="fee", from_on=date(2001, 5, 1))
    return adopt_schedule(by=OFFICE, on=DAY, **{**VOTE, "lines": fees(tiers), **given})


def account(**given):
    """Name the account that the association collects into."""
    return name_bank_account(**{"by": OFFICE, "on": DAY, "holder": "江海省医师协会（虚构）", "from_on": DAY,
                                "bank": "江海商业银行（虚构）", "number": "1001200230034004", **given})


def line_of(schedule, code, level=""):
    """Return a line of a standard."""
    return schedule.lines.get(tier__code=code, level=level)


def bill(member, line, *, on=DAY, year=2026, **given):
    """Bill a member."""
    return issue_charge(by=OFFICE, on=on, **{"member": member, "line": line, "year": year,
                                             "due_on": max(on, date(year, 3, 31)), **given})


_serials = iter(range(1, 10_000))


def pay(*charges, amount, on=DAY, paid_on=None, **given):
    """Receive money for bills."""
    return receive_payment(by=OFFICE, on=on, **{
        "way": Payment.Way.TRANSFER, "amount": Decimal(amount), "paid_on": paid_on or on,
        "serial": f"T{next(_serials):06d}", "payer_name": "某某", "charges": charges, **given})
