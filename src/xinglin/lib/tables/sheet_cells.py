"""The cells of one XLSX sheet, streamed: sparse, with hidden rows and merged ranges.

Read-only sheets of openpyxl give neither merged ranges nor hidden rows, and pad every row to its last cell
(one
stray cell in column XFD makes 16,384 of each); so openpyxl opens the book, and the sheet itself is read here.
"""

from __future__ import annotations

import re
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import IO
from xml.parsers import expat

from openpyxl.utils import column_index_from_string, get_column_letter, range_boundaries
from openpyxl.utils.datetime import from_excel, from_ISO8601

from xinglin.lib.tables.refusals import DamagedFile, TooLarge
from xinglin.lib.tables.shape import Cell, Limits, RawSheet, Remark, RemarkCode

LAST_ROW = 1_048_576
EXACT_DIGITS = 15  # what a spreadsheet keeps of a number
_DIGITS = "0123456789"
_WHOLE = re.compile(r"-?\d+")


@dataclass(frozen=True)
class BookFormats:
    """What the cells of a book refer to: shared texts, which styles are dates, which pad with zeros and how
    far."""

    texts: Sequence[str]
    dates: Container[int]
    durations: Container[int]
    padded: Mapping[int, int]
    epoch: datetime


class SheetCells:
    """Takes the parser's events and fills a raw sheet."""

    def __init__(self, *, name: str, formats: BookFormats, limits: Limits) -> None:
        self.raw = RawSheet(name=name)
        self.formats, self.limits = formats, limits
        self.cells, self.row, self.column, self.count = dict[int, Cell](), 0, 0, 0
        self.kind, self.style, self.formula = "n", 0, False
        self.collected: list[str] = []
        self.collecting, self.phonetic = False, False
        self.columns: dict[str, int] = {}
        self.prefix = ""

    def read(self, *, part: IO[bytes]) -> RawSheet:
        """Read the sheet's part to its end."""
        parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.StartElementHandler, parser.EndElementHandler = self.start, self.end
        parser.CharacterDataHandler = self.text
        parser.EntityDeclHandler = self.entity
        try:
            parser.ParseFile(part)
        except (expat.ExpatError, ValueError, IndexError, KeyError) as error:
            if isinstance(error, TooLarge | DamagedFile):
                raise
            raise DamagedFile(detail=f"{self.raw.name}: {error}") from error
        return self.raw

    def entity(self, *_: object) -> None:
        """Refuse declared entities: no spreadsheet writes them, only attacks do."""
        raise DamagedFile(detail="XML entities")

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """Open an element."""
        if self.prefix:
            name = name.removeprefix(self.prefix)
        if name == "c":
            self._open_cell(attributes)
        elif name in ("v", "t"):
            self.collecting = not self.phonetic
        elif name == "row":
            self._open_row(attributes)
        elif name == "f":
            self.formula = True
        elif name == "rPh":
            self.phonetic = True
        elif name == "mergeCell":
            self._merge(attributes["ref"])
        elif name == "col" and attributes.get("hidden") in ("1", "true"):
            last = min(int(attributes["max"]), self.limits.columns)
            self.raw.hidden_columns.update(range(int(attributes["min"]), last + 1))
        elif name.endswith(":worksheet"):
            self.prefix = name.removesuffix("worksheet")

    def end(self, name: str) -> None:
        """Close an element."""
        if self.prefix:
            name = name.removeprefix(self.prefix)
        if name == "c":
            self._close_cell()
        elif name in ("v", "t"):
            self.collecting = False
        elif name == "rPh":
            self.phonetic = False
        elif name == "row" and self.cells:
            if len(self.raw.rows) >= self.limits.rows:
                raise TooLarge(zh_what="行数", en_what="rows", limit=self.limits.rows)
            self.raw.rows[self.row] = self.cells

    def text(self, characters: str) -> None:
        """Collect what stands in a value or a text."""
        if self.collecting:
            self.collected.append(characters)

    def _open_row(self, attributes: dict[str, str]) -> None:
        number = int(attributes.get("r", self.row + 1))
        if not self.row < number <= LAST_ROW:
            raise DamagedFile(detail=f"{self.raw.name}: row {number}")
        self.row, self.column, self.cells = number, 0, {}
        if attributes.get("hidden") in ("1", "true"):
            self.raw.hidden_rows.add(number)

    def _open_cell(self, attributes: dict[str, str]) -> None:
        reference = attributes.get("r")
        if reference:
            letters = reference.rstrip(_DIGITS)
            self.column = self.columns.get(letters) or self._learnt(letters)
        else:
            self.column += 1
        self.kind, self.style = attributes.get("t", "n"), int(attributes.get("s", 0))
        self.formula, self.collected = False, []

    def _learnt(self, letters: str) -> int:
        return self.columns.setdefault(letters, column_index_from_string(letters))

    def _merge(self, reference: str) -> None:
        first_column, first_row, last_column, last_row = range_boundaries(reference)
        if len(self.raw.merges) >= self.limits.merges:
            raise TooLarge(zh_what="合并单元格", en_what="merged ranges", limit=self.limits.merges)
        self.raw.merges.append((first_row, first_column, last_row, last_column))

    def _close_cell(self) -> None:
        written = "".join(self.collected)
        value = self._value(written) if written else None
        if value is None:
            if self.formula and not written:
                self._remark(RemarkCode.FORMULA_WITHOUT_VALUE)
            return
        self.count += 1
        if self.column > self.limits.columns:
            raise TooLarge(zh_what="列数", en_what="columns", limit=self.limits.columns)
        if self.count > self.limits.cells:
            raise TooLarge(zh_what="单元格数", en_what="cells", limit=self.limits.cells)
        self.cells[self.column] = value

    def _value(self, written: str) -> Cell:
        if self.kind == "s":
            return self.formats.texts[int(written)].strip() or None
        if self.kind in ("str", "inlineStr"):
            return written.strip() or None
        if self.kind == "n":
            return self._dated(float(written)) if self.style in self.formats.dates else self._number(written)
        if self.kind == "b":
            return written not in ("0", "false")
        if self.kind == "d":
            return _day_if_midnight(from_ISO8601(written))
        self._remark(RemarkCode.ERROR_VALUE, written)
        return None

    def _dated(self, serial: float) -> Cell:
        try:
            return _day_if_midnight(
                from_excel(serial, self.formats.epoch, timedelta=self.style in self.formats.durations)
            )
        except (OverflowError, ValueError):
            self._remark(RemarkCode.IMPOSSIBLE_DATE, str(serial))
            return None

    def _number(self, written: str) -> Cell:
        if _WHOLE.fullmatch(written) and len(written) <= EXACT_DIGITS:
            width = self.formats.padded.get(self.style)
            return written.zfill(width) if width else int(written)
        # Fifteen digits are what the spreadsheet showed; the rest is the tail of the binary fraction.
        exact = Decimal(f"{float(written):.{EXACT_DIGITS}g}")
        if exact != exact.to_integral_value():
            return exact
        if abs(exact) >= 10**EXACT_DIGITS:
            self._remark(RemarkCode.LOST_DIGITS, format(exact, "f"))
            return format(
                exact, "f"
            )  # an identity or card number typed as a number: text, and to be asked for again
        return int(exact)

    def _remark(self, code: RemarkCode, detail: str = "") -> None:
        self.raw.remarks.append(
            Remark(code, row=self.row, column=get_column_letter(self.column), detail=detail)
        )


def _day_if_midnight(moment: datetime | date | time | timedelta | None) -> Cell:
    if isinstance(moment, timedelta):
        return str(moment)
    if isinstance(moment, datetime) and moment.time() == time(0):
        return moment.date()
    return moment
