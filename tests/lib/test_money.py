"""Money is exact to the fen, and its capitals say the same amount."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xinglin.lib import money as m

AMOUNTS = st.integers(-(10**18) + 1, 10**18 - 1).map(lambda fen: m.from_fen(fen=fen))


@pytest.mark.parametrize(
    ("amount", "written"),
    [
        ("0", "零元整"),
        ("100", "壹佰元整"),
        ("0.05", "伍分"),
        ("0.50", "伍角"),
        ("10.05", "壹拾元零伍分"),
        ("100.50", "壹佰元零伍角"),
        ("1409.50", "壹仟肆佰零玖元伍角"),
        ("6007.14", "陆仟零柒元壹角肆分"),
        ("1680.32", "壹仟陆佰捌拾元零叁角贰分"),
        ("107000.53", "壹拾万柒仟元零伍角叁分"),
        ("16409.02", "壹万陆仟肆佰零玖元零贰分"),
        ("325.04", "叁佰贰拾伍元零肆分"),
        ("100000", "壹拾万元整"),
        ("1000001", "壹佰万零壹元整"),
        ("100000000", "壹亿元整"),
        ("100007000", "壹亿零柒仟元整"),
        ("1000000000000", "壹万亿元整"),
        ("9999999999999999.99", "玖仟玖佰玖拾玖万玖仟玖佰玖拾玖亿玖仟玖佰玖拾玖万玖仟玖佰玖拾玖元玖角玖分"),
        ("-20.00", "负贰拾元整"),
    ],
)
def test_capitals_follow_the_rules_for_bills(amount: str, written: str) -> None:
    assert m.capitals(amount=Decimal(amount)) == written
    assert m.from_capitals(text=written) == Decimal(amount)


@given(AMOUNTS)
def test_capitals_round_trip(amount: Decimal) -> None:
    assert m.from_capitals(text=m.capitals(amount=amount)) == amount
    assert m.from_capitals(text=m.capitals(amount=amount, prefix="人民币", whole_after_jiao=True)) == amount


@given(AMOUNTS)
def test_grouped_figures_and_fen_round_trip(amount: Decimal) -> None:
    assert m.yuan(m.grouped(amount=amount)) == amount
    assert m.from_fen(fen=m.in_fen(amount=amount)) == amount


def test_both_accepted_forms_of_zero_are_read() -> None:
    assert m.from_capitals(text="人民币壹拾万零柒仟元伍角叁分") == Decimal("107000.53")
    assert m.from_capitals(text="壹仟陆佰捌拾元叁角贰分") == Decimal("1680.32")
    assert m.from_capitals(text="伍拾圆正") == Decimal("50.00")
    assert m.from_capitals(text="拾伍元整") == Decimal("15.00")
    assert m.from_capitals(text="叁角整") == Decimal("0.30")


@pytest.mark.parametrize(
    "text", ["", "整", "人民币", "壹贰元整", "壹佰仟元整", "万元整", "一百元整", "壹佰", "壹万万元整"]
)
def test_what_is_not_capitals_is_refused(text: str) -> None:
    with pytest.raises(m.NotAnAmount):
        m.from_capitals(text=text)


def test_amounts_as_people_type_them() -> None:
    assert m.yuan("￥1,234,567.8") == Decimal("1234567.80")
    assert m.yuan("￥１，２００．５") == Decimal("1200.50")
    assert m.yuan(" 1 200 元 ") == Decimal("1200.00")
    assert str(m.yuan("-0")) == "0.00"
    assert m.yuan("0.005", rounded=True) == Decimal("0.01")


@pytest.mark.parametrize(
    "value", ["", "12,34", "1e5", "NaN", "一百", "٣", "1_000", "0.005", 0.1, True, "99999999999999999"]
)
def test_other_amounts_are_refused(value: object) -> None:
    with pytest.raises(m.NotAnAmount):
        m.yuan(value)  # type: ignore[arg-type]


def test_figures_in_tables() -> None:
    assert m.grouped(amount=Decimal("-1234567.8"), symbol="¥") == "-¥1,234,567.80"
    assert m.in_wan(amount=Decimal("123456")) == "12.35万元"
    assert m.in_wan(amount=Decimal("12345678"), decimals=0) == "1,235万元"
