"""Votes, quorums and limits counted in whole numbers, as article 1259 of the Civil Code words them (X1).

以上, 以下, 以内 and 届满 include the figure; 超过, 不满 and 以外 exclude it. Everything is counted
exactly, because 7 % of 100 in binary floats is a little more than 7 and would ask for an eighth vote.
"""

from __future__ import annotations

from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

Exact = int | Decimal | Fraction


class Bound(StrEnum):
    """The words by which a rule bounds a figure; the two inclusive pairs and the two exclusive ones."""

    AT_LEAST = "at_least"
    AT_MOST = "at_most"
    MORE_THAN = "more_than"
    LESS_THAN = "less_than"


BOUND_WORDS = {
    "以上": Bound.AT_LEAST,
    "不少于": Bound.AT_LEAST,
    "不低于": Bound.AT_LEAST,
    "至少": Bound.AT_LEAST,
    "届满": Bound.AT_LEAST,
    "以下": Bound.AT_MOST,
    "以内": Bound.AT_MOST,
    "不超过": Bound.AT_MOST,
    "不多于": Bound.AT_MOST,
    "不高于": Bound.AT_MOST,
    "至多": Bound.AT_MOST,
    "超过": Bound.MORE_THAN,
    "以外": Bound.MORE_THAN,
    "多于": Bound.MORE_THAN,
    "高于": Bound.MORE_THAN,
    "不满": Bound.LESS_THAN,
    "不足": Bound.LESS_THAN,
    "少于": Bound.LESS_THAN,
    "低于": Bound.LESS_THAN,
}


class ImpossibleThreshold(ValueError):
    """A share or a total with which nothing can be counted."""


def _exact(value: Exact) -> Fraction:
    if isinstance(value, bool) or not isinstance(value, int | Decimal | Fraction):
        raise ImpossibleThreshold(f"{value!r} is not an exact number; give an int, a Decimal or a Fraction")
    return Fraction(value)


def _share(numerator: int, denominator: int, of: int) -> Fraction:
    if denominator <= 0 or numerator < 0:
        raise ImpossibleThreshold(f"{numerator}/{denominator} is not a share")
    if of < 0:
        raise ImpossibleThreshold(f"a total of {of} cannot be divided")
    return Fraction(numerator * of, denominator)


def at_least_fraction(numerator: int, denominator: int, *, of: int) -> int:
    """Return the smallest count that is numerator/denominator 以上 of the total: ceil(n·of/d), the figure
    included."""
    return int(-(-_share(numerator, denominator, of) // 1))


def more_than_fraction(numerator: int, denominator: int, *, of: int) -> int:
    """Return the smallest count that 超过 numerator/denominator of the total, the figure itself excluded."""
    return int(_share(numerator, denominator, of) // 1) + 1


def at_most_fraction(numerator: int, denominator: int, *, of: int) -> int:
    """Return the largest count that does 不超过 numerator/denominator of the total: floor, the figure
    included."""
    return int(_share(numerator, denominator, of) // 1)


def less_than_fraction(numerator: int, denominator: int, *, of: int) -> int:
    """Return the largest count that is 不满 numerator/denominator of the total; refuses a share of
    nothing."""
    share = _share(numerator, denominator, of)
    if share == 0:
        raise ImpossibleThreshold("no count is below a share of zero")
    return int(-(-share // 1)) - 1


def half_or_more(*, of: int) -> int:
    """Return the smallest count that is 半数以上 of the total: 5 of 10, 6 of 11."""
    return at_least_fraction(1, 2, of=of)


def majority(*, of: int) -> int:
    """Return the smallest count that is 过半数 of the total: 6 of 10, 6 of 11."""
    return more_than_fraction(1, 2, of=of)


def percent_at_least(percent: Exact, *, of: int) -> int:
    """Return the smallest count that is percent 以上 of the total; the percent is an int, Decimal or
    Fraction."""
    share = _exact(percent) / 100
    return at_least_fraction(share.numerator, share.denominator, of=of)


def percent_at_most(percent: Exact, *, of: int) -> int:
    """Return the largest count that does 不超过 percent of the total; the percent is an int, Decimal or
    Fraction."""
    share = _exact(percent) / 100
    return at_most_fraction(share.numerator, share.denominator, of=of)


def holds(*, value: Exact, bound: Bound, limit: Exact) -> bool:
    """Say whether a value keeps a bound, exactly; floats are refused."""
    left, right = _exact(value), _exact(limit)
    if bound is Bound.AT_LEAST:
        return left >= right
    if bound is Bound.AT_MOST:
        return left <= right
    if bound is Bound.MORE_THAN:
        return left > right
    return left < right


def bound_of(*, word: str) -> Bound:
    """Return the bound that a word of a rule means (以上 → at least); raises ImpossibleThreshold for
    another word."""
    try:
        return BOUND_WORDS[word.strip()]
    except KeyError:
        known = "、".join(BOUND_WORDS)
        raise ImpossibleThreshold(f"{word!r} bounds nothing; the words known are {known}") from None
