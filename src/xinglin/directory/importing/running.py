"""Takes one file from upload to rows: keep it sealed, read, map, check, write in one act or in parts, undo."""

import base64
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.utils.translation import gettext as _

from xinglin.kernel import regulations
from xinglin.kernel.actors import Actor
from xinglin.kernel.acts import backfilling
from xinglin.kernel.policy import Refusal, require

from .. import policy
from ..actions.imports import import_organisation_rows, import_people_rows, undo_import
from ..imports import AddedRow, Batch, RejectedRow
from . import fields
from .organisations import OrganisationsCheck
from .people import PeopleCheck
from .rows import Checked, Entrant, Report, quiet
from .tables import Table, UnreadableTable, read_table

# Rows of one act when good rows are taken one by one: short writes let others work meanwhile.
PART = 1000


class FileTooLarge(Refusal):
    """The file is larger, or has more rows, than one import may have."""

    field, regulation = "file", "DR4.import_megabytes"


class NothingToImport(Refusal):
    """No row of the file can be taken."""


class RowsRejected(Refusal):
    """Some rows are wrong and the import was to be all or nothing: nothing was written."""


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
    table = read_table(content=content, name=name)
    most = int(regulations.value("DR3.import_rows", on=on))
    if len(table.rows) > most:
        raise FileTooLarge(_("The list has more than %(most)s rows.") % {"most": most}, regulation="DR3.import_rows")
    header = fields.header_row(kind=kind, rows=table.rows)
    batch = Batch(kind=kind, file_name=name[:200], content=base64.b64encode(content).decode(), sheet=table.sheet,
                  header_row=header, by=by.ref, size=len(content), rows=max(0, len(table.rows) - header - 1))
    batch.mapping = {str(at): field for at, field in fields.guess(
        kind=kind, headers=table.rows[header] if table.rows else []).items()}
    batch.save()
    batch._table = table
    return batch


def read(batch: Batch, *, sheet: str = "") -> Reading:
    """Read a kept file again, by the sheet, header row and mapping of the batch."""
    table: Table | None = getattr(batch, "_table", None)
    if table is None or (sheet and sheet != table.sheet):
        if not batch.content:
            raise UnreadableTable(_("The file of this import has been deleted."))
        table = read_table(content=base64.b64decode(batch.content), name=batch.file_name, sheet=sheet or batch.sheet)
        batch._table = table  # read once while this object lives; it is in no table of the database
    return Reading(table=table, header=min(batch.header_row, max(0, len(table.rows) - 1)),
                   mapping={int(at): field for at, field in batch.mapping.items()})


def choose_sheet(batch: Batch, *, sheet: str) -> None:
    """Take another sheet of the workbook and guess its columns anew."""
    table = read(batch, sheet=sheet).table
    batch.sheet, batch.header_row = table.sheet, fields.header_row(kind=batch.kind, rows=table.rows)
    headers = table.rows[batch.header_row] if table.rows else []
    batch.mapping = {str(at): field for at, field in fields.guess(kind=batch.kind, headers=headers).items()}
    batch.rows = max(0, len(table.rows) - batch.header_row - 1)
    batch.save()


def set_mapping(batch: Batch, *, mapping: dict[int, str]) -> None:
    """Set which column means what, and remember it for files with the same headers (ColumnMissing)."""
    chosen = {at: field for at, field in mapping.items() if field}
    for column in fields.columns(batch.kind):
        count = list(chosen.values()).count(column.code)
        if column.required and not count:
            raise ColumnMissing(_("Say which column holds “%(label)s”.") % {"label": column.label})
        if count > 1:
            raise ColumnMissing(_("“%(label)s” is chosen for two columns.") % {"label": column.label})
    batch.mapping = {str(at): field for at, field in chosen.items()}
    batch.save()
    fields.remember(kind=batch.kind, headers=read(batch).headers, mapping=chosen)


def check(batch: Batch, *, by: Actor, on: date, report: Report = quiet) -> Checked:
    """Check every row and keep why the bad ones are bad; nothing of the directory changes."""
    reading = read(batch)
    mapping = {field: at for at, field in reading.mapping.items()}
    checker = PeopleCheck if batch.kind == Batch.Kind.PEOPLE else OrganisationsCheck
    checked = checker(by=by, on=on, mapping=mapping).run(reading.rows, first=reading.first, report=report)
    batch.rejections.all().delete()
    RejectedRow.objects.bulk_create([
        RejectedRow(batch=batch, row=one.row, problems=[
            {"column": fault.column, "reason": fault.reason, "right": fault.right} for fault in one.faults])
        for one in checked.rejected], batch_size=500)
    batch.rows, batch.accepted, batch.rejected = checked.rows, checked.accepted, len(checked.rejected)
    batch.state = Batch.State.CHECKED
    batch.save()
    return checked


def write(batch: Batch, *, by: Actor, on: date, only_accepted: bool = False, report: Report = quiet) -> Batch:
    """Check once more and write: all rows in one act, or with `only_accepted` the good ones in parts.

    A run that was stopped in parts goes on where it stopped: rows it added are known by then.
    """
    checked = check(batch, by=by, on=on, report=report)
    if checked.rejected and not only_accepted:
        raise RowsRejected(_("%(rejected)s of %(rows)s rows cannot be taken; nothing was imported.") % {
            "rejected": len(checked.rejected), "rows": checked.rows}, instead=_(
            "Correct the file, or import only the good rows."))
    if not checked.accepted:
        raise NothingToImport(_("No row of this file can be taken."))
    batch.only_accepted, batch.state, batch.imported_on = only_accepted, Batch.State.RUNNING, on
    batch.save()
    with backfilling():
        _write(batch, checked, by=by, on=on, report=report)
    batch.state = Batch.State.DONE
    batch.save()
    return batch


def _write(batch: Batch, checked: Checked, *, by: Actor, on: date, report: Report) -> None:
    numbers = {"accepted": checked.accepted, "rejected": len(checked.rejected)}
    if batch.kind == Batch.Kind.ORGANISATIONS:
        import_organisation_rows(by=by, on=on, batch=batch, bodies=checked.bodies, **numbers)
        return
    size = PART if batch.only_accepted else max(1, len(checked.entrants))
    for start in range(0, len(checked.entrants), size):
        part: list[Entrant] = checked.entrants[start : start + size]
        report(start, len(checked.entrants), _("Writing people"))
        rows = sum(len(one.rows) for one in part)
        import_people_rows(by=by, on=on, batch=batch, entrants=part, accepted=rows,
                           rejected=numbers["rejected"] if start == 0 else 0)
    report(len(checked.entrants), len(checked.entrants), _("Writing people"))


def undo(batch: Batch, *, by: Actor, on: date) -> tuple[int, int]:
    """Take an import back; return how many entries went and how many stay because others refer to them."""
    answer = undo_import(by=by, on=on, batch=batch)
    batch.refresh_from_db()
    return answer


def added(batch: Batch) -> dict[str, int]:
    """Return how many entries of each kind an import added."""
    kinds = AddedRow.objects.filter(batch=batch).values_list("kind", flat=True)
    return {kind: sum(1 for one in kinds if one == kind) for kind in ("person", "employment", "term", "organisation")}


def forget_files(*, on: date) -> int:
    """Delete the sealed files of imports that are older than DR5 says; the rows they added stay."""
    before = on - timedelta(days=int(regulations.value("DR5.import_kept_days", on=on)))
    return Batch.objects.filter(made_at__date__lt=before).exclude(size=0).update(content="", size=0)
