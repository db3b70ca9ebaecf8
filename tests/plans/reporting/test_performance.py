"""Scores by regulation W5 with exact points, and the quality factor that the office gives."""

from datetime import date
from decimal import Decimal

import pytest

from tests.plans.conftest import CLERK, LEADER, OFFICE, STRANGER
from xinglin.kernel.actors import Actor
from xinglin.kernel.ledger.models import UnsealedFact
from xinglin.kernel.policy import NotAllowed
from xinglin.kernel.refs import Ref
from xinglin.plans.actions.reporting import NoWords, OutOfRange, set_quality
from xinglin.plans.appraisal import Quality
from xinglin.plans.progress import standings
from xinglin.plans.reporting.scoring import Account, Rules, graded, late_days, performance

from .conftest import CHAPTER

pytestmark = pytest.mark.django_db
END = date(2026, 12, 31)
ACADEMIC, MEMBERS = "directory.organisation:9", "directory.organisation:10"
BOSS = "directory.person:7"


def scores(plan, on=END):
    return {one.standing.commitment.text: one for account in performance(plan=plan, on=on).departments
            for one in account.scores}


@pytest.fixture
def led(promise, term, worked, sealed):
    """Two units: one over its target, one late."""
    counted = {"kind": "count", "unit": "场", "leader": BOSS, **CHAPTER}
    rows = {
        "over": promise("举办学术会议 10 场", object="学术会议", value_min=10, term=term("academic_meeting"), weight=3,
                        lead=ACADEMIC, **counted),
        "late": promise("举办论坛 2 场", object="论坛", value_min=2, term=term("forum"), lead=MEMBERS, weight=2,
                        deadline=date(2026, 6, 30), **counted),
        "strive": promise("力争义诊 20 场", object="义诊", value_min=20, modality="strive", term=term("free_clinic"),
                          lead=MEMBERS, **counted),
        "words": promise("弘扬职业精神", kind="words", lead=MEMBERS),
    }
    for month in range(1, 13):
        worked("academic_meeting", date(2026, month, 5))
    worked("forum", date(2026, 5, 1))
    worked("forum", date(2026, 7, 25))  # 25 days late
    sealed()
    return rows


def test_points_are_weight_times_ratio_times_timeliness_times_quality(plan, led):
    found = scores(plan)
    over = found["举办学术会议 10 场"]  # 12 meetings and 2 forums of 10: capped at 1.2
    assert (over.ratio, over.timeliness, over.quality, over.points) == (Decimal("1.2"), 1, 1, Decimal("3.600"))
    late = found["举办论坛 2 场"]  # 25 days: two full steps of ten days, 2 % each
    assert (late.late_days, late.timeliness, late.points) == (25, Decimal("0.96"), Decimal("1.920"))
    assert (found["力争义诊 20 场"].left_out, found["力争义诊 20 场"].points) == ("strive", 0)
    assert found["弘扬职业精神"].left_out == "unmeasured"


def test_a_unit_gets_its_points_for_the_weight_that_counts(plan, led):
    told = performance(plan=plan, on=END)
    assert [(one.ref, one.points, one.weight, one.mark, one.counted) for one in told.departments] == [
        (ACADEMIC, Decimal("3.600"), 3, Decimal("120.0"), 1), (MEMBERS, Decimal("1.920"), 2, Decimal("96.0"), 1)]
    (boss,) = told.leaders
    assert (boss.points, boss.weight, boss.mark) == (Decimal("5.520"), 5, Decimal("110.4"))
    assert sum((one.points for account in told.departments for one in account.scores), Decimal(0)) == boss.points
    # A fifth of two units is none.
    assert (told.most_a, [one.grade for one in told.departments]) == (0, ["B", "B"])


def test_what_is_overdue_and_not_reached_falls_to_the_floor(plan, promise, term, worked, sealed):
    promise("举办论坛 4 场", object="论坛", kind="count", unit="场", value_min=4, term=term("forum"), lead=ACADEMIC,
            deadline=date(2026, 3, 31), **CHAPTER)
    worked("forum", date(2026, 3, 1))
    sealed()
    (one,) = scores(plan).values()
    assert (one.late_days, one.timeliness, one.ratio) == (275, Decimal("0.8"), Decimal("0.25"))
    assert one.points == Decimal("0.200")


