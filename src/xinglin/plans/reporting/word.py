"""Writes a paper as a Word file in the layout of official documents; the same paper is always the same bytes."""

import io
import re
import zipfile
from datetime import UTC, datetime, time
from itertools import count
from typing import Any
from xml.sax.saxutils import escape

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Mm, Pt, RGBColor

from .charts import png_of
from .paper import Bars, Grid, Heading, Mark, Paper, Para, Sentence

# Faces of official documents; where they are missing Word takes the nearest Chinese face it has.
TITLE, BLACK, KAI, SONG = "方正小标宋简体", "黑体", "楷体_GB2312", "仿宋_GB2312"
LATIN = "Times New Roman"
_HEADINGS = {1: (BLACK, 16), 2: (KAI, 16), 3: (BLACK, 11)}
_BODY, _QUIET, _SMALL, _TINY = 16, 11, 9, 7
_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_WIDE = 156  # millimetres between the margins of A4


def docx_of(*, paper: Paper) -> bytes:
    """Return the paper as a .docx file: outline levels, tables, page numbers, marks that lead into the annex."""
    return _Writer(paper).bytes()


class _Writer:
    """Writes block by block; bookmarks need numbers of their own."""

    def __init__(self, paper: Paper) -> None:
        self.paper = paper
        self.document = Document()
        self.marks = count(1)
        self.anchors = {one.anchor for one in paper.blocks if isinstance(one, Heading) and one.anchor}
        _set_up(self.document, paper)
        # Asked for once: python-docx searches all styles whenever one is named.
        self.styles = {one.name: one.style_id for one in self.document.styles}

    def _paragraph(self, style: str) -> Any:
        paragraph = self.document.add_paragraph()
        paragraph._p.get_or_add_pPr().style = self.styles[style]
        return paragraph

    def bytes(self) -> bytes:
        title = self._paragraph("Title")
        _run(title, self.paper.title, face=TITLE, size=22)
        dated = self.document.add_paragraph()
        dated.alignment = WD_ALIGN_PARAGRAPH.CENTER
        _run(dated, self.paper.on.isoformat(), face=KAI, size=14)
        for block in self.paper.blocks:
            if isinstance(block, Heading):
                self._heading(block)
            elif isinstance(block, Para):
                self._para(block)
            elif isinstance(block, Grid):
                self._grid(block)
            else:
                self._bars(block)
        return _steady(self.document, self.paper)

    def _heading(self, block: Heading) -> None:
        face, size = _HEADINGS[block.level]
        paragraph = self._paragraph(f"Heading {block.level}")
        _run(paragraph, block.text, face=face, size=size)
        if block.anchor:
            _bookmark(paragraph, block.anchor, next(self.marks))

    def _para(self, block: Para) -> None:
        paragraph = self._paragraph("Remark" if block.quiet else "Body Text")
        size = _QUIET if block.quiet else _BODY
        for sentence in block.sentences:
            self._sentence(paragraph, sentence, size)

    def _sentence(self, paragraph: Any, sentence: Sentence, size: int) -> None:
        for piece in sentence.pieces:
            if isinstance(piece, Mark):
                _run(paragraph, piece.text, size=size)
                if f"figure-{piece.number}" in self.anchors:
                    paragraph._p.append(_link(piece.number, size))
            else:
                _run(paragraph, piece, size=size)

    def _grid(self, block: Grid) -> None:
        if block.caption:
            caption = self._paragraph("Remark")
            _run(caption, block.caption, size=_QUIET)
        table = self.document.add_table(rows=1, cols=len(block.columns))
        table._tbl.tblPr.style = self.styles["Table Grid"]
        whole = sum(block.widths)
        widths = [int(Mm(_WIDE) * one / whole / 635) for one in block.widths]  # twentieths of a point
        _fix_widths(table, widths)
        row = table.rows[0]._tr
        size = _TINY if block.small else _SMALL
        for place, (cell, words) in enumerate(zip(row.tc_lst, block.columns, strict=True)):
            written = _cell_xml([(words, 0)], right=place in block.numeric, size=size, bold=True)
            cell.replace(cell.p_lst[0], _one(written))
        row.get_or_add_trPr().append(OxmlElement("w:tblHeader"))
        # Rows are written as XML at once: python-docx looks at the whole table for each row it adds.
        rows = "".join(self._row(cells, block, widths) for cells in block.rows)
        for made in list(parse_xml(f"<w:tbl {nsdecls('w')}>{rows}</w:tbl>")):
            table._tbl.append(made)
        self._paragraph("Gap")

    def _row(self, cells: tuple[str | Sentence, ...], block: Grid, widths: list[int]) -> str:
        size = _TINY if block.small else _SMALL
        parts = [
            f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/></w:tcPr>'
            f"{_cell_xml(self._pieces(words), right=place in block.numeric, size=size)}</w:tc>"
            for place, (words, width) in enumerate(zip(cells, widths, strict=True))
        ]
        return f"<w:tr><w:trPr><w:cantSplit/></w:trPr>{''.join(parts)}</w:tr>"

    def _pieces(self, words: str | Sentence) -> list[tuple[str, int]]:
        if isinstance(words, str):
            return [(words, 0)]
        return [
            (one, 0) if isinstance(one, str)
            else (one.text, one.number if f"figure-{one.number}" in self.anchors else 0)
            for one in words.pieces
        ]

    def _bars(self, block: Bars) -> None:
        paragraph = self.document.add_paragraph()
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        picture = paragraph.add_run().add_picture(io.BytesIO(png_of(bars=block)), width=Mm(150))
        # Word reads this aloud; the numbers stand in the table below.
        picture._inline.docPr.set("descr", f"{block.title}，数字见下表")
        picture._inline.docPr.set("name", block.title)


