"""Take the paragraphs and table rows out of a .docx, with the numbers Word would print."""

import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from xinglin.plans.reading.docx_numbering import Numbering, W, read_numbering
from xinglin.plans.reading.lines import Line
from xinglin.plans.reading.refusals import DamagedFile, EmptyDocument, NotADocument, PasswordProtected, ZipBomb

UNPACKED_LIMIT = 400 * 1024 * 1024
PART_LIMIT = 64 * 1024 * 1024
RATIO_LIMIT = 200
ENTRIES_LIMIT = 5000
_SMALL = 2 * 1024 * 1024  # below this a high ratio is only a very regular part
_HEADING = re.compile(r"(?:heading|标题)\s*([1-9])", re.IGNORECASE)
_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_OFF = ("0", "false", "none", "off")


@dataclass(slots=True)
class Style:
    """What a paragraph style says about headings, numbers and boldness."""

    name: str = ""
    based_on: str = ""
    level: int = 0
    list_id: str = ""
    depth: int | None = None
    bold: bool = False


@dataclass(slots=True)
class Walk:
    """The state of one pass over the body."""

    styles: dict[str, Style]
    numbering: Numbering
    lines: list[Line] = field(default_factory=list)
    tables: int = 0


def read_docx(*, content: bytes, name: str) -> tuple[Line, ...]:
    """Return one line a paragraph or table row, or refuse a bomb, a foreign archive or a damaged file."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = _parts(archive, name)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError):
        raise DamagedFile from None
    document = _tree(parts["word/document.xml"])
    styles = _styles(_tree(parts["word/styles.xml"]))
    walk = Walk(styles=styles, numbering=read_numbering(root=_tree(parts["word/numbering.xml"])))
    body = None if document is None else document.find(f"{W}body")
    if body is None:
        raise DamagedFile
    for block in _blocks(body):
        _read_block(block, walk)
    if not any(line.text.strip() for line in walk.lines):
        raise EmptyDocument
    return tuple(walk.lines)


def _parts(archive: zipfile.ZipFile, name: str) -> dict[str, bytes]:
    entries = archive.infolist()
    _refuse_bomb(entries)
    names = {entry.filename: entry for entry in entries}
    if "word/document.xml" not in names:
        found = ("Excel 工作簿", "an Excel workbook") if "xl/workbook.xml" in names else ("压缩包", "an archive")
        found = ("演示文稿", "a presentation") if "ppt/presentation.xml" in names else found
        raise NotADocument(name=name, found=found)
    wanted = ("word/document.xml", "word/styles.xml", "word/numbering.xml")
    return {part: _unpack(archive, names[part]) if part in names else b"" for part in wanted}


def _refuse_bomb(entries: list[zipfile.ZipInfo]) -> None:
    if len(entries) > ENTRIES_LIMIT or sum(entry.file_size for entry in entries) > UNPACKED_LIMIT:
        raise ZipBomb
    for entry in entries:
        if entry.file_size > _SMALL and entry.file_size > RATIO_LIMIT * max(entry.compress_size, 1):
            raise ZipBomb


def _unpack(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bytes:
    if entry.flag_bits & 0x1:
        raise PasswordProtected
    # The declared size can lie, so the limit is enforced on what really comes out.
    with archive.open(entry) as part:
        unpacked = part.read(PART_LIMIT + 1)
    if len(unpacked) > PART_LIMIT:
        raise ZipBomb
    return unpacked


def _tree(part: bytes) -> Element | None:
    if not part:
        return None
    try:
        root: Element = fromstring(part)
    except (ParseError, DefusedXmlException, ValueError):
        raise DamagedFile from None
    return root


def _value(element: Element | None, path: str) -> str | None:
    child = None if element is None else element.find("/".join(f"{W}{step}" for step in path.split("/")))
    return None if child is None else child.get(f"{W}val", "")


def _is_on(properties: Element | None, tag: str) -> bool:
    value = _value(properties, tag)
    return value is not None and value not in _OFF


def _styles(root: Element | None) -> dict[str, Style]:
    styles: dict[str, Style] = {}
    for element in [] if root is None else root.findall(f"{W}style"):
        name = _value(element, "name") or ""
        heading = _HEADING.fullmatch(name.strip())
        outline = _value(element, "pPr/outlineLvl")
        depth = _value(element, "pPr/numPr/ilvl")
        level = int(heading[1]) if heading else 0
        if not level and outline is not None and outline.isdigit() and int(outline) < 9:
            level = int(outline) + 1
        styles[element.get(f"{W}styleId", "")] = Style(
            name=name.lower(),
            based_on=_value(element, "basedOn") or "",
            level=level,
            list_id=_value(element, "pPr/numPr/numId") or "",
            depth=int(depth) if depth else None,
            bold=_is_on(element.find(f"{W}rPr"), "b"),
        )
    return styles


def _resolved(style_id: str, styles: dict[str, Style]) -> Style:
    found, seen = Style(), set()
    while style_id in styles and style_id not in seen:
        seen.add(style_id)
        style = styles[style_id]
        found.name = found.name or style.name
        found.level = found.level or style.level
        found.list_id = found.list_id or style.list_id
        found.depth = found.depth if found.depth is not None else style.depth
        found.bold = found.bold or style.bold
        style_id = style.based_on
    return found


def _blocks(parent: Element) -> Iterator[Element]:
    """Yield paragraphs and tables, looking into content controls and accepted insertions."""
    waiting = list(reversed(list(parent)))
    while waiting:
        element = waiting.pop()
        if element.tag in (f"{W}p", f"{W}tbl"):
            yield element
        elif element.tag in (f"{W}sdt", f"{W}sdtContent", f"{W}ins", f"{W}customXml", f"{W}smartTag"):
            waiting.extend(reversed(list(element)))


def _read_block(block: Element, walk: Walk) -> None:
    if block.tag == f"{W}p":
        _read_paragraph(block, walk)
        return
    walk.tables += 1
    for row in block.findall(f"{W}tr"):
        _read_row(row, walk)


def _read_row(row: Element, walk: Walk) -> None:
    text, cells = "", []
    for cell in row.findall(f"{W}tc"):
        inner = []
        for paragraph in cell.iter(f"{W}p"):
            label = _label(paragraph.find(f"{W}pPr"), walk)
            inner.append(label + "".join(piece for piece, _ in _pieces(paragraph)))
        start = len(text)
        text += " ".join(" ".join(inner).split())
        cells.append((start, len(text)))
        span = _value(cell, "tcPr/gridSpan")
        if span and span.isdigit():  # empty cells keep what follows under its own head
            cells.extend([(len(text), len(text))] * (min(int(span), 64) - 1))
        text += "\t"
    if text.strip():
        walk.lines.append(Line(text=text, style="row", whole=True, cells=tuple(cells), table=walk.tables))


def _label(properties: Element | None, walk: Walk) -> str:
    style = _resolved(_value(properties, "pStyle") or "", walk.styles)
    list_id = _value(properties, "numPr/numId") or style.list_id
    depth = _value(properties, "numPr/ilvl")
    if not list_id or list_id == "0":
        return ""
    level = int(depth) if depth and depth.isdigit() else style.depth or 0
    return walk.numbering.next_label(list_id=list_id, depth=level)


def _read_paragraph(paragraph: Element, walk: Walk) -> None:
    properties = paragraph.find(f"{W}pPr")
    style = _resolved(_value(properties, "pStyle") or "", walk.styles)
    pieces = _pieces(paragraph)
    if not any(piece.strip() for piece, _ in pieces):
        return
    outline = _value(properties, "outlineLvl")
    level = int(outline) + 1 if outline and outline.isdigit() and int(outline) < 9 else style.level
    kind = "heading" if level else "title" if style.name in ("title", "标题") else ""
    kind = "toc" if style.name.startswith(("toc", "目录")) else kind
    text, bold = _label(properties, walk), list[tuple[int, int]]()
    for piece, is_bold in pieces:
        if piece == "\n":
            walk.lines.append(Line(text, style=kind, level=level, whole=True, bold=tuple(bold)))
            text, bold = "", []
            continue
        if is_bold and not style.bold:
            bold.append((len(text), len(text) + len(piece)))
        text += piece
    walk.lines.append(Line(text, style=kind, level=level, whole=True, bold=tuple(bold)))


def _pieces(paragraph: Element) -> list[tuple[str, bool]]:
    """Return the visible text with its boldness; deletions, notes, fields' codes and text boxes stay out."""
    skipped = {f"{W}del", f"{W}txbxContent", f"{W}pPr", f"{W}rPr", f"{W}moveFrom", f"{_MC}Fallback", f"{W}p"}
    pieces: list[tuple[str, bool]] = []
    waiting = [(child, False) for child in reversed(list(paragraph))]
    while waiting:
        element, bold = waiting.pop()
        if element.tag in skipped:
            continue
        if element.tag == f"{W}r":
            bold = _is_on(element.find(f"{W}rPr"), "b")
        if element.tag == f"{W}t":
            pieces.append((element.text or "", bold))
        elif element.tag in (f"{W}tab", f"{W}ptab"):
            pieces.append((" ", bold))
        elif element.tag in (f"{W}br", f"{W}cr"):
            pieces.append(("\n", bold))
        elif element.tag == f"{W}noBreakHyphen":
            pieces.append(("-", bold))
        else:
            waiting.extend((child, bold) for child in reversed(list(element)))
    return pieces
