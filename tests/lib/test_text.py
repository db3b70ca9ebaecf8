"""Text is folded, measured and compared as readers of Chinese do it."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xinglin.lib import text as t


def test_widths_are_folded_both_ways() -> None:
    assert t.half_width(text="ＡＢ　１２（３）％") == "AB 12(3)%"
    assert t.full_width(text="AB 12(3)%") == "ＡＢ　１２（３）％"


@given(st.text(alphabet=st.characters(min_codepoint=32, max_codepoint=126)))
def test_folding_wide_and_back_loses_nothing(text: str) -> None:
    assert t.half_width(text=t.full_width(text=text)) == text


def test_white_space_and_invisible_characters() -> None:
    assert t.squeezed(text="\ufeff 上海\u3000 医学会\n\u200b") == "上海 医学会"
    assert t.joined(text=" 王　明 ") == "王明"
    assert t.joined(text="Li Ming 李 明") == "Li Ming 李明"
    assert t.paragraphs(text="一\n\n  二 \r\n") == ("一", "二")


@pytest.mark.parametrize(
    ("text", "width", "shown"),
    [
        ("上海医学会", 10, "上海医学会"),
        ("上海医学会", 9, "上海医学…"),
        ("上海医学会", 8, "上海医…"),
        ("Shanghai 医学会", 12, "Shanghai 医…"),
        ("Shanghai 医学会", 10, "Shanghai…"),
        ("上海", 1, "…"),
        ("上海", 0, ""),
    ],
)
def test_truncation_counts_columns(text: str, width: int, shown: str) -> None:
    assert t.truncated(text=text, width=width) == shown


@given(st.text(max_size=40), st.integers(0, 50))
def test_truncation_keeps_its_width(text: str, width: int) -> None:
    assert t.display_width(text=t.truncated(text=text, width=width)) <= width


def test_columns_of_marks_and_ambiguous_characters() -> None:
    assert t.display_width(text="ｱé“会”") == 6
    assert t.display_width(text="“会”", ambiguous=2) == 6
    assert t.display_width(text="e\u0301\u200b") == 1


def test_figures_with_measure_words() -> None:
    assert t.counted(number=12486, measure="人") == "12,486 人"
    assert t.counted(number=Decimal("70.8"), measure="%") == "70.8%"


def test_names_of_people_are_compared_folded() -> None:
    assert t.likeness(first="王 明", second="王明") == 100.0
    assert t.likeness(first="", second="") == 0.0
    assert 66 < t.likeness(first="王晓明", second="王小明") < 67


def test_units_are_alike_by_what_distinguishes_them() -> None:
    assert t.unit_likeness(first="上海市第一人民医院", second="上海市第二人民医院") == 75.0
    assert t.unit_likeness(first="上海市第一人民医院", second="上海第一人民医院") > 95
    assert t.unit_likeness(first="上海交通大学医学院附属瑞金医院", second="瑞金医院") == 90.0
    assert (
        t.unit_likeness(first="江苏省人民医院（南京医科大学第一附属医院）", second="江苏省人民医院") == 100.0
    )
    assert t.unit_likeness(first="华东医院", second="华东疗养院") < 85
    assert t.unit_likeness(first="复旦大学附属中山医院", second="中山大学附属第一医院") < 60


@given(
    st.text(alphabet="上海市第一二三人民医院附属中山(（）)", max_size=12),
    st.text(alphabet="上海市第一人民医院", max_size=12),
)
def test_likeness_of_units_is_symmetric_and_bounded(first: str, second: str) -> None:
    score = t.unit_likeness(first=first, second=second)
    assert 0 <= score <= 100
    assert score == t.unit_likeness(first=second, second=first)


def test_likely_duplicates_come_best_first_with_their_place() -> None:
    stored = ["复旦大学附属华山医院", "上海瑞金医院", "瑞金医院", "上海交通大学医学院附属瑞金医院"]
    found = t.likely_duplicates(name="上海交大医学院附属瑞金医院", among=stored, units=True)
    assert [(each.place, each.text) for each in found][:1] == [(3, "上海交通大学医学院附属瑞金医院")]
    assert {each.place for each in found} == {2, 3}
    assert t.likely_duplicates(name="华东医院", among=stored, units=True) == ()
