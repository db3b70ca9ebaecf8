"""Transfer codes survive how people write them, and never take a slip for another bill."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xinglin.lib.transfer_codes import ALPHABET, LENGTH, code_for, codes_in, holds

CODE = code_for(what="2026/1")
WORDS = st.text(min_size=1, max_size=20)


def test_a_code_has_no_character_that_is_taken_for_another():
    assert len(set(ALPHABET)) == 31 and not set(ALPHABET) & set("01OIL")
    assert len(CODE) == LENGTH and holds(code=CODE)
    assert code_for(what="2026/1") == CODE != code_for(what="2026/1", attempt=1)


@given(what=WORDS, place=st.integers(0, LENGTH - 1), mark=st.sampled_from(ALPHABET))
def test_one_wrong_character_is_noticed(what, place, mark):
    code = code_for(what=what)
    wrong = code[:place] + mark + code[place + 1:]
    assert holds(code=wrong) is (wrong == code)


@given(what=WORDS, place=st.integers(0, LENGTH - 2))
def test_two_swapped_neighbours_are_noticed(what, place):
    code = code_for(what=what)
    swapped = code[:place] + code[place + 1] + code[place] + code[place + 2:]
    assert holds(code=swapped) is (swapped == code)


@pytest.mark.parametrize("remark", [
    CODE, f"会费{CODE}王小明", CODE.lower(), f"{CODE[:4]}-{CODE[4:]}", f"会费 {CODE[:4]} {CODE[4:]}",
    "".join(chr(ord(mark) + 0xFEE0) for mark in CODE), f"附言:{CODE}/2026"])
def test_a_code_is_found_in_a_remark(remark):
    assert CODE in codes_in(text=remark)


@pytest.mark.parametrize("remark", ["", "会费", "20260302", CODE[:-1], "IOIOIOIO"])
def test_what_is_no_code_is_not_found(remark):
    assert CODE not in codes_in(text=remark)