def test_the_day_of_reaching_is_looked_for_only_where_months_do_not_tell(
    plan, promise, term, worked, sealed, django_assert_num_queries
):
    days = {"january": date(2026, 1, 31), "inside": date(2026, 3, 10), "late": date(2026, 3, 20),
            "later": date(2026, 5, 2)}
    kinds = dict(zip(days, ("forum", "teacher_training", "free_clinic", "science_event"), strict=True))
    for name, day in days.items():
        promise(name, kind="count", unit="场", value_min=2, term=term(kinds[name]), lead=ACADEMIC,
                deadline=date(2026, 3, 15))
        worked(kinds[name], date(2026, 1, 2))
        worked(kinds[name], day)
    sealed()
    rows = {one.commitment.text: one for one in standings(plan=plan, on=END)}
    assert {name: late_days(standing=one, on=END) for name, one in rows.items()} == {
        "january": 0, "inside": 0, "late": 5, "later": 48}
    with django_assert_num_queries(0):
        late_days(standing=rows["january"], on=END)


def test_a_single_deed_before_its_day_is_not_scored(plan, promise):
    promise("完成改版", kind="date", deadline=date(2026, 9, 30), evidence=True, lead=ACADEMIC)
    assert scores(plan, on=date(2026, 9, 30))["完成改版"].left_out == "not_due"
    assert scores(plan, on=date(2026, 10, 1))["完成改版"].left_out == ""


def test_quality_enters_the_score_and_is_a_fact(plan, led, sealed):
    set_quality(by=OFFICE, on=END, commitment=led["late"], factor=Decimal("0.9"), reason="会议材料未归档")
    assert scores(plan)["举办论坛 2 场"].points == Decimal("1.728")
    assert '"type":"plans.quality.set"' in UnsealedFact.objects.get().content
    assert "会议材料" not in UnsealedFact.objects.get().content  # the reason stays outside the chain
    set_quality(by=LEADER, on=END, commitment=led["late"], factor=Decimal(1), reason="")
    assert Quality.objects.get().factor == 1


def test_a_factor_outside_the_range_or_without_reason_is_refused(plan, led):
    with pytest.raises(OutOfRange):
        set_quality(by=OFFICE, on=END, commitment=led["late"], factor=Decimal("1.3"), reason="好")
    with pytest.raises(NoWords):
        set_quality(by=OFFICE, on=END, commitment=led["late"], factor=Decimal("1.1"), reason=" ")
    assert not Quality.objects.exists()


def test_nobody_sets_the_factor_of_their_own_unit(plan, led):
    own = Actor(ref=Ref("directory.account:8"), roles=frozenset({"office", "department"}),
                scope={"department": frozenset({MEMBERS})})
    for who in (own, CLERK, STRANGER):
        with pytest.raises(NotAllowed):
            set_quality(by=who, on=END, commitment=led["late"], factor=Decimal("1.1"), reason="好")


def account(mark):
    return Account(ref=f"x.y:{mark}", label=str(mark), scores=(), points=Decimal(0), weight=Decimal(1),
                   mark=None if mark is None else Decimal(mark), grade="")


@pytest.mark.parametrize(
    ("marks", "most", "grades"),
    [
        ((120, 100, 95, 80, 60), 1, "A B B B C"),
        ((100, 100, 95, 80, 60), 1, "B B B B C"),  # a tie at the edge: no more than a fifth
        ((100, 100, 95, 94, 93, 80, 70, 60, 50, 40), 2, "A A B B B B C C C C"),
        ((89, 80, 70, 60, 50), 1, "B B C C C"),  # an A needs its least score
        ((95, None), 1, "A "),
    ],
)
def test_at_most_a_fifth_of_the_units_get_an_a(marks, most, grades):
    rows = graded(accounts=[account(one) for one in marks], most_a=most, rules=Rules.on(END))
    assert " ".join(one.grade for one in rows) == grades


def test_what_is_due_on_the_last_day_is_scored_once_the_year_is_over(plan, promise):
    promise("完成改版", kind="date", deadline=END, evidence=True, lead=ACADEMIC)
    assert scores(plan, on=END)["完成改版"].left_out == "not_due"
    for day in (date(2027, 1, 1), date(2027, 6, 1)):  # once nothing can count any more, a score no longer moves
        one = scores(plan, on=day)["完成改版"]
        assert (one.left_out, one.late_days, one.points) == ("", 1, 0)


def test_a_ceiling_earns_its_points_at_the_end_and_loses_them_when_it_is_passed(plan, promise, term, worked, sealed):
    promise("召开会议不超过 2 场", object="学术会议", kind="count", unit="场", value_max=2, lead=ACADEMIC,
            term=term("academic_meeting"), **CHAPTER)
    worked("academic_meeting", date(2026, 1, 20))
    sealed()
    assert scores(plan, on=date(2026, 2, 1))["召开会议不超过 2 场"].left_out == "not_due"
    assert scores(plan, on=date(2027, 1, 1))["召开会议不超过 2 场"].points == 1
    for day in (5, 6):
        worked("academic_meeting", date(2026, 2, day))
    sealed()
    one = scores(plan, on=date(2026, 2, 10))["召开会议不超过 2 场"]
    assert (one.left_out, one.standing.reason, one.points) == ("", "exceeded", 0)
