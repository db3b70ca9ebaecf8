"""Tables written for download, so that no cell runs as a formula on the reader's machine."""

from __future__ import annotations

import csv
import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any, BinaryIO

import xlsxwriter

from xinglin.lib.tables.refusals import TooLarge
from xinglin.lib.tables.shape import Cell, as_text
from xinglin.lib.text import display_width

LAST_ROW = 1_048_576
LONGEST_CELL = 32_767
EXACT_DIGITS = 15
# Full-width signs count: spreadsheets in Chinese and Japanese take them for the plain ones.
_RUNS = re.compile(r"^\s*[=+\-@＝＋－＠]|^[\t\r\n]")
_PLAIN_FIGURE = re.compile(r"[+-]?\d{1,15}(,\d{3})*(\.\d+)?%?")


def guarded(*, text: str) -> str:
    """Return a text that a spreadsheet will not run: an apostrophe before =, +, - or @, but not before
    plain figures."""
    if _RUNS.match(text) and not _PLAIN_FIGURE.fullmatch(text):
        return f"'{text}"
    return text


def write_csv(
    *, target: BinaryIO, columns: Sequence[str], rows: Iterable[Sequence[Cell]], delimiter: str = ","
) -> int:
    """Write UTF-8 with its mark, so that Excel reads Chinese; returns the number of rows below the heading.

    Identity and card numbers lose digits when Excel opens a CSV file: offer them as XLSX.
    """
    lines = 0
    for line in csv_lines(columns=columns, rows=rows, delimiter=delimiter):
        target.write(line.encode("utf-8"))
        lines += 1
    return lines - 1


def csv_lines(*, columns: Sequence[str], rows: Iterable[Sequence[Cell]], delimiter: str = ",") -> Iterator[str]:
    """Return the lines of a CSV file one by one, heading first, the mark of UTF-8 before it."""
    writer = csv.writer(_Echo(), delimiter=delimiter)
    yield "\ufeff" + writer.writerow([guarded(text=name) for name in columns])
    for row in rows:
        yield writer.writerow([guarded(text=v) if isinstance(v, str) else as_text(value=v) for v in row])


class _Echo:
    """A file that hands back what is written to it."""

    def write(self, text: str) -> str:
        return text


def write_xlsx(
    *,
    target: Path | BinaryIO,
    columns: Sequence[str],
    rows: Iterable[Sequence[Cell]],
    sheet: str = "Sheet1",
    widths: Sequence[int] = (),
    money: Collection[int] = (),
) -> int:
    """Write one sheet row by row in constant memory; returns the number of rows below the heading.

    Texts stay texts, whatever they begin with; whole numbers of more than 15 digits are written as text;
    dates are dates. `money` names the columns, from 0, whose numbers show thousands and two decimals.
    """
    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
        "default_date_format": "yyyy-mm-dd",
    }
    with xlsxwriter.Workbook(target if not isinstance(target, Path) else str(target), options) as book:
        return _Sheet(book=book, name=sheet, money=money).write(columns=columns, rows=rows, widths=widths)


class _Sheet:
    """One sheet in the making, with the few formats its cells need."""

    def __init__(self, *, book: Any, name: str, money: Collection[int]) -> None:
        self.sheet = book.add_worksheet(name)
        self.heading = book.add_format({"bold": True, "text_wrap": True, "valign": "vcenter", "bottom": 1})
        self.quoted = book.add_format({"quote_prefix": True, "num_format": "@"})
        self.moment = book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
        self.day = book.add_format({"num_format": "yyyy-mm-dd"})
        self.hour = book.add_format({"num_format": "hh:mm"})
        self.money = dict.fromkeys(money, book.add_format({"num_format": "#,##0.00"}))

    def write(self, *, columns: Sequence[str], rows: Iterable[Sequence[Cell]], widths: Sequence[int]) -> int:
        for place, name in enumerate(columns):
            width = widths[place] if place < len(widths) else min(max(display_width(text=name) + 4, 10), 40)
            self.sheet.set_column(place, place, width)
        self.sheet.freeze_panes(1, 0)
        for place, name in enumerate(columns):
            self.sheet.write_string(0, place, name, self.heading)
        written = 0
        for written, row in enumerate(rows, start=1):
            if written >= LAST_ROW:
                raise TooLarge(zh_what="行数", en_what="rows", limit=LAST_ROW - 1)
            for place, value in enumerate(row):
                if value is not None:
                    self._write_cell(written, place, value)
        if columns:
            self.sheet.autofilter(0, 0, written, len(columns) - 1)
        return written

    def _write_cell(self, row: int, place: int, value: Cell) -> None:
        if isinstance(value, str):
            self._write_text(row, place, value)
        elif isinstance(value, bool):
            self.sheet.write_boolean(row, place, value)
        elif isinstance(value, datetime):
            # Spreadsheets know no time zones: the wall clock the caller chose is what is written.
            self.sheet.write_datetime(row, place, value.replace(tzinfo=None), self.moment)
        elif isinstance(value, date):
            self.sheet.write_datetime(row, place, value, self.day)
        elif isinstance(value, time):
            self.sheet.write_datetime(row, place, value, self.hour)
        elif isinstance(value, int | Decimal) and len(Decimal(value).as_tuple().digits) > EXACT_DIGITS:
            self.sheet.write_string(row, place, as_text(value=value), self.quoted)
        else:
            self.sheet.write_number(row, place, value, self.money.get(place))

    def _write_text(self, row: int, place: int, text: str) -> None:
        if len(text) > LONGEST_CELL:
            raise TooLarge(zh_what="单元格字数", en_what="characters in a cell", limit=LONGEST_CELL)
        if guarded(text=text) != text:
            # Stored as text it cannot run; the mark keeps it text when someone edits the cell or saves as
            # CSV.
            self.sheet.write_string(row, place, text, self.quoted)
        else:
            self.sheet.write_string(row, place, text)
