"""Thresholds are exact: the figure is in or out as the word says."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xinglin.lib import thresholds as t


@pytest.mark.parametrize(
    ("of", "two_thirds", "half", "more_than_half"),
    [
        (0, 0, 0, 1),
        (1, 1, 1, 1),
        (9, 6, 5, 5),
        (10, 7, 5, 6),
        (11, 8, 6, 6),
        (142, 95, 71, 72),
        (300, 200, 150, 151),
    ],
)
def test_quorums_and_majorities_of_known_bodies(
    of: int, two_thirds: int, half: int, more_than_half: int
) -> None:
    assert t.at_least_fraction(2, 3, of=of) == two_thirds
    assert t.half_or_more(of=of) == half
    assert t.majority(of=of) == more_than_half


def test_one_third_of_the_council_is_a_ceiling_that_includes_the_figure() -> None:
    assert t.at_most_fraction(1, 3, of=142) == 47
    assert t.at_most_fraction(1, 3, of=141) == 47
    assert t.less_than_fraction(1, 3, of=141) == 46
    assert t.less_than_fraction(1, 3, of=142) == 47
    assert t.more_than_fraction(1, 3, of=141) == 48


def test_percentages_are_exact() -> None:
    assert t.percent_at_least(70, of=10) == 7
    assert t.percent_at_least(Decimal("80.5"), of=200) == 161
    assert t.percent_at_most(10, of=19) == 1


@given(st.integers(0, 5000), st.integers(1, 12), st.integers(1, 12))
def test_a_threshold_is_met_and_one_less_is_not(of: int, numerator: int, denominator: int) -> None:
    share = Fraction(numerator, denominator) * of
    least, more = (
        t.at_least_fraction(numerator, denominator, of=of),
        t.more_than_fraction(numerator, denominator, of=of),
    )
    assert least >= share > least - 1
    assert more > share >= more - 1
    assert t.at_most_fraction(numerator, denominator, of=of) == more - 1


@pytest.mark.parametrize(
    ("word", "under", "at", "over"),
    [
        ("以上", False, True, True),
        ("以内", True, True, False),
        ("超过", False, False, True),
        ("不满", True, False, False),
    ],
)
def test_the_words_of_article_1259(word: str, under: bool, at: bool, over: bool) -> None:
    bound = t.bound_of(word=word)
    assert [t.holds(value=value, bound=bound, limit=30) for value in (29, 30, 31)] == [under, at, over]


def test_what_cannot_be_counted_is_refused() -> None:
    with pytest.raises(t.ImpossibleThreshold, match="2/0 is not a share"):
        t.at_least_fraction(2, 0, of=3)
    with pytest.raises(t.ImpossibleThreshold, match="total of -1"):
        t.majority(of=-1)
    with pytest.raises(t.ImpossibleThreshold, match="share of zero"):
        t.less_than_fraction(1, 2, of=0)
    with pytest.raises(t.ImpossibleThreshold, match="not an exact number"):
        t.holds(value=0.1, bound=t.Bound.AT_LEAST, limit=1)  # type: ignore[arg-type]
    with pytest.raises(t.ImpossibleThreshold, match="左右"):
        t.bound_of(word="左右")
