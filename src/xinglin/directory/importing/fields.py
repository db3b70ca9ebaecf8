"""The columns an import knows, the headers people write for them, and how a file's headers are matched."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from rapidfuzz.fuzz import ratio

from xinglin.lib.text import folded

from ..imports import Batch, KnownMapping
from .values import WrongCell, text_of

LIKE = 82  # a header this like a known one is taken for it
HEADER_ROWS = 15


@dataclass(frozen=True, kw_only=True)
class Column:
    """One thing a row can say: its code, label and the headers that mean it."""

    code: str
    label: str | Promise
    headers: tuple[str, ...]
    required: bool = False
    hint: str | Promise = ""


PEOPLE = (
    Column(code="name", label=_("Full name"), headers=("姓名", "名字", "委员姓名", "name"), required=True),
    Column(code="sex", label=_("Sex"), headers=("性别", "sex", "gender")),
    Column(code="born_on", label=_("Date of birth"), headers=(
        "出生日期", "出生年月日", "生日", "出生年月", "date of birth")),
    Column(code="kind", label=_("Identity document"), headers=("证件类型", "证件种类", "证件名称", "document type")),
    Column(code="number", label=_("Document number"), headers=(
        "身份证号", "身份证号码", "证件号码", "证件号", "公民身份号码", "身份证", "id number")),
    Column(code="mobile", label=_("Mobile"), headers=(
        "手机", "手机号", "手机号码", "联系电话", "移动电话", "电话", "mobile")),
    Column(code="email", label=_("E-mail"), headers=("邮箱", "电子邮箱", "电子邮件", "email", "e-mail")),
    Column(code="unit", label=_("Workplace"), headers=(
        "单位", "工作单位", "所在单位", "单位名称", "医院", "unit", "employer")),
    Column(code="department", label=_("Clinical department"), headers=(
        "科室", "部门", "所在科室", "所在部门", "department")),
    Column(code="position", label=_("Position at work"), headers=("行政职务", "单位职务", "职务", "position")),
    Column(code="title", label=_("Professional title"), headers=(
        "职称", "专业技术职务", "技术职称", "professional title")),
    Column(code="specialty", label=_("Specialty"), headers=("专业", "从事专业", "学科", "专业方向", "specialty")),
    Column(code="organisation", label=_("Organisation of the post"), headers=(
        "任职机构", "分会", "专委会", "专业委员会", "分支机构", "所属分会", "branch")),
    Column(code="post", label=_("Post"), headers=(
        "任职", "学会职务", "协会职务", "分会职务", "拟任职务", "社会职务", "post")),
    Column(code="from_on", label=_("Term begins on"), headers=(
        "任期起", "任职日期", "任期开始", "开始日期", "起始日期", "from")),
    Column(code="last_on", label=_("Last day in office"), hint=_("The last day itself is included."), headers=(
        "任期止", "任期至", "任期结束", "结束日期", "届满日期", "截止日期", "until")),
    Column(code="session", label=_("Session"), headers=("届次", "届", "session")),
    Column(code="decision", label=_("Decision number"), headers=("文号", "任命文号", "决议", "批准文号", "decision")),
    Column(code="remark", label=_("Remark on the entry"), headers=("备注", "说明", "remark")),
)
ORGANISATIONS = (
    Column(code="name", label=_("Name"), headers=("名称", "机构名称", "单位名称", "单位", "name"), required=True),
    Column(code="short_name", label=_("Short name"), headers=("简称", "机构简称", "short name")),
    Column(code="kind", label=_("Type"), headers=(
        "类型", "种类", "机构类型", "机构类别", "单位性质", "kind"), required=True),
    Column(code="level", label=_("Level"), headers=("等级", "医院等级", "级别", "等次", "level")),
    Column(code="region", label=_("Administrative region"), headers=(
        "行政区划", "行政区划代码", "地区", "所在地区", "region")),
    Column(code="credit_code", label=_("Unified social credit code"), headers=(
        "统一社会信用代码", "信用代码", "社会信用代码", "credit code")),
    Column(code="parent", label=_("Belongs to"), headers=("上级机构", "上级单位", "隶属", "主管单位", "parent")),
    Column(code="from_on", label=_("Founded on"), headers=("成立日期", "成立时间", "设立日期", "founded on")),
)
COLUMNS: dict[str, tuple[Column, ...]] = {Batch.Kind.PEOPLE: PEOPLE, Batch.Kind.ORGANISATIONS: ORGANISATIONS}
_NOISE = re.compile(r"[（(【\[].*?[）)】\]]|[*＊:：必填选]")


def columns(kind: str) -> tuple[Column, ...]:
    """Return the columns of a kind of import."""
    return COLUMNS[kind]


def _bare(header: str) -> str:
    return folded(text=_NOISE.sub("", header))


def _header_text(cell: Any) -> str:
    try:
        return text_of(cell)
    except WrongCell:
        return ""


def guess(*, kind: str, headers: Sequence[Any]) -> dict[int, str]:
    """Return column number → field: remembered headers first, then known words, then words much like them."""
    texts = {number: _bare(_header_text(cell)) for number, cell in enumerate(headers)}
    remembered = dict(KnownMapping.objects.filter(kind=kind, header__in=[one[:80] for one in texts.values()])
                      .values_list("header", "field"))
    exact = {_bare(word): column.code for column in columns(kind) for word in column.headers}
    found: dict[int, str] = {}
    for table in (remembered, exact):
        for number, text in texts.items():
            field = table.get(text[:80])
            if number not in found and field is not None and (field == "" or field not in found.values()):
                found[number] = field
    for number, text in texts.items():
        if number in found or len(text) < 2:
            continue
        score, field = max((ratio(text, word), code) for word, code in exact.items())
        held = {code for word, code in exact.items() if len(word) > 1 and text.endswith(word)}
        field = field if score >= LIKE else held.pop() if len(held) == 1 else ""
        if field and field not in found.values():
            found[number] = field
    return {number: field for number, field in found.items() if field}


def header_row(*, kind: str, rows: Sequence[Sequence[Any]]) -> int:
    """Return the row that holds the headers: the one of the first rows in which most columns are known."""
    scores = [len(guess(kind=kind, headers=row)) for row in rows[:HEADER_ROWS]]
    return scores.index(max(scores)) if scores and max(scores) else 0


def remember(*, kind: str, headers: Sequence[Any], mapping: dict[int, str]) -> None:
    """Keep how headers were understood, and which were left out, for the next file."""
    for number, cell in enumerate(headers):
        if text := _bare(_header_text(cell))[:80]:
            KnownMapping.objects.update_or_create(kind=kind, header=text, defaults={"field": mapping.get(number, "")})
