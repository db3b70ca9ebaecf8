"""Answers with a paper or a workbook as a file."""

from django.http import HttpRequest, HttpResponse
from django.utils.http import content_disposition_header

from xinglin.kernel import clock
from xinglin.shell.actions.exporting import export_list
from xinglin.shell.asking import actor_of

from ..paper import Paper
from ..press import pdf_of
from ..word import docx_of

_MEDIA = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pdf": "application/pdf",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def answer_with(*, paper: Paper, form: str, name: str) -> HttpResponse:
    """Return a paper as a file to keep."""
    content = docx_of(paper=paper) if form == "docx" else pdf_of(paper=paper)
    return _file(content, form, name)


def workbook(request: HttpRequest, *, content: bytes, code: str, rows: int, name: str) -> HttpResponse:
    """Return a workbook; its leaving the house is stated first."""
    export_list(by=actor_of(request), on=clock.today(), table=code, rows=rows, form="xlsx", narrowed=False)
    return _file(content, "xlsx", name)


def _file(content: bytes, form: str, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type=_MEDIA[form])
    response.headers["Content-Disposition"] = _disposition(f"{name}.{form}")
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _disposition(name: str) -> str:
    return content_disposition_header(as_attachment=True, filename=name.replace("/", "-")) or "attachment"
