"""An uploaded file, told by its bytes, opened and read into one table."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, BinaryIO

from openpyxl import load_workbook
from openpyxl.styles.numbers import BUILTIN_FORMATS

from xinglin.lib.tables.delimited import read_delimited
from xinglin.lib.tables.refusals import (
    DamagedFile,
    EmptyTable,
    NotATable,
    OldExcelFormat,
    PasswordProtected,
    TableRefused,
    TooLarge,
    UnknownSheet,
)
from xinglin.lib.tables.shape import Limits, Remark, RemarkCode, Table, headed
from xinglin.lib.tables.sheet_cells import BookFormats, SheetCells

LIMITS = Limits()
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_OTHER_KINDS = (
    (b"%PDF", "PDF 文档", "a PDF document"),
    (b"\x89PNG", "图片", "a picture"),
    (b"\xff\xd8\xff", "图片", "a picture"),
    (b"GIF8", "图片", "a picture"),
    (b"Rar!", "压缩包", "an archive"),
    (b"7z\xbc\xaf", "压缩包", "an archive"),
    (b"\x1f\x8b", "压缩包", "an archive"),
    (b"{\\rtf", "RTF 文档", "a document"),
)
_PARTS_OF_OTHERS = (
    ("word/", "Word 文档", "a Word document"),
    ("ppt/", "演示文稿", "a presentation"),
    ("content.xml", "OpenDocument 文件", "an OpenDocument file"),
)


@dataclass(frozen=True)
class SheetNote:
    """A sheet in a workbook, and whether it is hidden."""

    name: str
    hidden: bool


def read_table(
    *,
    file: bytes | BinaryIO,
    sheet: str | None = None,
    expected: Sequence[str] = (),
    heading_row: int | None = None,
    limits: Limits = LIMITS,
) -> Table:
    """Read one sheet of an XLSX workbook, or a CSV file, into named columns and numbered rows.

    Without a sheet named, the first visible sheet with content is read and the others are remarked upon.
    `expected`
    column names help to find the heading. Raises a TableRefused that says what to do.
    """
    content = _taken(file, limits)
    if content.startswith(b"PK"):
        return _read_workbook(content, sheet, expected, heading_row, limits)
    _refuse_other_kinds(content)
    text = read_delimited(content=content, limits=limits)
    table = headed(raw=text.raw, expected=expected, heading_row=heading_row)
    return replace(table, encoding=text.encoding, delimiter=text.delimiter)


def sheets_of(*, file: bytes | BinaryIO, limits: Limits = LIMITS) -> tuple[SheetNote, ...]:
    """Return the sheets of a workbook in their order, hidden ones marked; delimited text has none."""
    content = _taken(file, limits)
    if not content.startswith(b"PK"):
        _refuse_other_kinds(content)
        return ()
    with _archive(content, limits):
        book = _opened(content)
    return tuple(SheetNote(name=each.title, hidden=each.sheet_state != "visible") for each in book.worksheets)


def _taken(file: bytes | BinaryIO, limits: Limits) -> bytes:
    content = file if isinstance(file, bytes) else file.read(limits.file_bytes + 1)
    if len(content) > limits.file_bytes:
        raise TooLarge(zh_what="文件字节数", en_what="bytes", limit=limits.file_bytes)
    if not content.strip(b"\0 \r\n\t"):
        raise EmptyTable(zh_what="内容", en_what="content")
    return content


def _refuse_other_kinds(content: bytes) -> None:
    if content.startswith(_OLE):
        # An encrypted workbook is an OLE file too: it holds a stream of this name instead of a workbook.
        if "EncryptedPackage".encode("utf-16-le") in content:
            raise PasswordProtected()
        raise OldExcelFormat(format=".xls")
    for magic, zh_kind, en_kind in _OTHER_KINDS:
        if content.startswith(magic):
            raise NotATable(zh_kind=zh_kind, en_kind=en_kind)
    head = content[:2048].lstrip(b"\xef\xbb\xbf \r\n\t").lower()
    if b"urn:schemas-microsoft-com:office:spreadsheet" in head:
        raise OldExcelFormat(format="XML 2003")
    if re.match(rb"<(!doctype|html|head|meta|table|\?xml|div)", head):
        raise NotATable(zh_kind="网页", en_kind="a web page")


def _archive(content: bytes, limits: Limits) -> zipfile.ZipFile:
    """Open the container and refuse, from its directory alone, bombs, passwords and other kinds of
    document."""
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
    except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
        raise DamagedFile(detail=str(error)) from error
    parts = archive.infolist()
    if any(part.flag_bits & 1 for part in parts):
        raise PasswordProtected()
    if len(parts) > limits.parts:
        raise TooLarge(zh_what="文件部件数", en_what="parts", limit=limits.parts)
    # zipfile never yields more than the directory declares, so the declared sizes bound what is unpacked.
    if sum(part.file_size for part in parts) > limits.unpacked_bytes:
        raise TooLarge(zh_what="解压后字节数", en_what="bytes unpacked", limit=limits.unpacked_bytes)
    names = archive.namelist()
    if "xl/workbook.bin" in names:
        raise OldExcelFormat(format=".xlsb")
    if "[Content_Types].xml" not in names or not any(name.startswith("xl/") for name in names):
        for start, zh_kind, en_kind in _PARTS_OF_OTHERS:
            if any(name.startswith(start) for name in names):
                raise NotATable(zh_kind=zh_kind, en_kind=en_kind)
        raise NotATable(zh_kind="压缩包", en_kind="an archive")
    return archive


def _opened(content: bytes) -> Any:
    try:
        return load_workbook(io.BytesIO(content), read_only=True, data_only=True)
    except (
        Exception
    ) as error:  # openpyxl raises whatever a broken part happens to break: KeyError, TypeError, …
        raise DamagedFile(detail=type(error).__name__) from error


def _read_workbook(
    content: bytes, sheet: str | None, expected: Sequence[str], heading_row: int | None, limits: Limits
) -> Table:
    with _archive(content, limits) as archive:
        book = _opened(content)
        formats = _formats(book)
        empty: TableRefused | None = None
        for each in _asked_for(book, sheet):
            cells = SheetCells(name=each.title, formats=formats, limits=limits)
            try:
                with archive.open(each._worksheet_path) as part:
                    table = headed(raw=cells.read(part=part), expected=expected, heading_row=heading_row)
            except EmptyTable as refusal:
                empty = empty or refusal
                continue
            except (zipfile.BadZipFile, KeyError, EOFError) as error:
                raise DamagedFile(detail=str(error)) from error
            return replace(table, remarks=table.remarks + _other_sheets(book, each.title))
    raise empty or EmptyTable(zh_what="可见的工作表", en_what="visible sheet")


def _asked_for(book: Any, sheet: str | None) -> list[Any]:
    """Return the sheet named, hidden or not, or all visible ones in order."""
    if sheet is None:
        return [each for each in book.worksheets if each.sheet_state == "visible"]
    named = [each for each in book.worksheets if each.title == sheet]
    if not named:
        raise UnknownSheet(sheet=sheet, sheets="、".join(each.title for each in book.worksheets))
    return named


def _other_sheets(book: Any, read: str) -> tuple[Remark, ...]:
    return tuple(
        Remark(
            RemarkCode.OTHER_SHEET if each.sheet_state == "visible" else RemarkCode.HIDDEN_SHEET,
            detail=each.title,
        )
        for each in book.worksheets
        if each.title != read
    )


def _formats(book: Any) -> BookFormats:
    """Take what openpyxl learnt of the book's styles and texts; these are its private names, held by the
    lock file."""
    sheet = next(iter(book.worksheets), None)
    padded: dict[int, int] = {}
    for style_id, style in enumerate(book._cell_styles):
        number = style.numFmtId
        code = BUILTIN_FORMATS.get(number) or dict(enumerate(book._number_formats, start=164)).get(number, "")
        if re.fullmatch(r"0{2,}", code):
            padded[style_id] = len(code)
    return BookFormats(
        texts=sheet._shared_strings if sheet is not None else (),
        dates=book._date_formats,
        durations=book._timedelta_formats,
        padded=padded,
        epoch=book.epoch,
    )
