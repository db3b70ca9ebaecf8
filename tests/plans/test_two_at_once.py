"""Two people decide on one thing in the same moment: one is done, the other is told, on PostgreSQL."""

import time
from datetime import date
from decimal import Decimal

import pytest

from tests.kernel.test_concurrency import at_once
from tests.plans.conftest import DAY, HOUSE, LEADER, OFFICE, VISITS
from xinglin.kernel.ledger.models import SealedFact
from xinglin.plans import measuring
from xinglin.plans.actions import assigning
from xinglin.plans.actions.assigning import bind_commitment, bind_to_evidence
from xinglin.plans.actions.documents import NotAdopted, adopt_plan, close_plan
from xinglin.plans.actions.evidence import DecidedBefore, submit_evidence, verify_evidence
from xinglin.plans.actions.running import DecidedAlready, NothingBehind, ask_change, decide_change, send_supervision
from xinglin.plans.documents import Plan
from xinglin.plans.measures import Tally
from xinglin.plans.measuring import advance
from xinglin.plans.progress import standings
from xinglin.plans.running import Supervision

pytestmark = [
    pytest.mark.postgres,
    pytest.mark.django_db(transaction=True),
]


def test_evidence_verified_by_two_at_once_counts_once(plan, commitment, sealed):
    bind_to_evidence(by=OFFICE, on=DAY, commitment=commitment)
    evidence = submit_evidence(by=HOUSE, on=DAY, commitment=commitment, words="x", amount=Decimal(4))
    answers = at_once(*[lambda who=who: verify_evidence(by=who, on=DAY, evidence=evidence) for who in (OFFICE, LEADER)])
    assert sorted(isinstance(one, DecidedBefore) for one in answers) == [False, True]
    sealed()
    assert SealedFact.objects.filter(type="plans.evidence.verified").count() == 1


def test_a_change_decided_by_two_at_once_is_decided_once(plan, commitment, sealed):
    wish = ask_change(by=OFFICE, on=DAY, commitment=commitment, value_min=Decimal(9), reason="x")
    answers = at_once(
        lambda: decide_change(by=LEADER, on=DAY, wish=wish, approved=True),
        lambda: decide_change(by=HOUSE, on=DAY, wish=wish, approved=False, decision="不同意"),
    )
    assert sorted(isinstance(one, DecidedAlready) for one in answers) == [False, True]
    sealed()
    assert SealedFact.objects.filter(type="plans.change.decided").count() == 1


def test_notices_sent_by_two_at_once_go_out_once(plan, commitment):
    bind_commitment(by=OFFICE, on=DAY, commitment=commitment, term=VISITS)
    given = {"plan": plan, "quarter": date(2026, 4, 1), "standings": standings(plan=plan, on=date(2026, 12, 30))}
    answers = at_once(*[lambda who=who: send_supervision(by=who, on=DAY, **given) for who in (OFFICE, HOUSE)])
    assert sorted(isinstance(one, NothingBehind) for one in answers) == [False, True]
    assert Supervision.objects.count() == 1


def test_a_plan_closed_by_two_at_once_is_closed_once(plan, commitment, sealed):
    adopt_plan(by=OFFICE, on=DAY, plan=plan)
    pages = [Plan.objects.get(pk=plan.pk) for _ in range(2)]
    answers = at_once(*[lambda page=page: close_plan(by=OFFICE, on=DAY, plan=page) for page in pages])
    assert sorted(isinstance(one, NotAdopted) for one in answers) == [False, True]
    sealed()
    assert SealedFact.objects.filter(type="plans.plan.closed").count() == 1


def test_two_pages_opened_at_once_count_each_fact_once(plan, commitment, visits, sealed):
    bind_commitment(by=OFFICE, on=DAY, commitment=commitment, term=VISITS)
    visits(30)
    sealed()
    at_once(*[lambda: advance(plan=plan) for _ in range(4)])
    assert sum(one.value for one in Tally.objects.all()) == 30


def test_a_measure_changed_while_facts_are_read_stops_neither(plan, commitment, visits, sealed, monkeypatch):
    bind_commitment(by=OFFICE, on=DAY, commitment=commitment, term=VISITS)
    visits(3)
    sealed()
    advance(plan=plan)
    visits(2)
    sealed()
    slowed(monkeypatch, assigning, "build")  # the old measure is gone, the new one is not counted yet
    slowed(monkeypatch, measuring, "_read_on")  # the tallies are held and not written yet
    again = {"by": OFFICE, "on": DAY, "commitment": commitment, "term": VISITS}
    answers = at_once(lambda: bind_commitment(**again), lambda: advance(plan=plan))
    assert [one for one in answers if isinstance(one, Exception)] == []
    assert sum(one.value for one in Tally.objects.all()) == 5


def slowed(monkeypatch, module, name):
    """Let one function of a module begin late, so that the other side is inside its transaction by then."""
    real = getattr(module, name)
    monkeypatch.setattr(module, name, lambda *args, **given: time.sleep(0.5) or real(*args, **given))
