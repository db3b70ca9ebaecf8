"""What a table is once it is read: named columns, numbered rows, remarks; and how the heading is found in a
raw sheet."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple

from openpyxl.utils import get_column_letter

from xinglin.lib.tables.refusals import EmptyTable, TooLarge
from xinglin.lib.text import folded, joined

Cell = str | int | Decimal | bool | date | datetime | time | None

HEADING_SEARCHED = 30  # rows from the top among which the heading is looked for
HEADING_FILLED = 0.7  # share of the usual width that a heading fills at least
HEADING_LONGEST = 80  # characters of a heading; longer texts are notes
MOST_CARRIED = 5_000_000  # merged ranges that overlap, which no spreadsheet writes, could ask for any number
_FIGURE = re.compile(r"[\d\s.,%/:+\-年月日]+")


@dataclass(frozen=True)
class Limits:
    """How much is read in one piece; the defaults keep one upload within some hundred megabytes and
    seconds."""

    file_bytes: int = 50 * 2**20
    unpacked_bytes: int = 400 * 2**20
    parts: int = 2_000
    rows: int = 200_000
    columns: int = 256
    cells: int = 5_000_000
    merges: int = 50_000


class RemarkCode(StrEnum):
    """What a person should look at before relying on the rows."""

    HIDDEN_ROW = "hidden_row"
    HIDDEN_COLUMN = "hidden_column"
    HIDDEN_SHEET = "hidden_sheet"
    OTHER_SHEET = "other_sheet"
    LOST_DIGITS = "lost_digits"
    ERROR_VALUE = "error_value"
    FORMULA_WITHOUT_VALUE = "formula_without_value"
    IMPOSSIBLE_DATE = "impossible_date"
    BEYOND_HEADING = "beyond_heading"


REMARK_WORDS = {
    RemarkCode.HIDDEN_ROW: ("该行被隐藏", "the row is hidden"),
    RemarkCode.HIDDEN_COLUMN: ("该列被隐藏", "the column is hidden"),
    RemarkCode.HIDDEN_SHEET: ("隐藏的工作表未读取", "the hidden sheet was not read"),
    RemarkCode.OTHER_SHEET: ("其他工作表未读取", "the other sheet was not read"),
    RemarkCode.LOST_DIGITS: (
        "长数字被存为数值，15 位以后已丢失",
        "a long number lost its digits after the fifteenth",
    ),
    RemarkCode.ERROR_VALUE: ("单元格是错误值", "the cell holds an error"),
    RemarkCode.FORMULA_WITHOUT_VALUE: ("公式没有保存结果", "the formula was saved without its result"),
    RemarkCode.IMPOSSIBLE_DATE: ("日期超出范围", "the date is out of range"),
    RemarkCode.BEYOND_HEADING: ("标题行之外还有内容", "there is content beside the columns with a heading"),
}


@dataclass(frozen=True)
class Remark:
    """One thing to look at: row and column as the spreadsheet numbers them, where it has them."""

    code: RemarkCode
    row: int | None = None
    column: str = ""
    detail: str = ""


class Row(NamedTuple):
    """One record: its row number in the file, its cells in the order of the columns, whether it was
    hidden."""

    number: int
    cells: tuple[Cell, ...]
    hidden: bool = False


@dataclass(frozen=True)
class Table:
    """A table as read: columns named, blank rows left out, merged cells each carrying their value."""

    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    heading_row: int
    sheet: str = ""
    encoding: str = ""
    delimiter: str = ""
    remarks: tuple[Remark, ...] = ()

    def place_of(self, column: str) -> int | None:
        """Return the place of a column by its name, spaces, width and punctuation disregarded; None where
        it is not."""
        asked = folded(text=column)
        return next((place for place, name in enumerate(self.columns) if folded(text=name) == asked), None)

    def column(self, name: str) -> Iterator[Cell]:
        """Go through the values of one column; raises KeyError for a column that is not there."""
        place = self.place_of(name)
        if place is None:
            raise KeyError(name)
        return (row.cells[place] for row in self.rows)


@dataclass
class RawSheet:
    """A sheet before its heading is known: sparse cells by row number and column (both from 1)."""

    name: str = ""
    rows: dict[int, dict[int, Cell]] = field(default_factory=dict)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    merges: list[tuple[int, int, int, int]] = field(
        default_factory=list
    )  # first row, first column, last row, last column
    remarks: list[Remark] = field(default_factory=list)


def as_text(*, value: Cell) -> str:
    """Return a cell as the text a person would have typed: 13800138000, 2026-11-21, 3.5, 是 and 否 as TRUE
    and FALSE."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, datetime):
        return value.isoformat(sep=" ", timespec="seconds")
    if isinstance(value, Decimal):
        return format(value, "f")
    return value.isoformat() if isinstance(value, date | time) else str(value)


def headed(*, raw: RawSheet, expected: Sequence[str] = (), heading_row: int | None = None) -> Table:
    """Name the columns of a raw sheet: by the row told, the row most like the names expected, or the first
    that looks it."""
    if not raw.rows:
        raise EmptyTable(zh_what="内容", en_what="content")
    _carry_merged(raw)
    first = heading_row or _found_heading(raw, expected)
    last = _heading_end(raw, first)
    names = _column_names(raw, first, last)
    if not names:
        raise EmptyTable(zh_what="标题行", en_what="heading row")
    order = sorted(names)
    rows = tuple(
        Row(number, tuple(cells.get(column) for column in order), number in raw.hidden_rows)
        for number, cells in sorted(raw.rows.items())
        if number > last and any(column in cells for column in order)
    )
    return Table(
        columns=tuple(names[column] for column in order),
        rows=rows,
        heading_row=last,
        sheet=raw.name,
        remarks=tuple(raw.remarks + _shape_remarks(raw, names, last)),
    )


