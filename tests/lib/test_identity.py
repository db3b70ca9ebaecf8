"""Identity numbers are judged, never raised over, and shown with their middle covered."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xinglin.lib import identity as i
from xinglin.lib.identity import IdentityCode as Code
from xinglin.lib.identity import IdentityKind as Kind
from xinglin.lib.identity import IdentityRemark as Remark
from xinglin.lib.periods import MonthEnd

TODAY = date(2026, 11, 21)
KNOWN = "11010519491231002X"


def numbered(body: str) -> str:
    return body + i.check_digit(body=body)


NUMBERS = st.builds(
    lambda region, born, serial: numbered(f"{region}{born:%Y%m%d}{serial:03d}"),
    st.sampled_from(["110105", "310101", "320106", "659001"]),
    st.dates(date(1900, 1, 1), TODAY),
    st.integers(0, 999),
)


@pytest.mark.parametrize(
    "typed", [KNOWN, KNOWN.lower(), " 110105 19491231 002x ", "１１０１０５１９４９１２３１００２Ｘ"]
)
def test_the_number_of_the_standard_is_read_however_it_is_typed(typed: str) -> None:
    assert i.resident_id(number=typed, on=TODAY) == i.IdentityVerdict(
        kind=Kind.RESIDENT_ID,
        code=Code.OK,
        value=KNOWN,
        born_on=date(1949, 12, 31),
        sex=i.Sex.FEMALE,
        region="110105",
    )


@pytest.mark.parametrize(
    ("number", "code"),
    [
        ("", Code.EMPTY),
        ("1101051949123100", Code.LENGTH),
        ("11010519491231A02X", Code.CHARACTERS),
        ("1X010519491231002X", Code.CHARACTERS),
        ("110105194912310021", Code.CHECK_DIGIT),
        (numbered("11010519490231002"), Code.BIRTH_DATE),
        (numbered("11010520261122001"), Code.NOT_YET_BORN),
        (numbered("99010519491231002"), Code.REGION),
        (numbered("81000019900101001"), Code.REGION),
        (numbered("82000019900101001"), Code.REGION),
        (numbered("83000019900101001"), Code.REGION),
    ],
)
def test_a_wrong_number_says_why(number: str, code: Code) -> None:
    verdict = i.resident_id(number=number, on=TODAY)
    assert verdict.code is code
    assert verdict.is_valid is (code is Code.OK)


def test_a_birthday_today_is_past_enough() -> None:
    assert i.resident_id(number=numbered("11010520261121001"), on=TODAY).is_valid


def test_an_old_number_of_15_digits_is_converted_and_remarked_upon() -> None:
    verdict = i.resident_id(number="110105491231002", on=TODAY)
    assert (verdict.value, verdict.remarks) == (KNOWN, (Remark.CONVERTED_FROM_15,))
    centenarian = i.resident_id(number="110105991231996", on=TODAY)
    assert centenarian.born_on == date(1899, 12, 31)
    assert centenarian.remarks == (Remark.CONVERTED_FROM_15,)


def test_an_unknown_county_is_a_remark_or_a_refusal_as_told() -> None:
    number = numbered("11880019491231002")
    assert i.resident_id(number=number, on=TODAY).remarks == (Remark.REGION_UNKNOWN,)
    refused = i.resident_id(number=number, on=TODAY, unknown_region=i.UnknownRegion.REFUSE)
    assert refused.code is Code.REGION
    abolished = numbered("11010419491231002")
    assert i.resident_id(number=abolished, on=TODAY, unknown_region=i.UnknownRegion.REFUSE).remarks == ()


def test_a_bearer_of_140_years_is_remarked_upon() -> None:
    verdict = i.resident_id(number=numbered("11010518800101001"), on=TODAY)
    assert (verdict.code, verdict.remarks) == (Code.OK, (Remark.IMPLAUSIBLE_AGE,))


@given(NUMBERS)
def test_a_regular_number_passes_and_tells_its_sex(number: str) -> None:
    verdict = i.resident_id(number=number, on=TODAY)
    assert verdict.is_valid and verdict.value == number
    assert verdict.sex is (i.Sex.MALE if int(number[16]) % 2 else i.Sex.FEMALE)


@given(NUMBERS, st.integers(0, 17), st.sampled_from("0123456789X"))
def test_every_single_wrong_digit_is_detected(number: str, place: int, digit: str) -> None:
    mistyped = number[:place] + digit + number[place + 1 :]
    assert i.resident_id(number=mistyped, on=TODAY).is_valid is (mistyped == number)


@given(NUMBERS, st.integers(0, 16))
def test_every_swap_of_neighbours_is_detected(number: str, place: int) -> None:
    swapped = number[:place] + number[place + 1] + number[place] + number[place + 2 :]
    assert i.resident_id(number=swapped, on=TODAY).is_valid is (swapped == number)


@pytest.mark.parametrize(
    ("kind", "typed", "value", "code"),
    [
        (Kind.RESIDENCE_PERMIT, numbered("81000019900101001"), numbered("81000019900101001"), Code.OK),
        (Kind.RESIDENCE_PERMIT, numbered("83000019900101002"), numbered("83000019900101002"), Code.OK),
        (Kind.RESIDENCE_PERMIT, KNOWN, KNOWN, Code.REGION),
        (Kind.PERMANENT_RESIDENCE, "911124198108030024", "911124198108030024", Code.OK),
        (Kind.PERMANENT_RESIDENCE, "911124198108030025", "911124198108030025", Code.CHECK_DIGIT),
        (Kind.PERMANENT_RESIDENCE, KNOWN, KNOWN, Code.REGION),
        (Kind.PERMANENT_RESIDENCE, "kaz110090123105", "KAZ110090123105", Code.OK),
        (Kind.PERMANENT_RESIDENCE, "KAZ110090133105", "KAZ110090133105", Code.BIRTH_DATE),
        (Kind.HONG_KONG_MACAO_PERMIT, "h12345678", "H12345678", Code.OK),
        (Kind.HONG_KONG_MACAO_PERMIT, "M12345678 02", "M12345678", Code.OK),
        (Kind.HONG_KONG_MACAO_PERMIT, "K12345678", "K12345678", Code.CHARACTERS),
        (Kind.HONG_KONG_MACAO_PERMIT, "H1234", "H1234", Code.LENGTH),
        (Kind.TAIWAN_PERMIT, "12345678", "12345678", Code.OK),
        (Kind.TAIWAN_PERMIT, "1234567801（Ａ）", "12345678", Code.OK),
        (Kind.TAIWAN_PERMIT, "1234567801B", "12345678", Code.OK),
        (Kind.TAIWAN_PERMIT, "", "", Code.EMPTY),
        (Kind.CHINESE_PASSPORT, "e12345678", "E12345678", Code.OK),
        (Kind.CHINESE_PASSPORT, "EA1234567", "EA1234567", Code.OK),
        (Kind.CHINESE_PASSPORT, "141234567", "141234567", Code.OK),
        (Kind.CHINESE_PASSPORT, "123456789", "123456789", Code.CHARACTERS),
        (Kind.FOREIGN_PASSPORT, "AB 123-456", "AB123456", Code.OK),
        (Kind.FOREIGN_PASSPORT, "ABCDEFG", "ABCDEFG", Code.CHARACTERS),
        (Kind.FOREIGN_PASSPORT, "A12", "A12", Code.LENGTH),
    ],
)
def test_the_other_documents(kind: Kind, typed: str, value: str, code: Code) -> None:
    verdict = i.checked(kind=kind, number=typed, on=TODAY)
    assert (verdict.kind, verdict.value, verdict.code) == (kind, value, code)


def test_every_kind_can_be_checked_and_every_code_has_words() -> None:
    assert all(i.checked(kind=kind, number="", on=TODAY).code is Code.EMPTY for kind in Kind)
    assert set(i.CODE_WORDS) == set(Code)
    verdict = i.resident_id(number="1", on=TODAY)
    assert verdict.message() == "证件号码位数不对"
    assert verdict.message(language="en") == "the number has the wrong length"


def test_renewals_and_old_formats_are_remarked_upon() -> None:
    assert i.hong_kong_macao_permit(number="H1234567801").remarks == (Remark.RENEWAL_COUNT_DROPPED,)
    assert i.permanent_residence(number="KAZ110090123105", on=TODAY).remarks == (Remark.OLD_FORMAT,)
    assert i.permanent_residence(number="KAZ110090123106", on=TODAY).remarks == (
        Remark.OLD_FORMAT,
        Remark.CHECK_DIGIT_UNUSUAL,
    )


def test_age_on_a_day() -> None:
    verdict = i.resident_id(number=numbered("11010520040229001"), on=TODAY)
    assert i.age(verdict=verdict, on=date(2026, 2, 28)) == 22
    assert i.age(verdict=verdict, on=date(2026, 2, 28), leap_birthday=MonthEnd.NEXT_DAY) == 21
    assert i.age(verdict=i.foreign_passport(number="AB123456"), on=TODAY) is None


@pytest.mark.parametrize(
    ("typed", "value", "code"),
    [
        ("13800138000", "13800138000", i.MobileCode.OK),
        ("+86 138-0013-8000", "13800138000", i.MobileCode.OK),
        ("（86）19912345678", "19912345678", i.MobileCode.OK),
        ("8613800138000", "13800138000", i.MobileCode.OK),
        ("12800138000", "12800138000", i.MobileCode.CHARACTERS),
        ("1380013800", "1380013800", i.MobileCode.LENGTH),
        ("", "", i.MobileCode.EMPTY),
    ],
)
def test_mainland_mobile_numbers(typed: str, value: str, code: i.MobileCode) -> None:
    assert i.mobile(number=typed) == i.MobileVerdict(code=code, value=value)


def test_masks_cover_the_middle() -> None:
    assert i.masked(number=KNOWN.lower()) == "110105********002X"
    assert i.masked(number="H12345678") == "H1*****78"
    assert i.masked(number="1234") == "1***"
    assert i.masked(number="") == ""
    assert i.masked_mobile(number="+8613800138000") == "138****8000"
