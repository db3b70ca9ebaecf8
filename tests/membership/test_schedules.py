"""The fee standard: only what a congress adopted by the rules can be charged, and it is disclosed."""

from datetime import date
from decimal import Decimal

import pytest

from xinglin.engines.membership.actions.schedules import (
    DisclosedAlready,
    Fee,
    NotAfterLast,
    NotPassed,
    TooManyLevels,
    WrongLines,
    adopt_schedule,
    disclose_schedule,
)
from xinglin.engines.membership.fees import FeeLine, Schedule
from xinglin.kernel.policy import NotAllowed, Refusals

from .conftest import DAY, OFFICE, actor
from .fees import VOTE, fees, standard

pytestmark = pytest.mark.django_db


def test_a_standard_is_adopted_with_its_vote_and_its_lines(tiers, said):
    said()
    row = standard(tiers)
    [body] = [body for type_, body in said() if type_ == "schedule.adopted"]
    assert (body["entitled"], body["present"], body["in_favour"]) == (300, 200, 100)
    assert dict(zip(body["fee_lines"], body["amounts"], strict=True)) == {
        str(line.ref): f"{line.amount:.2f}" for line in row.lines.all()}
    assert body["seats"] == [str(line.seats) for line in FeeLine.objects.order_by("pk")]
    assert Schedule.objects.in_force(date(2025, 12, 31)) is None
    assert Schedule.objects.in_force(date(2026, 1, 1)) == row


@pytest.mark.parametrize(("vote", "field", "words"), [
    ({"present": 199}, "present", "200"),
    ({"in_favour": 99}, "in_favour", "100"),
    ({"present": 201, "in_favour": 100}, "in_favour", "101"),
    ({"secret_ballot": False}, "secret_ballot", "secret|无记名"),
])
def test_a_vote_that_does_not_carry_it_is_refused_with_the_rule(tiers, vote, field, words):
    with pytest.raises(NotPassed, match=words) as refusal:
        adopt_schedule(by=OFFICE, on=DAY, **{**VOTE, "lines": fees(tiers), **vote})
    assert (refusal.value.regulation, refusal.value.field) == ("G10", field)
    assert not Schedule.objects.exists()


def test_impossible_votes_are_named_one_by_one(tiers):
    with pytest.raises(Refusals) as refusals:
        adopt_schedule(by=OFFICE, on=DAY, **{**VOTE, "lines": fees(tiers), "present": 301, "in_favour": 302})
    assert [one.field for one in refusals.value.problems] == ["present", "in_favour"]


def test_at_most_four_levels_for_one_kind_of_member(tiers):
    levels = [(f"{number}级", f"{number}000.00", 0) for number in range(1, 6)]
    with pytest.raises(TooManyLevels) as refusal:
        standard(tiers, lines=fees(tiers, unit=levels))
    assert refusal.value.regulation == "G10.levels"
    assert standard(tiers, lines=fees(tiers, unit=[*levels[:4], ("免费", "0.00", 0)])).lines.count() == 7


@pytest.mark.parametrize("lines", [
    [], [("", "100.00", 0), ("", "200.00", 0)], [("", "100.005", 0)], [("", "-1", 0)], [("", "100.00", 3)]])
def test_lines_that_are_no_fixed_amounts_are_refused(tiers, lines):
    made = [Fee(tier=tiers["ordinary"], level=level, amount=Decimal(amount), seats=seats)
            for level, amount, seats in lines]
    with pytest.raises(WrongLines):
        standard(tiers, lines=made)


def test_the_next_standard_takes_effect_later(tiers):
    first = standard(tiers)
    for day in (date(2026, 1, 1), date(2025, 12, 31)):
        with pytest.raises(NotAfterLast, match="2026-01-01"):
            standard(tiers, from_on=day)
    with pytest.raises(NotAfterLast):
        standard(tiers, from_on=date(2027, 1, 1), adopted_on=date(2026, 12, 1))
    second = standard(tiers, from_on=date(2027, 1, 1))
    assert Schedule.objects.in_force(date(2026, 12, 31)) == first
    assert Schedule.objects.in_force(date(2027, 1, 1)) == second
    assert list(first.lines.all())  # the old one stays readable


@pytest.mark.parametrize(("day", "late"), [(date(2025, 12, 31), 0), (date(2026, 1, 1), 1), (DAY, 61)])
def test_disclosure_within_thirty_days_and_late_is_shown(tiers, said, day, late):
    row = standard(tiers)
    disclosed = disclose_schedule(by=OFFICE, on=DAY, schedule=row, disclosed_on=day)
    assert disclosed.days_late == late
    assert ("schedule.disclosed", {"schedule": str(row.ref)}) in said()
    with pytest.raises(DisclosedAlready):
        disclose_schedule(by=OFFICE, on=DAY, schedule=row, disclosed_on=day)


@pytest.mark.parametrize("day", [date(2025, 11, 30), date(2026, 3, 3)])
def test_a_standard_is_not_disclosed_before_it_is_adopted_nor_tomorrow(tiers, day):
    with pytest.raises(NotAfterLast):
        disclose_schedule(by=OFFICE, on=DAY, schedule=standard(tiers), disclosed_on=day)


def test_only_the_office_writes_standards_down(tiers):
    row = standard(tiers)
    for role in ("department", "department_head", "leader", "supervisor", "branch_secretary", "system_admin"):
        with pytest.raises(NotAllowed):
            adopt_schedule(by=actor(role), on=DAY, **{**VOTE, "lines": fees(tiers), "from_on": date(2027, 1, 1)})
        with pytest.raises(NotAllowed):
            disclose_schedule(by=actor(role), on=DAY, schedule=row, disclosed_on=DAY)
    assert Schedule.objects.count() == 1
