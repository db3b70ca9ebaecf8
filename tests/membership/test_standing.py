"""The port `Standings`: who is in good standing on a day, and the frozen roll of those who have a right."""

from datetime import timedelta

import pytest

from xinglin.engines.membership.actions import affiliations, exits
from xinglin.engines.membership.actions.members import waive_fee
from xinglin.engines.membership.actions.tiers import grant
from xinglin.engines.membership.standing import KeptStandings
from xinglin.kernel.ports import ask
from xinglin.kernel.ports.conformance import STRANGER, check
from xinglin.kernel.ports.standing import Standings
from xinglin.kernel.refs import Code

from .conftest import DAY, OFFICE, actor

pytestmark = pytest.mark.django_db


@pytest.fixture
def house_of_four(someone, admit, tiers, found, cardiology):
    """A member who paid nothing yet, one waived, one who left, and a hospital."""
    for tier in ("ordinary", "unit"):
        grant(by=OFFICE, on=DAY, tier=tiers[tier], code="vote", from_on=DAY)
    grant(by=OFFICE, on=DAY, tier=tiers["ordinary"], code="journal", from_on=DAY)
    new, waived, gone, unit = someone("王小明"), someone("李小红"), someone("赵一"), found("江海省第一医院")
    made = [admit(new, branch=cardiology), admit(waived), admit(gone), admit(unit, tier="unit")]
    for member in (made[1], made[3]):
        waive_fee(by=OFFICE, on=DAY, member=member, from_on=DAY, reason="名誉")
    exits.leave(by=actor(person=gone), on=DAY + timedelta(days=1), member=made[2])
    return new.ref, waived.ref, gone.ref, unit.ref


def test_the_port_is_answered_as_promised(house_of_four):
    later = DAY + timedelta(days=5)
    assert isinstance(ask(Standings), KeptStandings)
    for known in house_of_four:
        check(Standings, KeptStandings(), known=known, on=later)


def test_a_roll_holds_those_who_have_the_right_that_day_and_no_others(house_of_four):
    new, waived, gone, unit = house_of_four
    later = DAY + timedelta(days=5)
    answer = KeptStandings()
    assert answer.roll(rule=Code("vote"), on=later).members == (waived, unit)
    assert answer.roll(rule=Code("journal"), on=later).members == (new, waived)  # needs no paid fee
    assert answer.roll(rule=Code("vote"), on=DAY - timedelta(days=1)).members == ()
    before, after = (answer.roll(rule=Code("journal"), on=day) for day in (DAY, later))
    assert gone in before.members and before.digest != after.digest
    assert answer.of(members=[STRANGER], on=later)[STRANGER].reason


def test_a_standing_says_tier_and_reason(house_of_four, someone):
    new, waived, gone, _unit = house_of_four
    found = KeptStandings().of(members=[new, waived, gone], on=DAY + timedelta(days=40))
    assert [(one.good, one.category) for one in found.values()] == [
        (False, "ordinary"), (True, "ordinary"), (False, "ordinary")]
    assert "首年会费" in str(found[new].reason) and "2026-03-03" in str(found[gone].reason)


def test_a_member_leaves_a_branch_alone_and_nobody_does_it_for_them(someone, admit, cardiology):
    wang = someone()
    member = admit(wang, branch=cardiology)
    later = DAY + timedelta(days=3)
    with pytest.raises(affiliations.TooSoon):
        affiliations.end_affiliation(by=OFFICE, on=DAY, member=member, organisation=cardiology, until_on=DAY)
    affiliations.end_affiliation(by=actor("supervisor", person=wang), on=later, member=member,
                                 organisation=cardiology, until_on=later)
    with pytest.raises(affiliations.BelongsNot):
        affiliations.end_affiliation(by=OFFICE, on=later, member=member, organisation=cardiology, until_on=later)


def test_many_are_asked_about_in_as_few_queries_as_one(house_of_four, someone, admit, django_assert_max_num_queries):
    more = [admit(someone(f"会员{number}")).person.ref for number in range(6)]
    later = DAY + timedelta(days=5)
    with django_assert_max_num_queries(8):
        assert len(KeptStandings().of(members=[*house_of_four, *more], on=later)) == 10
