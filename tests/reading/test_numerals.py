"""Chinese numerals are read and written, both ways."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xinglin.lib.numerals import (
    read_circled_numeral,
    read_numeral,
    write_branch,
    write_circled_numeral,
    write_formal_numeral,
    write_numeral,
    write_positional_numeral,
    write_stem,
)

READ = {
    "十二": 12, "两百": 200, "二〇二四": 2024, "一百零五": 105, "三千五百": 3500, "百": 100, "千": 1000, "廿": 20,
    "十万": 100000, "10万": 100000, "3.5万": 35000, "1,062": 1062, "１２": 12, "三十六": 36, "两万五千": 25000, "零": 0,
    "2.5": 2.5, "3亿": 300000000,
}  # fmt: skip


@pytest.mark.parametrize("text", READ)
def test_a_numeral_is_read(text: str) -> None:
    assert read_numeral(text=text) == READ[text]


@pytest.mark.parametrize("text", ["", "甲", "第", "年", "abc", "万十二"])
def test_what_is_no_numeral_has_no_value(text: str) -> None:
    assert read_numeral(text=text) is None


@given(st.integers(min_value=0, max_value=10**8))
def test_what_is_written_reads_back(value: int) -> None:
    assert read_numeral(text=write_numeral(value=value)) == value


@given(st.integers(min_value=1, max_value=50))
def test_circled_numbers_read_back(value: int) -> None:
    if value <= 35:
        assert read_circled_numeral(text=write_circled_numeral(value=value)) == value


def test_the_other_ways_of_writing() -> None:
    assert write_numeral(value=12) == "十二"
    assert write_positional_numeral(value=2024) == "二〇二四"
    assert write_formal_numeral(value=12) == "壹拾贰"
    assert [write_stem(value=1), write_stem(value=11), write_branch(value=1)] == ["甲", "甲", "子"]
    assert write_circled_numeral(value=99) == "99"
