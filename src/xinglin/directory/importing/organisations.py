"""Checks a table of organisations against itself and the directory."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from xinglin.kernel.actors import Actor
from xinglin.lib.regions import regions_named
from xinglin.lib.text import folded

from .. import checks, lists, policy
from ..organisations import Organisation
from . import known
from .people import Reading
from .rows import Body, Checked, Fault, Rejected, Report, quiet

STEP = 500


class OrganisationsCheck:
    """Checks every row; a parent may stand in the same file, above or below."""

    def __init__(self, *, by: Actor, on: date, mapping: dict[str, int]):
        self.by, self.on, self.mapping = by, on, mapping
        self.units = known.Units()
        self.codes = dict(Organisation.objects.filter(until_on=None).exclude(credit_code="")
                          .values_list("credit_code", "name"))
        self.names: dict[str, int] = {}

    def run(self, rows: Sequence[Sequence[Any]], *, first: int, report: Report = quiet) -> Checked:
        """Return what the rows say; `first` is the number the file gives the first of them."""
        answer, readings = Checked(), []
        for offset, cells in enumerate(rows):
            if all(cell in (None, "") for cell in cells):
                continue
            answer.rows += 1
            reading = Reading(cells, self.mapping, first + offset)
            readings.append((reading, self.read(reading)))
            if offset % STEP == 0:
                report(offset, len(rows), _("Reading rows"))
        for reading, body in readings:
            self._parent(reading, body)
        self._reject_children(readings)
        answer.bodies = [body for reading, body in readings if not reading.faults]
        answer.rejected = [Rejected(r.number, tuple(r.faults)) for r, _body in readings if r.faults]
        report(len(rows), len(rows), _("Comparing with the directory"))
        return answer

    def read(self, row: Reading) -> Body:
        """Read one row."""
        name = row.checked("name", checks.checked_name, row.text("name")) or ""
        body = Body(
            row=row.number, name=name, short_name=row.text("short_name")[:60], parent=row.text("parent") or None,
            kind=row.checked("kind", checks.checked_code, row.text("kind"), among=lists.organisation_kinds,
                             field="kind") or "",
            level=row.checked("level", checks.checked_code, row.text("level"), among=lists.organisation_levels,
                              field="level") or "",
            region=self._region(row), credit_code=self._code(row), from_on=row.day("from_on"))
        if not body.kind and not any(fault.column == "kind" for fault in row.faults):
            row.fault("kind", _("The kind of organisation is missing."), _("Write 医院, 高等院校, 分支机构 …"))
        verdict = policy.may_change_organisation(actor=self.by, kinds={body.kind})
        if not verdict:
            row.fault("kind", str(verdict.reason))
        if name and (folded(text=name) in self.units.names or folded(text=name) in self.units.doubtful):
            row.fault("name", _("The directory has an organisation of this name."))
        elif name and folded(text=name) in self.names:
            row.fault("name", _("The same name stands in row %(row)s.") % {"row": self.names[folded(text=name)]})
        elif name:
            self.names[folded(text=name)] = row.number
        return body

    def _region(self, row: Reading) -> str:
        words = row.text("region")
        if not words or words.isdecimal():
            return row.checked("region", checks.checked_region, words) or ""
        found = regions_named(name=words)
        if len(found) == 1:
            return found[0].code
        row.fault("region", _("“%(text)s” names no region, or several.") % {"text": words},
                  _("Write six digits: 320100."))
        return ""

    def _code(self, row: Reading) -> str:
        code = row.checked("credit_code", checks.checked_credit_code, row.text("credit_code")) or ""
        if code and code in self.codes:
            row.fault("credit_code", _("%(name)s bears this code already.") % {"name": self.codes[code]})
        elif code:
            self.codes[code] = _("row %(row)s") % {"row": row.number}
        return code

    def _parent(self, row: Reading, body: Body) -> None:
        if not isinstance(body.parent, str):
            return
        wanted = folded(text=body.parent)
        if (key := self.units.key(body.parent)) is not None:
            body.parent = key
        elif wanted in self.names and wanted != folded(text=body.name):
            body.parent = wanted
        else:
            near = self.units.nearest(body.parent)
            row.fault("parent", _("No organisation is called “%(name)s”.") % {"name": body.parent},
                      _("Is “%(near)s” meant?") % {"near": near} if near else "")

    def _reject_children(self, readings: list[tuple[Reading, Body]]) -> None:
        """A row whose parent in the file is not taken cannot be taken either; nor can rows that form a circle."""
        by_name = {folded(text=body.name): (reading, body) for reading, body in readings if body.name}
        for reading, body in readings:
            seen, step = {body.row}, body
            while isinstance(step.parent, str) and not reading.faults:
                above = by_name.get(step.parent)
                if above is None or above[0].faults or above[1].row in seen:
                    reading.faults.append(Fault("parent", _("The row it belongs to is not taken.")))
                    break
                step = above[1]
                seen.add(step.row)
