"""Whatever is pasted, the reader answers, and what it answers stands in the text."""

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.reading.test_labelled_documents import assert_places_are_true
from xinglin.plans.reading import read_bytes, read_text
from xinglin.plans.reading.refusals import Refusal

WORDS = """
一、 （一） 1. （1） ① 一是 二是 首先 其次 第一部分 第二章 1.1
# ## ** | - 《 》 “ ” （ ） 。 ， ； ： 、 第五届
第三期 首届 论坛 理事会 举办 完成 培训 30场 十二期 1-2家
95%以上 七成 三分之一 10万人次 近千名 若干 一批 四个意识 6月底前
年底前 上半年 2025年 2024年， 去年 力争 约 不少于 以内 三级医院
会员 项目 3 — 2 — 第3页 工作总结 工作计划 百分之 分之 万 亿 两
届 期
"""
TOKENS = (*WORDS.split(), "\n", "\n\n", "\f", "\t", "　")


@settings(max_examples=150, deadline=None)
@given(st.lists(st.sampled_from(TOKENS), min_size=1, max_size=60))
def test_any_row_of_words_is_read(words: list[str]) -> None:
    try:
        reading = read_text(text="".join(words))
    except Refusal:
        return
    assert_places_are_true(reading)
    covered = [place for each in reading.paragraphs for place in range(each.start, each.end)]
    assert set(covered) == set(range(len(reading.text)))
    for entry in (*reading.targets, *reading.figures):
        values = (entry.value_min, entry.value_max)
        assert None in values or values[0] <= values[1]  # type: ignore[operator]


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=200))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        assert_places_are_true(read_text(text=text))
    except Refusal as refusal:
        assert refusal.code == "empty_document"


@settings(max_examples=150, deadline=None)
@given(
    st.binary(max_size=300), st.sampled_from([b"", b"%PDF-1.4\n", b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"])
)
def test_any_bytes_are_read_or_refused(content: bytes, magic: bytes) -> None:
    try:
        assert_places_are_true(read_bytes(content=magic + content, name="a"))
    except Refusal as refusal:
        assert refusal.message_zh and refusal.message_en
