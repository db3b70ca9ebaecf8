"""Takes one file from upload to rows: keep it sealed, read, map, check, write in one act or in parts, undo."""

import base64
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Count
from django.utils.translation import gettext as _

from xinglin.kernel import regulations
from xinglin.kernel.actors import Actor
from xinglin.kernel.acts import backfilling
from xinglin.kernel.policy import Refusal, require

from .. import policy
from ..actions.imports import import_organisation_rows, import_people_rows
from ..actions.undoing import undo_import
from ..imports import AddedRow, Batch, RejectedRow
from ..people import Person
from . import fields, outlook
from .organisations import OrganisationsCheck
from .people import PeopleCheck
from .rows import Checked, Entrant, Report, quiet
from .tables import FileTooLarge, Table, UnreadableTable, read_table

# Rows of one act when good rows are taken one by one: short writes let others work meanwhile.
PART = 1000
HEAD = 60  # rows that are enough to show what the columns hold
ENTRIES = ("person", "employment", "term", "organisation")


class NothingToImport(Refusal):
    """No row of the file can be taken."""


class RowsRejected(Refusal):
    """Some rows are wrong and the import was to be all or nothing; `values["batch"]` keeps why, row by row."""


class ImportOver(Refusal):
    """The import is under way, or was carried out or undone, so it is not mapped, checked or started again."""


class Stopped(Refusal):
    """The job of an import was stopped, or its worker was lost."""


class ColumnMissing(Refusal):
    """A column without which no row can be read is not mapped."""

    field = "mapping"


@dataclass(frozen=True, kw_only=True)
class Reading:
    """A file as it was read: the table, its header row and the guessed or given mapping."""

    table: Table
    header: int
    mapping: dict[int, str]

    @property
    def headers(self) -> list[Any]:
        """The cells of the header row."""
        return self.table.rows[self.header] if self.table.rows else []

    @property
    def rows(self) -> Sequence[Sequence[Any]]:
        """The rows below the headers."""
        return self.table.rows[self.header + 1 :]

    @property
    def first(self) -> int:
        """The number the file gives the first row below the headers."""
        return self.header + 2


def keep_file(*, by: Actor, on: date, kind: str, name: str, content: bytes) -> Batch:
    """Keep an uploaded list, sealed, and guess how its columns read (UnreadableTable, FileTooLarge)."""
    require(policy.may_import(actor=by))
    limit = int(regulations.value("DR4.import_megabytes", on=on))
    if len(content) > limit * 1024 * 1024:
        raise FileTooLarge(_("The file has more than %(limit)s MB.") % {"limit": limit},
                           instead=_("Split the list, or delete pictures from it."))
    table = read_table(content=content, name=name, most=_most_rows(on))
    header = fields.header_row(kind=kind, rows=table.rows)
    batch = Batch(kind=kind, file_name=name[:200], content=base64.b64encode(content).decode(), sheet=table.sheet,
                  header_row=header, by=by.ref, size=len(content), rows=max(0, len(table.rows) - header - 1))
    batch.mapping = {str(at): field for at, field in fields.guess(
        kind=kind, headers=table.rows[header] if table.rows else []).items()}
    batch.save()
    batch._table = table
    return batch


def _most_rows(on: date) -> int:
    return int(regulations.value("DR3.import_rows", on=on))


def read(batch: Batch, *, sheet: str = "", most: int | None = None, first: int | None = None) -> Reading:
    """Read a kept file again, whole or its `first` rows, by the sheet, header row and mapping of the batch."""
    table: Table | None = getattr(batch, "_table", None)
    if table is None or (sheet and sheet != table.sheet):
        if not batch.content:
            raise UnreadableTable(_("The file of this import has been deleted."))
        table = read_table(content=base64.b64decode(batch.content), name=batch.file_name, sheet=sheet or batch.sheet,
                           most=most, first=first)
        if first is None:
            batch._table = table  # read once while this object lives; it is in no table of the database
    return Reading(table=table, header=min(batch.header_row, max(0, len(table.rows) - 1)),
                   mapping={int(at): field for at, field in batch.mapping.items()})


