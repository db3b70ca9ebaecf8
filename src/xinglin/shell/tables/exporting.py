"""Exports: XLSX or CSV of what the address selects, stated as a fact before the first row leaves."""

import tempfile
from collections.abc import Iterator
from contextlib import nullcontext
from itertools import islice
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from django.db import transaction
from django.db.models import QuerySet
from django.http import FileResponse, HttpResponse, HttpResponseRedirect, QueryDict, StreamingHttpResponse
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _

from xinglin.kernel import clock
from xinglin.kernel.policy import Refusal, require
from xinglin.lib.tables import TooLarge, csv_lines, write_xlsx

from ..actions.exporting import export_list
from ..asking import unwrapped
from ..naming import named, remembering
from .columns import Column
from .rows import CHUNK, each
from .second_person import gate

if TYPE_CHECKING:  # the table imports this module for its answers
    from .table import Table

SHEET_ROWS = 1_048_575
MOST_PICKED = 200  # what a second person is shown one by one


class UnknownForm(Refusal):
    """A list leaves as XLSX or CSV only."""


class TooLongForSheet(Refusal):
    """A sheet holds no more rows; CSV does."""


class TooManyPicked(Refusal):
    """More rows were picked than a second person can look at; conditions say it shorter."""


def export(*, table: "Table", form: str, picked: list[str]) -> HttpResponse:
    """Answer with the file after the export was stated; sensitive columns leave masked unless a second agreed."""
    require(table.export_verdict)
    if form not in ("xlsx", "csv"):
        raise UnknownForm(_("A list leaves as XLSX or CSV."))
    rows = table.picked() if picked else table.selected
    count = _count(rows) if picked else table.count
    if form == "xlsx" and count > SHEET_ROWS:
        raise TooLongForSheet(_("A sheet holds 1,048,575 rows. Choose CSV, or narrow the list."))
    columns = _columns(table)
    full = table.request.POST.get("unmasked") == "1" and any(one.sensitive for one in columns)
    with transaction.atomic() if full else nullcontext():  # only a file that was built and stated uses up an approval
        if full and (asked := _second_person(table, columns, picked, count)) is not None:
            return asked
        answer = (_csv if form == "csv" else _xlsx)(table, columns, _lines(rows, columns, full))
        export_list(by=unwrapped(table.actor), on=clock.today(), table=table.code, rows=count, form=form,
                    narrowed=bool(picked) or table.is_narrowed, sensitive=full)
    return answer


def _count(rows: Any) -> int:
    return rows.count() if isinstance(rows, QuerySet) else len(rows)


def _columns(table: "Table") -> list[Column]:
    """Return all columns, or those on screen when only these were asked for."""
    chosen = table.visible if table.request.POST.get("columns") == "shown" else table.columns
    return [one for one in chosen if one.export]


def _second_person(table: "Table", columns: list[Column], picked: list[str], count: int) -> HttpResponse | None:
    """Return the way to the second person, or None when that person has agreed to these very rows."""
    guard = gate()
    if guard is None:
        raise Refusal(_("Sensitive columns leave masked: nobody is appointed to agree to more."))
    if len(picked) > MOST_PICKED:
        raise TooManyPicked(_("Pick at most 200 rows, or narrow the list by its conditions."))
    names = tuple(one.name for one in columns if one.sensitive)
    chosen = QueryDict(mutable=True)
    chosen.setlist("picked", sorted(set(picked)))
    asked: dict[str, Any] = {"actor": table.actor, "table": table.code, "columns": names, "rows": count,
                             "address": f"{table.address.path}?{table.address.query}#{chosen.urlencode()}".rstrip("?#")}
    if guard.granted(**asked, on=clock.today()):
        return None
    return HttpResponseRedirect(guard.ask_address(**asked))


def _lines(rows: Any, columns: list[Column], unmasked: bool) -> Iterator[list[Any]]:
    """Return the values row by row, asking for labels of refs a chunk at a time."""
    refs = [one for one in columns if one.kind == "ref"]
    source = each(rows)
    while chunk := list(islice(source, CHUNK)):
        with remembering():
            if refs:
                named(value for row in chunk for one in refs if (value := one.raw(row)))
            yield from ([one.plain(row, unmasked=unmasked) for one in columns] for row in chunk)


def _headers(columns: list[Column]) -> list[str]:
    return [f"{one.label}（{one.unit}）" if one.unit else str(one.label) for one in columns]


def _csv(table: "Table", columns: list[Column], lines: Iterator[list[Any]]) -> StreamingHttpResponse:
    language = get_language()

    def text() -> Iterator[str]:
        with override(language):  # the rows leave after the middleware has gone home
            yield from csv_lines(columns=_headers(columns), rows=lines)

    response = StreamingHttpResponse(text(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = _disposition(table, "csv")
    return response


def _xlsx(table: "Table", columns: list[Column], lines: Iterator[list[Any]]) -> FileResponse:
    file = tempfile.TemporaryFile(suffix=".xlsx")  # noqa: SIM115 - the response closes it
    money = {at for at, column in enumerate(columns) if column.kind == "money"}
    try:
        write_xlsx(target=file, columns=_headers(columns), rows=lines, money=money)
    except TooLarge:
        file.close()
        raise TooLongForSheet(_("A cell of a sheet holds no more than 32,767 characters. Choose CSV.")) from None
    file.seek(0)
    return FileResponse(file, as_attachment=True, filename=_filename(table, "xlsx"))


def _filename(table: "Table", ending: str) -> str:
    name = str(table.title or table.code).replace("/", "-")
    return f"{name}-{clock.today().isoformat()}.{ending}"


def _disposition(table: "Table", ending: str) -> str:
    plain = f"{table.code}-{clock.today().isoformat()}.{ending}"
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(_filename(table, ending))}"


