"""Small files that the tests write themselves: PDFs with and without text, and Word documents."""

import io
import zipfile
from collections.abc import Sequence

from docx import Document
from docx.oxml import OxmlElement
from docx.oxml.ns import qn

_CMAP = (
    "/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /U def /CMapType 2 def "
    "1 begincodespacerange <0000> <FFFF> endcodespacerange 1 beginbfrange <0000> <FFFF> <0000> endbfrange "
    "endcmap end end"
)


def pdf_of(*, pages: Sequence[Sequence[str]], encrypted: bool = False) -> bytes:
    """Write a PDF whose text layer holds the given lines; no line at all gives a page without text."""
    objects: list[str] = ["", ""]  # catalogue and page tree come when the rest is numbered
    objects.append(f"<< /Length {len(_CMAP)} >>\nstream\n{_CMAP}\nendstream")
    objects.append(
        "<< /Type /Font /Subtype /CIDFontType2 /BaseFont /Song /CIDSystemInfo << /Registry (Adobe) "
        "/Ordering (Identity) /Supplement 0 >> /FontDescriptor 5 0 R /DW 1000 >>"
    )
    objects.append(
        "<< /Type /FontDescriptor /FontName /Song /Flags 4 /FontBBox [0 0 1000 1000] /ItalicAngle 0 "
        "/Ascent 800 /Descent -200 /CapHeight 700 /StemV 80 >>"
    )
    objects.append(
        "<< /Type /Font /Subtype /Type0 /BaseFont /Song /Encoding /Identity-H "
        "/DescendantFonts [4 0 R] /ToUnicode 3 0 R >>"
    )
    kids = []
    for lines in pages:
        content = "BT /F 12 Tf 60 780 Td 20 TL "
        content += " ".join(f"<{line.encode('utf-16-be').hex()}> Tj T*" for line in lines) + " ET"
        objects.append(f"<< /Length {len(content)} >>\nstream\n{content}\nendstream")
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents {len(objects)} 0 R "
            "/Resources << /Font << /F 6 0 R >> >> >>"
        )
        kids.append(f"{len(objects)} 0 R")
    objects[0] = "<< /Type /Catalog /Pages 2 0 R >>"
    objects[1] = f"<< /Type /Pages /Kids [{' '.join(kids)}] /Count {len(kids)} >>"
    return _assembled(objects, encrypted)


def _assembled(objects: Sequence[str], encrypted: bool) -> bytes:
    out, places = "%PDF-1.4\n", []
    for number, content in enumerate(objects, 1):
        places.append(len(out))
        out += f"{number} 0 obj\n{content}\nendobj\n"
    start = len(out)
    out += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n" + "".join(f"{at:010} 00000 n \n" for at in places)
    locked = ""
    if encrypted:
        key = "41" * 32
        locked = f"/Encrypt << /Filter /Standard /V 1 /R 2 /O <{key}> /U <{key}> /P -4 >> /ID [<{key}> <{key}>]"
    out += f"trailer << /Size {len(objects) + 1} /Root 1 0 R {locked} >>\nstartxref\n{start}\n%%EOF"
    return out.encode("latin-1")


def _add(parent: object, tag: str, **attributes: str) -> object:
    element = OxmlElement(tag)
    for name, value in attributes.items():
        element.set(qn(f"w:{name}"), value)
    parent.append(element)  # type: ignore[attr-defined]
    return element


def numbered(document: Document, *, levels: Sequence[tuple[str, str]]) -> int:
    """Add a list whose levels have the given number format and text; returns its number."""
    root = document.part.numbering_part.element
    identity = str(900 + len(root))
    abstract = OxmlElement("w:abstractNum")
    abstract.set(qn("w:abstractNumId"), identity)
    for depth, (number_format, text) in enumerate(levels):
        level = _add(abstract, "w:lvl", ilvl=str(depth))
        _add(level, "w:start", val="1")
        _add(level, "w:numFmt", val=number_format)
        _add(level, "w:lvlText", val=text)
    root.insert(0, abstract)
    number = _add(root, "w:num", numId=identity)
    _add(number, "w:abstractNumId", val=identity)
    return int(identity)


def add_numbered(document: Document, *, text: str, list_id: int, depth: int) -> None:
    """Add a paragraph that Word numbers by itself."""
    properties = document.add_paragraph(text)._p.get_or_add_pPr()
    number = _add(properties, "w:numPr")
    _add(number, "w:ilvl", val=str(depth))
    _add(number, "w:numId", val=str(list_id))


def bytes_of(document: Document) -> bytes:
    """Save a Word document into bytes."""
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def zip_of(*, parts: dict[str, bytes]) -> bytes:
    """Write a compressed archive."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return out.getvalue()
