"""Counting days: day 0 is the day of the event, holidays and make-up days are those of the notices."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xinglin.lib import days as d
from xinglin.lib.periods import MonthEnd, Period

COVERED = st.dates(date(2004, 3, 1), date(2026, 6, 30))
WEEKENDS = d.WorkingCalendar(uncovered=d.Uncovered.WEEKENDS)
NOTICE_2027 = d.YearArrangement(
    year=2027,
    days_off=frozenset({date(2027, 1, 1)}),
    make_up_days=frozenset({date(2027, 1, 9)}),
    source="an invented notice",
)


def test_holidays_and_make_up_days_of_the_notice() -> None:
    assert not d.CALENDAR.is_working_day(date(2026, 10, 1))
    assert d.CALENDAR.is_working_day(date(2026, 10, 10))  # a Saturday, made up
    assert not d.CALENDAR.is_working_day(date(2026, 10, 11))


@pytest.mark.parametrize(
    ("count", "unit", "roll", "last_day"),
    [
        (3, d.Unit.DAYS, d.Roll.FORWARD, date(2026, 10, 8)),
        (3, d.Unit.DAYS, d.Roll.NONE, date(2026, 10, 1)),
        (3, d.Unit.DAYS, d.Roll.BACK, date(2026, 9, 30)),
        (3, d.Unit.WORKING_DAYS, d.Roll.FORWARD, date(2026, 10, 8)),
        (0, d.Unit.DAYS, d.Roll.FORWARD, date(2026, 9, 28)),
    ],
)
def test_deadline_over_the_national_day(count: int, unit: d.Unit, roll: d.Roll, last_day: date) -> None:
    assert d.deadline_after(event_on=date(2026, 9, 28), count=count, unit=unit, roll=roll) == d.CountedDay(
        last_day
    )


def test_the_first_day_may_count() -> None:
    monday = date(2026, 11, 16)
    assert d.deadline_after(event_on=monday, count=5, unit=d.Unit.WORKING_DAYS).day == date(2026, 11, 23)
    assert d.deadline_after(
        event_on=monday, count=5, unit=d.Unit.WORKING_DAYS, first_day_counts=True
    ).day == date(2026, 11, 20)
    sunday = date(2026, 11, 15)
    assert (
        d.deadline_after(event_on=sunday, count=1, unit=d.Unit.WORKING_DAYS, first_day_counts=True).day
        == monday
    )


def test_lead_times_roll_back() -> None:
    assert d.lead_before(event_on=date(2026, 10, 17), count=14).day == date(2026, 9, 30)
    assert d.lead_before(event_on=date(2026, 10, 17), count=14, roll=d.Roll.NONE).day == date(2026, 10, 3)
    assert d.lead_before(event_on=date(2026, 10, 12), count=3, unit=d.Unit.WORKING_DAYS).day == date(
        2026, 10, 8
    )


def test_a_notice_is_open_for_the_longer_of_both_counts() -> None:
    plain = d.public_notice_window(posted_on=date(2026, 11, 16))
    assert (plain.last_day, plain.free_from) == (date(2026, 11, 23), date(2026, 11, 24))
    assert date(2026, 11, 23) in plain.period and plain.free_from not in plain.period
    over_holiday = d.public_notice_window(posted_on=date(2026, 9, 30))
    assert over_holiday.last_day == date(
        2026, 10, 13
    )  # five working days: 8, 9, 10 (made up), 12 and 13 October
    assert d.public_notice_window(posted_on=date(2026, 9, 30), working_days=0).last_day == date(2026, 10, 8)


def test_an_unknown_year_is_refused_by_name() -> None:
    with pytest.raises(d.UncoveredYear, match="2031 年的节假日安排尚未录入"):
        d.deadline_after(event_on=date(2031, 3, 1), count=5)


def test_weekends_stand_in_for_unknown_holidays_and_the_answer_says_so() -> None:
    counted = d.deadline_after(
        event_on=date(2031, 1, 1), count=2, unit=d.Unit.WORKING_DAYS, calendar=WEEKENDS
    )
    assert counted == d.CountedDay(date(2031, 1, 3), assumed_years=(2031,))
    assert counted.is_provisional
    window = d.public_notice_window(posted_on=date(2031, 1, 1), calendar=WEEKENDS)
    assert (window.last_day, window.assumed_years) == (date(2031, 1, 8), (2031,))


def test_an_entered_notice_covers_its_year() -> None:
    calendar = d.WorkingCalendar(arrangements=(NOTICE_2027,))
    assert not calendar.is_working_day(date(2027, 1, 1))
    assert calendar.is_working_day(date(2027, 1, 9))
    assert d.working_days_in(period=Period(date(2027, 1, 1), date(2027, 1, 11)), calendar=calendar) == 6
    assert d.deadline_after(event_on=date(2026, 12, 31), count=1, calendar=calendar) == d.CountedDay(
        date(2027, 1, 4)
    )


def test_a_contradictory_notice_and_a_negative_count_are_refused() -> None:
    day = frozenset({date(2027, 1, 1)})
    with pytest.raises(d.ImpossibleCount, match="both a day off and a make-up day"):
        d.YearArrangement(year=2027, days_off=day, make_up_days=day, source="x")
    with pytest.raises(d.ImpossibleCount, match="-1 days"):
        d.deadline_after(event_on=date(2026, 1, 1), count=-1)
    with pytest.raises(d.ImpossibleCount, match="no days"):
        d.public_notice_window(posted_on=date(2026, 1, 1), days=0, working_days=0)


@given(COVERED, st.integers(0, 40), st.sampled_from(d.Unit))
def test_counting_is_monotone_and_lands_on_working_days(event_on: date, count: int, unit: d.Unit) -> None:
    after = d.deadline_after(event_on=event_on, count=count, unit=unit).day
    before = d.lead_before(event_on=event_on, count=count, unit=unit).day
    assert before <= event_on <= after
    assert d.CALENDAR.is_working_day(after) and d.CALENDAR.is_working_day(before)
    assert after <= d.deadline_after(event_on=event_on, count=count + 1, unit=unit).day
    assert after <= d.deadline_after(event_on=event_on + timedelta(days=1), count=count, unit=unit).day
    assert before >= d.lead_before(event_on=event_on, count=count + 1, unit=unit).day


@given(COVERED, st.integers(1, 40))
def test_between_event_and_deadline_lie_exactly_the_working_days_counted(event_on: date, count: int) -> None:
    last_day = d.deadline_after(event_on=event_on, count=count, unit=d.Unit.WORKING_DAYS).day
    counted = Period(event_on + timedelta(days=1), last_day + timedelta(days=1))
    assert d.working_days_in(period=counted) == count


@pytest.mark.parametrize(
    ("on", "last_day_rule", "next_day_rule"),
    [
        (date(2026, 2, 27), 1, 1),
        (date(2026, 2, 28), 2, 1),
        (date(2026, 3, 1), 2, 2),
        (date(2028, 2, 28), 3, 3),
        (date(2028, 2, 29), 4, 4),
    ],
)
def test_birthdays_on_29_february(on: date, last_day_rule: int, next_day_rule: int) -> None:
    born_on = date(2024, 2, 29)
    assert d.full_years(born_on=born_on, on=on) == last_day_rule
    assert d.full_years(born_on=born_on, on=on, leap_birthday=MonthEnd.NEXT_DAY) == next_day_rule


def test_a_year_is_reached_on_the_birthday_or_the_day_after() -> None:
    born_on, birthday = date(1956, 11, 21), date(2026, 11, 21)
    assert d.full_years(born_on=born_on, on=birthday - timedelta(days=1)) == 69
    assert d.full_years(born_on=born_on, on=birthday) == 70
    assert d.full_years(born_on=born_on, on=birthday, reached=d.Reached.DAY_AFTER) == 69
    assert d.full_years(born_on=born_on, on=born_on, reached=d.Reached.DAY_AFTER) == 0
    with pytest.raises(d.BirthdayNotReached):
        d.full_years(born_on=born_on, on=date(1956, 11, 20))
