"""Writes the decomposition table and the three lists as Excel: a hidden key, lists to choose from, colours by light."""

import io
from collections.abc import Sequence
from datetime import date
from typing import Any

import xlsxwriter
from django.db.models import Prefetch

from xinglin.kernel.refs import shown
from xinglin.lib.tables import Cell, guarded

from ..commitments import Commitment, Partner
from ..documents import Plan
from ..progress import standings
from .columns import BY_FIELD, COLUMNS, KINDS, LISTS, MODALITIES, SHOWN, Column, Filled
from .names import Names, leaders

SHEET, NAMES, NOTES = "任务分解表", "名单", "说明"
SPARE = 200  # rows below the table that offer the lists too, for tasks that are added
_LIGHTS = {"done": "#DCE9F7", "ok": "#DFF0DC", "warn": "#FBEFC9", "bad": "#F9D9D4", "off": "#E7E4DE", "none": "#FFFFFF"}
_NOTES = (
    "一行一项任务。灰字各列由系统算出，改了不算数；其余各列可改，改完原样导入。",
    "不要删改隐藏的“键”列：系统靠它认行。新增任务写在表尾，键留空。",
    "配合单位之间用顿号隔开。责任人重名时写作：姓名（单位）。",
    "节点写作：2026-06-30 50% 中期检查；2026-12-31 100%",
    "要点通过后，任务、目标、完成时限各列须经分管领导批准调整，不能在表中直接改。",
)


def filled(*, plan: Plan, on: date, commitments: Sequence[Commitment] | None = None) -> list[Filled]:
    """Return the rows of a plan with their names, asked for once."""
    chosen = commitments if commitments is not None else list(
        plan.commitments.on_the_table().select_related("plan").prefetch_related(
            Prefetch("partners", Partner.objects.order_by("pk")), "milestones")
    )
    rows = [
        (one, tuple(each.unit for each in one.commitment.partners.all()),
         tuple((step.due_on, step.share, step.title) for step in one.commitment.milestones.all()))
        for one in standings(plan=plan, on=on, commitments=chosen)
    ]
    refs = {each for one, partners, _ in rows
            for each in (one.commitment.lead, one.commitment.leader, one.commitment.responsible, *partners)}
    names = {key: one.label for key, one in shown(refs).items()}
    return [Filled(standing=one, partners=partners, milestones=steps, names=names) for one, partners, steps in rows]


def table_of(*, plan: Plan, on: date) -> bytes:
    """Return the decomposition table as a workbook that can be filled in and imported again."""
    book = _Book(plan=plan, on=on)
    book.table(filled(plan=plan, on=on))
    return book.bytes()


def lists_of(*, plan: Plan, on: date) -> bytes:
    """Return the problem, task and responsibility lists as one workbook; they share their items."""
    book = _Book(plan=plan, on=on)
    rows = [one for one in filled(plan=plan, on=on) if one.commitment.state == Commitment.State.ACCEPTED]
    for title, fields in LISTS:
        chosen = [one for one in rows if title != "问题清单" or one.commitment.problem or one.standing.light == "bad"]
        book.sheet(title, [BY_FIELD[name] for name in fields], chosen)
    return book.bytes()


