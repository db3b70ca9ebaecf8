"""The numbers that Word generates in front of paragraphs."""

import re
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element

from xinglin.lib.numerals import (
    write_branch,
    write_circled_numeral,
    write_formal_numeral,
    write_numeral,
    write_positional_numeral,
    write_stem,
)

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_PLACE = re.compile(r"%([1-9])")
_ROMAN = tuple(
    zip(
        (1000, 900, 500, 400, 100, 90, 50, 40, 10, 9, 5, 4, 1),
        ("M", "CM", "D", "CD", "C", "XC", "L", "XL", "X", "IX", "V", "IV", "I"),
        strict=True,
    )
)


@dataclass(frozen=True, slots=True)
class NumberLevel:
    """How one level of a list is counted and printed."""

    start: int = 1
    number_format: str = "decimal"
    text: str = "%1."
    legal: bool = False


@dataclass(slots=True)
class Numbering:
    """The lists of a document and how far each has been counted."""

    levels: dict[str, dict[int, NumberLevel]] = field(default_factory=dict)  # by abstract list
    abstract_of: dict[str, str] = field(default_factory=dict)
    restarts: dict[str, dict[int, int]] = field(default_factory=dict)  # start overrides by list
    counts: dict[str, dict[int, int]] = field(default_factory=dict)
    begun: set[tuple[str, int]] = field(default_factory=set)

    def next_label(self, *, list_id: str, depth: int) -> str:
        """Count one paragraph and return its number as printed; bullets and unknown lists give ""."""
        abstract = self.abstract_of.get(list_id)
        level = self.levels.get(abstract or "", {}).get(depth)
        if abstract is None or level is None:
            return ""
        counts = self.counts.setdefault(abstract, {})
        restart = self.restarts.get(list_id, {}).get(depth)
        if restart is not None and (list_id, depth) not in self.begun:
            counts[depth] = restart - 1
        self.begun.add((list_id, depth))
        counts[depth] = counts.get(depth, level.start - 1) + 1
        for deeper in [each for each in counts if each > depth]:
            del counts[deeper]
        if level.number_format in ("bullet", "none"):
            return ""
        return _PLACE.sub(lambda place: self._place(abstract, level, int(place[1]) - 1), level.text)

    def _place(self, abstract: str, level: NumberLevel, depth: int) -> str:
        shown = self.levels[abstract].get(depth, NumberLevel())
        value = self.counts[abstract].get(depth, shown.start)
        return write_count(value=value, number_format="decimal" if level.legal else shown.number_format)


def write_count(*, value: int, number_format: str) -> str:
    """Write a count in one of Word's number formats, Chinese ones included."""
    if value < 1:
        return str(value)
    chinese = ("chineseCounting", "chineseCountingThousand", "taiwaneseCountingThousand", "japaneseCounting")
    if number_format in chinese or number_format == "taiwaneseCounting":
        return write_numeral(value=value)
    if number_format in ("ideographDigital", "taiwaneseDigital", "japaneseDigitalTenThousand"):
        return write_positional_numeral(value=value)
    if number_format in ("chineseLegalSimplified", "ideographLegalTraditional"):
        return write_formal_numeral(value=value)
    if number_format == "ideographTraditional":
        return write_stem(value=value)
    if number_format in ("ideographZodiac", "ideographZodiacTraditional"):
        return write_branch(value=value)
    if number_format in ("decimalEnclosedCircle", "decimalEnclosedCircleChinese", "ideographEnclosedCircle"):
        return write_circled_numeral(value=value)
    return _western(value, number_format)


def _western(value: int, number_format: str) -> str:
    if number_format in ("upperLetter", "lowerLetter"):
        letter = chr(ord("A") + (value - 1) % 26) * ((value - 1) // 26 + 1)
        return letter if number_format == "upperLetter" else letter.lower()
    if number_format in ("upperRoman", "lowerRoman"):
        written, rest = "", value
        for amount, letters in _ROMAN:
            written += letters * (rest // amount)
            rest %= amount
        return written if number_format == "upperRoman" else written.lower()
    if number_format == "decimalEnclosedParen":
        return f"({value})"
    if number_format == "decimalFullWidth":
        return str(value).translate(str.maketrans("0123456789", "０１２３４５６７８９"))
    return f"{value:02d}" if number_format == "decimalZero" else str(value)


def read_numbering(*, root: Element | None) -> Numbering:
    """Read numbering.xml."""
    numbering = Numbering()
    if root is None:
        return numbering
    for abstract in root.findall(f"{W}abstractNum"):
        levels = {int(each.get(f"{W}ilvl", "0")): _level(each) for each in abstract.findall(f"{W}lvl")}
        numbering.levels[abstract.get(f"{W}abstractNumId", "")] = levels
    for number in root.findall(f"{W}num"):
        list_id = number.get(f"{W}numId", "")
        abstract_id = number.find(f"{W}abstractNumId")
        if abstract_id is None:
            continue
        numbering.abstract_of[list_id] = abstract_id.get(f"{W}val", "")
        for override in number.findall(f"{W}lvlOverride"):
            start = override.find(f"{W}startOverride")
            if start is not None:
                depth = int(override.get(f"{W}ilvl", "0"))
                numbering.restarts.setdefault(list_id, {})[depth] = int(start.get(f"{W}val", "1"))
    return numbering


def _level(element: Element) -> NumberLevel:
    def value(tag: str, default: str) -> str:
        child = element.find(f"{W}{tag}")
        return default if child is None else child.get(f"{W}val", default)

    legal = element.find(f"{W}isLgl")
    return NumberLevel(
        start=int(value("start", "1")),
        number_format=value("numFmt", "decimal"),
        text=value("lvlText", ""),
        legal=legal is not None and legal.get(f"{W}val", "1") not in ("0", "false"),
    )
