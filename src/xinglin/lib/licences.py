"""Numbers of physician licences and qualification certificates, which warn and never reject: old
certificates differ (M7)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from xinglin.lib.regions import region_of

LEVELS = {"1": "执业医师", "2": "执业助理医师"}
CATEGORIES = {"10": "临床", "20": "口腔", "30": "公共卫生"}
# 41 and its neighbours are the kinds of Chinese medicine; only 41 is confirmed in our notes, so 4x is taken
# as one family.
CHINESE_MEDICINE = "中医"


class LicenceWarning(StrEnum):
    """What is unusual about a number, in an order a clerk would check it."""

    EMPTY = "empty"
    NOT_ALL_DIGITS = "not_all_digits"
    LENGTH = "length"
    LEVEL = "level"
    CATEGORY = "category"
    REGION = "region"
    YEAR = "year"
    IDENTITY_DIFFERS = "identity_differs"
    IDENTITY_UNREAD = "identity_unread"


WARNING_WORDS = {
    LicenceWarning.EMPTY: ("未填写编码", "no number was given"),
    LicenceWarning.NOT_ALL_DIGITS: (
        "含有数字以外的字符，请核对原件",
        "has characters other than digits; check the original",
    ),
    LicenceWarning.LENGTH: (
        "位数与现行规则不符，旧证可能如此",
        "differs in length from present certificates, as old ones may",
    ),
    LicenceWarning.LEVEL: ("级别代码不是 1 或 2", "the level is neither 1 nor 2"),
    LicenceWarning.CATEGORY: ("类别代码未见于现行规则", "the category is not one in use"),
    LicenceWarning.REGION: ("行政区划代码未收录", "the region is not in the table"),
    LicenceWarning.YEAR: ("取得年份不合理", "the year is not plausible"),
    LicenceWarning.IDENTITY_DIFFERS: (
        "末 18 位与身份证件号码不一致",
        "the last 18 characters differ from the identity number",
    ),
    LicenceWarning.IDENTITY_UNREAD: ("无法与身份证件号码比对", "cannot be compared with the identity number"),
}


@dataclass(frozen=True)
class LicenceReading:
    """What a number says, part by part (empty where unreadable), and what is unusual about it."""

    value: str
    level: str = ""
    category: str = ""
    region: str = ""
    year: int | None = None
    warnings: tuple[LicenceWarning, ...] = ()

    @property
    def is_regular(self) -> bool:
        """Whether nothing about the number needs a look at the original."""
        return not self.warnings


def _bare(number: str) -> str:
    return re.sub(r"[\s\-]", "", number).upper()


def category_name(*, code: str) -> str:
    """Return the category of practice that two digits name, or nothing if they name none."""
    return CHINESE_MEDICINE if code.startswith("4") else CATEGORIES.get(code, "")


def practice_licence(*, number: str) -> LicenceReading:
    """Read a 医师执业证书 of 15 digits: level 1, category 2, region 6, serial 6."""
    value = _bare(number)
    shape = _shape_warnings(value, length=15, pattern=r"\d*")
    if shape:
        return LicenceReading(value=value, warnings=shape)
    level, category, region = LEVELS.get(value[0], ""), category_name(code=value[1:3]), value[3:9]
    known = region_of(code=region) or region_of(code=f"{region[:4]}00")
    warnings = _named_warnings(level, category)
    if not known:
        warnings += (LicenceWarning.REGION,)
    return LicenceReading(value=value, level=level, category=category, region=region, warnings=warnings)


def qualification(*, number: str, identity_number: str = "") -> LicenceReading:
    """Read a 医师资格证书 of 27 characters: year 4, province 2, level 1, category 2, identity number 18,
    which must match."""
    value = _bare(number)
    shape = _shape_warnings(value, length=27, pattern=r"\d*X?")
    if shape:
        return LicenceReading(value=value, warnings=shape)
    year, province = int(value[:4]), f"{value[4:6]}0000"
    level, category = LEVELS.get(value[6], ""), category_name(code=value[7:9])
    warnings = _named_warnings(level, category)
    if not region_of(code=province):
        warnings += (LicenceWarning.REGION,)
    # The Law on Practising Doctors and its first certificates are of 1999; earlier years do occur for
    # recognised titles.
    if not 1999 <= year <= 2099:
        warnings += (LicenceWarning.YEAR,)
    warnings += _identity_warnings(value[9:], _bare(identity_number))
    return LicenceReading(
        value=value, level=level, category=category, region=province, year=year, warnings=warnings
    )


def _shape_warnings(value: str, *, length: int, pattern: str) -> tuple[LicenceWarning, ...]:
    if not value:
        return (LicenceWarning.EMPTY,)
    warnings: tuple[LicenceWarning, ...] = ()
    if not re.fullmatch(pattern, value, re.ASCII):
        warnings += (LicenceWarning.NOT_ALL_DIGITS,)
    if len(value) != length:
        warnings += (LicenceWarning.LENGTH,)
    return warnings


def _named_warnings(level: str, category: str) -> tuple[LicenceWarning, ...]:
    warnings: tuple[LicenceWarning, ...] = ()
    if not level:
        warnings += (LicenceWarning.LEVEL,)
    if not category:
        warnings += (LicenceWarning.CATEGORY,)
    return warnings


def _identity_warnings(tail: str, identity_number: str) -> tuple[LicenceWarning, ...]:
    if not identity_number or tail == identity_number:
        return ()
    if len(identity_number) != len(tail):
        return (LicenceWarning.IDENTITY_UNREAD,)
    return (LicenceWarning.IDENTITY_DIFFERS,)