class _Book:
    """A workbook in the making with the few formats it needs."""

    def __init__(self, *, plan: Plan, on: date) -> None:
        self.plan, self.on, self.out = plan, on, io.BytesIO()
        self.book = xlsxwriter.Workbook(self.out, {
            "in_memory": True, "strings_to_formulas": False, "strings_to_urls": False,
            "default_date_format": "yyyy-mm-dd",
        })
        self.head = self._format(bold=True, bg_color="#EFEAE0", valign="vcenter")
        self.plain, self.grey = self._format(), self._format(font_color="#7A7266")
        self.quoted = self._format(quote_prefix=True, num_format="@")
        self.day = self._format(num_format="yyyy-mm-dd")
        self.lights = {code: self._format(bg_color=colour) for code, colour in _LIGHTS.items()}

    def _format(self, **given: Any) -> Any:
        return self.book.add_format({"text_wrap": True, "valign": "top", "border": 1, "border_color": "#C9C1B3",
                                     "font_name": "等线", "font_size": 10, **given})

    def bytes(self) -> bytes:
        self.book.close()
        return self.out.getvalue()

    def table(self, rows: Sequence[Filled]) -> None:
        sheet = self.sheet(SHEET, COLUMNS, rows)
        sheet.set_column(0, 0, 6, None, {"hidden": True})
        self._offer(sheet, len(rows))
        notes = self.book.add_worksheet(NOTES)
        notes.set_column(0, 0, 100)
        for at, words in enumerate((f"{self.plan.title}　{self.on.isoformat()}", *_NOTES)):
            notes.write_string(at, 0, words, self.book.add_format({"text_wrap": True}))

    def sheet(self, title: str, columns: Sequence[Column], rows: Sequence[Filled]) -> Any:
        sheet = self.book.add_worksheet(title)
        sheet.set_row(0, 24)
        for place, column in enumerate(columns):
            sheet.set_column(place, place, column.width)
            sheet.write_string(0, place, column.title, self.head)
        for at, one in enumerate(rows, start=1):
            for place, column in enumerate(columns):
                self._cell(sheet, at, place, column, one)
        sheet.freeze_panes(1, min(4, len(columns)) if title == SHEET else 2)
        sheet.autofilter(0, 0, max(len(rows), 1), len(columns) - 1)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(0)
        return sheet

    def _cell(self, sheet: Any, row: int, place: int, column: Column, one: Filled) -> None:
        value: Cell = column.cell(one)
        look = self.grey if column.part == SHOWN else self.plain
        if column.field == "light":
            look = self.lights[one.standing.light]
        if value is None or value == "":
            sheet.write_blank(row, place, None, look)
        elif isinstance(value, str):
            risky = guarded(text=value) != value
            sheet.write_string(row, place, value, self.quoted if risky else look)
        elif isinstance(value, date):
            sheet.write_datetime(row, place, value, self.day)
        else:
            sheet.write_number(row, place, value, look)

    def _offer(self, sheet: Any, count: int) -> None:
        """Let cells offer what is right; another name is a warning only, since the import proposes names."""
        places = {one.field: at for at, one in enumerate(COLUMNS)}
        last = count + SPARE
        units, people = Names.of(self.on).labels, list(leaders(on=self.on))
        pool = self.book.add_worksheet(NAMES)
        for at, name in enumerate(units):
            pool.write_string(at, 0, name)
        for at, name in enumerate(people):
            pool.write_string(at, 1, name)
        pool.hide()
        for field, offered in (("kind", list(KINDS.values())), ("modality", list(MODALITIES.values()))):
            sheet.data_validation(1, places[field], last, places[field], {
                "validate": "list", "source": offered, "error_title": "可选", "error_message": "、".join(offered)})
        for field, letter, size in (("lead", "A", len(units)), ("leader", "B", len(people))):
            if size:
                sheet.data_validation(1, places[field], last, places[field], {
                    "validate": "list", "source": f"={NAMES}!${letter}$1:${letter}${size}", "error_type": "warning",
                    "error_title": "名册中没有", "error_message": "名册中没有这个名字，导入时会提示相近的名字。"})
        sheet.data_validation(1, places["deadline"], last, places["deadline"], {
            "validate": "date", "criteria": "between", "minimum": date(self.plan.year, 1, 1),
            "maximum": date(self.plan.year + 5, 12, 31), "error_message": "写作 2026-11-21"})
        sheet.data_validation(1, places["weight"], last, places["weight"], {
            "validate": "decimal", "criteria": ">", "value": 0, "error_message": "权重大于 0"})
