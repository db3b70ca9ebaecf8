"""What a check found, kept for the preview: counts, the first entries, remarks, and the reasons of rejected rows."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from ..imports import Batch
from . import fields
from .rows import Checked, Rejected
from .tables import Table

FIRST, MOST_REMARKS = 8, 200


@dataclass(frozen=True, kw_only=True)
class Reason:
    """Why one cell of a row is not taken: the row of the file, the column's label, the reason, what would be right."""

    row: int
    column: str
    reason: str
    right: str
    first: bool  # of its row


def kept(checked: Checked, table: Table) -> str:
    """Return the outlook as JSON, for the sealed column of the batch."""
    known = sum(1 for one in checked.entrants if one.key)
    return json.dumps({
        "known": known, "new": len(checked.entrants) - known + len(checked.bodies), "merged": table.merged,
        "filled": sum(1 for one in checked.entrants if one.fills),
        "posts": sum(len(one.offices) for one in checked.entrants),
        "people": [{"name": one.name, "born_on": str(one.born_on or ""), "known": bool(one.key),
                    "offices": [[office.label, str(office.from_on)] for office in one.offices]}
                   for one in checked.entrants[:FIRST]],
        "bodies": [{"name": one.name, "kind": one.kind, "level": one.level, "credit_code": one.credit_code}
                   for one in checked.bodies[:FIRST]],
        "remarks": [_plain(one) for one in checked.remarks[:MOST_REMARKS]], "remarked": len(checked.remarks),
    }, ensure_ascii=False)


def _plain(one: Rejected) -> list[Any]:
    return [one.row, [{"column": fault.column, "reason": fault.reason, "right": fault.right} for fault in one.faults]]


def read(batch: Batch) -> dict[str, Any]:
    """Return the outlook of a checked import, its remarks with the labels of their columns."""
    found: dict[str, Any] = json.loads(batch.outlook or "{}")
    return {**found, "remarks": list(_reasons(batch, found.get("remarks", ())))}


def reasons(batch: Batch, *, most: int | None = None) -> list[Reason]:
    """Return why rows of a file are not taken, row by row, in words for the reader."""
    rows = batch.rejections.values_list("row", "problems")
    return list(_reasons(batch, rows if most is None else rows[:most]))


def _reasons(batch: Batch, rows: Iterable[Any]) -> Iterator[Reason]:
    labels = {column.code: str(column.label) for column in fields.columns(batch.kind)}
    for row, problems in rows:
        for number, one in enumerate(problems):
            yield Reason(row=row, column=labels.get(one["column"], ""), reason=one["reason"], right=one["right"],
                         first=number == 0)
