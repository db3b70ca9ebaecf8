"""Unified social credit codes (GB 32100-2015), with the organisation code inside (GB 11714-1997)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from xinglin.lib.regions import region_of
from xinglin.lib.text import half_width

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"  # 31 characters: no I, O, S, V, Z
_VALUES = {character: value for value, character in enumerate(ALPHABET)}
_WEIGHTS = tuple(pow(3, place, 31) for place in range(17))
_ORGANISATION_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)

AUTHORITIES = {
    "1": "机构编制",
    "2": "外交",
    "3": "司法行政",
    "4": "文化",
    "5": "民政",
    "6": "旅游",
    "7": "宗教",
    "8": "工会",
    "9": "市场监管",
    "A": "中央军委改革和编制办公室",
    "N": "农业农村",
    "Y": "其他",
}
KINDS = {
    "11": "机关",
    "12": "事业单位",
    "13": "中央编办直接管理机构编制的群众团体",
    "19": "机构编制部门登记的其他组织",
    "21": "外国常驻新闻机构",
    "29": "外交部门登记的其他组织",
    "31": "律师执业机构",
    "32": "公证处",
    "33": "基层法律服务所",
    "34": "司法鉴定机构",
    "35": "仲裁委员会",
    "39": "司法行政部门登记的其他组织",
    "41": "外国在华文化中心",
    "49": "文化部门登记的其他组织",
    "51": "社会团体",
    "52": "民办非企业单位",
    "53": "基金会",
    "59": "民政部门登记的其他组织",
    "61": "外国旅游部门常驻代表机构",
    "62": "港澳台地区旅游部门常驻内地（大陆）代表机构",
    "69": "旅游部门登记的其他组织",
    "71": "宗教活动场所",
    "72": "宗教院校",
    "79": "宗教部门登记的其他组织",
    "81": "基层工会",
    "89": "工会登记的其他组织",
    "91": "企业",
    "92": "个体工商户",
    "93": "农民专业合作社",
    "A1": "军队事业单位",
    "A9": "军队编制部门登记的其他组织",
    "N1": "组级集体经济组织",
    "N2": "村级集体经济组织",
    "N3": "乡镇级集体经济组织",
    "N9": "农业部门登记的其他组织",
    "Y1": "其他",
}


class CreditCode(StrEnum):
    """Why a code was accepted or refused."""

    OK = "ok"
    EMPTY = "empty"
    LENGTH = "length"
    CHARACTERS = "characters"
    CHECK_CHARACTER = "check_character"
    ORGANISATION_CHECK = "organisation_check"
    KIND = "kind"


CODE_WORDS = {
    CreditCode.OK: ("代码格式正确", "the code is well formed"),
    CreditCode.EMPTY: ("未填写统一社会信用代码", "no code was given"),
    CreditCode.LENGTH: ("统一社会信用代码应为 18 位", "a unified social credit code has 18 characters"),
    CreditCode.CHARACTERS: (
        "含有代码不用的字符（如 I、O、S、V、Z）",
        "holds characters codes do not use (such as I, O, S, V, Z)",
    ),
    CreditCode.CHECK_CHARACTER: (
        "校验码不符，请核对是否录错",
        "the check character does not fit; one is mistyped",
    ),
    CreditCode.ORGANISATION_CHECK: (
        "第 9–17 位组织机构代码校验不符",
        "the organisation code inside (9 to 17) does not fit",
    ),
    CreditCode.KIND: ("登记管理部门或机构类别代码不存在", "no registering authority or kind has this code"),
}


class CreditRemark(StrEnum):
    """What a clerk should know about an accepted code."""

    REGION_UNKNOWN = "region_unknown"
    ORGANISATION_CHECK = "organisation_check"
    KIND_UNKNOWN = "kind_unknown"


@dataclass(frozen=True)
class CreditVerdict:
    """The normalised code, why it passed or not, and what its parts say."""

    code: CreditCode
    value: str
    authority: str = ""
    kind: str = ""
    region: str = ""
    organisation_code: str = ""
    remarks: tuple[CreditRemark, ...] = ()

    @property
    def is_valid(self) -> bool:
        """Whether the code may be stored."""
        return self.code is CreditCode.OK

    def message(self, *, language: str = "zh") -> str:
        """The reason in words a clerk can read, Chinese unless English is asked for."""
        zh, en = CODE_WORDS[self.code]
        return en if language.startswith("en") else zh


def normalised(*, number: str) -> str:
    """Return a code without spaces and dashes, half-width, in capitals."""
    return re.sub(r"[\s\-]", "", half_width(text=number)).upper()


def check_character(*, body: str) -> str:
    """Return the eighteenth character for seventeen (GB 32100: weights 3^(i−1) mod 31)."""
    total = sum(weight * _VALUES[character] for weight, character in zip(_WEIGHTS, body, strict=True))
    return ALPHABET[(31 - total) % 31]


def organisation_check(*, body: str) -> str:
    """Return the ninth character for the eight of an organisation code (GB 11714, MOD 11).

    Letters count by their place in the whole alphabet (A = 10 … Z = 35), not in the 31 characters of the
    outer code.
    """
    total = sum(
        weight * int(character, 36) for weight, character in zip(_ORGANISATION_WEIGHTS, body, strict=True)
    )
    return "0123456789X"[-total % 11]


def credit_code(*, number: str, strict_inside: bool = True) -> CreditVerdict:
    """Check a unified social credit code; with `strict_inside` off, a wrong organisation code inside is
    only remarked upon."""
    value = normalised(number=number)
    fault = _fault(value)
    if fault:
        return CreditVerdict(code=fault, value=value)
    verdict = CreditVerdict(
        code=CreditCode.OK,
        value=value,
        authority=AUTHORITIES[value[0]],
        kind=KINDS.get(value[:2], ""),
        region=value[2:8],
        organisation_code=value[8:17],
        remarks=_remarks(value),
    )
    if strict_inside and CreditRemark.ORGANISATION_CHECK in verdict.remarks:
        return CreditVerdict(code=CreditCode.ORGANISATION_CHECK, value=value)
    return verdict


def _fault(value: str) -> CreditCode | None:
    if not value:
        return CreditCode.EMPTY
    if len(value) != 18:
        return CreditCode.LENGTH
    if any(character not in _VALUES for character in value) or not value[2:8].isdigit():
        return CreditCode.CHARACTERS
    if check_character(body=value[:17]) != value[17]:
        return CreditCode.CHECK_CHARACTER
    return None if value[0] in AUTHORITIES else CreditCode.KIND


def _remarks(value: str) -> tuple[CreditRemark, ...]:
    remarks: list[CreditRemark] = []
    # 100000 stands for the State itself: bodies registered with a national authority.
    if value[2:8] != "100000" and not (region_of(code=value[2:8]) or region_of(code=f"{value[2:4]}0000")):
        remarks.append(CreditRemark.REGION_UNKNOWN)
    if organisation_check(body=value[8:16]) != value[16]:
        remarks.append(CreditRemark.ORGANISATION_CHECK)
    if value[:2] not in KINDS:
        remarks.append(CreditRemark.KIND_UNKNOWN)
    return tuple(remarks)


def organisation_code(*, number: str) -> CreditVerdict:
    """Check a bare organisation code of nine characters (GB 11714), as old registers still hold it."""
    value = normalised(number=number)
    if not value:
        return CreditVerdict(code=CreditCode.EMPTY, value=value)
    if len(value) != 9:
        return CreditVerdict(code=CreditCode.LENGTH, value=value)
    if not re.fullmatch(r"[0-9A-Z]{8}[0-9X]", value):
        return CreditVerdict(code=CreditCode.CHARACTERS, value=value)
    fits = organisation_check(body=value[:8]) == value[8]
    code = CreditCode.OK if fits else CreditCode.ORGANISATION_CHECK
    return CreditVerdict(code=code, value=value, organisation_code=value if fits else "")
