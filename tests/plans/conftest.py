"""People, a plan and a countable fact for the tests of plans."""

from datetime import date
from decimal import Decimal

import pytest

from tests.kernel.conftest import make_visit
from xinglin.kernel.actors import Actor, house
from xinglin.kernel.refs import Ref
from xinglin.kernel.vocabulary import Term
from xinglin.plans.actions.correcting import add_commitment
from xinglin.plans.documents import Plan

HOUSE = house("test")
OFFICE = Actor(ref=Ref("directory.account:1"), name="闻溪", roles=frozenset({"office"}))
LEADER = Actor(ref=Ref("directory.account:2"), name="顾临川", roles=frozenset({"leader"}))
CLERK = Actor(
    ref=Ref("directory.account:3"),
    person=Ref("directory.person:3"),
    name="尹疏桐",
    roles=frozenset({"department"}),
    scope={"department": frozenset({"directory.organisation:9"})},
)
STRANGER = Actor(ref=Ref("directory.account:4"), name="裴若川", roles=frozenset({"member"}))
DAY = date(2026, 7, 2)
VISITS = Term(
    fact="trial.visit.made", measure="count", nouns=("走访",), units=("次",), zh="走访已完成", en="Visit made"
)


@pytest.fixture
def plan(db):
    from xinglin.kernel.acts import act, state
    from xinglin.plans.facts import PlanRead

    @act
    def open_plan(*, by, on):
        plan = Plan.objects.create(year=2026, title="江海省医师协会（演示）2026 年工作要点", created_on=on)
        state(PlanRead(plan=Ref(f"plans.plan:{plan.pk}"), year=2026, draft=0, commitments=0))
        return plan

    return open_plan(by=HOUSE, on=date(2026, 1, 5))


@pytest.fixture
def commitment(plan):
    return add_commitment(
        by=OFFICE,
        on=date(2026, 1, 6),
        plan=plan,
        text="走访会员单位 20 次",
        object="走访",
        kind="count",
        value_min=Decimal(20),
        unit="次",
        chapter="三",
        chapter_order=3,
    )


@pytest.fixture
def visits():
    """Return a function that makes n visits on a day."""

    def make(n, on=DAY, **given):
        return [make_visit(by=HOUSE, on=on, **given) for _ in range(n)]

    return make
