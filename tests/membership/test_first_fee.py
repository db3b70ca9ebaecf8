"""The flow that asks a new member for the first fee: once, for this year's admissions only."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from xinglin.engines.membership.actions.schedules import Fee, adopt_schedule
from xinglin.engines.membership.actions.tiers import grant
from xinglin.engines.membership.fees import Charge
from xinglin.kernel import clock
from xinglin.kernel.flows import FlowCursor, run_flow
from xinglin.kernel.refs import Ref

from .conftest import DAY, HOUSE

pytestmark = pytest.mark.django_db


@pytest.fixture
def standard(tiers):
    """A fee standard of 100 yuan for ordinary members; seniors have no duty to pay."""
    grant(by=HOUSE, on=DAY, tier=tiers["ordinary"], code="fee", from_on=date(2001, 5, 1))
    return adopt_schedule(by=HOUSE, on=DAY, decision="虚构", adopted_on=date(2025, 12, 1), from_on=date(2026, 1, 1),
                          entitled=300, present=300, in_favour=300, secret_ballot=True,
                          lines=[Fee(tier=tiers["ordinary"], amount=Decimal(100))])


def carried(sealed, on=DAY):
    sealed()
    with clock.pretending(on):
        return run_flow(name="bill_new_members")


def test_a_new_member_is_billed_once_and_those_of_old_are_not(standard, someone, admit, sealed):
    new = admit(someone())
    admit(someone("赵一"), on=date(2019, 3, 1))
    admit(someone("钱二"), tier="senior")
    assert carried(sealed) == 3
    bill = Charge.objects.get()
    assert (bill.spell.member, bill.amount, bill.due_on) == (new, Decimal(100), date(2026, 4, 1))
    FlowCursor.objects.update(position=0)  # a worker killed before it noted how far it came
    assert carried(sealed) == 3
    assert Charge.objects.count() == 1
    assert FlowCursor.objects.get().stuck_at is None


@pytest.mark.parametrize(("entered", "application", "bills"), [
    (date(2026, 1, 8), None, 1),  # 24 days after the meeting: still within the days for the first fee
    (date(2026, 2, 20), "membership.application:7", 1),  # by a standing council's meeting, entered late
    (date(2026, 2, 20), None, 0),  # a member of old, put in by hand
])
def test_a_meeting_of_december_entered_in_january_still_brings_the_first_bill(
        standard, someone, admit, sealed, entered, application, bills):
    admit(someone(), on=date(2025, 12, 15), application=application and Ref(application))
    carried(sealed, on=entered)
    assert [(one.year, one.due_on) for one in Charge.objects.all()] == [(2026, entered + timedelta(days=30))] * bills


def test_without_a_standard_nobody_is_billed_and_nothing_is_stuck(someone, admit, sealed):
    admit(someone())
    assert carried(sealed) == 1
    assert not Charge.objects.exists() and FlowCursor.objects.get().stuck_at is None
