"""Imports a list from a file of this machine: what the command line calls."""

from datetime import date
from pathlib import Path

from xinglin.kernel.actors import Actor

from ..imports import Batch
from . import running
from .rows import Report, quiet


def import_people(
    path: Path, *, by: Actor, on: date, only_accepted: bool = False, sheet: str = "", report: Report = quiet,
) -> Batch:
    """Import a list of people with their posts; RowsRejected when rows are wrong and it is all or nothing."""
    return _import(path, kind=Batch.Kind.PEOPLE, by=by, on=on, only_accepted=only_accepted, sheet=sheet, report=report)


def import_organisations(
    path: Path, *, by: Actor, on: date, only_accepted: bool = False, sheet: str = "", report: Report = quiet,
) -> Batch:
    """Import a list of organisations."""
    return _import(path, kind=Batch.Kind.ORGANISATIONS, by=by, on=on, only_accepted=only_accepted, sheet=sheet,
                   report=report)


def _import(
    path: Path, *, kind: str, by: Actor, on: date, only_accepted: bool, sheet: str, report: Report,
) -> Batch:
    batch = running.keep_file(by=by, on=on, kind=kind, name=path.name, content=path.read_bytes())
    if sheet:
        running.choose_sheet(batch, sheet=sheet, on=on)
    running.set_mapping(batch, mapping={int(at): field for at, field in batch.mapping.items()})
    return running.write(batch, by=by, on=on, only_accepted=only_accepted, report=report)