def _set_up(document: Any, paper: Paper) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = Mm(37), Mm(35)  # GB/T 9704
    section.left_margin, section.right_margin = Mm(28), Mm(26)
    _styles(document)
    _page_number(section.footer.paragraphs[0])
    properties = document.core_properties
    moment = datetime.combine(paper.on, time())
    properties.title, properties.author, properties.language = paper.title, paper.issuer, "zh-CN"
    properties.created = properties.modified = moment
    properties.comments = paper.remark
    properties.last_modified_by, properties.revision = paper.issuer, 1


def _styles(document: Any) -> None:
    styles = document.styles
    _face(styles["Normal"], SONG, _BODY)
    body = styles["Body Text"]
    _face(body, SONG, _BODY)
    body.paragraph_format.first_line_indent = Pt(2 * _BODY)
    body.paragraph_format.line_spacing = Pt(28)
    body.paragraph_format.space_after = Pt(0)
    for name, size in (("Remark", _QUIET), ("Gap", 6)):
        style = styles.add_style(name, 1)
        style.base_style = styles["Normal"]
        _face(style, SONG, size)
        style.paragraph_format.space_after = Pt(2)
    for level, (face, size) in _HEADINGS.items():
        style = styles[f"Heading {level}"]
        _face(style, face, size)
        style.font.bold = False
        style.paragraph_format.space_before = Pt(14 if level == 1 else 8)
        style.paragraph_format.space_after = Pt(4)
        style.paragraph_format.keep_with_next = True
    _face(styles["Title"], TITLE, 22)
    styles["Title"].paragraph_format.alignment = WD_ALIGN_PARAGRAPH.CENTER
    for border in styles["Title"].element.pPr.findall(qn("w:pBdr")):
        styles["Title"].element.pPr.remove(border)


def _face(style: Any, face: str, size: int) -> None:
    style.font.name, style.font.size, style.font.color.rgb = LATIN, Pt(size), RGBColor(0, 0, 0)
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for name in list(fonts.attrib):  # theme faces would win over the named ones
        if name.endswith("Theme"):
            del fonts.attrib[name]
    fonts.set(qn("w:eastAsia"), face)
    fonts.set(qn("w:ascii"), LATIN)
    fonts.set(qn("w:hAnsi"), LATIN)


