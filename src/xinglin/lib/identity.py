"""Numbers of identity documents, checked into verdicts; a wrong number is an answer here, not an exception.

Sources: GB 11643-1999 (citizens, check digit by ISO 7064 MOD 11-2); the rules of the Ministry of Public
Security of 2010 for travel permits; of the State Council of 2018 for residence permits of Hong Kong, Macao
and Taiwan residents; of the National Immigration Administration of 2023 for permanent residence cards.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from xinglin.lib.days import Reached, full_years
from xinglin.lib.periods import MonthEnd
from xinglin.lib.regions import region_of
from xinglin.lib.text import half_width

WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
CHECK_DIGITS = "10X98765432"
OLDEST = 130  # full years; nobody older has been documented


class IdentityKind(StrEnum):
    """The documents by which a person may be known."""

    RESIDENT_ID = "resident_id"  # 居民身份证
    CHINESE_PASSPORT = "chinese_passport"
    FOREIGN_PASSPORT = "foreign_passport"
    HONG_KONG_MACAO_PERMIT = "hong_kong_macao_permit"  # 港澳居民来往内地通行证
    TAIWAN_PERMIT = "taiwan_permit"  # 台湾居民来往大陆通行证
    RESIDENCE_PERMIT = "residence_permit"  # 港澳台居民居住证
    PERMANENT_RESIDENCE = "permanent_residence"  # 外国人永久居留身份证


class IdentityCode(StrEnum):
    """Why a number was accepted or refused."""

    OK = "ok"
    EMPTY = "empty"
    LENGTH = "length"
    CHARACTERS = "characters"
    CHECK_DIGIT = "check_digit"
    BIRTH_DATE = "birth_date"
    NOT_YET_BORN = "not_yet_born"
    REGION = "region"


class IdentityRemark(StrEnum):
    """What a clerk should know about an accepted number."""

    CONVERTED_FROM_15 = "converted_from_15"
    REGION_UNKNOWN = "region_unknown"
    IMPLAUSIBLE_AGE = "implausible_age"
    RENEWAL_COUNT_DROPPED = "renewal_count_dropped"
    OLD_FORMAT = "old_format"
    CHECK_DIGIT_UNUSUAL = "check_digit_unusual"


CODE_WORDS = {
    IdentityCode.OK: ("号码格式正确", "the number is well formed"),
    IdentityCode.EMPTY: ("未填写证件号码", "no number was given"),
    IdentityCode.LENGTH: ("证件号码位数不对", "the number has the wrong length"),
    IdentityCode.CHARACTERS: ("证件号码含有不应出现的字符", "the number holds characters it cannot have"),
    IdentityCode.CHECK_DIGIT: (
        "校验码不符，请核对是否录错",
        "the check digit does not fit; a digit is mistyped",
    ),
    IdentityCode.BIRTH_DATE: ("出生日期不存在", "the date of birth does not exist"),
    IdentityCode.NOT_YET_BORN: ("出生日期晚于当日", "the date of birth is still to come"),
    IdentityCode.REGION: ("地区代码不属于该类证件", "the region does not belong to this kind of document"),
}


class Sex(StrEnum):
    """The sex encoded in the seventeenth digit: odd male, even female (GB/T 2261.1 codes 1 and 2)."""

    MALE = "1"
    FEMALE = "2"


class UnknownRegion(StrEnum):
    """What to do with a known province and an unknown county: old codes are many, so the default only
    remarks."""

    REMARK = "remark"
    REFUSE = "refuse"


@dataclass(frozen=True)
class IdentityVerdict:
    """The normalised number (as far as it could be read), why it passed or not, and what it says of its
    bearer."""

    kind: IdentityKind
    code: IdentityCode
    value: str
    born_on: date | None = None
    sex: Sex | None = None
    region: str = ""
    remarks: tuple[IdentityRemark, ...] = ()

    @property
    def is_valid(self) -> bool:
        """Whether the number may be stored."""
        return self.code is IdentityCode.OK

    def message(self, *, language: str = "zh") -> str:
        """The reason in words a member can read, Chinese unless English is asked for."""
        zh, en = CODE_WORDS[self.code]
        return en if language.startswith("en") else zh


def normalised(*, number: str) -> str:
    """Return a number without spaces and dashes, half-width, in capitals: the form in which it is compared
    and stored."""
    return re.sub(r"[\s\-–—·]", "", half_width(text=number)).upper()


def check_digit(*, body: str) -> str:
    """Return the eighteenth character that belongs to seventeen digits (GB 11643, MOD 11-2)."""
    return CHECK_DIGITS[sum(weight * int(digit) for weight, digit in zip(WEIGHTS, body, strict=True)) % 11]


def resident_id(
    *, number: str, on: date, unknown_region: UnknownRegion = UnknownRegion.REMARK
) -> IdentityVerdict:
    """Check a citizen's number of 18 characters; 15 digits are converted and the verdict remarks upon it."""
    value = normalised(number=number)
    remarks: tuple[IdentityRemark, ...] = ()
    if re.fullmatch(r"\d{15}", value, re.ASCII):
        # Serials 996 to 999 were kept for people of a hundred years and more, born in the century before.
        century = "18" if value[12:] >= "996" else "19"
        body = value[:6] + century + value[6:]
        value = body + check_digit(body=body)
        remarks = (IdentityRemark.CONVERTED_FROM_15,)
    verdict = _eighteen(IdentityKind.RESIDENT_ID, value, on)
    if not verdict.is_valid:
        return verdict
    # Residents of Hong Kong, Macao and Taiwan bear 81, 82, 83 on residence permits: read here, one permit would
    # name two people.
    if value[:2] in ("81", "82", "83") or not region_of(code=f"{value[:2]}0000"):
        return replace(verdict, code=IdentityCode.REGION)
    # A county the table does not list is taken on its prefecture's word: the table is not complete below it.
    if not (region_of(code=value[:6]) or region_of(code=f"{value[:4]}00")):
        if unknown_region is UnknownRegion.REFUSE:
            return replace(verdict, code=IdentityCode.REGION)
        remarks += (IdentityRemark.REGION_UNKNOWN,)
    return replace(verdict, region=value[:6], remarks=remarks + verdict.remarks)


