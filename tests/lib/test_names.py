"""Names are read with their surnames as surnames."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xinglin.lib import names as n
from xinglin.lib.surnames import COMPOUND, SINGLE


@pytest.mark.parametrize(
    ("name", "romanised"),
    [
        ("曾国藩", "Zeng Guofan"),
        ("单田芳", "Shan Tianfang"),
        ("仇英", "Qiu Ying"),
        ("解缙", "Xie Jin"),
        ("区志航", "Ou Zhihang"),
        ("查良镛", "Zha Liangyong"),
        ("朴树", "Piao Shu"),
        ("任正非", "Ren Zhengfei"),
        ("华罗庚", "Hua Luogeng"),
        ("盖叫天", "Ge Jiaotian"),
        ("翟志刚", "Zhai Zhigang"),
        ("尉迟恭", "Yuchi Gong"),
        ("万俟卨", "Moqi Xie"),
        ("长孙无忌", "Zhangsun Wuji"),
        ("单于小明", "Chanyu Xiaoming"),
        ("欧阳修", "Ouyang Xiu"),
        ("欧阳", "Ou Yang"),
        ("李嫦娥", "Li Chang'e"),
        ("吕思勉", "Lü Simian"),
        ("王 明", "Wang Ming"),
        ("John  Smith", "John Smith"),
    ],
)
def test_romanised_names(name: str, romanised: str) -> None:
    assert n.romanised(name=name) == romanised


def test_order_and_language_of_display() -> None:
    assert n.romanised(name="诸葛亮", order=n.Order.GIVEN_FIRST) == "Liang Zhuge"
    assert n.written(name="诸葛 亮") == "诸葛亮"
    assert n.written(name="诸葛亮", language="en") == "Zhuge Liang"


def test_a_surname_that_is_told_wins_over_the_list() -> None:
    assert n.name_parts(name="东方红") == n.NameParts("东方", "红")
    assert n.name_parts(name="东方红", surname="东") == n.NameParts("东", "方红")
    assert n.romanised(name="东方红", surname="东") == "Dong Fanghong"
    assert n.name_parts(name="阿卜杜·买买提") == n.NameParts("", "阿卜杜·买买提")


def test_initials() -> None:
    assert [n.initials(name=name) for name in ("曾国藩", "欧阳修", "John Smith", "吕思勉")] == [
        "zgf",
        "oyx",
        "js",
        "lsm",
    ]


def test_search_keys_hold_pinyin_and_initials_with_and_without_spaces() -> None:
    assert n.search_keys(name="单田芳") == ("单田芳", "shan tian fang", "shantianfang", "s t f", "stf")
    assert n.search_keys(name="John Smith") == ("john smith", "johnsmith", "js")


def test_less_usual_readings_and_spellings_of_umlaut_are_found() -> None:
    assert {"qinwenjing", "tanwenjing", "qwj", "twj"} <= set(n.search_keys(name="覃文静"))
    assert {"lvsimian", "lusimian", "lyusimian"} <= set(n.search_keys(name="吕思勉"))
    assert len(n.search_keys(name="乐行重单长")) <= 1 + n.MOST_READINGS * 8


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("zengg", True),
        ("Zeng Guofan", True),
        ("zgf", True),
        ("国藩", True),
        ("ceng", False),
        ("guofan", False),
        (" ", False),
    ],
)
def test_what_people_type_finds_the_name(typed: str, found: bool) -> None:
    assert n.is_found_by(name="曾国藩", typed=typed) is found


def test_names_sort_by_pinyin_tone_and_character() -> None:
    names = ["张三", "曾国藩", "单田芳", "王明", "汪明", "欧阳修", "Adams", "万里"]
    ordered = ["Adams", "欧阳修", "单田芳", "万里", "汪明", "王明", "曾国藩", "张三"]
    assert sorted(names, key=lambda name: n.sort_key(name=name)) == ordered


@pytest.mark.parametrize(
    ("name", "masked"),
    [
        ("王小明", "王*明"),
        ("王明", "王*"),
        ("欧阳小明", "欧阳*明"),
        ("欧阳修", "欧阳*"),
        ("John Smith", "J*** S****"),
        ("", ""),
    ],
)
def test_masked_names(name: str, masked: str) -> None:
    assert n.masked_name(name=name) == masked


def test_every_reading_in_the_list_has_a_tone() -> None:
    single = [reading for readings in SINGLE.values() for reading in readings]
    double = [reading for readings in COMPOUND.values() for reading in readings]
    assert all(reading[:-1].isalpha() and reading[-1] in "1234" for reading in single + double)


@given(st.text(alphabet="王李张曾单欧阳明国藩乐重 ·aB", max_size=6))
def test_any_text_can_be_a_name(name: str) -> None:
    assert n.search_keys(name=name) == tuple(dict.fromkeys(n.search_keys(name=name)))
    assert isinstance(n.sort_key(name=name) + n.romanised(name=name) + n.initials(name=name), str)
    assert n.masked_name(name=name).count("*") < len(name) or not name
