"""Reads a table out of .xlsx or .csv: sheets, rows of plain cells, merged cells filled with their common value."""

import csv
import io
import re
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from django.utils.translation import gettext as _
from openpyxl import load_workbook
from openpyxl.utils.cell import range_boundaries

from xinglin.kernel.policy import Refusal
from xinglin.lib.filetypes import tell

# A workbook unpacks to ten or twenty times its size; a bomb to thousands. 200,000 rows of people take 250 MB.
UNPACKED = 600_000_000
WIDEST = 300  # columns; sheets with formats to their right edge have 16,384
ENCODINGS = ("utf-8-sig", "gb18030")
_MERGED = re.compile(rb'<mergeCell ref="([A-Z]+\d+:[A-Z]+\d+)"')


class UnreadableTable(Refusal):
    """The file holds no table that can be read; the message says what to do."""

    field = "file"


class FileTooLarge(Refusal):
    """The file is larger, or has more rows, than one import may have."""

    field, regulation = "file", "DR4.import_megabytes"


@dataclass(frozen=True, kw_only=True)
class Table:
    """One sheet: its name, every row as a list of cells (str, number, date or None), how many cells were merged."""

    sheet: str
    sheets: tuple[str, ...]
    rows: list[list[Any]]
    merged: int = 0
    encoding: str = ""
    hidden: int = field(default=0)


def read_table(
    *, content: bytes, name: str = "", sheet: str = "", most: int | None = None, first: int | None = None,
) -> Table:
    """Return the first sheet, or the one named, of a workbook or csv (UnreadableTable; FileTooLarge above `most`).

    With `first` only so many rows are read, for a look at the columns; merged cells then stay empty.
    """
    if not content.strip():
        raise UnreadableTable(_("The file is empty."))
    if content.startswith(b"PK"):
        return _workbook(content, sheet, most, first)
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        raise UnreadableTable(_("This is an old .xls file, or a workbook with a password."),
                              instead=_("Open it in Excel or WPS and save it as .xlsx without a password."))
    kind = tell(content=io.BytesIO(content), name=name).code if name else ""
    if kind in {"pdf", "jpg", "png", "gif", "docx"} or b"\x00\x00" in content[:4096]:
        raise UnreadableTable(_("This is no table."), instead=_("Upload .xlsx or .csv."))
    return _csv(content, most, first)


def _workbook(content: bytes, wanted: str, most: int | None, first: int | None) -> Table:
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
        size = sum(one.file_size for one in archive.infolist())
        if "xl/workbook.xml" not in archive.namelist():
            raise UnreadableTable(_("This is no workbook."), instead=_("Upload .xlsx or .csv."))
        if size > UNPACKED:
            raise UnreadableTable(_("The workbook unpacks to more than can be read."),
                                  instead=_("Delete pictures and unused sheets, or split the list."))
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
    except UnreadableTable:
        raise
    except Exception as trouble:
        raise UnreadableTable(_("The workbook is damaged and cannot be opened."),
                              instead=_("Open it in Excel or WPS and save it anew.")) from trouble
    names = tuple(one.title for one in book.worksheets)
    if not names:
        raise UnreadableTable(_("The workbook has no sheet."))
    chosen = book[wanted] if wanted in names else _fullest(book)
    chosen.reset_dimensions()
    rows = _rows(islice(chosen.iter_rows(values_only=True), first), most)
    path = getattr(chosen, "_worksheet_path", "")
    merged = _fill(rows, _merges(archive, path)) if first is None else 0
    return Table(sheet=chosen.title, sheets=names, rows=rows, merged=merged)


def _fullest(book: Any) -> Any:
    """Return the first sheet with anything in it: covers and empty sheets often come first."""
    for one in book.worksheets:
        one.reset_dimensions()
        if any(sum(cell is not None for cell in row) > 1 for row in one.iter_rows(max_row=30, values_only=True)):
            return one
    return book.worksheets[0]


def _merges(archive: zipfile.ZipFile, path: str) -> Iterator[tuple[int, int, int, int]]:
    """Yield first column, first row, last column, last row of merged ranges; they stand at the end of a sheet."""
    if path not in archive.namelist():
        return
    with archive.open(path) as file:
        rest = b""
        while block := file.read(1 << 20):
            rest += block
            for found in _MERGED.finditer(rest):
                yield range_boundaries(found[1].decode())
            # Keep what may be half a tag, and nothing that was matched already.
            cut = rest.rfind(b"<")
            rest = rest[cut:] if cut >= 0 and b">" not in rest[cut:] else b""


def _fill(rows: list[list[Any]], merges: Iterator[tuple[int, int, int, int]]) -> int:
    """Give every cell below a merged one its value; merges across columns are titles and stay as they are."""
    count = 0
    for left, top, right, bottom in merges:
        if bottom == top or left != right or top > len(rows) or left > len(rows[top - 1]):
            continue
        count += 1
        for row in rows[top : min(bottom, len(rows))]:
            row.extend([None] * (left - len(row)))
            row[left - 1] = rows[top - 1][left - 1]
    return count


def _rows(found: Iterable[Sequence[Any]], most: int | None) -> list[list[Any]]:
    """Return the rows up to the last with anything in it; one filled row too many ends the reading (FileTooLarge)."""
    rows: list[list[Any]] = []
    empty = filled = 0
    for row in found:
        if all(cell in (None, "") for cell in row):
            empty += 1
            continue
        filled += 1
        if most is not None and filled > most:
            raise FileTooLarge(_("The list has more than %(most)s rows.") % {"most": most},
                               regulation="DR3.import_rows", instead=_("Split the list."))
        rows.extend([] for _row in range(empty))
        rows.append(list(row[:WIDEST]))
        empty = 0
    return rows


def _csv(content: bytes, most: int | None, first: int | None) -> Table:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        text, encoding = content.decode("utf-16", errors="replace"), "utf-16"
    else:
        text, encoding = _decoded(content)
    line = text[: text.find("\n") if "\n" in text else len(text)]
    separator = max(",\t;", key=line.count)
    rows = _rows(islice(csv.reader(io.StringIO(text, newline=""), delimiter=separator), first), most)
    return Table(sheet="", sheets=(), rows=rows, encoding=encoding)


def _decoded(content: bytes) -> tuple[str, str]:
    for encoding in ENCODINGS:
        try:
            return content.decode(encoding), encoding
        except UnicodeDecodeError:
            continue
    raise UnreadableTable(_("The text is neither UTF-8 nor GBK."),
                          instead=_("Save it as .xlsx, or as csv in UTF-8."))