def residence_permit(*, number: str, on: date) -> IdentityVerdict:
    """Check a 港澳台居民居住证: built like a citizen's number, under 810000, 820000 or 830000."""
    value = normalised(number=number)
    verdict = _eighteen(IdentityKind.RESIDENCE_PERMIT, value, on)
    if verdict.is_valid and value[:6] not in ("810000", "820000", "830000"):
        return replace(verdict, code=IdentityCode.REGION)
    return replace(verdict, region=value[:6]) if verdict.is_valid else verdict


def permanent_residence(*, number: str, on: date) -> IdentityVerdict:
    """Check a 外国人永久居留身份证: 18 digits from 9 (since 2023-12-01), or three letters and twelve digits
    before."""
    value = normalised(number=number)
    if re.fullmatch(r"[A-Z]{3}\d{12}", value, re.ASCII):
        return _old_permanent_residence(value)
    verdict = _eighteen(IdentityKind.PERMANENT_RESIDENCE, value, on)
    if verdict.is_valid and (value[0] != "9" or not region_of(code=f"{value[1:3]}0000")):
        return replace(verdict, code=IdentityCode.REGION)
    return replace(verdict, region=f"{value[1:3]}0000") if verdict.is_valid else verdict


def _old_permanent_residence(value: str) -> IdentityVerdict:
    """Read nationality 3, place 4, birth YYMMDD 6, serial 1, check 1; the check (7-3-1) is not published,
    so it only remarks."""
    kind = IdentityKind.PERMANENT_RESIDENCE
    month_and_day = value[9:13]
    if not _real_date(f"2000{month_and_day}"):
        return IdentityVerdict(kind=kind, code=IdentityCode.BIRTH_DATE, value=value)
    remarks = [IdentityRemark.OLD_FORMAT]
    total = sum(int(mark, 36) * (7, 3, 1)[place % 3] for place, mark in enumerate(value[:14]))
    if total % 10 != int(value[14]):
        remarks.append(IdentityRemark.CHECK_DIGIT_UNUSUAL)
    region = f"{value[3:7]}00"
    if not region_of(code=f"{value[3:5]}0000"):
        remarks.append(IdentityRemark.REGION_UNKNOWN)
    return IdentityVerdict(
        kind=kind, code=IdentityCode.OK, value=value, region=region, remarks=tuple(remarks)
    )


