"""Chinese and mixed text as people type it: spaces, widths, counts with measure words, likeness of names."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from rapidfuzz import fuzz
from rapidfuzz.process import extract

_INVISIBLE = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff\u00ad\u200e\u200f"))
_TO_HALF = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20}
_TO_FULL = {half: full for full, half in _TO_HALF.items()}
_CJK = r"\u2e80-\u303f\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff00-\uffef"
_BRACKETED = re.compile(r"[(（\[【][^()（）\[\]【】]*[)）\]】]")
# Words that a unit's name shares with hundreds of others and that therefore say little about which unit it
# is.
_GENERIC = re.compile(
    r"(有限责任公司|股份有限公司|有限公司|人民医院|医院|附属|第(?=[一二三四五六七八九十])|省|市|区|县)"
)


def half_width(*, text: str) -> str:
    """Return full-width letters, digits, punctuation and spaces as half-width: ＡＢ１２ → AB12."""
    return text.translate(_TO_HALF)


def full_width(*, text: str) -> str:
    """Return half-width letters, digits, punctuation and spaces as full-width: AB12 → ＡＢ１２."""
    return text.translate(_TO_FULL)


def squeezed(*, text: str) -> str:
    """Return one line: invisible characters gone, every run of white space one space, the ends bare."""
    return re.sub(r"\s+", " ", text.translate(_INVISIBLE)).strip()


def joined(*, text: str) -> str:
    """Return one line without the spaces people put between Chinese characters (王 明 → 王明); spaces in
    Latin stay."""
    return re.sub(rf"(?<=[{_CJK}]) (?=[{_CJK}])", "", squeezed(text=text))


def paragraphs(*, text: str) -> tuple[str, ...]:
    """Return the paragraphs of a pasted text, each squeezed, the blank ones left out."""
    return tuple(line for line in (squeezed(text=part) for part in text.splitlines()) if line)


def display_width(*, text: str, ambiguous: int = 1) -> int:
    """Return the columns a text takes in a fixed-width face: Chinese two, Latin one, marks none; “”—… as
    told."""
    return sum(_columns(character, ambiguous) for character in text)


def _columns(character: str, ambiguous: int) -> int:
    if unicodedata.combining(character) or unicodedata.category(character) in ("Cf", "Cc", "Me", "Mn"):
        return 0
    kind = unicodedata.east_asian_width(character)
    return 2 if kind in "WF" else ambiguous if kind == "A" else 1


def truncated(*, text: str, width: int, ellipsis: str = "…") -> str:
    """Return the text cut to so many columns, ellipsis included, never inside a character and its marks."""
    if display_width(text=text) <= width:
        return text
    room, kept = width - display_width(text=ellipsis), ""
    for character in text:
        room -= _columns(character, 1)
        if room < 0:
            break
        kept += character
    # An ellipsis wider than the room is left out rather than breaking the promised width.
    return kept.rstrip() + ellipsis if display_width(text=ellipsis) <= width else ""


def counted(*, number: int | Decimal, measure: str) -> str:
    """Return a figure with its measure word: 12,486 人, 70.8%; units that are signs follow without a
    space."""
    space = "" if measure.startswith(("%", "‰", "°", "℃")) else " "
    return f"{number:,}{space}{measure}"


def folded(*, text: str) -> str:
    """Return the form in which names are compared: half-width, small letters, no spaces, dots or
    punctuation."""
    bare = half_width(text=unicodedata.normalize("NFC", text.translate(_INVISIBLE))).casefold()
    return "".join(c for c in bare if not c.isspace() and not unicodedata.category(c).startswith("P"))


def likeness(*, first: str, second: str) -> float:
    """Return how alike two names are, 0 to 100, by edit distance after folding; two blanks are not alike."""
    left, right = folded(text=first), folded(text=second)
    return fuzz.ratio(left, right) if left and right else 0.0


def unit_likeness(*, first: str, second: str) -> float:
    """Return how alike two units' names are, 0 to 100, whatever is bracketed or generic (医院, 附属,
    有限公司) counting little.

    A name that holds the other whole (瑞金医院 in 上海交通大学医学院附属瑞金医院) scores at most 90.
    """
    left, right = folded(text=_BRACKETED.sub("", first)), folded(text=_BRACKETED.sub("", second))
    if not left or not right:
        return likeness(first=first, second=second)
    whole = fuzz.ratio(left, right)
    core = fuzz.ratio(_GENERIC.sub("", left) or left, _GENERIC.sub("", right) or right)
    held = 90.0 if min(len(left), len(right)) >= 3 and (left in right or right in left) else 0.0
    # The first and the second people's hospital differ in one character and are two hospitals.
    ceiling = 100.0 if _ordinals(left) == _ordinals(right) else 75.0
    return min(max(0.5 * (whole + core), held), ceiling)


def _ordinals(name: str) -> list[str]:
    return re.findall(r"第([一二三四五六七八九十\d]+)", name)


@dataclass(frozen=True)
class Likely:
    """A stored name that may be the one asked for: its place in the list searched, its text, its score 0 to
    100."""

    place: int
    text: str
    score: float


def likely_duplicates(
    *, name: str, among: Iterable[str], threshold: float = 85.0, limit: int = 10, units: bool = False
) -> tuple[Likely, ...]:
    """Return the names most like one name, best first; `units` compares as names of institutions."""
    compare = unit_likeness if units else likeness

    def scored(first: str, second: str, **_: object) -> float:
        return compare(first=first, second=second)

    found = extract(name, list(among), scorer=scored, score_cutoff=threshold, limit=limit)
    return tuple(Likely(place=place, text=text, score=round(score, 1)) for text, score, place in found)
