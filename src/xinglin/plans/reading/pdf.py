"""Take the lines out of a PDF that has a text layer."""

import re
from threading import Lock

import pypdfium2

from xinglin.plans.reading.lines import Line
from xinglin.plans.reading.refusals import DamagedFile, PasswordProtected, ScannedPdf

_PDFIUM = Lock()  # pdfium is not safe to call from two threads
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\ufffe\uffff]")
_FEWEST_CHARACTERS_A_PAGE = 15


def read_pdf(*, content: bytes) -> tuple[Line, ...]:
    """Return the lines of every page, or refuse a locked, scanned or damaged file."""
    with _PDFIUM:
        pages = _page_texts(content)
    characters = sum(len("".join(page.split())) for page in pages)
    if characters < _FEWEST_CHARACTERS_A_PAGE * len(pages) or not characters:
        raise ScannedPdf
    lines: list[Line] = []
    for number, text in enumerate(pages):
        text = _CONTROL.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
        lines.extend(Line(text=line, page=number) for line in text.split("\n"))
    return tuple(lines)


def _page_texts(content: bytes) -> list[str]:
    try:
        document = pypdfium2.PdfDocument(content)
    except pypdfium2.PdfiumError as error:
        if "password" in str(error).lower() or "security" in str(error).lower():
            raise PasswordProtected from None
        raise DamagedFile from None
    try:
        return [_page_text(document, number) for number in range(len(document))]
    except pypdfium2.PdfiumError:
        raise DamagedFile from None
    finally:
        document.close()


def _page_text(document: pypdfium2.PdfDocument, number: int) -> str:
    page = document[number]
    layer = page.get_textpage()
    try:
        return str(layer.get_text_range())
    finally:
        layer.close()
        page.close()
