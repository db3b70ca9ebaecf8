"""The numbers and words that open headings, items and run-in headings."""

import re
from dataclasses import dataclass

from xinglin.lib.numerals import read_circled_numeral, read_numeral

_C = "[一二三四五六七八九十百〇零]{1,4}"
_AFTER = r"(?=\S|$)"
# Rank is the customary depth; documents that nest otherwise are re-ranked by what they do.
RANKS = {
    "part": 0,
    "volume": 1,
    "chapter": 2,
    "section": 3,
    "chinese": 4,
    "chinese_bracket": 5,
    "arabic": 6,
    "arabic_bracket": 7,
    "arabic_half": 8,
    "circled": 9,
    "letter": 10,
}
_PATTERNS = tuple(
    (style, re.compile(pattern))
    for style, pattern in (
        ("part", rf"第({_C}|\d{{1,2}})部分[、：:．.，]?"),
        ("volume", rf"第({_C}|\d{{1,2}})[篇编][、：:．.，]?(?!文章|论文)"),
        ("chapter", rf"第({_C}|\d{{1,2}})章[、：:．.，]?"),
        ("section", rf"第({_C}|\d{{1,2}})节[、：:．.，]?(?!课)"),
        # 一、二级医院 and 三、四级手术 are no headings
        ("chinese", rf"({_C})(?:、(?!(?:{_C})[级类期线是、甲乙]|{_C}[、等])|[．.](?!\d))"),
        ("chinese_bracket", rf"[（(]({_C})[）)][、.．]?"),
        ("decimal", r"(\d{1,2}(?:[.．]\d{1,2}){1,3})(?:[、.．]|(?=[^\d.．%％万亿倍个项家元人场年月分]))"),
        ("arabic", r"(\d{1,2})(?:[、]|[.．](?:(?!\d)|(?=\d{1,2}月|20\d\d年)))"),
        ("arabic_bracket", r"[（(](\d{1,2})[）)][、.．]?"),
        ("arabic_half", r"(\d{1,2})[）)][、.．]?"),
        ("circled", r"([\u2460-\u2473\u2776-\u277f\u2780-\u2789\u2474-\u2487\u2488-\u249b\u3220-\u3229])[、.．]?"),
        ("letter", r"[（(]?([A-Za-z])[）)．.、](?=[\u4e00-\u9fff])"),
    )
)
_FIRST = frozenset("第一二三四五六七八九十百（(0123456789ABCDEFGHabcdefgh") | frozenset(
    chr(code) for start, end in ((0x2460, 0x249C), (0x2776, 0x278A), (0x3220, 0x322A)) for code in range(start, end)
)


@dataclass(frozen=True, slots=True)
class Marker:
    """A printed number at the opening of a heading or item."""

    style: str
    number: str  # bare, as printed
    value: int
    label: str


def marker_at(text: str, start: int = 0) -> Marker | None:
    """Return the marker that stands at `start`, or None."""
    if start >= len(text) or text[start] not in _FIRST:
        return None
    for style, pattern in _PATTERNS:
        match = pattern.match(text, start)
        if match:
            number = match[1]
            return Marker(style=style, number=number, value=_value(style, number), label=match[0])
    return None


def _value(style: str, number: str) -> int:
    if style == "letter":
        return ord(number.lower()) - ord("a") + 1
    if style == "circled":
        return read_circled_numeral(text=number) or 0
    if style == "decimal":
        return int(re.split("[.．]", number)[-1])
    return int(read_numeral(text=number) or 0)


# Enumerating words: each family counts from one, and a family is believed only when it reaches two.
ENUMERATION = re.compile(
    r"(?P<is>[一二三四五六七八九十](?=是))是|(?P<want>[一二三四五六七八九](?=要))要"
    r"|其(?P<its>[一二三四五六七八九])(?=[，,：:、是])|第(?P<nth>[一二三四五六七八九])(?=[，,：:])"
    r"|(?P<first>首先|其次|再次|最后|此外)(?=[，,、是要])"
)
ENUMERATION_OPENERS = frozenset("。；;：:！？!?，,）)”　")
_ORDER = {"首先": 1, "其次": 2, "再次": 3, "此外": 4, "最后": 5}


def enumeration_value(match: re.Match[str]) -> tuple[str, str, int]:
    """Return family, bare number and value of an enumerating word."""
    family = match.lastgroup or ""
    word = match[family]
    return family, word, _ORDER.get(word) or int(read_numeral(text=word) or 0)