def _require_open(batch: Batch) -> None:
    if batch.state not in Batch.OPEN:
        raise ImportOver(_("This import is under way or over."), instead=_("Upload the corrected file anew."))


def choose_sheet(batch: Batch, *, sheet: str, on: date) -> None:
    """Take another sheet of the workbook and guess its columns anew (ImportOver)."""
    _require_open(batch)
    table = read(batch, sheet=sheet, most=_most_rows(on)).table
    batch.sheet, batch.header_row = table.sheet, fields.header_row(kind=batch.kind, rows=table.rows)
    headers = table.rows[batch.header_row] if table.rows else []
    batch.mapping = {str(at): field for at, field in fields.guess(kind=batch.kind, headers=headers).items()}
    batch.rows = max(0, len(table.rows) - batch.header_row - 1)
    batch.state = Batch.State.UPLOADED
    batch.save()


def set_mapping(batch: Batch, *, mapping: dict[int, str]) -> None:
    """Set which column means what, and remember it for files with the same headers (ColumnMissing, ImportOver)."""
    _require_open(batch)
    chosen = {at: field for at, field in mapping.items() if field}
    for column in fields.columns(batch.kind):
        count = list(chosen.values()).count(column.code)
        if column.required and not count:
            raise ColumnMissing(_("Say which column holds “%(label)s”.") % {"label": column.label})
        if count > 1:
            raise ColumnMissing(_("“%(label)s” is chosen for two columns.") % {"label": column.label})
    batch.mapping = {str(at): field for at, field in chosen.items()}
    batch.state = Batch.State.UPLOADED
    batch.save()
    fields.remember(kind=batch.kind, headers=read(batch, first=HEAD).headers, mapping=chosen)


def check(batch: Batch, *, by: Actor, on: date, report: Report = quiet) -> Checked:
    """Check every row, keep why the bad ones are bad and what the good ones would do; the directory stays as it is."""
    if batch.state != Batch.State.CHECKING:
        _require_open(batch)
    checked = _checked(batch, by=by, on=on, report=report)
    batch.outlook, batch.state, batch.trouble = outlook.kept(checked, read(batch).table), Batch.State.CHECKED, ""
    batch.save()
    return checked


def _checked(batch: Batch, *, by: Actor, on: date, report: Report) -> Checked:
    reading = read(batch)
    mapping = {field: at for at, field in reading.mapping.items()}
    if batch.kind == Batch.Kind.PEOPLE:
        checker: PeopleCheck | OrganisationsCheck = PeopleCheck(by=by, on=on, mapping=mapping, written=_written(batch))
    else:
        checker = OrganisationsCheck(by=by, on=on, mapping=mapping)
    checked = checker.run(reading.rows, first=reading.first, report=report)
    with transaction.atomic():
        batch.rejections.all().delete()
        RejectedRow.objects.bulk_create([
            RejectedRow(batch=batch, row=one.row, problems=[
                {"column": fault.column, "reason": fault.reason, "right": fault.right} for fault in one.faults])
            for one in checked.rejected], batch_size=500)
    batch.rows, batch.accepted, batch.rejected = checked.rows, checked.accepted, len(checked.rejected)
    return checked


def _written(batch: Batch) -> dict[int, int]:
    """Return row → person of what a run of this import that was stopped has written."""
    rows = dict(AddedRow.objects.filter(batch=batch, kind="person").values_list("row", "key"))
    living = {pk: into or pk for pk, into in Person.objects.filter(
        pk__in=AddedRow.objects.filter(batch=batch, kind="person").values("key")).values_list("pk", "merged_into")}
    return {row: living[key] for row, key in rows.items() if key in living}


