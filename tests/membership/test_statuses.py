"""The status of a member on any day: the same from SQL, from the rules in Python, and from a plain reading."""

from collections import Counter
from datetime import date, timedelta
from random import Random

import pytest
from django.db import IntegrityError, transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from xinglin.engines.membership import answers, statuses
from xinglin.engines.membership.members import Coverage, Member, Spell
from xinglin.kernel.actions.regulations import override_regulation
from xinglin.kernel.actors import house

from .histories import FIRST, Life, random_life, write_lives

pytestmark = pytest.mark.django_db
HOUSE = house("test")
DAY = date(2024, 6, 14)


def plainly(life: Life, on: date) -> str | None:
    """Read the rules as the charter would be read aloud: 60 days of renewal, 90 of grace, 30 for the first fee."""
    begun = [place for place, (joined, _end) in enumerate(life.spells) if joined <= on]
    if not begun:
        return None
    spell = begun[-1]
    joined, ended = life.spells[spell]
    if ended and ended <= on:
        return "left"
    mine = [(kind, start, until) for number, kind, start, until in life.covers if number == spell and start <= on]
    if any(kind == "waived" and (until is None or on < until) for kind, _start, until in mine):
        return "exempt"
    if not mine:
        return "joining" if (on - joined).days < 30 else "lapsed"
    if any(until is None for _kind, _start, until in mine):
        return "active"
    ahead = any(number == spell and start > on for number, _kind, start, _until in life.covers)
    left = (max(until for _kind, _start, until in mine) - on).days
    return "active" if left > (0 if ahead else 60) else "renewing" if left > 0 else "grace" if left > -90 else "lapsed"


@settings(max_examples=20, deadline=None)
@given(seed=st.integers(0, 2**32), days=st.integers(0, 2500))
def test_sql_python_and_plain_reading_agree_on_ten_thousand_lives(seed, days):
    chance, on = Random(seed), FIRST + timedelta(days=days)
    lives = [random_life(chance) for _one in range(500)]
    first = Member.objects.count()
    write_lives(by=HOUSE, on=DAY, lives=lives)
    expected = [plainly(life, on) for life in lives]
    mine = Spell.objects.filter(member__number__gte=f"T{first:06d}")
    listed = dict(statuses.with_status(mine.current(on), on=on).values_list("member__number", "status"))
    assert [listed.get(f"T{first + place:06d}") for place in range(500)] == expected
    rows = mine.current(on).select_related("member").prefetch_related("coverages")
    judged = {row.member.number: statuses.judge(answers.days_of(row, on=on), on=on).code for row in rows}
    assert judged == listed
    passed = statuses.in_one_pass(mine.current(on), on=on)
    assert dict(passed.values_list("member__number", "status")) == listed
    counted = statuses.counted(mine.current(on), on=on)
    assert {status: number for status, number in counted.items() if number} == Counter(filter(None, expected))


def life_on(on: date, *covers: tuple[str, date, date | None]) -> statuses.Status:
    write_lives(by=HOUSE, on=DAY, lives=[Life(
        spells=[(date(2023, 1, 1), None)], covers=[(0, *one) for one in covers])])
    return answers.status_of(Member.objects.latest("pk"), on=on)


@pytest.mark.parametrize(("on", "status"), [
    (date(2023, 1, 30), "active"), (date(2023, 11, 1), "active"), (date(2023, 11, 2), "renewing"),
    (date(2023, 12, 31), "renewing"), (date(2024, 1, 1), "grace"), (date(2024, 3, 30), "grace"),
    (date(2024, 3, 31), "lapsed")])
def test_the_boundary_days_of_a_paid_year(on, status):
    assert life_on(on, ("paid", date(2023, 1, 1), date(2024, 1, 1))).code == status


def test_who_has_paid_the_coming_year_is_not_asked_to_renew():
    this, next_ = ("paid", date(2023, 1, 1), date(2024, 1, 1)), ("paid", date(2024, 1, 1), date(2025, 1, 1))
    assert life_on(date(2023, 12, 20), this).code == "renewing"
    assert life_on(date(2023, 12, 20), this, next_).code == "active"
    assert life_on(date(2024, 1, 5), this, next_).code == "active"


def test_the_reason_names_the_day_it_follows_from():
    status = life_on(date(2024, 1, 5), ("paid", date(2023, 1, 1), date(2024, 1, 1)))
    assert (status.good, status.until) == (True, date(2024, 3, 31))
    assert "2024-01-01" in statuses.reason(status)


def test_before_the_first_admission_there_is_no_status():
    assert life_on(date(2022, 12, 31)) is None


def test_a_member_of_a_house_with_another_grace_lapses_on_its_day():
    override_regulation(by=HOUSE, on=date(2023, 1, 1), regulation_id="M2.grace_days", value=30,
                        from_on=date(2024, 1, 20), until_on=None, reason="章程定三十日")
    paid = ("paid", date(2023, 1, 1), date(2024, 1, 1))
    assert life_on(date(2024, 2, 1), paid).code == "lapsed"
    assert life_on(date(2024, 1, 19), paid).code == "grace"


def test_a_coverage_that_ends_before_it_begins_is_refused_by_the_database():
    write_lives(by=HOUSE, on=DAY, lives=[Life(spells=[(FIRST, None)])])
    with pytest.raises(IntegrityError), transaction.atomic():
        write_lives(by=HOUSE, on=DAY, lives=[Life(spells=[(FIRST, None)], covers=[(0, "paid", DAY, DAY)])])
    assert not Coverage.objects.exists()
    assert Member.objects.count() == 1