def _eighteen(kind: IdentityKind, value: str, on: date) -> IdentityVerdict:
    """Check length, characters, check digit, date of birth: what the 18-character numbers have in common."""

    def refused(code: IdentityCode) -> IdentityVerdict:
        return IdentityVerdict(kind=kind, code=code, value=value)

    if not value:
        return refused(IdentityCode.EMPTY)
    if len(value) != 18:
        return refused(IdentityCode.LENGTH)
    if not re.fullmatch(r"\d{17}[\dX]", value, re.ASCII):
        return refused(IdentityCode.CHARACTERS)
    if check_digit(body=value[:17]) != value[17]:
        return refused(IdentityCode.CHECK_DIGIT)
    born_on = _real_date(value[6:14])
    if not born_on:
        return refused(IdentityCode.BIRTH_DATE)
    if born_on > on:
        return refused(IdentityCode.NOT_YET_BORN)
    sex = Sex.MALE if int(value[16]) % 2 else Sex.FEMALE
    too_old = full_years(born_on=born_on, on=on) > OLDEST
    remarks = (IdentityRemark.IMPLAUSIBLE_AGE,) if too_old else ()
    return IdentityVerdict(
        kind=kind, code=IdentityCode.OK, value=value, born_on=born_on, sex=sex, remarks=remarks
    )


def _real_date(digits: str) -> date | None:
    try:
        return date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        return None


def hong_kong_macao_permit(*, number: str) -> IdentityVerdict:
    """Check a 港澳居民来往内地通行证: H or M and the bearer's eight lifelong digits; two digits of renewals
    are dropped."""
    return _lifelong(
        IdentityKind.HONG_KONG_MACAO_PERMIT,
        normalised(number=number),
        r"(?P<lifelong>[HM]\d{8})(?P<renewals>\d{2})?",
    )


def taiwan_permit(*, number: str) -> IdentityVerdict:
    """Check a 台湾居民来往大陆通行证: eight lifelong digits; the booklet's renewals and issuer's letter are
    dropped."""
    return _lifelong(
        IdentityKind.TAIWAN_PERMIT,
        normalised(number=number),
        r"T?(?P<lifelong>\d{8})(?P<renewals>\d{2}(\(?[A-Z]\)?)?)?",
    )


def _lifelong(kind: IdentityKind, value: str, pattern: str) -> IdentityVerdict:
    if not value:
        return IdentityVerdict(kind=kind, code=IdentityCode.EMPTY, value=value)
    match = re.fullmatch(pattern, value, re.ASCII)
    if not match:
        length_fits = len(value) in (8, 9, 10, 11, 13)
        code = IdentityCode.CHARACTERS if length_fits else IdentityCode.LENGTH
        return IdentityVerdict(kind=kind, code=code, value=value)
    # The renewals change with every new card; only the lifelong part knows the same person again.
    remarks = (IdentityRemark.RENEWAL_COUNT_DROPPED,) if match["renewals"] else ()
    return IdentityVerdict(kind=kind, code=IdentityCode.OK, value=match["lifelong"], remarks=remarks)


def chinese_passport(*, number: str) -> IdentityVerdict:
    """Check a passport of the mainland, Hong Kong or Macao loosely: one or two letters and seven or eight
    digits, or 14/15 and seven."""
    return _passport(IdentityKind.CHINESE_PASSPORT, number, r"[A-Z]\d{8}|[A-Z]{1,2}\d{7}|1[45]\d{7}", (8, 9))


