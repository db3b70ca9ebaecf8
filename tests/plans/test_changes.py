"""Changes of a commitment: what was asked stays what it was, what hangs on a deadline moves with it."""

from datetime import date
from decimal import Decimal

import pytest

from tests.plans.conftest import CLERK, DAY, LEADER, OFFICE, VISITS
from xinglin.kernel.actors import Actor
from xinglin.kernel.ledger.models import SealedFact
from xinglin.kernel.policy import NotAllowed
from xinglin.kernel.refs import Ref
from xinglin.plans.actions.assigning import (
    LeadIsPartner,
    NoReason,
    assign_commitment,
    assign_commitments,
    bind_commitment,
    bind_to_evidence,
)
from xinglin.plans.actions.correcting import WrongTarget, add_commitment, edit_commitment, undo_last
from xinglin.plans.actions.documents import adopt_plan
from xinglin.plans.actions.evidence import submit_evidence, verify_evidence
from xinglin.plans.actions.running import ask_change, decide_change
from xinglin.plans.commitments import Commitment
from xinglin.plans.progress import standings

pytestmark = pytest.mark.django_db
LEAD, HELP = "directory.organisation:9", "directory.organisation:10"
# One person with two accounts, each with the right to verify.
FIRST_DOOR = Actor(ref=Ref("directory.account:21"), person=Ref("directory.person:5"), roles=frozenset({"office"}))
SECOND_DOOR = Actor(
    ref=Ref("directory.account:22"), person=Ref("directory.person:5"), roles=frozenset({"office", "leader"})
)


@pytest.fixture
def led(commitment):
    assign_commitment(by=OFFICE, on=DAY, commitment=commitment, lead=LEAD)
    return commitment


@pytest.fixture
def adopted(led, plan):
    adopt_plan(by=OFFICE, on=DAY, plan=plan)
    return Commitment.objects.get(pk=led.pk)


def change(commitment, **given):
    wish = ask_change(by=CLERK, on=DAY, commitment=commitment, reason="汛情", **given)
    decide_change(by=LEADER, on=DAY, wish=wish, approved=True)
    commitment.refresh_from_db()
    return commitment.value_min, commitment.value_max


def facts(kind):
    return [one.body for one in SealedFact.objects.filter(type=kind).order_by("position")]


@pytest.mark.parametrize(
    ("before", "wanted", "after"),
    [
        ((20, None), 15, (15, None)),
        ((None, 5), 4, (None, 4)),
        ((30, 30), 20, (20, 20)),
        ((20, 30), 15, (15, 30)),
        ((20, 30), 40, (40, 40)),
    ],
)
def test_a_changed_figure_stays_a_floor_a_ceiling_or_exact(led, before, wanted, after):
    edit_commitment(by=OFFICE, on=DAY, commitment=led, value_min=before[0], value_max=before[1])
    assert change(led, value_min=Decimal(wanted)) == after


@pytest.mark.parametrize(
    ("given", "field"),
    [({"deadline": date(2026, 7, 3)}, "deadline"), ({"value_min": Decimal(-1)}, "value_min")],
)
def test_what_cannot_be_approved_is_not_asked(plan, led, given, field):
    edit_commitment(by=OFFICE, on=DAY, commitment=led, starts_on=date(2026, 8, 1))
    with pytest.raises(WrongTarget) as refused:
        ask_change(by=CLERK, on=DAY, commitment=led, reason="x", **given)
    assert refused.value.field == field
    assert not led.change_requests.exists()


def test_a_date_has_no_figure_to_change(led):
    edit_commitment(by=OFFICE, on=DAY, commitment=led, kind="date", value_min=None)
    with pytest.raises(WrongTarget):
        ask_change(by=CLERK, on=DAY, commitment=led, reason="x", value_min=Decimal(3))


def test_an_extension_beyond_the_year_can_be_fulfilled(plan, led, visits, sealed):
    bind_commitment(by=OFFICE, on=DAY, commitment=led, term=VISITS)
    visits(20, on=date(2027, 1, 20))
    sealed()
    assert standings(plan=plan, on=date(2027, 2, 1))[0].value == 0
    change(led, deadline=date(2027, 1, 31))
    (one,) = standings(plan=plan, on=date(2027, 2, 1))
    assert (one.value, one.light) == (20, "done")


