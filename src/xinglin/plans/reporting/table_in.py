"""Reads a filled-in decomposition table: what each row would change, and each cell that cannot be taken, with why."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xinglin.kernel.policy import Refusal
from xinglin.lib.tables import Cell, Row, Table, as_text, read_table, sheets_of

from ..commitments import Commitment
from ..documents import Plan
from .cells import WrongCell, read_cell
from .columns import ASSIGN, BY_FIELD, COLUMNS, KEY, KINDS, TARGET, Column, Filled, chapter_text
from .names import Names, NotMatched
from .table_out import SHEET, filled

_KEY = re.compile(r"C(\d+)-([0-9a-f]{10})")
MOST_ROWS = 5_000


class NoKeys(Refusal):
    """The table has no key column, so rows cannot be told apart."""


class TooManyRows(Refusal):
    """The table has more rows than any plan."""


@dataclass(frozen=True, kw_only=True)
class CellChange:
    """One cell that would change: the field, what stands now and what the file says, and the value to set."""

    field: str
    title: str
    before: str
    after: str
    value: Any


@dataclass(frozen=True, kw_only=True)
class CellProblem:
    """One cell that cannot be taken: its column, why, and what would be right."""

    title: str
    message: str
    right: str = ""


@dataclass(frozen=True, kw_only=True)
class RowChange:
    """One row of the file: same, change, add or rejected."""

    row: int
    no: str
    text: str
    commitment: Commitment | None
    changes: tuple[CellChange, ...] = ()
    problems: tuple[CellProblem, ...] = ()
    chapter: tuple[str, str, int] = ("", "", 0)  # of an added row: number, title, order

    @property
    def state(self) -> str:
        """Return what would happen to the row."""
        if self.problems:
            return "rejected"
        return "same" if not self.changes else "change" if self.commitment else "add"

    def part(self, part: str) -> dict[str, Any]:
        """Return the values to set of one part: targets, or who does it."""
        return {one.field: one.value for one in self.changes if BY_FIELD[one.field].part == part}


@dataclass(frozen=True, kw_only=True)
class TablePreview:
    """What a file would do to a plan."""

    rows: tuple[RowChange, ...]
    missing: tuple[str, ...]  # columns of ours the file has not: they stay as they are
    unknown: tuple[str, ...]  # columns of the file that mean nothing here

    def having(self, *states: str) -> tuple[RowChange, ...]:
        """Return the rows in these states."""
        return tuple(one for one in self.rows if one.state in states)


def read_rows(*, plan: Plan, content: bytes, on: date) -> TablePreview:
    """Return what a file would change in a plan; nothing is written (TableRefused, NoKeys, TooManyRows)."""
    table = _opened(content)
    place = table.place_of(KEY)
    if place is None:
        raise NoKeys(gettext_lazy("The hidden key column is missing, so the rows cannot be told apart."), field="file",
                     instead=gettext_lazy("Export the table again and fill in that file."))
    if len(table.rows) > MOST_ROWS:
        raise TooManyRows(gettext_lazy("The table has too many rows for one plan."), field="file")
    columns = {one.field: at for one in COLUMNS if (at := table.place_of(one.title)) is not None}
    reader = _Reader(plan=plan, on=on, columns=columns)
    rows = tuple(reader.row(one, as_text(value=one.cells[place]).strip()) for one in table.rows)
    known = {one.title for one in COLUMNS}
    return TablePreview(
        rows=tuple(one for one in rows if one is not None),
        missing=tuple(one.title for one in COLUMNS if one.field not in columns and one.part in {TARGET, ASSIGN}),
        unknown=tuple(name for name in table.columns if name not in known),
    )


def _opened(content: bytes) -> Table:
    titles = [one.title for one in COLUMNS]
    return read_table(file=content, sheet=SHEET if _has_sheet(content) else None, expected=titles)


def _has_sheet(content: bytes) -> bool:
    return any(one.name == SHEET for one in sheets_of(file=content))


class _Reader:
    """Reads row by row against the plan as it stands."""

    def __init__(self, *, plan: Plan, on: date, columns: dict[str, int]) -> None:
        self.plan, self.on, self.columns = plan, on, columns
        self.names = Names.of(on)
        rows = filled(plan=plan, on=on)
        self.rows = {one.commitment.pk: one for one in rows}
        self.chapters = {chapter_text(one.commitment): one.commitment for one in reversed(rows)}
        self.seen: set[int] = set()

    def row(self, row: Row, key: str) -> RowChange | None:
        cells = {name: row.cells[at] for name, at in self.columns.items()}
        text = as_text(value=cells.get("text")).strip()
        base = RowChange(row=row.number, no=as_text(value=cells.get("no")).strip(), text=text, commitment=None)
        if not key:
            return self._added(base, cells) if any(_filled(one) for one in cells.values()) else None
        found = _KEY.fullmatch(key)
        one = self.rows.get(int(found[1])) if found else None
        if one is None or found is None:
            return _rejected(base, KEY, _("This key belongs to no task of this plan."), _("leave the key as exported"))
        if one.commitment.pk in self.seen:
            return _rejected(base, KEY, _("The same task stands in an earlier row."), _("one row for each task"))
        self.seen.add(one.commitment.pk)
        base = replace(base, no=one.commitment.no, text=text or one.commitment.text, commitment=one.commitment)
        changes, problems = self._cells(cells, one)
        if (changes or problems) and one.key != key:
            return _rejected(base, "", _("Somebody changed this task after the table was exported."),
                             _("export again, then change this row"))
        return replace(base, changes=changes, problems=problems)

    def _cells(self, cells: dict[str, Cell], one: Filled) -> tuple[tuple[CellChange, ...], tuple[CellProblem, ...]]:
        changes, problems = [], []
        for name, value in cells.items():
            column = BY_FIELD[name]
            before = as_text(value=column.cell(one))
            if _alike(before, value):
                continue
            if column.part not in {TARGET, ASSIGN}:
                if name == "chapter":
                    problems.append(CellProblem(title=column.title, right=before,
                                                message=_("Chapters follow the document and do not change here.")))
                continue  # figures and lights are computed; what the file says of them does not matter
            self._cell(column, value, before, changes, problems)
        return tuple(changes), tuple(problems)

    def _cell(self, column: Column, value: Cell, before: str, changes: list[CellChange],
              problems: list[CellProblem]) -> None:
        try:
            read = read_cell(field=column.field, value=value, names=self.names)
        except (WrongCell, NotMatched) as wrong:
            problems.append(CellProblem(title=column.title, message=wrong.message, right=wrong.right))
            return
        after = as_text(value=value).strip()
        changes.append(CellChange(field=column.field, title=column.title, before=before, after=after, value=read))

    def _added(self, base: RowChange, cells: dict[str, Cell]) -> RowChange:
        changes: list[CellChange] = []
        problems: list[CellProblem] = []
        for name, value in cells.items():
            column = BY_FIELD[name]
            if column.part in {TARGET, ASSIGN} and (_filled(value) or name == "text"):
                self._cell(column, value, "", changes, problems)
        where = as_text(value=cells.get("chapter")).strip()
        chapter = self.chapters.get(where)
        if where and chapter is None:
            problems.append(CellProblem(title=BY_FIELD["chapter"].title, right="；".join(self.chapters),
                                        message=_("The plan has no chapter %(name)s.") % {"name": where}))
        numbered = (chapter.chapter, chapter.chapter_title, chapter.chapter_order) if chapter else ("", "", 0)
        return replace(base, changes=_with_kind(changes), problems=tuple(problems), chapter=numbered)


def _with_kind(changes: Sequence[CellChange]) -> tuple[CellChange, ...]:
    """Let an added row without a kind be a count when it has a figure, else words."""
    fields = {one.field for one in changes}
    if "kind" in fields:
        return tuple(changes)
    kind = "count" if fields & {"value_min", "value_max"} else "words"
    return (*changes, CellChange(field="kind", title=BY_FIELD["kind"].title, before="", after=KINDS[kind],
                                 value=kind))


def _filled(value: Cell) -> bool:
    return bool(as_text(value=value).strip())


def _alike(before: str, value: Cell) -> bool:
    after = as_text(value=value).strip()
    if before.strip() == after:
        return True
    # Excel may hand 30 back as 30.0, and a date as a moment.
    if isinstance(value, int | Decimal) and before:
        try:
            return Decimal(before) == Decimal(value)
        except ArithmeticError:
            return False
    return bool(before) and after == f"{before} 00:00:00"


def _rejected(base: RowChange, title: str, message: str, right: str) -> RowChange:
    return replace(base, problems=(*base.problems, CellProblem(title=title, message=message, right=right)))


def with_problem(*, row: RowChange, refusal: Refusal) -> RowChange:
    """Return the row with what the acts themselves refuse, beside the column the refusal names."""
    title = BY_FIELD[refusal.field].title if refusal.field in BY_FIELD else ""
    return _rejected(row, title, str(refusal.message), str(refusal.instead or ""))


def changed_rows(*, rows: Iterable[RowChange]) -> list[RowChange]:
    """Return the rows that would change something."""
    return [one for one in rows if one.state in {"change", "add"}]
