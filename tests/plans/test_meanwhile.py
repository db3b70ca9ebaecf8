"""Two people at one card: the second is told, and undoing takes back one's own step."""

from datetime import date
from decimal import Decimal

import pytest

from tests.plans.conftest import DAY, OFFICE, VISITS
from xinglin.kernel.actors import Actor
from xinglin.kernel.policy import NotAllowed
from xinglin.kernel.refs import Ref
from xinglin.plans.actions.assigning import NoReason, assign_commitment, bind_commitment
from xinglin.plans.actions.correcting import (
    BuiltUpon,
    accept_commitments,
    correct_commitment,
    discard_commitments,
    edit_commitment,
    undo_last,
)
from xinglin.plans.actions.documents import adopt_plan
from xinglin.plans.actions.meanwhile import ChangedMeanwhile
from xinglin.plans.commitments import Commitment

pytestmark = pytest.mark.django_db
SECOND = Actor(ref=Ref("directory.account:7"), name="邵明砚", roles=frozenset({"office"}))


def fresh(commitment):
    return Commitment.objects.get(pk=commitment.pk)


def test_the_second_of_two_editors_is_told_and_nothing_is_overwritten(commitment):
    seen = fresh(commitment).stamp
    mine, theirs = fresh(commitment), fresh(commitment)
    edit_commitment(by=OFFICE, on=DAY, commitment=mine, seen=seen, text="走访会员单位 25 次", value_min=Decimal(25))
    with pytest.raises(ChangedMeanwhile) as told:
        edit_commitment(by=SECOND, on=DAY, commitment=theirs, seen=seen, text="走访医院 20 次")
    assert "走访会员单位 25 次" in str(told.value)
    assert (fresh(commitment).text, fresh(commitment).value_min) == ("走访会员单位 25 次", 25)


def test_a_stale_row_without_a_stamp_still_keeps_what_others_saved(commitment):
    stale = fresh(commitment)
    assign_commitment(by=OFFICE, on=DAY, commitment=fresh(commitment), lead="directory.organisation:9")
    edit_commitment(by=SECOND, on=DAY, commitment=stale, text="走访")
    assert fresh(commitment).lead == "directory.organisation:9"


def test_undoing_an_edit_keeps_the_lead_that_was_named_since(commitment):
    edit_commitment(by=OFFICE, on=DAY, commitment=fresh(commitment), text="走访")
    assign_commitment(by=OFFICE, on=DAY, commitment=fresh(commitment), lead="directory.organisation:9")
    assert undo_last(by=OFFICE, on=DAY, plan=commitment.plan) == "edit"
    assert (fresh(commitment).text, fresh(commitment).lead) == ("走访会员单位 20 次", "directory.organisation:9")


def test_a_named_step_is_undone_unless_another_built_upon_it(plan, commitment):
    discard_commitments(by=OFFICE, on=DAY, commitments=[fresh(commitment)])
    first = plan.changes.first()
    accept_commitments(by=SECOND, on=DAY, commitments=[fresh(commitment)])
    with pytest.raises(BuiltUpon):
        undo_last(by=OFFICE, on=DAY, plan=plan, change=first)
    assert fresh(commitment).state == "accepted"


def test_after_adoption_undoing_does_not_go_around_the_leader(plan, commitment):
    edit_commitment(by=OFFICE, on=DAY, commitment=fresh(commitment), text="走访")
    adopt_plan(by=OFFICE, on=DAY, plan=plan)
    with pytest.raises(NotAllowed):
        undo_last(by=OFFICE, on=DAY, plan=plan)


def test_a_card_saves_wording_and_lead_as_one_step(plan, commitment):
    steps = plan.changes.count()
    correct_commitment(
        by=OFFICE, on=DAY, commitment=fresh(commitment), correction={"text": "走访"},
        assignment={"lead": "directory.organisation:9", "partners": ["directory.organisation:4"]},
    )
    assert (fresh(commitment).lead, [one.unit for one in fresh(commitment).partners.all()]) == (
        "directory.organisation:9", ["directory.organisation:4"])
    assert plan.changes.count() == steps + 1


def test_a_measure_of_an_adopted_plan_changes_only_with_a_reason(plan, commitment):
    bind_commitment(by=OFFICE, on=DAY, commitment=commitment, term=VISITS)
    adopt_plan(by=OFFICE, on=date(2026, 7, 3), plan=plan)
    one = fresh(commitment)
    with pytest.raises(NoReason):
        bind_commitment(by=OFFICE, on=DAY, commitment=one, term=VISITS, how="met")
    assert bind_commitment(by=OFFICE, on=DAY, commitment=one, term=VISITS, how="met", why="口径有误").how == "met"


STEPS = [(date(2026, 3, 31), Decimal(25), "一季度"), (date(2026, 9, 30), Decimal(75), "三季度")]


def steps(commitment):
    return [(one.due_on, one.share, one.title) for one in fresh(commitment).milestones.all()]


def test_undoing_a_shorter_deadline_brings_back_the_milestones_it_took(commitment):
    assign_commitment(by=OFFICE, on=DAY, commitment=fresh(commitment), milestones=STEPS)
    edit_commitment(by=OFFICE, on=DAY, commitment=fresh(commitment), deadline=date(2026, 6, 30))
    assert steps(commitment) == STEPS[:1]
    undo_last(by=OFFICE, on=DAY, plan=commitment.plan)
    assert steps(commitment) == STEPS


def test_undoing_keeps_milestones_that_were_set_since(commitment):
    assign_commitment(by=OFFICE, on=DAY, commitment=fresh(commitment), milestones=STEPS)
    edit_commitment(by=OFFICE, on=DAY, commitment=fresh(commitment), deadline=date(2026, 6, 30))
    since = [(date(2026, 5, 31), Decimal(100), "五月")]
    assign_commitment(by=OFFICE, on=DAY, commitment=fresh(commitment), milestones=since)
    undo_last(by=OFFICE, on=DAY, plan=commitment.plan)
    assert steps(commitment) == since