def test_an_edit_of_the_start_is_counted_and_undone_with_its_span(plan, led, visits, sealed):
    bind_commitment(by=OFFICE, on=DAY, commitment=led, term=VISITS)
    visits(3, on=date(2026, 2, 1))
    sealed()
    assert standings(plan=plan, on=DAY)[0].value == 3
    edit_commitment(by=OFFICE, on=DAY, commitment=led, starts_on=date(2026, 3, 1))
    assert standings(plan=plan, on=DAY)[0].value == 0
    undo_last(by=OFFICE, on=DAY, plan=plan)
    assert standings(plan=plan, on=DAY)[0].value == 3


def test_milestones_and_partners_follow_deadline_and_lead_and_the_fact_says_all(led, sealed):
    steps = [(date(2026, 9, 30), Decimal(50), ""), (date(2026, 12, 1), Decimal(90), "")]
    assign_commitment(by=OFFICE, on=DAY, commitment=led, partners=[HELP], milestones=steps, budget_line="学术费")
    change(led, deadline=date(2026, 10, 31), lead=HELP)
    assert (led.lead, led.partners.count(), led.milestones.get().share) == (HELP, 0, 50)
    sealed()
    said = facts("plans.commitment.assigned")[-1]
    assert (said["lead"], said["partners"], said["milestones"]) == (HELP, [], ["2026-09-30_50"])
    assert (said["deadline"], said["weight"]) == ("2026-10-31", "1")
    assert facts("plans.change.decided")[-1]["lead"] == HELP
    assert not any("学术费" in one.content for one in SealedFact.objects.all())


@pytest.mark.parametrize("many", [False, True])
def test_a_partner_never_becomes_the_lead_by_any_form(led, many):
    assign_commitment(by=OFFICE, on=DAY, commitment=led, partners=[HELP])
    with pytest.raises(LeadIsPartner) as refused:
        if many:
            assign_commitments(by=OFFICE, on=DAY, commitments=[led], lead=HELP)
        else:
            assign_commitment(by=OFFICE, on=DAY, commitment=led, lead=HELP, problem="x")
    assert refused.value.field == "lead"
    assert Commitment.objects.get(pk=led.pk).lead == LEAD


@pytest.mark.parametrize("given", [{"weight": Decimal(3)}, {"milestones": [(date(2026, 12, 1), Decimal(100), "")]}])
def test_weight_and_milestones_of_a_running_plan_change_with_a_reason(adopted, given, sealed):
    with pytest.raises(NoReason) as refused:
        assign_commitment(by=OFFICE, on=DAY, commitment=adopted, **given)
    assert (refused.value.field, refused.value.regulation) == ("why", "W4")
    assert (Commitment.objects.get(pk=adopted.pk).weight, adopted.milestones.count()) == (1, 0)
    assign_commitment(by=OFFICE, on=DAY, commitment=adopted, why="理事会调整", **given)
    assign_commitment(by=OFFICE, on=DAY, commitment=adopted, **given)  # what stands already needs no reason
    sealed()
    assert len(facts("plans.commitment.assigned")) == 3


def test_what_is_added_to_a_running_plan_starts_on_that_day(adopted, plan):
    plan.refresh_from_db()
    given = {"by": OFFICE, "plan": plan, "text": "承办交办调研", "entrusted_by": "省卫生健康委", "kind": "date"}
    one = add_commitment(on=DAY, **given)
    bind_to_evidence(by=OFFICE, on=DAY, commitment=one)
    assert one.starts_on == DAY
    assert add_commitment(on=DAY, starts_on=date(2026, 6, 1), **given).starts_on == date(2026, 6, 1)
    assert add_commitment(on=date(2027, 1, 5), **given).starts_on == date(2026, 12, 31)


def test_a_second_account_is_no_second_person(led):
    bind_to_evidence(by=OFFICE, on=DAY, commitment=led)
    evidence = submit_evidence(by=FIRST_DOOR, on=DAY, commitment=led, words="x")
    with pytest.raises(NotAllowed):
        verify_evidence(by=SECOND_DOOR, on=DAY, evidence=evidence)
    wish = ask_change(by=FIRST_DOOR, on=DAY, commitment=led, value_min=Decimal(9), reason="x")
    with pytest.raises(NotAllowed):
        decide_change(by=SECOND_DOOR, on=DAY, wish=wish, approved=True)
