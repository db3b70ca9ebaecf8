"""Reads work from a sheet: each row becomes a piece of work, or a reason why it cannot be one."""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.translation import gettext as _

from xinglin.kernel.policy import Problem
from xinglin.lib.tables import Table, as_text, read_table

from .entries import Entry, Format
from .words import QUANTITIES, Kind
from .works import Work, problems_of

# Columns of the sheet: field → the heading it bears, and other headings that are understood.
COLUMNS: dict[str, tuple[str, ...]] = {
    "kind": ("种类", "类别", "工作种类"),
    "title": ("事项", "标题", "名称", "内容"),
    "happened_on": ("日期", "开始日期", "时间"),
    "last_on": ("结束日期",),
    "count": ("数量",),
    "unit": ("单位", "量词"),
    "organisation": ("主办机构", "责任机构", "部门", "分会"),
    "format": ("形式",),
    "people_on_site": ("线下人次", "人次"),
    "people_online": ("线上人次",),
    "patients": ("服务人次",),
    "hours": ("学时",),
    "money": ("金额",),
    "items": ("件数",),
    "place_name": ("地点",),
    "partner_names": ("合作单位",),
    "description": ("说明", "备注"),
}
_FORMATS = {"线下": Format.ON_SITE, "线上": Format.ONLINE, "线上线下": Format.HYBRID, "线上线下结合": Format.HYBRID}
_DAYS = ("%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%Y%m%d", "%Y年%m月%d日")


@dataclass(frozen=True, kw_only=True)
class Line:
    """One row of the sheet: the work it says, and what is wrong with it."""

    number: int
    said: dict[str, str]
    work: Work | None
    problems: tuple[Problem, ...]

    @property
    def good(self) -> bool:
        """Say whether the row can be logged."""
        return self.work is not None and not self.problems


def read_sheet(*, content: bytes, organisations: Sequence[tuple[str, str]], on: date) -> list[Line]:
    """Read every row of a sheet (TableRefused when it is none); rows are judged one by one.

    `organisations` are the refs and names that the person may log for; with a single one, the column may be empty.
    """
    table = read_table(file=content, expected=[names[0] for names in COLUMNS.values()])
    places = {field: place for field, names in COLUMNS.items() if (place := _place(table, names)) is not None}
    kinds = _kinds(on)
    answer: list[Line] = []
    for row in table.rows:
        cells = {field: row.cells[place] for field, place in places.items() if place < len(row.cells)}
        answer.append(_line(row.number, cells, kinds, organisations, on))
    return _without_twins(answer)


def _place(table: Table, names: Sequence[str]) -> int | None:
    return next((place for name in names if (place := table.place_of(name)) is not None), None)


def _kinds(on: date) -> dict[str, list[Kind]]:
    """Return the kinds by every word that names them."""
    answer: dict[str, list[Kind]] = {}
    for kind in Kind.objects.loggable(on).select_related("parent"):
        for word in {kind.code, kind.zh, kind.en.lower(), *kind.nouns}:
            answer.setdefault(word, []).append(kind)
    return answer


def _line(
    number: int, cells: dict[str, Any], kinds: dict[str, list[Kind]], organisations: Sequence[tuple[str, str]], on: date
) -> Line:
    said = {
        field: unicodedata.normalize("NFKC", as_text(value=value)).strip()
        for field, value in cells.items()
        if value is not None
    }
    problems: list[Problem] = []
    values: dict[str, Any] = {
        name: said.get(name, "") for name in ("title", "unit", "place_name", "partner_names", "description")
    }
    values["kind"] = _kind(said.get("kind", ""), kinds, problems)
    values["organisation"] = _organisation(said.get("organisation", ""), organisations, problems)
    values["happened_on"] = _day(cells.get("happened_on"), "happened_on", problems, must=True)
    last = _day(cells.get("last_on"), "last_on", problems)
    values["until_on"] = last + timedelta(days=1) if last and last != values["happened_on"] else None
    values["count"] = _whole(said.get("count", "") or "1", "count", problems)
    values["format"] = _format(said.get("format", ""), problems)
    for name in QUANTITIES:
        values[name] = _number(said.get(name, ""), name, problems)
    work = Work(**values) if not problems else None
    if work:
        problems += problems_of(work, on=on)
    return Line(number=number, said=said, work=work, problems=tuple(problems))


