"""Tallies kept fact by fact equal a count from the start, whatever is corrected in between."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.kernel.conftest import make_visit
from tests.plans.conftest import DAY, HOUSE, OFFICE, VISITS
from xinglin.plans import measuring
from xinglin.plans.actions.assigning import bind_commitment
from xinglin.plans.measures import Measure, Tally, TallyKey
from xinglin.plans.measuring import Asked, advance, rebuild, total
from xinglin.plans.progress import standings

pytestmark = [pytest.mark.django_db, pytest.mark.on_postgres_too]


def one(plan, on=DAY):
    return standings(plan=plan, on=on)[0]


def test_progress_moves_only_when_facts_are_sealed(plan, commitment, visits, sealed):
    bind_commitment(by=OFFICE, on=DAY, commitment=commitment, term=VISITS)
    visits(5)
    assert one(plan).value == 0
    sealed()
    assert (one(plan).value, one(plan).actual) == (5, Decimal("25.0"))


def test_a_measure_bound_late_counts_what_happened_before(plan, commitment, visits, sealed):
    visits(7)
    sealed()
    advance(plan=plan)
    bind_commitment(by=OFFICE, on=DAY, commitment=commitment, term=VISITS)
    assert one(plan).value == 7


def test_facts_outside_the_span_or_the_filter_do_not_count(plan, commitment, visits, sealed):
    bind_commitment(by=OFFICE, on=DAY, commitment=commitment, term=VISITS, extra_filter=[("kind", "care")])
    visits(2, on=date(2025, 12, 31))
    visits(3, on=date(2026, 1, 1), kind="study")
    visits(4, on=date(2026, 12, 31))
    sealed()
    assert one(plan).value == 4


@pytest.mark.parametrize(
    ("how", "field", "expected"), [("count", "", 3), ("sum", "people", 60), ("distinct", "place", 2), ("met", "", 1)]
)
def test_each_way_of_counting(plan, commitment, sealed, how, field, expected):
    measure = bind_commitment(by=OFFICE, on=DAY, commitment=commitment, term=VISITS, how=how)
    Measure.objects.filter(pk=measure.pk)
    set_field(measure, field)
    for place, people in (("a", 10), ("a", 20), ("b", 30)):
        make_visit(by=HOUSE, on=DAY, place=f"trial.place:{place}", people=people)
    sealed()
    assert one(plan).value == expected


def set_field(measure, field):
    """Give the measure its field before anything was counted."""
    from xinglin.kernel.acts import act, state
    from xinglin.kernel.refs import Code, Ref
    from xinglin.plans.facts import CommitmentsCorrected

    @act
    def change(*, by, on):
        measure.field = field
        measure.save()
        state(CommitmentsCorrected(plan=Ref("plans.plan:1"), what=Code("test"), commitments=()))

    change(by=HOUSE, on=DAY)


def test_a_ratio_is_a_percentage_of_its_base(plan, commitment, visits, sealed):
    bind_commitment(by=OFFICE, on=DAY, commitment=commitment, term=VISITS, how="ratio", extra_filter=[("kind", "care")])
    visits(3)
    visits(1, kind="study")
    sealed()
    assert one(plan).value == Decimal("75.00")


def test_a_corrected_fact_counts_once(plan, commitment, sealed):
    bind_commitment(by=OFFICE, on=DAY, commitment=commitment, term=VISITS, extra_filter=[("kind", "care")])
    key = make_visit(by=HOUSE, on=DAY)
    sealed()
    assert one(plan).value == 1
    make_visit(by=HOUSE, on=DAY, kind="study", corrects=key)
    sealed()
    assert one(plan).value == 0


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    steps=st.lists(
        st.tuples(st.sampled_from(["visit", "correct", "seal"]), st.integers(1, 12), st.integers(0, 3)), max_size=25
    )
)
@pytest.mark.parametrize("span", [2, 20_000])
def test_reading_on_equals_counting_afresh(plan, commitment, sealed, monkeypatch, span, steps):
    monkeypatch.setattr(measuring, "AFRESH_AFTER", span)  # many facts are read on in spans
    monkeypatch.setattr(measuring, "FEW", 0)
    measures = [
        bind_commitment(
            by=OFFICE,
            on=DAY,
            commitment=commitment,
            term=VISITS,
            how=how,
            main=False,
            extra_filter=[("kind", "care")],
            label=how,
        )
        for how in ("count", "ratio")
    ]
    keys = []
    for what, month, place in steps:
        if what == "seal":
            sealed()
            advance(plan=plan)
        else:
            corrects = keys[place % len(keys)] if what == "correct" and keys else None
            keys.append(
                make_visit(
                    by=HOUSE,
                    on=date(2026, month, 3),
                    kind=("care", "study")[place % 2],
                    place=f"trial.place:{place}",
                    corrects=corrects,
                )
            )
    sealed()
    head = advance(plan=plan)
    for measure in measures:
        kept = {
            (row.month, row.value, row.base) for row in Tally.objects.filter(measure=measure) if row.value or row.base
        }
        rebuild(measures=[measure], upto=head)
        fresh = {
            (row.month, row.value, row.base) for row in Tally.objects.filter(measure=measure) if row.value or row.base
        }
        assert kept == fresh
        measure.delete_rows = Tally.objects.filter(measure=measure).delete()


def test_many_new_facts_are_counted_in_one_query(plan, commitment, visits, sealed, monkeypatch):
    bind_commitment(by=OFFICE, on=DAY, commitment=commitment, term=VISITS)
    visits(6)
    sealed()
    monkeypatch.setattr(measuring, "AFRESH_AFTER", 3)
    assert one(plan).value == 6
    assert TallyKey.objects.count() == 0


def test_a_proposal_shows_what_last_year_would_have_counted(visits, sealed):
    visits(4, on=date(2025, 5, 5))
    sealed()
    asked = Asked(fact_type="trial.visit.made", how="count", from_on=date(2025, 1, 1), until_on=date(2026, 1, 1))
    assert total(asked=asked) == 4


def test_numbers_in_a_filter_are_compared_as_they_are_written(plan, commitment, sealed):
    bind_commitment(by=OFFICE, on=DAY, commitment=commitment, term=VISITS, extra_filter=[("people", "12")])
    make_visit(by=HOUSE, on=DAY, people=12)
    sealed()
    assert one(plan).value == 1
    make_visit(by=HOUSE, on=DAY, people=12)
    make_visit(by=HOUSE, on=DAY, people=3)
    sealed()
    assert one(plan).value == 2
