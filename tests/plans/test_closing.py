"""A closed year stays as it was closed: no fact, no day and no decision moves it."""

from datetime import date
from decimal import Decimal

import pytest

from tests.plans.conftest import CLERK, DAY, LEADER, OFFICE, VISITS
from xinglin.kernel.ledger.checkpoints import make_checkpoint
from xinglin.kernel.ledger.models import Checkpoint, SealedFact
from xinglin.kernel.policy import NotAllowed
from xinglin.plans.actions.assigning import assign_commitment, bind_commitment
from xinglin.plans.actions.documents import NotAdopted, adopt_plan, close_plan
from xinglin.plans.actions.evidence import submit_evidence, verify_evidence
from xinglin.plans.actions.running import ask_change, decide_change
from xinglin.plans.documents import Plan
from xinglin.plans.measures import Measure
from xinglin.plans.measuring import advance
from xinglin.plans.overview import overview
from xinglin.plans.progress import standings
from xinglin.plans.reporting.composing import compose
from xinglin.plans.reporting.scoring import performance
from xinglin.plans.reporting.standing import seal_of, standings_at
from xinglin.plans.web.binding import figure_of
from xinglin.plans.web.commitment import newest_of

pytestmark = pytest.mark.django_db
END = date(2026, 12, 31)
LATER = date(2027, 5, 1)
LEAD = "directory.organisation:9"


@pytest.fixture
def running(plan, commitment, visits, sealed):
    """A plan that is adopted, with 19 of 20 visits made."""
    assign_commitment(by=OFFICE, on=DAY, commitment=commitment, lead=LEAD)
    bind_commitment(by=OFFICE, on=DAY, commitment=commitment, term=VISITS)
    adopt_plan(by=OFFICE, on=DAY, plan=plan)
    visits(19)
    sealed()
    return plan


def told(plan, on):
    (one,) = standings(plan=Plan.objects.get(pk=plan.pk), on=on)
    return one.value, one.light, one.reason


def test_late_facts_and_later_days_move_nothing(running, visits, sealed):
    assert told(running, END) == (19, "ok", "on_pace")
    close_plan(by=OFFICE, on=END, plan=running)
    visits(3, on=date(2026, 12, 30))
    sealed()
    assert told(running, LATER) == (19, "bad", "overdue")
    found = performance(plan=Plan.objects.get(pk=running.pk), on=LATER).departments[0].scores[0]
    assert (found.ratio, found.late_days) == (Decimal("0.95"), 1)
    assert overview(plan=Plan.objects.get(pk=running.pk), on=LATER).reds[0].overdue_days == 1
    assert SealedFact.objects.filter(type="plans.plan.closed").get().body["missed"] == 1


def test_the_summary_of_a_closed_year_rests_on_the_checkpoint_before(running, visits, sealed):
    before = make_checkpoint()
    close_plan(by=OFFICE, on=END, plan=running)
    visits(3, on=date(2026, 12, 30))
    sealed()
    make_checkpoint()
    report = compose(plan=Plan.objects.get(pk=running.pk), on=END)
    assert (report.seal.size, report.rows[0].standing.value) == (before.size, 19)


def test_the_pages_of_a_closed_year_show_no_later_facts(running, visits, sealed):
    visits(1, on=date(2026, 12, 29))
    sealed()
    close_plan(by=OFFICE, on=END, plan=running)
    visits(3, on=date(2026, 12, 30))
    sealed()
    measure = Measure.objects.select_related("commitment__plan").get()
    (standing,) = standings(plan=Plan.objects.get(pk=running.pk), on=LATER)
    assert (standing.value, figure_of(measure)) == (20, 20)
    assert {row.happened_on for row, *_said in newest_of(standing)} == {DAY, date(2026, 12, 29)}


def test_who_read_the_plan_before_it_closed_moves_nothing(running, visits, sealed):
    stale = Plan.objects.get(pk=running.pk)
    close_plan(by=OFFICE, on=END, plan=running)
    visits(3, on=date(2026, 12, 30))
    sealed()
    advance(plan=stale)
    assert told(running, LATER)[0] == 19
    with pytest.raises(NotAdopted):
        close_plan(by=OFFICE, on=END, plan=stale)


def test_closing_signs_the_checkpoint_its_papers_rest_on(running, visits, sealed):
    close_plan(by=OFFICE, on=END, plan=running)
    size = Checkpoint.objects.get().size
    visits(3, on=date(2026, 12, 30))
    sealed()
    make_checkpoint()
    visits(1, on=date(2026, 12, 30))
    seal = compose(plan=Plan.objects.get(pk=running.pk), on=END).seal
    assert (seal.size, seal.waiting) == (size, 0)


def test_facts_outside_the_measures_days_are_not_waited_for(running, visits, sealed):
    make_checkpoint()
    visits(2, on=LATER)
    sealed()
    visits(3, on=LATER)
    assert seal_of(plan=running).waiting == 0
    visits(1, on=END)
    assert seal_of(plan=running).waiting == 1


def test_on_its_last_day_a_paper_judges_the_year_as_over(running):
    size = SealedFact.objects.count()
    (day_before,) = standings_at(plan=running, on=date(2026, 12, 30), size=size)
    (last,) = standings_at(plan=running, on=END, size=size)
    assert (day_before.reason, last.reason, last.light) == ("on_pace", "overdue", "bad")


def test_nothing_is_decided_any_more(running, commitment):
    evidence = submit_evidence(by=CLERK, on=DAY, commitment=commitment, words="x")
    wish = ask_change(by=CLERK, on=DAY, commitment=commitment, value_min=Decimal(10), reason="x")
    close_plan(by=OFFICE, on=END, plan=running)
    evidence.refresh_from_db()
    wish.refresh_from_db()
    with pytest.raises(NotAllowed):
        verify_evidence(by=OFFICE, on=END, evidence=evidence)
    with pytest.raises(NotAllowed):
        decide_change(by=LEADER, on=END, wish=wish, approved=True)
    commitment.refresh_from_db()
    assert commitment.value_min == 20
