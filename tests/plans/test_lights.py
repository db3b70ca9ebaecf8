"""The light of a commitment follows regulation W3, and a strive target is never a miss."""

from datetime import date
from decimal import Decimal

import pytest

from tests.plans.conftest import DAY, OFFICE, VISITS
from xinglin.plans.actions.assigning import bind_commitment, bind_to_evidence
from xinglin.plans.actions.correcting import add_commitment, edit_commitment
from xinglin.plans.commitments import Commitment, Milestone
from xinglin.plans.overview import overview
from xinglin.plans.progress import Rules, done_share, light_of, planned_share, share

pytestmark = pytest.mark.django_db


def promise(**given):
    return Commitment(
        **{
            "value_min": Decimal(100),
            "kind": "count",
            "starts_on": date(2026, 1, 1),
            "deadline": date(2026, 12, 31),
            **given,
        }
    )


def planned(commitment, on, table=()):
    return planned_share(commitment=commitment, milestones=table, on=on, rules=Rules.on(on))


def light(actual, planned, on=date(2026, 6, 1), bound=True, **given):
    return light_of(
        commitment=promise(**given),
        actual=Decimal(actual),
        planned=Decimal(planned),
        on=on,
        rules=Rules.on(on),
        bound=bound,
    )


@pytest.mark.parametrize(
    ("actual", "planned", "expected"),
    [
        (100, 50, ("done", "reached")),
        (45, 50, ("ok", "on_pace")),
        ("44.9", 50, ("warn", "behind")),
        (35, 50, ("warn", "behind")),
        ("34.9", 50, ("bad", "behind")),
        (0, 0, ("ok", "on_pace")),
    ],
)
def test_pace_decides_the_light_at_its_exact_edges(actual, planned, expected):
    assert light(actual, planned) == expected


def test_near_the_deadline_less_than_eighty_percent_is_yellow():
    assert light(79, 85, on=date(2026, 12, 5)) == ("warn", "due_soon")
    assert light(80, 85, on=date(2026, 12, 5)) == ("ok", "on_pace")


def test_overdue_is_red_but_a_strive_target_is_yellow():
    after = date(2027, 1, 1)
    assert light(99, 100, on=after) == ("bad", "overdue")
    assert light(99, 100, on=after, modality="strive") == ("warn", "strive_missed")


def test_cancelled_is_grey_and_unbound_has_no_light():
    assert light(0, 50, cancelled_on=date(2026, 3, 1)) == ("off", "cancelled")
    assert light(0, 50, bound=False) == ("none", "unbound")


def test_one_deed_due_in_december_is_not_late_in_june():
    assert light(0, 50, value_min=None, kind="date") == ("ok", "on_pace")
    assert light(0, 95, value_min=None, kind="date", on=date(2026, 12, 15)) == ("bad", "behind")


def test_planned_share_is_elapsed_time_or_the_milestone_table():
    assert planned(promise(), date(2026, 7, 2)) == Decimal("50.1")
    assert planned(promise(), date(2025, 12, 31)) == 0
    table = [
        Milestone(due_on=date(2026, 3, 31), share=Decimal(20)),
        Milestone(due_on=date(2026, 9, 30), share=Decimal(90)),
    ]
    assert [
        planned(promise(), day, table)
        for day in (date(2026, 3, 30), date(2026, 3, 31), date(2026, 10, 1))
    ] == [0, 20, 90]
    assert planned(promise(), date(2026, 12, 31), table) == 100


def test_a_ceiling_is_kept_until_it_is_passed():
    assert share(value=Decimal(5), target=Decimal(5), at_most=True) == 100
    assert share(value=Decimal(6), target=Decimal(5), at_most=True) == 0


@pytest.mark.parametrize(
    ("value", "on", "expected"),
    [
        (5, date(2026, 1, 1), ("ok", "within")),
        (5, date(2026, 12, 31), ("ok", "within")),
        (5, date(2027, 1, 1), ("done", "reached")),
        (6, date(2026, 3, 1), ("bad", "exceeded")),
        (6, date(2027, 1, 1), ("bad", "exceeded")),
    ],
)
def test_a_ceiling_is_fulfilled_only_by_its_end(value, on, expected):
    ceiling = {"value_min": None, "value_max": Decimal(5)}
    due = planned(promise(**ceiling), on)
    actual = done_share(commitment=promise(**ceiling), value=Decimal(value), planned=due)
    assert light(actual, due, on=on, **ceiling) == expected
    assert actual == (due if value == 5 else 0)  # while it holds, a ceiling neither lifts nor lowers its chapter


def test_nothing_is_planned_of_one_deed_before_its_last_weeks():
    deed = promise(value_min=None, kind="date")
    assert (planned(deed, date(2026, 6, 1)), planned(deed, date(2026, 12, 31))) == (0, 100)


def test_a_deed_due_in_december_puts_neither_its_chapter_nor_the_year_behind_in_june(plan):
    deed = add_commitment(by=OFFICE, on=date(2026, 1, 6), plan=plan, text="完成改版", kind="date", chapter_order=1)
    bind_to_evidence(by=OFFICE, on=DAY, commitment=deed)
    found = overview(plan=plan, on=date(2026, 6, 1))
    assert (found.chapters[0].light, found.planned, found.days_behind) == ("ok", 0, 0)
    last = overview(plan=plan, on=date(2026, 12, 31))
    assert (last.chapters[0].light, last.planned, last.standings[0].light) == ("bad", 100, "bad")


def test_a_ceiling_that_is_passed_cannot_be_made_up(plan, commitment, visits, sealed):
    edit_commitment(by=OFFICE, on=DAY, commitment=commitment, value_min=None, value_max=Decimal(3))
    bind_commitment(by=OFFICE, on=DAY, commitment=commitment, term=VISITS)
    visits(3)
    sealed()
    kept = overview(plan=plan, on=DAY)
    assert (kept.standings[0].reason, kept.days_behind, kept.reds) == ("within", 0, ())
    visits(1)
    sealed()
    passed = overview(plan=plan, on=DAY)
    assert (passed.standings[0].reason, passed.reachable) == ("exceeded", 0)
