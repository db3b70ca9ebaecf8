"""Says whether a printed figure and a counted one agree: 超, 近, 约, 余, and how far it is rounded."""

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from xinglin.kernel import regulations

_NEAR = re.compile(r"近|将近|接近")
_ABOUT = re.compile(r"约|大约|左右|上下|余|多(?=[人名位场次篇家个项万亿])")
_MORE = re.compile(r"超过|超|逾|突破|高于")
_ROUNDED = re.compile(r"(\d+(?:\.(\d+))?)\s*([十百千万亿]+)")
_POWERS = {"十": 1, "百": 2, "千": 3, "万": 4, "亿": 8}


@dataclass(frozen=True, kw_only=True)
class Printed:
    """A figure as a draft prints it: its bounds and the words it stands in."""

    low: Decimal | None
    high: Decimal | None
    words: str


def agrees(*, printed: Printed, counted: Decimal, on: date) -> tuple[bool, str]:
    """Return whether both agree and, where words or rounding make the difference, which: near about above rounded."""
    low, high = printed.low, printed.high
    if low is None and high is None:
        return False, ""
    if low is None:  # 近千名
        near = Decimal(str(regulations.value("W6.near", on=on)))
        assert high is not None
        return high * near <= counted <= high, "near"
    if high is None:
        return _at_least(low, counted, printed.words, on)
    if low <= counted <= high:
        return True, ""
    step = rounding_of(words=printed.words)
    if step and low - step / 2 <= counted < high + step / 2:
        return True, "rounded"
    if _ABOUT.search(printed.words) or _NEAR.search(printed.words):
        about = Decimal(str(regulations.value("W6.about", on=on)))
        return low * (1 - about) <= counted <= high * (1 + about), "about"
    return False, ""


def _at_least(low: Decimal, counted: Decimal, words: str, on: date) -> tuple[bool, str]:
    if _MORE.search(words):  # 超过 excludes the figure itself (Civil Code art. 1259)
        return counted > low, "above"
    about = Decimal(str(regulations.value("W6.about", on=on)))
    if re.search("余|多", words):  # 5000 余 says a little above, not ten times as many
        step = max(low * about, _place_of(low))
        return low <= counted < low + step, "about"
    return counted >= low, "above"


def _place_of(value: Decimal) -> Decimal:
    """Return the place of the last digit that is not zero: 5000 → 1000, 1062 → 1."""
    plain = str(int(value))
    return Decimal(10) ** (len(plain) - len(plain.rstrip("0")))


def rounding_of(*, words: str) -> Decimal | None:
    """Return the step to which a figure is rounded: 10.2 万 → 1000, 10 万 → 10000; None when it is exact."""
    found = _ROUNDED.search(words)
    if found is None:
        return None
    power = sum(_POWERS[one] for one in found[3])
    return Decimal(10) ** (power - len(found[2] or ""))
