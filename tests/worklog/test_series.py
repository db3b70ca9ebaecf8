"""Numbered series: n+1 is proposed, a gap or a repeat is refused with the reason."""

from datetime import date

import pytest

from xinglin.engines.worklog.actions.series import (
    EditionHeld,
    NotNumbered,
    SeriesTaken,
    WrongEdition,
    cancel_edition,
    change_series,
    open_series,
    plan_edition,
)
from xinglin.engines.worklog.actions.verifying import NotWaiting, verify_work
from xinglin.engines.worklog.actions.work import EditionTaken, log_work, withdraw_work
from xinglin.engines.worklog.editions import propose
from xinglin.engines.worklog.words import Edition
from xinglin.kernel.ledger.models import SealedFact
from xinglin.kernel.policy import NotAllowed, Refusals

from .conftest import ACADEMIC, BRANCH, CLERK, DAY, HEAD, MEMBER, OFFICE

pytestmark = pytest.mark.django_db


@pytest.fixture
def series(kinds):
    return open_series(by=OFFICE, on=DAY, title="华东地区医院管理论坛", kind=kinds["forum"], organisation=ACADEMIC)


@pytest.fixture
def eleventh(series):
    return plan_edition(by=OFFICE, on=DAY, series=series, year=2023, number=11, role="host")


def test_the_first_edition_known_may_bear_any_number_and_the_next_is_proposed(series, eleventh, sealed):
    assert propose(series=series, year=2024).number == 12
    twelfth = plan_edition(by=OFFICE, on=DAY, series=series, year=2024, role="participant", host_name="福建省医院协会")
    sealed()
    assert (twelfth.number, twelfth.year, twelfth.state) == (12, 2024, Edition.State.PLANNED)
    fact = SealedFact.objects.filter(type="worklog.edition.planned").latest("position")
    assert (fact.body["number"], fact.body["role"]) == (12, "participant")
    assert "福建" not in fact.content


@pytest.mark.parametrize(
    ("number", "year", "field", "words"),
    [
        (13, 2024, "edition", "11"),
        (11, 2024, "edition", "2023"),
        (10, 2024, "edition", "11"),
        (0, 2024, "edition", "1"),
        (12, 2023, "year", "2023"),
        (12, 2022, "year", "2023"),
    ],
)
def test_a_gap_a_repeat_or_a_year_out_of_order_is_refused_with_what_would_be_right(
    series, eleventh, number, year, field, words
):
    with pytest.raises(WrongEdition) as refusal:
        plan_edition(by=OFFICE, on=DAY, series=series, year=year, number=number, role="host")
    assert (refusal.value.field, refusal.value.regulation) == (field, "WL3.editions")
    assert words in str(refusal.value)
    assert "12" in str(refusal.value.instead)
    assert Edition.objects.count() == 1


def test_a_skipped_year_takes_no_number(series, eleventh):
    assert plan_edition(by=OFFICE, on=DAY, series=series, year=2026, role="host").number == 12


def test_several_a_year_are_possible_where_the_series_says_so(kinds):
    batches = open_series(
        by=OFFICE, on=DAY, title="临床药师培训", kind=kinds["pharmacist_training"], organisation=ACADEMIC, per_year=2
    )
    for year, number in ((2024, 14), (2024, 15)):
        plan_edition(by=OFFICE, on=DAY, series=batches, year=year, number=number, role="host")
    with pytest.raises(WrongEdition):
        plan_edition(by=OFFICE, on=DAY, series=batches, year=2024, number=16, role="host")


def test_a_cancelled_number_is_free_again(series, eleventh, sealed):
    cancel_edition(by=OFFICE, on=DAY, edition=eleventh, reason="主办方取消")
    again = plan_edition(by=OFFICE, on=DAY, series=series, year=2024, number=11, role="host")
    assert again.pk != eleventh.pk
    sealed()
    planned, cancelled = SealedFact.objects.filter(type__startswith="worklog.edition").order_by("position")[:2]
    assert cancelled.corrects == planned.key


def test_cancelling_leaves_no_gap_and_what_was_held_stays(series, eleventh, verified):
    plan_edition(by=OFFICE, on=DAY, series=series, year=2024, role="host")
    with pytest.raises(WrongEdition):
        cancel_edition(by=OFFICE, on=DAY, edition=eleventh, reason="x")
    verified("forum", series=series, edition=12, role="host")
    with pytest.raises(EditionHeld):
        cancel_edition(by=OFFICE, on=DAY, edition=series.editions.get(number=12), reason="x")


