"""Writes workbooks of an import: the rejected rows with their reasons, and an empty form to fill in."""

import io
import re
from typing import Any

from django.utils.translation import gettext as _
from xlsxwriter import Workbook

from xinglin.lib.identity import masked

from ..imports import Batch
from . import fields
from .running import read

# Eight characters and more that are digits but for a letter in front or an X at the end; no dates.
LONG = re.compile(r"(?!\d{4}-\d\d-\d\d$)'?[+A-Za-z]{0,3}[\d\s-]{7,}[\dXx]", re.ASCII)
LONG_NUMBER = 100_000_000  # 20260301 is a day that somebody typed as a number


def rejected_sheet(batch: Batch) -> bytes:
    """Return the rejected rows as .xlsx: the cells with long numbers covered, the row number, the reason, what would
    be right. The numbers stand in the file that was uploaded, which the row number finds again."""
    reading = read(batch)
    labels = {column.code: str(column.label) for column in fields.columns(batch.kind)}
    target = io.BytesIO()
    with Workbook(target, {"in_memory": True, "default_date_format": "yyyy-mm-dd"}) as book:
        sheet = book.add_worksheet(_("Rejected rows"))
        head = book.add_format({"bold": True, "bottom": 1})
        wrong = book.add_format({"font_color": "#b3261e", "text_wrap": True})
        sheet.write_row(0, 0, [
            *map(_plain, reading.headers), _("Row number"), _("Reason why"), _("What would be right")], head)
        width = len(reading.headers)
        for line, rejection in enumerate(batch.rejections.all().iterator(), start=1):
            cells = reading.table.rows[rejection.row - 1]
            for column, cell in enumerate(cells[:width]):
                if cell is not None:
                    plain = _plain(cell)
                    sheet.write(line, column, covered(plain) if isinstance(plain, str) else _covered_number(plain))
            sheet.write_number(line, width, rejection.row)
            reasons = [f"{labels.get(one['column'], '')}：{one['reason']}" for one in rejection.problems]
            sheet.write_string(line, width + 1, "\n".join(reasons), wrong)
            sheet.write_string(line, width + 2, "\n".join(one["right"] for one in rejection.problems if one["right"]))
        sheet.freeze_panes(1, 0)
        sheet.set_column(width + 1, width + 2, 44)
    return target.getvalue()


def covered(text: str) -> str:
    """Cover what may be an identity or mobile number, whatever its column was taken for."""
    return masked(number=text) if LONG.fullmatch(text) else text


def _covered_number(cell: Any) -> Any:
    long = isinstance(cell, int | float) and not isinstance(cell, bool) and abs(cell) >= LONG_NUMBER
    return covered(f"{cell:.0f}") if long else cell


def _plain(cell: Any) -> Any:
    if isinstance(cell, str):
        # A cell that begins with = + - @ would run as a formula in the reader's workbook.
        return "'" + cell if cell[:1] in ("=", "+", "-", "@") else cell
    return "" if cell is None else cell


def empty_form(kind: str) -> bytes:
    """Return an empty list with the headers this import knows best, columns as text so that numbers stay whole."""
    target = io.BytesIO()
    with Workbook(target, {"in_memory": True}) as book:
        sheet = book.add_worksheet(_("Name list"))
        text, head = book.add_format({"num_format": "@"}), book.add_format({"bold": True, "bottom": 1})
        for at, column in enumerate(fields.columns(kind)):
            sheet.set_column(at, at, 20 if column.code in {"number", "unit", "organisation", "name"} else 14, text)
            sheet.write_string(0, at, column.headers[0] + ("（必填）" if column.required else ""), head)
            if column.hint:
                sheet.write_comment(0, at, str(column.hint))
        sheet.freeze_panes(1, 0)
    return target.getvalue()