def _carry_merged(raw: RawSheet) -> None:
    """Give every cell of a merged range its value, in rows that have something of their own."""
    own = sorted(raw.rows)
    widest = max(max(cells) for cells in raw.rows.values())
    carried = 0
    for first_row, first_column, last_row, last_column in raw.merges:
        value = raw.rows.get(first_row, {}).get(first_column)
        if value is None:
            continue
        # A range that reaches past the table is a title or decoration: it is carried no wider than the table.
        columns = range(first_column, min(last_column, widest) + 1)
        numbers = own[bisect_left(own, first_row) : bisect_right(own, last_row)]
        carried += len(numbers) * len(columns)
        if carried > MOST_CARRIED:
            raise TooLarge(zh_what="合并单元格覆盖的格数", en_what="merged cells", limit=MOST_CARRIED)
        for number in numbers:
            raw.rows[number] |= dict.fromkeys(columns, value)


def _found_heading(raw: RawSheet, expected: Sequence[str]) -> int:
    top = sorted(raw.rows)[:HEADING_SEARCHED]
    if expected:
        wanted = {folded(text=name) for name in expected}
        likeness = {
            number: len(wanted & {folded(text=str(v)) for v in _heading_texts(raw, number)}) for number in top
        }
        best = max(top, key=lambda number: likeness[number])
        if likeness[best] >= max(1, min(2, len(wanted))):
            return best
    usual = _usual_width(raw)
    found = next((number for number in top if _looks_like_heading(raw.rows[number], usual)), None)
    if found is None:
        raise EmptyTable(zh_what="标题行", en_what="heading row")
    return found


def _heading_texts(raw: RawSheet, number: int) -> list[Cell]:
    """Return the cells of a row, and those of the row below where it names the columns left empty."""
    cells, below = raw.rows[number], raw.rows.get(number + 1, {})
    more = below.values() if below and _continues_heading(cells, below) else ()
    return [*cells.values(), *more]


def _usual_width(raw: RawSheet) -> int:
    """Return how many cells a row usually fills: the most that a third of the first rows reach."""
    widths = sorted(
        (len(raw.rows[number]) for number in sorted(raw.rows)[: 2 * HEADING_SEARCHED]), reverse=True
    )
    return widths[(len(widths) - 1) // 3]


def _looks_like_heading(cells: dict[int, Cell], usual: int) -> bool:
    texts = [value for value in cells.values() if isinstance(value, str)]
    if len(texts) < len(cells) or len(cells) < HEADING_FILLED * usual:
        return False
    # 填报单位： and 日期： are the labels of a form above its table.
    if any(len(text) > HEADING_LONGEST or text.endswith(("：", ":")) for text in texts):
        return False
    figures = sum(bool(_FIGURE.fullmatch(text)) for text in texts)
    # A title merged over the whole width repeats one text; a heading names different things.
    return figures * 2 < len(texts) and (len(set(texts)) >= 2 or usual == 1)


def _heading_end(raw: RawSheet, first: int) -> int:
    """Return the last row of a heading: as deep as its vertically merged cells, or one row below a merged
    group."""
    widest = max(max(cells) for cells in raw.rows.values())
    starting = [merge for merge in raw.merges if merge[0] == first and merge[3] - merge[1] + 1 < widest]
    deep = [last_row for _, _, last_row, _ in starting if last_row > first]
    if deep:
        return min(max(deep), first + 5)
    grouped = any(last_column > first_column for _, first_column, _, last_column in starting)
    below = raw.rows.get(first + 1, {})
    if below and all(isinstance(value, str) for value in below.values()):
        return first + 1 if grouped or _continues_heading(raw.rows[first], below) else first
    return first


def _continues_heading(cells: dict[int, Cell], below: dict[int, Cell]) -> bool:
    """Say whether a row names the columns that the heading leaves empty: what delimited text keeps of merged
    cells."""
    gaps = set(range(min(cells), max(cells))) - set(cells)
    figures = any(_FIGURE.fullmatch(str(value)) for value in below.values())
    # A record fills the columns that are named; the second row of a heading fills the gaps and leaves others empty.
    return bool(gaps & set(below)) and bool(set(cells) - set(below)) and not figures


def _column_names(raw: RawSheet, first: int, last: int) -> dict[int, str]:
    """Return the names by column: the texts of the heading's rows joined by a slash, repeated names
    numbered."""
    names: dict[int, str] = {}
    seen: Counter[str] = Counter()
    columns = sorted({column for number in range(first, last + 1) for column in raw.rows.get(number, {})})
    for column in columns:
        parts = (raw.rows.get(number, {}).get(column) for number in range(first, last + 1))
        name = "/".join(dict.fromkeys(joined(text=as_text(value=part)) for part in parts if part is not None))
        seen[name] += 1
        names[column] = name if seen[name] == 1 else f"{name} ({seen[name]})"
    return names


def _shape_remarks(raw: RawSheet, names: dict[int, str], last: int) -> list[Remark]:
    hidden_rows = [number for number in sorted(raw.hidden_rows) if number > last and number in raw.rows]
    beyond = {column for number, cells in raw.rows.items() if number > last for column in cells} - set(names)
    return [
        *(Remark(RemarkCode.HIDDEN_ROW, row=number) for number in hidden_rows),
        *(
            Remark(RemarkCode.HIDDEN_COLUMN, column=get_column_letter(column), detail=names[column])
            for column in sorted(raw.hidden_columns & set(names))
        ),
        *(Remark(RemarkCode.BEYOND_HEADING, column=get_column_letter(column)) for column in sorted(beyond)),
    ]