def write(batch: Batch, *, by: Actor, on: date, only_accepted: bool = False, report: Report = quiet) -> Batch:
    """Check once more and write: all rows in one act, or with `only_accepted` the good ones in parts.

    A run that was stopped in parts goes on where it stopped: rows it added are known by then.
    """
    if batch.state != Batch.State.RUNNING:
        _require_open(batch)
    batch.only_accepted, batch.state = only_accepted, Batch.State.RUNNING
    batch.save()
    try:
        checked = _checked(batch, by=by, on=on, report=report)
        _require_rows(batch, checked)
        batch.imported_on = on
        batch.save()
        with backfilling():
            _write(batch, checked, by=by, on=on, report=report)
    except Exception as trouble:
        fail(batch, trouble)
        raise
    batch.state, batch.trouble = Batch.State.DONE, ""
    batch.save()
    return batch


def fail(batch: Batch, trouble: Exception) -> None:
    """Keep why an import stopped, and say what it has written."""
    words = str(trouble) if isinstance(trouble, Refusal) else _("The import stopped.")
    rows = AddedRow.objects.filter(batch=batch).values("row").distinct().count()
    if rows:
        words += _(" %(rows)s rows had been written before: check again to go on, or undo them.") % {"rows": rows}
    elif not isinstance(trouble, Refusal):
        words += _(" Nothing was written.")
    batch.state, batch.trouble = Batch.State.FAILED, words
    batch.save()


def _require_rows(batch: Batch, checked: Checked) -> None:
    if checked.rejected and not batch.only_accepted:
        raise RowsRejected(_("%(rejected)s of %(rows)s rows cannot be taken; nothing was imported.") % {
            "rejected": len(checked.rejected), "rows": checked.rows}, batch=batch, instead=_(
            "Correct the file, or import only the good rows."))
    if not checked.accepted:
        raise NothingToImport(_("No row of this file can be taken."), batch=batch)


def _write(batch: Batch, checked: Checked, *, by: Actor, on: date, report: Report) -> None:
    numbers = {"accepted": checked.accepted, "rejected": len(checked.rejected)}
    if batch.kind == Batch.Kind.ORGANISATIONS:
        import_organisation_rows(by=by, on=on, batch=batch, bodies=checked.bodies, **numbers)
        return
    written = _written(batch)
    entrants = [one for one in checked.entrants
                if not written.keys() & set(one.rows) or one.jobs or one.offices or one.fills]
    size = PART if batch.only_accepted else max(1, len(entrants))
    for start in range(0, len(entrants), size):
        part: list[Entrant] = entrants[start : start + size]
        report(start, len(entrants), _("Writing people"))
        rows = sum(len(one.rows) for one in part)
        import_people_rows(by=by, on=on, batch=batch, entrants=part, accepted=rows,
                           rejected=numbers["rejected"] if start == 0 else 0)
    report(len(entrants), len(entrants), _("Writing people"))


def undo(batch: Batch, *, by: Actor, on: date) -> tuple[int, int]:
    """Take an import back; return how many entries went and how many stay because others refer to them."""
    answer = undo_import(by=by, on=on, batch=batch)
    batch.refresh_from_db()
    return answer


def _kinds(batch: Batch) -> dict[str, int]:
    rows = AddedRow.objects.filter(batch=batch).order_by()
    return dict(rows.values_list("kind").annotate(Count("pk")))


def added(batch: Batch) -> dict[str, int]:
    """Return how many entries of each kind an import added, and how many people known before it completed."""
    kinds = _kinds(batch)
    others = kinds.keys() - set(ENTRIES)
    rows = AddedRow.objects.filter(batch=batch, kind__in=others)
    filled = rows.values("row").distinct().count() if others else 0
    return {**{kind: kinds.get(kind, 0) for kind in ENTRIES}, "filled": filled}


def completed(batch: Batch) -> list[str]:
    """Return the labels of what an import completed of people known before."""
    found = _kinds(batch).keys() - set(ENTRIES)
    kinds = {"number" if kind == "document" else kind for kind in found}
    return [str(one.label) for one in fields.columns(batch.kind) if one.code in kinds]


def forget_files(*, on: date) -> int:
    """Delete the sealed files of imports that are older than DR5 says; the rows they added stay."""
    before = on - timedelta(days=int(regulations.value("DR5.import_kept_days", on=on)))
    old = Batch.objects.filter(made_at__date__lt=before).exclude(size=0)
    return old.update(content="", outlook="", size=0)
