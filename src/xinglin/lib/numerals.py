"""Chinese numerals, read and written.

cn2an does the arithmetic; this layer adds what official prose needs and cn2an refuses: a bare 百/千/万,
两, 廿 and 卅, full-width and grouped digits, circled numbers, and the heavenly stems that number lists.
"""

import re
from decimal import Decimal, InvalidOperation
from functools import lru_cache

import cn2an

DIGITS = "〇零一二三四五六七八九"
NUMERAL_CHARACTERS = DIGITS + "两十百千万亿廿卅"
STEMS = "甲乙丙丁戊己庚辛壬癸"
BRANCHES = "子丑寅卯辰巳午未申酉戌亥"
_FULL_WIDTH = str.maketrans("０１２３４５６７８９．，", "0123456789.,")
_ARABIC = re.compile(r"(\d{1,3}(?:[,，]\d{3})+|\d+)(\.\d+)?([十百千万亿]*)")
_POSITIONAL = re.compile(r"[〇零一二三四五六七八九]{2,}")
_SCALE = {"十": 10, "百": 100, "千": 1000, "万": 10**4, "亿": 10**8}


def as_number(value: Decimal | float | int) -> int | float:
    """Return a whole number as int and anything else as float."""
    return int(value) if value == int(value) else float(value)


@lru_cache(maxsize=4096)
def _read(text: str) -> int | float | None:
    text = text.translate(_FULL_WIDTH)
    arabic = _ARABIC.fullmatch(text)
    if arabic:
        value = Decimal(re.sub("[,，]", "", arabic[1]) + (arabic[2] or ""))
        for scale in arabic[3]:
            value *= _SCALE[scale]
        return as_number(value)
    if _POSITIONAL.fullmatch(text):
        return int("".join(str(max(DIGITS.index(digit) - 1, 0)) for digit in text))
    text = text.replace("廿", "二十").replace("卅", "三十").replace("〇", "零")
    if text[:1] in ("百", "千", "万", "亿"):
        text = "一" + text
    try:
        return as_number(Decimal(str(cn2an.cn2an(text, "smart"))))
    except (ValueError, KeyError, IndexError, InvalidOperation, OverflowError):  # 万十二 makes cn2an stumble
        return None


def read_numeral(*, text: str) -> int | float | None:
    """Return the value of 三十六, 两百, 二〇二四, 10万 or 1,062, and None when the text is no numeral."""
    return _read(text) if text else None


def write_numeral(*, value: int) -> str:
    """Write a whole number as everyday Chinese (12 → 十二)."""
    written = str(cn2an.an2cn(value, "low"))
    return written[1:] if written.startswith("一十") else written


def write_formal_numeral(*, value: int) -> str:
    """Write a whole number in the anti-forgery characters of cheques (12 → 壹拾贰)."""
    return str(cn2an.an2cn(value, "up"))


def write_positional_numeral(*, value: int) -> str:
    """Write a number digit by digit, the way years are written (2024 → 二〇二四)."""
    return "".join("〇一二三四五六七八九"[int(digit)] for digit in str(value))


def write_circled_numeral(*, value: int) -> str:
    """Write 1–50 as a circled number (1 → ①); larger values stay Arabic."""
    for first, last, code in ((1, 20, 0x2460), (21, 35, 0x3251), (36, 50, 0x32B1)):
        if first <= value <= last:
            return chr(code + value - first)
    return str(value)


def read_circled_numeral(*, text: str) -> int | None:
    """Return the value of one circled, bracketed or dotted number character (①, ⑴, ⒈, ❶, ㈠)."""
    if len(text) != 1:
        return None
    code = ord(text)
    ranges = ((0x2460, 20), (0x2474, 20), (0x2488, 20), (0x2776, 10), (0x2780, 10), (0x3220, 10), (0x3251, 15))
    for start, length in ranges:
        if start <= code < start + length:
            return code - start + (21 if start == 0x3251 else 1)
    return None


def write_stem(*, value: int) -> str:
    """Write 1–10 as a heavenly stem (1 → 甲), repeating after ten as word processors do."""
    return STEMS[(value - 1) % len(STEMS)]


def write_branch(*, value: int) -> str:
    """Write 1–12 as an earthly branch (1 → 子), repeating after twelve."""
    return BRANCHES[(value - 1) % len(BRANCHES)]