def _kind(word: str, kinds: dict[str, list[Kind]], problems: list[Problem]) -> Kind | None:
    found = kinds.get(word) or kinds.get(word.lower()) or []
    named = [one for one in found if word in (one.zh, one.code)] or found
    if len(named) == 1:
        return named[0]
    say = (
        _("“%(word)s” may be %(kinds)s; write one of them.") % {"word": word, "kinds": "、".join(map(str, named))}
        if named
        else _("“%(word)s” is no kind of work; the kinds are on the page “Kinds of work”.") % {"word": word}
    )
    problems.append(Problem(field="kind", message=say))
    return None


def _organisation(word: str, organisations: Sequence[tuple[str, str]], problems: list[Problem]) -> str:
    if not word and len(organisations) == 1:
        return organisations[0][0]
    exact = [ref for ref, name in organisations if name == word]
    found = exact or [ref for ref, name in organisations if word and word in name]
    if len(found) == 1:
        return found[0]
    problems.append(
        Problem(field="organisation", message=_("“%(word)s” is no department or branch you log for.") % {"word": word})
    )
    return ""


def _day(value: Any, field: str, problems: list[Problem], *, must: bool = False) -> date | None:
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    text = unicodedata.normalize("NFKC", as_text(value=value)).strip() if value is not None else ""
    for form in _DAYS if text else ():
        try:
            return datetime.strptime(text, form).date()  # noqa: DTZ007  a day has no zone
        except ValueError:
            continue
    if text or must:
        problems.append(Problem(field=field, message=_("“%(text)s” is no date; write 2026-11-21.") % {"text": text}))
    return None


def _number(text: str, field: str, problems: list[Problem]) -> Any:
    if not text:
        return None
    try:
        number = Decimal(text.replace(",", ""))
    except InvalidOperation:
        problems.append(Problem(field=field, message=_("“%(text)s” is no number.") % {"text": text}))
        return None
    return number if field in ("hours", "money") else _whole(text, field, problems)


def _whole(text: str, field: str, problems: list[Problem]) -> int:
    try:
        number = Decimal(text.replace(",", ""))
        if number == number.to_integral_value():
            return int(number)
    except InvalidOperation:
        pass
    problems.append(Problem(field=field, message=_("“%(text)s” is no whole number.") % {"text": text}))
    return 1


def _format(word: str, problems: list[Problem]) -> str:
    if not word or word in Format.values:
        return word
    if word in _FORMATS:
        return str(_FORMATS[word].value)
    problems.append(Problem(field="format", message=_("The format is 线下, 线上 or 线上线下.")))
    return ""


def _mark(work: Work) -> tuple[Any, ...]:
    return (work.kind.pk, work.happened_on, work.organisation, work.title.strip(), work.count)


def _without_twins(lines: list[Line]) -> list[Line]:
    """Refuse rows that stand twice in the sheet, or that were logged before."""
    days = {one.work.happened_on for one in lines if one.work}
    there = {
        (one.kind_id, one.happened_on, one.organisation, one.title.strip(), one.count)
        for one in Entry.objects.filter(happened_on__in=days).exclude(state="withdrawn")
    }
    answer, seen = [], {}
    for line in lines:
        mark = _mark(line.work) if line.work else None
        if mark and mark in there:
            say = _("This was logged before: same kind, day, organisation and title.")
            line = Line(
                number=line.number,
                said=line.said,
                work=line.work,
                problems=(*line.problems, Problem(field="title", message=say)),
            )
        elif mark and mark in seen:
            say = _("The same as row %(row)d.") % {"row": seen[mark]}
            line = Line(
                number=line.number,
                said=line.said,
                work=line.work,
                problems=(*line.problems, Problem(field="title", message=say)),
            )
        elif mark:
            seen[mark] = line.number
        answer.append(line)
    return answer
