"""Delimited text: its encoding, its delimiter, its cells."""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections import Counter
from dataclasses import dataclass

from xinglin.lib.tables.refusals import DamagedFile, NotATable, TooLarge, UnreadableText
from xinglin.lib.tables.shape import Limits, RawSheet, Remark, RemarkCode

DELIMITERS = (",", ";", "\t", "|")
MOST_LINES_IN_CELL = 200  # more means that a quotation mark was never closed
_CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1f]")
_SHORTENED = re.compile(r"\d(\.\d+)?[Ee]\+1\d")
_GUARDS = ("'=", "'+", "'-", "'@", "'＝", "'＋", "'－", "'＠")


@dataclass(frozen=True)
class DelimitedText:
    """The sheet in a text file, with the encoding and delimiter it was found to have."""

    raw: RawSheet
    encoding: str
    delimiter: str


def read_delimited(*, content: bytes, limits: Limits) -> DelimitedText:
    """Read comma, semicolon, tab or bar separated text in UTF-8, UTF-16 or GBK; all cells are text."""
    text, encoding = decoded(content=content)
    if _CONTROLS.search(text[:100_000]):
        raise NotATable(zh_kind="二进制文件", en_kind="a binary file")
    told = re.match(r"sep=(.)\r?\n", text)  # Excel's own way of naming the delimiter
    delimiter = told[1] if told else likely_delimiter(text=text)
    raw = RawSheet()
    reader = csv.reader(io.StringIO(text[told.end() :] if told else text, newline=""), delimiter=delimiter)
    try:
        for number, fields in enumerate(reader, start=2 if told else 1):
            _add_row(raw, number, fields, limits)
    except csv.Error as error:
        raise DamagedFile(detail=str(error)) from error
    return DelimitedText(raw=raw, encoding=encoding, delimiter=delimiter)


def _add_row(raw: RawSheet, number: int, fields: list[str], limits: Limits) -> None:
    cells: dict[int, str] = {}
    for column, written in enumerate(fields, start=1):
        text = written.strip()
        if not text:
            continue
        if text.count("\n") > MOST_LINES_IN_CELL:
            raise DamagedFile(detail=f"第 {number} 行的引号不配对 / unclosed quotation mark in row {number}")
        if text.startswith(_GUARDS):
            text = text[1:]
        elif text.startswith('="') and text.endswith('"'):
            text = text[2:-1]  # ="00123" is how some exports keep leading zeros
        elif _SHORTENED.fullmatch(text):
            raw.remarks.append(Remark(RemarkCode.LOST_DIGITS, row=number, detail=text))
        cells[column] = text
    if not cells:
        return
    if max(cells) > limits.columns:
        raise TooLarge(zh_what="列数", en_what="columns", limit=limits.columns)
    if len(raw.rows) >= limits.rows:
        raise TooLarge(zh_what="行数", en_what="rows", limit=limits.rows)
    raw.rows[number] = dict(cells)


def decoded(*, content: bytes) -> tuple[str, str]:
    """Return the text and the name of its encoding; raises UnreadableText, or NotATable for bytes that are
    no text."""
    for mark, encoding in (
        (codecs.BOM_UTF8, "utf-8-sig"),
        (codecs.BOM_UTF16_LE, "utf-16"),
        (codecs.BOM_UTF16_BE, "utf-16"),
    ):
        if content.startswith(mark):
            return _strictly(content, encoding), encoding
    sample = content[:4096]
    if b"\0" in sample:
        # Without a mark, UTF-16 shows by its zeros standing at every second byte of Latin text.
        encoding = "utf-16-be" if sample[::2].count(0) > sample[1::2].count(0) else "utf-16-le"
        try:
            return content.decode(encoding), encoding
        except UnicodeDecodeError as error:
            raise NotATable(zh_kind="二进制文件", en_kind="a binary file") from error
    try:
        return content.decode("utf-8"), "utf-8"
    except UnicodeDecodeError:
        return _strictly(content, "gb18030"), "gb18030"  # holds GBK and GB 2312


def _strictly(content: bytes, encoding: str) -> str:
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as error:
        raise UnreadableText() from error


def likely_delimiter(*, text: str) -> str:
    """Return the delimiter that cuts the first lines into the most columns of the most regular number;
    comma if none does."""
    sample = "".join(text[:200_000].splitlines(keepends=True)[:60])

    def regularity(delimiter: str) -> tuple[bool, float, int]:
        try:
            rows = list(csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter))
        except csv.Error:
            return (False, 0.0, 0)
        widths = Counter(len(row) for row in rows if row)
        if not widths:
            return (False, 0.0, 0)
        width, often = max(widths.items(), key=lambda item: (item[1] if item[0] > 1 else 0, item[0]))
        share = often / sum(widths.values())
        return (width > 1 and share >= 0.5, share if width > 1 else 0.0, width)

    best = max(DELIMITERS, key=regularity)
    return best if regularity(best)[2] > 1 else ","
