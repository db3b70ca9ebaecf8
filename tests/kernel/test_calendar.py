"""Days count as the rule says, over the public calendar and the association's own days."""

from datetime import date

import pytest

from tests.kernel.conftest import CLERK, DAY
from xinglin.kernel.actions.calendar import NoDays, NotDeclared, declare_days, withdraw_day
from xinglin.kernel.actions.regulations import override_regulation
from xinglin.kernel.actors import Actor
from xinglin.kernel.calendar import DeclaredDay, association_calendar, deadline, latest_before, public_notice
from xinglin.kernel.ledger.models import SealedFact
from xinglin.kernel.policy import NotAllowed
from xinglin.kernel.refs import Ref
from xinglin.lib.days import UncoveredYear, Unit

pytestmark = pytest.mark.django_db


def declare(**days):
    declare_days(
        by=CLERK,
        on=DAY,
        source="秘书处通知（虚构）",
        days={date.fromisoformat(day.replace("d", "").replace("_", "-")): off for day, off in days.items()},
    )


def working(day):
    return association_calendar(on=DAY).is_working_day(day)


def test_the_associations_own_days_lie_over_the_public_calendar():
    assert (working(date(2026, 3, 6)), working(date(2026, 3, 7))) == (True, False)
    declare(d2026_03_06=True, d2026_03_07=False)
    assert (working(date(2026, 3, 6)), working(date(2026, 3, 7))) == (False, True)
    withdraw_day(by=CLERK, on=DAY, day=date(2026, 3, 6))
    assert working(date(2026, 3, 6)) is True


def test_every_declared_day_is_stated_and_so_is_its_withdrawal(sealed):
    declare(d2026_03_07=False, d2026_03_06=True)
    withdraw_day(by=CLERK, on=DAY, day=date(2026, 3, 7))
    sealed()
    assert list(SealedFact.objects.order_by("position").values_list("type", "body")) == [
        ("kernel.day.declared", {"day": "2026-03-06", "off": True, "statutory": False}),
        ("kernel.day.declared", {"day": "2026-03-07", "off": False, "statutory": False}),
        ("kernel.day.withdrawn", {"day": "2026-03-07"}),
    ]


def test_a_term_rolls_forward_and_a_lead_time_rolls_back():
    # Thursday 2026-03-05 + 2 days is Saturday; 5 days before Friday 2026-03-13 is Sunday.
    assert deadline(event_on=DAY, count=2, unit=Unit.DAYS).day == date(2026, 3, 9)
    assert deadline(event_on=DAY, count=2, unit=Unit.WORKING_DAYS).day == date(2026, 3, 9)
    assert latest_before(event_on=date(2026, 3, 13), count=5, unit=Unit.DAYS).day == date(2026, 3, 6)


def test_another_reading_is_an_override_away():
    override_regulation(by=CLERK, on=DAY, regulation_id="X5.roll", value="none", from_on=DAY, reason="章程另有规定")
    assert deadline(event_on=DAY, count=2, unit=Unit.DAYS).day == date(2026, 3, 7)
    assert deadline(event_on=date(2026, 3, 4), count=3, unit=Unit.DAYS).day == date(2026, 3, 9)


def test_a_public_notice_holds_seven_days_and_five_working_days():
    window = public_notice(posted_on=DAY)
    assert (window.last_day, window.free_from) == (date(2026, 3, 12), date(2026, 3, 13))
    declare(d2026_03_10=True, d2026_03_11=True)
    assert public_notice(posted_on=DAY).last_day == date(2026, 3, 16)
    override_regulation(by=CLERK, on=DAY, regulation_id="G17.binding", value="days", from_on=DAY, reason="会议决定")
    assert public_notice(posted_on=DAY).last_day == date(2026, 3, 12)


def test_a_year_not_announced_is_provisional_until_its_notice_is_entered():
    event = date(2031, 9, 29)
    before = deadline(event_on=event, count=3, unit=Unit.WORKING_DAYS)
    assert (before.day, before.assumed_years) == (date(2031, 10, 2), (2031,))
    days = {date(2031, 10, number): True for number in range(1, 9)} | {date(2031, 10, 11): False}
    declare_days(by=CLERK, on=DAY, source="放假通知（虚构）", days=days, statutory=True)
    after = deadline(event_on=event, count=3, unit=Unit.WORKING_DAYS)
    assert (after.day, after.assumed_years) == (date(2031, 10, 10), ())


def test_a_house_that_will_not_assume_refuses_unknown_years():
    override_regulation(by=CLERK, on=DAY, regulation_id="X5.uncovered", value="refuse", from_on=DAY, reason="从严")
    with pytest.raises(UncoveredYear):
        deadline(event_on=date(2031, 9, 29), count=3, unit=Unit.WORKING_DAYS)


def test_refusals_leave_nothing_behind():
    with pytest.raises(NoDays):
        declare_days(by=CLERK, on=DAY, days={}, source="x")
    with pytest.raises(NotDeclared):
        withdraw_day(by=CLERK, on=DAY, day=DAY)
    member = Actor(ref=Ref("directory.person:1"), roles=frozenset({"member"}))
    with pytest.raises(NotAllowed):
        declare_days(by=member, on=DAY, days={DAY: True}, source="x")
    with pytest.raises(NotAllowed):
        withdraw_day(by=member, on=DAY, day=DAY)
    assert DeclaredDay.objects.count() == 0
