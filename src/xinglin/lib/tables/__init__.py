"""Tables: what people upload is read into rows, what they download is written so that it opens safely."""

from xinglin.lib.tables.reading import SheetNote, read_table, sheets_of
from xinglin.lib.tables.refusals import (
    DamagedFile,
    EmptyTable,
    NotATable,
    OldExcelFormat,
    PasswordProtected,
    TableRefused,
    TooLarge,
    UnknownSheet,
    UnreadableText,
)
from xinglin.lib.tables.shape import Cell, Limits, Remark, RemarkCode, Row, Table, as_text
from xinglin.lib.tables.writing import csv_lines, guarded, write_csv, write_xlsx

__all__ = [
    "Cell",
    "DamagedFile",
    "EmptyTable",
    "Limits",
    "NotATable",
    "OldExcelFormat",
    "PasswordProtected",
    "Remark",
    "RemarkCode",
    "Row",
    "SheetNote",
    "Table",
    "TableRefused",
    "TooLarge",
    "UnknownSheet",
    "UnreadableText",
    "as_text",
    "csv_lines",
    "guarded",
    "read_table",
    "sheets_of",
    "write_csv",
    "write_xlsx",
]
