"""Renminbi to the fen: exact amounts, grouped figures, and the capitals that vouchers and contracts need."""

from __future__ import annotations

import re
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

from xinglin.lib.text import half_width

FEN = Decimal("0.01")
LARGEST = Decimal("9999999999999999.99")  # the capitals below name 万亿 and no more

_DIGITS = "零壹贰叁肆伍陆柒捌玖"
_PLACES = ("", "拾", "佰", "仟")
_PLACE_VALUES = {"拾": 10, "佰": 100, "仟": 1000}
_VARIANTS = str.maketrans(
    {
        "圆": "元",
        "正": "整",
        "○": "零",
        "〇": "零",
        "弍": "贰",
        "貳": "贰",
        "陸": "陆",
        "億": "亿",
        "萬": "万",
    }
)
_CAPITALS = re.compile(
    r"^(?P<sign>负)?"
    r"(?:(?P<yuan>[零壹贰叁肆伍陆柒捌玖拾佰仟万亿]+)元)?"
    r"(?:零?(?P<jiao>[壹贰叁肆伍陆柒捌玖])角|零角)?"
    r"(?:零?(?P<fen>[壹贰叁肆伍陆柒捌玖])分|零分)?"
    r"整?$"
)


class NotAnAmount(ValueError):
    """Something that is not an amount of money in yuan and fen."""


def yuan(value: str | int | Decimal, *, rounded: bool = False) -> Decimal:
    """Return an exact amount with two decimals; parts of a fen are refused unless rounding half up is asked
    for."""
    if isinstance(value, bool | float):
        raise NotAnAmount(f"{value!r} is not exact; give text, a whole number or a Decimal")
    try:
        amount = Decimal(_bare(value)) if isinstance(value, str) else Decimal(value)
    except InvalidOperation:
        raise NotAnAmount(f"{value!r} is not an amount") from None
    if not amount.is_finite() or abs(amount) > LARGEST:
        raise NotAnAmount(f"{value!r} is not an amount that can be booked")
    exact = amount.quantize(FEN, rounding=ROUND_HALF_UP)
    if exact != amount and not rounded:
        raise NotAnAmount(f"{value!r} has parts of a fen")
    return exact + 0  # turns -0.00 into 0.00


def _bare(text: str) -> str:
    """Strip currency signs, 元 and thousands commas; a comma anywhere else stays and fails."""
    stripped = re.sub(r"\s", "", half_width(text=text)).lstrip("¥￥").removeprefix("RMB").removesuffix("元")
    if re.fullmatch(r"[+-]?\d{1,3}(,\d{3})+(\.\d+)?", stripped, re.ASCII):
        return stripped.replace(",", "")
    if not re.fullmatch(r"[+-]?(\d+(\.\d*)?|\.\d+)", stripped, re.ASCII):
        raise NotAnAmount(f"{text!r} is not an amount")
    return stripped


def in_fen(*, amount: Decimal) -> int:
    """Return an amount in yuan as a whole number of fen."""
    return int(yuan(amount) * 100)


def from_fen(*, fen: int) -> Decimal:
    """Return a whole number of fen as an amount in yuan."""
    return yuan(Decimal(fen).scaleb(-2))


def grouped(*, amount: Decimal, symbol: str = "") -> str:
    """Return the figure as printed in tables: 1,234,567.80, with a currency sign before it if one is
    given."""
    exact = yuan(amount)
    return f"{'-' if exact < 0 else ''}{symbol}{abs(exact):,.2f}"


def in_wan(*, amount: Decimal, decimals: int = 2) -> str:
    """Return the figure in 万元, rounded half up: 123456.00 → 12.35万元."""
    scaled = (yuan(amount) / 10000).quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)
    return f"{scaled:,}万元"


def capitals(*, amount: Decimal, prefix: str = "", whole_after_jiao: bool = False) -> str:
    """Return the amount in capitals (壹仟陆佰捌拾元零叁角贰分), by the rules for bills of the People's Bank
    (支付结算办法, annex 1).

    The word 整 must follow 元, may follow 角 (off by default) and never follows 分.
    """
    exact = yuan(amount)
    whole, fen = divmod(in_fen(amount=abs(exact)), 100)
    jiao, fen = divmod(fen, 10)
    body = f"{_whole_capitals(whole)}元" if whole or not (jiao or fen) else ""
    if jiao:
        # A yuan figure ending in 0 is followed by 零, the first of the two forms the rules print.
        body += ("零" if whole and whole % 10 == 0 else "") + f"{_DIGITS[jiao]}角"
    elif fen and whole:
        body += "零"
    if fen:
        body += f"{_DIGITS[fen]}分"
    elif not jiao or whole_after_jiao:
        body += "整"
    return prefix + ("负" if exact < 0 else "") + body


def _whole_capitals(number: int) -> str:
    if number == 0:
        return "零"
    for size, unit in ((10**8, "亿"), (10**4, "万")):
        if number >= size:
            high, low = divmod(number, size)
            gap = "零" if 0 < low < size // 10 else ""
            return _whole_capitals(high) + unit + gap + (_whole_capitals(low) if low else "")
    return _section(number)


def _section(number: int) -> str:
    """Write 1 to 9999; zeros inside are one 零, zeros at the end are silent."""
    written, zero = "", False
    for place in (3, 2, 1, 0):
        digit = number // 10**place % 10
        if digit:
            written += ("零" if zero else "") + _DIGITS[digit] + _PLACES[place]
            zero = False
        elif written:
            zero = True
    return written


def from_capitals(*, text: str) -> Decimal:
    """Read an amount written in capitals, with or without 人民币, in either of the accepted forms of zero
    and 整."""
    bare = (
        re.sub(r"\s", "", text)
        .translate(_VARIANTS)
        .removeprefix("人民币")
        .removeprefix(":")
        .removeprefix("：")
    )
    match = _CAPITALS.match(bare)
    if not match or bare in ("", "负", "整", "负整"):
        raise NotAnAmount(f"{text!r} is not an amount in capitals")
    whole = _read_whole(match["yuan"] or "零", text)
    jiao = _DIGITS.index(match["jiao"] or "零")
    fen = _DIGITS.index(match["fen"] or "零")
    total = from_fen(fen=whole * 100 + jiao * 10 + fen)
    return -total if match["sign"] else total


def _read_whole(written: str, text: str) -> int:
    for unit, size in (("亿", 10**8), ("万", 10**4)):
        if unit in written:
            high, _, low = written.rpartition(unit)
            above = _read_whole(high, text)
            below = _read_whole(low, text) if low else 0
            if not high or not 0 < above < size or below >= size:
                raise NotAnAmount(f"{text!r} is not an amount in capitals")
            return above * size + below
    total, digit, room = 0, 0, 10_000
    for mark in written:
        place = _PLACE_VALUES.get(mark)
        if place:
            if not digit and not total and place == 10:
                digit = 1  # 拾伍 for 壹拾伍: not what the rules ask for, but what people write
            if place >= room or not digit:
                raise NotAnAmount(f"{text!r} is not an amount in capitals")
            total, digit, room = total + digit * place, 0, place
        elif digit:
            raise NotAnAmount(f"{text!r} is not an amount in capitals")
        else:
            digit = _DIGITS.index(mark)
    return total + digit
