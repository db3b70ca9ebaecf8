"""Finds figures that count the same facts twice: under two names, in a list, or added up where one holds the other."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from ..measures import Measure
from ..measuring import Asked
from .counting import count_all
from .matching import Matched

_PEOPLE = "人次"
_OF_WHICH = re.compile("其中|包括|含|涵盖|分别")


@dataclass(frozen=True, kw_only=True)
class Counted:
    """A matched claim with the ledger's figure."""

    matched: Matched
    asked: Asked
    value: Decimal
    facts: int

    @property
    def words(self) -> str:
        """Return the figure as printed, for naming it beside another."""
        return self.matched.claim.text


@dataclass(frozen=True, kw_only=True)
class Double:
    """Why a figure counts facts twice, and with which figures: same_facts, overlap or sum_of."""

    why: str
    others: tuple[str, ...]
    regulation: str = "W6"


def doubles_of(*, rows: Sequence[Counted], agreeing: Sequence[bool], size: int) -> dict[int, Double]:
    """Return the figures that are counted twice, by their place in the list."""
    found: dict[int, Double] = {}
    for at in range(len(rows)):
        listed = (_same_facts(at, rows) or _in_a_list(at, rows, size)) if agreeing[at] else None
        if double := listed or (None if agreeing[at] else _sum_of(at, rows, agreeing, size)):
            found[at] = double
    return found


def repeats(*, at: int, rows: Sequence[Counted]) -> bool:
    """Say whether a figure merely says again what an earlier one said with the same noun."""
    return any(_same_noun(rows[at], one) and one.asked == rows[at].asked for one in rows[:at])


def _same_noun(one: Counted, other: Counted) -> bool:
    """Say whether two figures speak of the same thing: one noun holds the other, or both count people."""
    first, second = one.matched.claim.object, other.matched.claim.object
    people = _PEOPLE in one.matched.claim.unit and one.matched.claim.unit == other.matched.claim.unit
    return people or first in second or second in first


def _same_facts(at: int, rows: Sequence[Counted]) -> Double | None:
    row = rows[at]
    if not row.value:
        return None
    for one in rows[:at]:
        if one.asked == row.asked and not _same_noun(one, row):
            return Double(why="same_facts", others=(one.words,))
    return None


def _in_a_list(at: int, rows: Sequence[Counted], size: int) -> Double | None:
    """Two kinds in one list, one of which holds facts of the other, unless the sentence says 其中."""
    row = rows[at]
    claim = row.matched.claim
    for one in rows[:at]:
        before = one.matched.claim
        if before.sentence_start != claim.sentence_start or one.asked == row.asked or not _alike(one, row):
            continue
        between = claim.sentence[max(before.figure.start - claim.sentence_start, 0) : claim.figure.end
                                 - claim.sentence_start]
        if not _OF_WHICH.search(between) and overlap(one=one.asked, other=row.asked, size=size):
            return Double(why="overlap", others=(one.words,))
    return None


def _alike(one: Counted, other: Counted) -> bool:
    """Say whether two figures count the same way, so that a reader would add them up."""
    same = one.asked.fact_type == other.asked.fact_type and one.asked.field == other.asked.field
    return same and one.asked.how == other.asked.how and one.matched.claim.unit == other.matched.claim.unit


def overlap(*, one: Asked, other: Asked, size: int) -> int:
    """Return how many facts two figures share."""
    if one.fact_type != other.fact_type:
        return 0
    both = Asked(
        fact_type=one.fact_type, how=Measure.How.COUNT, filter=tuple(dict.fromkeys((*one.filter, *other.filter))),
        from_on=max(one.from_on, other.from_on), until_on=min(one.until_on, other.until_on),
    )
    return count_all(questions=[both], size=size)[both].facts if both.from_on < both.until_on else 0


def _sum_of(at: int, rows: Sequence[Counted], agreeing: Sequence[bool], size: int) -> Double | None:
    """A figure that the ledger does not confirm, but that is the sum of figures which are counted elsewhere."""
    row = rows[at]
    claim = row.matched.claim
    value = claim.low if claim.low is not None else claim.high
    if value is None:
        return None
    others = [(place, one) for place, one in enumerate(rows) if place != at and one.value and one.asked != row.asked]
    if row.value:
        for _, one in others:
            if row.value + one.value == value and _adds_doubly(row, one, size):
                return Double(why="sum_of", others=(row.words, one.words), regulation=_rule(row, one))
    # Small figures add up to anything: only what agrees, in the same chapter and unit, is taken for the parts.
    parts = [(place, one) for place, one in others if agreeing[place] and _beside(row, one)]
    for first, one in parts:
        for second, two in parts:
            if first < second and one.value + two.value == value and one.asked != two.asked:
                return Double(why="sum_of", others=(one.words, two.words), regulation=_rule(one, two))
    return None


def _beside(row: Counted, one: Counted) -> bool:
    claim, other = row.matched.claim, one.matched.claim
    same = claim.unit == other.unit and claim.figure.path[:2] == other.figure.path[:2]
    return same and row.asked.fact_type == one.asked.fact_type


def _adds_doubly(row: Counted, one: Counted, size: int) -> bool:
    units = {row.matched.claim.unit, one.matched.claim.unit}
    return len(units) == 1 and bool(overlap(one=row.asked, other=one.asked, size=size))


def _rule(one: Counted, two: Counted) -> str:
    """On site and online figures of the same facts are never added (K9)."""
    return "W6.apart" if one.asked.filter == two.asked.filter and one.asked.field != two.asked.field else "W6"