def _run(paragraph: Any, words: str, *, size: int, face: str = "") -> None:
    run = paragraph.add_run(_printable(words))
    run.font.size = Pt(size)
    if face:
        run.font.name = LATIN
        run._r.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), face)


def _link_xml(number: int, size: int) -> str:
    return (
        f'<w:hyperlink w:anchor="figure_{number}"><w:r><w:rPr><w:sz w:val="{size * 2}"/>'
        f'<w:vertAlign w:val="superscript"/></w:rPr><w:t>[{number}]</w:t></w:r></w:hyperlink>'
    )


def _link(number: int, size: int) -> Any:
    return _one(_link_xml(number, size))


def _one(xml: str) -> Any:
    """Return one element of Word's language."""
    return parse_xml(f"<w:body {nsdecls('w')}>{xml}</w:body>")[0]


def _bookmark(paragraph: Any, anchor: str, number: int) -> None:
    name = anchor.replace("-", "_")
    start = parse_xml(f'<w:bookmarkStart {nsdecls("w")} w:id="{number}" w:name="{name}"/>')
    paragraph._p.insert(1 if paragraph._p.pPr is not None else 0, start)
    paragraph._p.append(parse_xml(f'<w:bookmarkEnd {nsdecls("w")} w:id="{number}"/>'))


def _cell_xml(pieces: list[tuple[str, int]], *, right: bool, size: int, bold: bool = False) -> str:
    """Return the one paragraph of a cell; a piece with a number carries its mark."""
    runs = "".join(
        f'<w:r><w:rPr>{"<w:b/>" if bold else ""}<w:sz w:val="{size * 2}"/></w:rPr>'
        f'<w:t xml:space="preserve">{escape(_printable(words))}</w:t></w:r>{_link_xml(number, size) if number else ""}'
        for words, number in pieces
    )
    align = '<w:jc w:val="right"/>' if right else ""
    spacing = '<w:spacing w:before="20" w:after="20" w:line="240" w:lineRule="auto"/>'
    return f"<w:p><w:pPr>{spacing}{align}</w:pPr>{runs}</w:p>"


def _printable(words: str) -> str:
    """Return text without the signs that XML cannot hold."""
    return _UNPRINTABLE.sub("", words)


def _fix_widths(table: Any, widths: list[int]) -> None:
    table.autofit = False
    for column, width in zip(table._tbl.tblGrid.gridCol_lst, widths, strict=True):
        column.set(qn("w:w"), str(width))
    for cell, width in zip(table.rows[0]._tr.tc_lst, widths, strict=True):
        cell.get_or_add_tcPr().get_or_add_tcW().set(qn("w:w"), str(width))


def _page_number(paragraph: Any) -> None:
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    for kind, words in (("", "— "), ("begin", ""), ("instr", "PAGE"), ("end", ""), ("", " —")):
        run = paragraph.add_run(words if not kind else "")
        run.font.size = Pt(14)
        if kind == "instr":
            run._r.append(parse_xml(f'<w:instrText {nsdecls("w")} xml:space="preserve">PAGE</w:instrText>'))
        elif kind:
            run._r.append(parse_xml(f'<w:fldChar {nsdecls("w")} w:fldCharType="{kind}"/>'))


def _steady(document: Any, paper: Paper) -> bytes:
    """Return the file with its parts dated by the paper, since the archive would carry the moment of writing."""
    raw, steady = io.BytesIO(), io.BytesIO()
    document.save(raw)
    moment = datetime.combine(paper.on, time(), tzinfo=UTC).timetuple()[:6]
    with zipfile.ZipFile(raw) as old, zipfile.ZipFile(steady, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.infolist():
            entry = zipfile.ZipInfo(part.filename, date_time=moment)
            entry.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(entry, old.read(part.filename))
    return steady.getvalue()
