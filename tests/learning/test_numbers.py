"""Numbers of projects are read as E6 writes them, and what is wrong is said in words."""

import pytest
from django.utils.translation import override

from xinglin.engines.learning.numbers import WrongNumber, fits, number_of

RIGHT = {"2017-03-01-001（国）": "2017-03-01-001（国）", "2026－03－01－012(苏)": "2026-03-01-012（苏）",
         " 2026-14-02-300 （备） ": "2026-14-02-300（备）"}
WRONG = {"2026-3-01-001（国）": "year-subject", "2026-03-01-001": "year-subject",
         "2026-99-01-001（国）": "no first-level",
         "2026-03-01-000（国）": "begin with 001", "2026-03-01-001（市）": "mark is", "": "year-subject",
         "国家级继教项目第3号": "year-subject"}


@pytest.mark.parametrize("text", RIGHT)
def test_a_number_is_read_in_wide_and_narrow_characters(text):
    assert number_of(text).text == RIGHT[text]


@pytest.mark.parametrize("text", WRONG)
def test_a_malformed_number_says_what_is_wrong(text):
    with override("en"), pytest.raises(WrongNumber, match=WRONG[text]):
        number_of(text)


@pytest.mark.parametrize(("number", "given", "says"), [
    ("2026-03-01-001（国）", {}, ""),
    ("2025-03-01-001（国）", {}, "2025"),
    ("2026-04-01-001（国）", {}, "04-01"),
    ("2026-03-01-001（苏）", {}, "国"),
    ("2026-03-01-001（国）", {"level": "provincial"}, "省"),
    ("2026-03-01-001（备）", {}, "备"),
    ("2026-03-01-001（国）", {"repeat": True}, "备"),
    ("2026-03-01-001（备）", {"repeat": True}, ""),
    ("2026-03-01-001（沪）", {"level": "municipal"}, ""),
])
def test_a_number_fits_year_subject_level_and_kind(number, given, says):
    why = fits(number_of(number), **{"year": 2026, "subject": "03-01", "level": "national", "repeat": False, **given})
    assert bool(why) == bool(says)
