"""Periods are half-open and know their names."""

from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xinglin.lib import periods as p

DAYS = st.dates(date(1990, 1, 1), date(2060, 12, 31))


@pytest.mark.parametrize(
    ("period", "iso", "chinese"),
    [
        (p.year(number=2026), "2026", "2026年"),
        (p.half_year(number=2026, half=2), "2026-H2", "2026年下半年"),
        (p.quarter(number=2026, part=3), "2026-Q3", "2026年第三季度"),
        (p.month(number=2026, part=12), "2026-12", "2026年12月"),
        (
            p.period_of_days(first=date(2026, 7, 1), last=date(2026, 7, 9)),
            "2026-07-01/2026-07-09",
            "2026年7月1日至7月9日",
        ),
        (
            p.period_of_days(first=date(2026, 12, 30), last=date(2027, 1, 2)),
            "2026-12-30/2027-01-02",
            "2026年12月30日至2027年1月2日",
        ),
        (p.period_of_days(first=date(2026, 7, 1), last=date(2026, 7, 1)), "2026-07-01", "2026年7月1日"),
    ],
)
def test_a_period_is_called_by_its_shortest_name(period: p.Period, iso: str, chinese: str) -> None:
    assert p.iso_label(period=period) == iso
    assert p.chinese_label(period=period) == chinese


@given(DAYS)
def test_a_day_lies_in_its_month_quarter_half_and_year(day: date) -> None:
    nested = [p.month_of(day=day), p.quarter_of(day=day), p.half_year_of(day=day), p.year_of(day=day)]
    assert all(day in period for period in nested)
    assert all(p.contains(outer=outer, inner=inner) for inner, outer in pairwise(nested))
    assert nested[3].days in (365, 366)


def test_the_day_until_is_outside() -> None:
    period = p.Period(from_=date(2026, 1, 1), until=date(2026, 1, 3))
    assert date(2026, 1, 1) in period and date(2026, 1, 3) not in period
    assert (period.days, period.last_day, list(period)) == (
        2,
        date(2026, 1, 2),
        [date(2026, 1, 1), date(2026, 1, 2)],
    )


def test_neighbours_do_not_overlap_and_join_without_a_gap() -> None:
    first, second = p.quarter(number=2026, part=1), p.quarter(number=2026, part=2)
    assert p.overlap(first=first, second=second) is None
    assert p.overlap(first=p.year(number=2026), second=second) == second
    assert p.covered(periods=[second, first, p.month(number=2026, part=9)]) == (
        p.half_year(number=2026, half=1),
        p.month(number=2026, part=9),
    )


@given(DAYS, DAYS, DAYS, DAYS)
def test_overlap_is_exactly_the_shared_days(a: date, b: date, c: date, d: date) -> None:
    first, second = p.Period(min(a, b), max(a, b)), p.Period(min(c, d), max(c, d))
    shared = p.overlap(first=first, second=second)
    assert shared == p.overlap(first=second, second=first)
    if shared:
        assert (
            shared.from_ in first
            and shared.from_ in second
            and shared.last_day in first
            and shared.last_day in second
        )


def test_months_without_the_day_end_as_the_civil_code_says() -> None:
    assert p.months_after(day=date(2026, 1, 31), months=1) == date(2026, 2, 28)
    assert p.months_after(day=date(2026, 1, 31), months=1, missing=p.MonthEnd.NEXT_DAY) == date(2026, 3, 1)
    assert p.months_after(day=date(2026, 1, 15), months=-1) == date(2025, 12, 15)
    assert p.years_after(day=date(2024, 2, 29), years=4) == date(2028, 2, 29)


def test_a_term_ends_the_day_before_its_anniversary_or_on_it() -> None:
    assert p.term(from_=date(2021, 11, 21), years=5).last_day == date(2026, 11, 20)
    assert p.term(from_=date(2021, 11, 21), years=5, ends_on_anniversary=True).last_day == date(2026, 11, 21)


def test_impossible_periods_are_refused() -> None:
    with pytest.raises(p.ImpossiblePeriod, match="cannot end before it"):
        p.Period(from_=date(2026, 1, 2), until=date(2026, 1, 1))
    with pytest.raises(p.ImpossiblePeriod, match="no part 5"):
        p.quarter(number=2026, part=5)
    with pytest.raises(p.ImpossiblePeriod, match="no last day"):
        _ = p.Period(from_=date(2026, 1, 1), until=date(2026, 1, 1)).last_day