def foreign_passport(*, number: str) -> IdentityVerdict:
    """Check a foreign passport loosely: five to twelve letters and digits, at least one of them a digit."""
    return _passport(IdentityKind.FOREIGN_PASSPORT, number, r"(?=.*\d)[A-Z0-9]{5,12}", range(5, 13))


def _passport(
    kind: IdentityKind, number: str, pattern: str, lengths: range | tuple[int, ...]
) -> IdentityVerdict:
    value = normalised(number=number)
    if not value:
        code = IdentityCode.EMPTY
    elif len(value) not in lengths:
        code = IdentityCode.LENGTH
    else:
        code = IdentityCode.OK if re.fullmatch(pattern, value, re.ASCII) else IdentityCode.CHARACTERS
    return IdentityVerdict(kind=kind, code=code, value=value)


def checked(*, kind: IdentityKind, number: str, on: date) -> IdentityVerdict:
    """Check a number of the kind of document named, on a day (a date of birth must lie before it)."""
    dated: dict[IdentityKind, Callable[..., IdentityVerdict]] = {
        IdentityKind.RESIDENT_ID: resident_id,
        IdentityKind.RESIDENCE_PERMIT: residence_permit,
        IdentityKind.PERMANENT_RESIDENCE: permanent_residence,
    }
    undated: dict[IdentityKind, Callable[..., IdentityVerdict]] = {
        IdentityKind.CHINESE_PASSPORT: chinese_passport,
        IdentityKind.FOREIGN_PASSPORT: foreign_passport,
        IdentityKind.HONG_KONG_MACAO_PERMIT: hong_kong_macao_permit,
        IdentityKind.TAIWAN_PERMIT: taiwan_permit,
    }
    return dated[kind](number=number, on=on) if kind in dated else undated[kind](number=number)


def age(
    *,
    verdict: IdentityVerdict,
    on: date,
    leap_birthday: MonthEnd = MonthEnd.LAST_DAY,
    reached: Reached = Reached.ON_BIRTHDAY,
) -> int | None:
    """Return the age in full years that a number gives on a day, or None where the number holds no date of
    birth."""
    if verdict.born_on is None:
        return None
    return full_years(born_on=verdict.born_on, on=on, leap_birthday=leap_birthday, reached=reached)


class MobileCode(StrEnum):
    """Why a mobile number was accepted or refused."""

    OK = "ok"
    EMPTY = "empty"
    LENGTH = "length"
    CHARACTERS = "characters"


@dataclass(frozen=True)
class MobileVerdict:
    """A mainland mobile number without country code, and why it passed or not."""

    code: MobileCode
    value: str

    @property
    def is_valid(self) -> bool:
        """Whether the number may be stored."""
        return self.code is MobileCode.OK


def mobile(*, number: str) -> MobileVerdict:
    """Check a mainland mobile number: eleven digits, 13 to 19 in front; +86, 0086, 86, spaces and dashes
    are dropped."""
    value = re.sub(r"^(\+86|0086|86(?=1\d{10}$))", "", re.sub(r"[()（）]", "", normalised(number=number)))
    if not value:
        return MobileVerdict(code=MobileCode.EMPTY, value=value)
    if re.fullmatch(r"1[3-9]\d{9}", value, re.ASCII):
        return MobileVerdict(code=MobileCode.OK, value=value)
    return MobileVerdict(code=MobileCode.LENGTH if len(value) != 11 else MobileCode.CHARACTERS, value=value)


def _covered(value: str, front: int, back: int) -> str:
    if len(value) <= front + back:
        # Too short to show both ends without showing everything.
        return value[:1] + "*" * (len(value) - 1)
    return value[:front] + "*" * (len(value) - front - back) + value[-back:]


def masked(*, number: str) -> str:
    """Return an identity number with its middle covered: 110105********002X; shorter numbers show two and
    two characters."""
    value = normalised(number=number)
    return _covered(value, 6, 4) if len(value) >= 15 else _covered(value, 2, 2)


def masked_mobile(*, number: str) -> str:
    """Return a mobile number with four digits covered: 138****5678."""
    return _covered(mobile(number=number).value, 3, 4)
