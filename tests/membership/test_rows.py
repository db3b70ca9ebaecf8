"""The rows of the systems list that membership covers: M01, M02, M03, M04, A15, W08, one test each."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from xinglin.directory.actions.employments import begin_employment
from xinglin.engines.membership import questions, statuses
from xinglin.engines.membership.accounts import account_of
from xinglin.engines.membership.actions.affiliations import begin_affiliation
from xinglin.engines.membership.actions.choices import make_choice
from xinglin.engines.membership.actions.exits import leave
from xinglin.engines.membership.actions.members import waive_fee
from xinglin.engines.membership.actions.tiers import grant, revoke
from xinglin.engines.membership.certificates import Choice
from xinglin.engines.membership.fees import Charge, FeeLine
from xinglin.engines.membership.groups import groups, hours_given
from xinglin.engines.membership.suggesting import suggestions
from xinglin.engines.worklog.actions.verifying import verify_work
from xinglin.engines.worklog.actions.words import seed_vocabulary
from xinglin.engines.worklog.actions.work import log_work, withdraw_work
from xinglin.engines.worklog.words import Kind
from xinglin.engines.worklog.works import Work

from .conftest import DAY, HOUSE, OFFICE, actor

pytestmark = pytest.mark.django_db
YEAR = (date(2026, 1, 1), date(2027, 1, 1))


@pytest.fixture
def do(sealed):
    """Log and verify a piece of work in which people took part."""
    seed_vocabulary(by=HOUSE, on=DAY, from_on=date(2019, 1, 1))

    def make(organisation, *people, kind="forum", on=DAY, **given):
        entry = log_work(by=HOUSE, on=on, submit=True, work=Work(
            kind=Kind.objects.get(code=kind), title="虚构的活动", happened_on=on, organisation=organisation.ref,
            people=tuple(one.ref for one in people), **given))
        verify_work(by=OFFICE, on=on, entries=[entry])
        sealed()
        return entry

    return make


def test_m01_who_of_a_tier_and_branch_did_nothing_this_year_is_exactly_named(someone, admit, cardiology, surgery, do):
    here, idle, senior, there = (someone(name) for name in ("王一", "王二", "王三", "王四"))
    made = {one: admit(one, tier=tier, branch=branch) for one, tier, branch in (
        (here, "ordinary", cardiology), (idle, "ordinary", cardiology), (senior, "senior", cardiology),
        (there, "ordinary", surgery))}

    def named():
        rows = statuses.with_status(questions.seen_spells(actor=OFFICE, on=DAY), on=DAY)
        rows = questions.of_branches(questions.of_tiers(rows, ["ordinary"], on=DAY), [cardiology.pk], on=DAY)
        return {row.member for row in questions.idle(rows, year=2026)}

    assert named() == {made[here], made[idle]}
    do(cardiology, here)
    assert named() == {made[idle]}


def test_m02_each_new_member_traces_to_the_branch_that_brought_them_in(someone, admit, cardiology, surgery):
    for place, branch in enumerate((cardiology, cardiology, surgery)):
        admit(someone(f"赵{place}"), branch=branch, on=date(2026, 1 + place, 10))
    counted = {one.name: one.brought_in for one in groups(from_on=YEAR[0], until_on=date(2026, 3, 1))}
    assert (counted["心血管内科专业委员会"], counted["外科专业委员会"]) == (2, 0)
    counted = {one.name: one.brought_in for one in groups(from_on=date(2026, 2, 1), until_on=YEAR[1])}
    assert (counted["心血管内科专业委员会"], counted["外科专业委员会"]) == (1, 1)


def test_m03_no_charge_without_a_line_of_the_standard_and_leaving_is_never_blocked(someone, admit):
    assert Charge._meta.get_field("line").related_model is FeeLine and not Charge._meta.get_field("line").null
    wang = someone()
    member = admit(wang)
    late = DAY + timedelta(days=900)  # nothing was ever paid
    assert leave(by=actor(person=wang), on=late, member=member).ended_on == late


def test_m04_rights_used_and_duties_outstanding_follow_the_rule_of_that_day(someone, admit, cardiology, tiers, do):
    wang = someone()
    member = admit(wang, branch=cardiology)
    for code, amount in (("meetings", None), ("vote", None), ("fee", None), ("activity", 2)):
        grant(by=OFFICE, on=DAY, tier=tiers["ordinary"], code=code, from_on=DAY, amount=amount)
    revoke(by=OFFICE, on=DAY, tier=tiers["ordinary"], code="activity", from_on=DAY + timedelta(days=100))
    do(cardiology, wang)
    before, after = (account_of(member, on=DAY + timedelta(days=days)) for days in (50, 100))
    used = {one.word.code: (one.used, one.rests) for one in before.rights}
    assert used == {"meetings": (1, False), "vote": (0, True)}
    assert {one.word.code: one.fulfilled for one in before.duties} == {"fee": False, "activity": False}
    assert {one.word.code for one in after.duties} == {"fee"}
    waive_fee(by=OFFICE, on=DAY, member=member, from_on=DAY, reason="名誉")
    do(cardiology, wang)
    assert {one.word.code: one.fulfilled for one in account_of(member, on=DAY + timedelta(days=50)).duties} == {
        "fee": True, "activity": True}


def test_a15_who_moves_is_offered_the_local_body_of_the_new_place(someone, admit, found, association):
    here = found("宁北医院", region="320102")
    there = found("姑苏医院", region="320508")
    south, east = (found(name, kind="local_body", region=region, parent=association.ref)
                   for name, region in (("南京会员之家", "320100"), ("苏州会员之家", "320500")))
    wang = someone(organisation=here.ref)
    member = admit(wang)
    make_choice(by=actor(person=wang), on=DAY, member=member, what=Choice.What.SUGGESTIONS, allowed=True)
    assert [one.organisation for one in suggestions(member, on=DAY)] == [south]
    begin_affiliation(by=OFFICE, on=DAY, member=member, organisation=south, from_on=DAY)
    begin_employment(by=HOUSE, on=DAY, person=wang.ref, organisation=there.ref, from_on=DAY + timedelta(days=30))
    [offered] = suggestions(member, on=DAY + timedelta(days=40))
    assert offered.organisation == east and "苏州" in offered.reason


def test_w08_each_squad_shows_its_hours_and_an_hour_is_credited_once(someone, admit, found, association, do, sealed):
    first, second = (found(f"志愿服务{name}分队", kind="squad", parent=association.ref) for name in ("一", "二"))
    wang = someone()
    member = admit(wang)
    for squad in (first, second):  # a member of both
        begin_affiliation(by=OFFICE, on=DAY, member=member, organisation=squad, from_on=DAY)
    do(first, wang, hours=Decimal("3.5"), kind="forum")
    gone = do(second, wang, hours=Decimal(2), kind="forum")
    shown = {one.name: (one.hours, one.members) for one in groups(from_on=YEAR[0], until_on=YEAR[1])
             if one.kind == "squad"}
    assert shown == {"志愿服务一分队": (Decimal("3.5"), 1), "志愿服务二分队": (Decimal(2), 1)}
    withdraw_work(by=OFFICE, on=DAY, entry=gone, reason="重复登记")
    sealed()
    assert hours_given(from_on=YEAR[0], until_on=YEAR[1]) == {first.ref: Decimal("3.5")}