def test_logging_the_next_edition_registers_it_and_verifying_holds_it(series, eleventh, submitted, sealed):
    entry = submitted("forum", series=series, edition=12, role="host")
    edition = series.editions.get(number=12)
    assert (edition.state, edition.year) == (Edition.State.PLANNED, 2024)
    verify_work(by=HEAD, on=DAY, entries=[entry])
    edition.refresh_from_db()
    assert (edition.state, edition.entry_id) == (Edition.State.HELD, entry.pk)
    sealed()
    body = SealedFact.objects.get(type="worklog.work.verified").body
    assert (body["series"], body["edition"], body["role"]) == (series.ref, 12, "host")


def test_logging_a_gap_is_refused_and_nothing_is_written(series, eleventh, work):
    with pytest.raises(WrongEdition):
        log_work(by=CLERK, on=DAY, work=work("forum", series=series, edition=14, role="host"))
    assert series.entries.count() == 0


def test_an_edition_held_is_not_reported_twice(series, eleventh, verified, submitted, work):
    second = log_work(by=CLERK, on=DAY, work=work("forum", series=series, edition=12, role="host"), submit=True)
    verified("forum", series=series, edition=12, role="host")
    with pytest.raises(EditionTaken):
        log_work(by=CLERK, on=DAY, work=work("forum", series=series, edition=12, role="host"))
    with pytest.raises(NotWaiting, match="12"):
        verify_work(by=HEAD, on=DAY, entries=[second])


def test_withdrawing_the_entry_plans_the_edition_again(series, eleventh, verified):
    entry = verified("forum", series=series, edition=12, role="host")
    withdraw_work(by=HEAD, on=DAY, entry=entry, reason="并未举办")
    edition = series.editions.get(number=12)
    assert (edition.state, edition.entry_id) == (Edition.State.PLANNED, None)
    assert verified("forum", series=series, edition=12, role="host")


@pytest.mark.parametrize(
    ("given", "fields"),
    [
        ({"role": ""}, ["role"]),
        ({"edition": None, "role": "host"}, ["edition"]),
        ({"count": 2, "role": "host"}, ["count"]),
    ],
)
def test_an_edition_needs_number_and_role_and_is_one_entry(series, work, given, fields):
    with pytest.raises(Refusals) as refusal:
        log_work(by=CLERK, on=DAY, work=work("forum", series=series, **{"edition": 12, **given}))
    assert [one.field for one in refusal.value.problems] == fields


def test_series_are_of_numbered_kinds_with_titles_of_their_own(series, kinds):
    with pytest.raises(NotNumbered):
        open_series(by=OFFICE, on=DAY, title="推文", kind=kinds["post"], organisation=ACADEMIC)
    with pytest.raises(SeriesTaken):
        open_series(by=OFFICE, on=DAY, title=series.title, kind=kinds["forum"], organisation=ACADEMIC)
    with pytest.raises(NotAllowed):
        open_series(by=MEMBER, on=DAY, title="另一论坛", kind=kinds["forum"], organisation=ACADEMIC)


def test_a_series_is_renamed_and_handed_over(series, sealed):
    changed = change_series(by=OFFICE, on=DAY, series=series, title="华东论坛", aliases=("华东",), organisation=BRANCH)
    sealed()
    assert (changed.title, changed.organisation) == ("华东论坛", BRANCH)
    assert SealedFact.objects.get(type="worklog.series.changed").body["organisation"] == BRANCH


def test_an_entry_of_another_kind_is_not_an_edition(series, work):
    with pytest.raises(Refusals) as refusal:
        log_work(by=CLERK, on=date(2024, 6, 14), work=work("annual_meeting", series=series, edition=12, role="host"))
    assert [one.field for one in refusal.value.problems] == ["series"]


def test_the_port_answers_with_the_last_edition_whose_number_is_taken(series, eleventh):
    from xinglin.kernel.ports import ask, conformance
    from xinglin.kernel.ports import series as port
    from xinglin.kernel.refs import Ref

    assert ask(port.Series).last(series=series.ref) == port.Edition(series=series.ref, number=11, year=2023)
    assert ask(port.Series).last(series=Ref("other.thing:1")).number is None
    conformance.check(port.Series, ask(port.Series), known=series.ref, on=DAY)
