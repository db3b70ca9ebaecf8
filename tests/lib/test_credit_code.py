"""Credit codes carry two check characters, and both are looked at."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xinglin.lib import credit_code as c

COMPANY, SOCIETY = "9144030071526726XG", "51310000500123453M"


def test_the_known_codes_are_read_part_by_part() -> None:
    assert c.credit_code(number=COMPANY) == c.CreditVerdict(
        code=c.CreditCode.OK,
        value=COMPANY,
        authority="市场监管",
        kind="企业",
        region="440300",
        organisation_code="71526726X",
    )
    assert c.credit_code(number=" 51310000-500123453m ") == c.CreditVerdict(
        code=c.CreditCode.OK,
        value=SOCIETY,
        authority="民政",
        kind="社会团体",
        region="310000",
        organisation_code="500123453",
    )


def built(head: str, eight: str) -> str:
    body = head + eight + c.organisation_check(body=eight)
    return body + c.check_character(body=body)


# The nested code may end in X, which the outer alphabet has; its letters are those of the outer alphabet.
CODES = st.builds(
    built,
    st.sampled_from(["91440300", "12310000", "51310000", "52320106", "N2510100"]),
    st.text(alphabet=c.ALPHABET, min_size=8, max_size=8),
)


@given(CODES)
def test_a_regular_code_passes(code: str) -> None:
    assert c.credit_code(number=code).is_valid


@given(CODES, st.integers(0, 17), st.sampled_from(c.ALPHABET))
def test_every_single_wrong_character_is_detected(code: str, place: int, character: str) -> None:
    mistyped = code[:place] + character + code[place + 1 :]
    assert c.credit_code(number=mistyped).is_valid is (mistyped == code)


@pytest.mark.parametrize(
    ("number", "code"),
    [
        ("", c.CreditCode.EMPTY),
        (COMPANY[:-1], c.CreditCode.LENGTH),
        ("9144030071526726IG", c.CreditCode.CHARACTERS),
        ("91A4030071526726XG", c.CreditCode.CHARACTERS),
        (COMPANY[:-1] + "H", c.CreditCode.CHECK_CHARACTER),
        (built("B1440300", "71526726"), c.CreditCode.KIND),
    ],
)
def test_a_wrong_code_says_why(number: str, code: c.CreditCode) -> None:
    verdict = c.credit_code(number=number)
    assert (verdict.code, verdict.is_valid) == (code, False)


def test_a_wrong_organisation_code_inside_is_refused_or_remarked_upon() -> None:
    body = "91440300715267261"
    number = body + c.check_character(body=body)
    assert c.credit_code(number=number).code is c.CreditCode.ORGANISATION_CHECK
    lenient = c.credit_code(number=number, strict_inside=False)
    assert (lenient.code, lenient.remarks) == (c.CreditCode.OK, (c.CreditRemark.ORGANISATION_CHECK,))


def test_unknown_kinds_and_regions_are_remarked_upon() -> None:
    verdict = c.credit_code(number=built("95999999", "71526726"))
    assert verdict.remarks == (c.CreditRemark.REGION_UNKNOWN, c.CreditRemark.KIND_UNKNOWN)
    assert c.credit_code(number=built("51100000", "50000123")).remarks == ()


def test_letters_inside_count_by_the_whole_alphabet() -> None:
    # MA is how every new organisation code begins: M is 22 and A is 10; by the outer alphabet M would be 20.
    assert c.organisation_check(body="MA1FL4B2") == "4"
    assert c.organisation_code(number="MA1FL4B2-4").is_valid
    assert c.organisation_code(number="71526726-X").is_valid
    assert c.organisation_code(number="71526726-1").code is c.CreditCode.ORGANISATION_CHECK
    assert c.organisation_code(number="7152").code is c.CreditCode.LENGTH


def test_every_code_has_words_and_every_kind_its_authority() -> None:
    assert set(c.CODE_WORDS) == set(c.CreditCode)
    assert {kind[0] for kind in c.KINDS} == set(c.AUTHORITIES)
    assert c.credit_code(number="").message(language="en") == "no code was given"
