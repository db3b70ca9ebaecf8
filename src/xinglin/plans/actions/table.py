"""Takes a filled-in decomposition table into the plan: all rows or the accepted ones, never half a row."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from xinglin.kernel.actors import Actor
from xinglin.kernel.acts import act, state
from xinglin.kernel.policy import Problem, Refusal, Refusals, require
from xinglin.kernel.refs import ref

from ..commitments import Commitment
from ..documents import Plan
from ..facts import TableImported
from ..policy import may_assign
from ..reporting.columns import ASSIGN, TARGET
from ..reporting.table_in import RowChange, TablePreview, changed_rows, read_rows, with_problem
from .assigning import assign_commitment
from .correcting import add_commitment, edit_commitment


class NothingToImport(Refusal):
    """No row of the table changes anything."""


@act
def import_table(
    *, by: Actor, on: date, plan: Plan, rows: Sequence[RowChange], rejected: int = 0, whole: bool = False
) -> int:
    """Write the rows of a previewed table; `whole` refuses all of them when any was rejected. Returns how many."""
    require(may_assign(actor=by, plan=plan))
    if whole and rejected:
        raise Refusals(
            [Problem(field="file", message=_("%(n)s rows were rejected, so no row was taken.") % {"n": rejected})]
        )
    chosen = changed_rows(rows=rows)
    if not chosen:
        raise NothingToImport(_("No row of this table changes anything."), field="file")
    for one in chosen:
        _take(by, on, plan, one)
    state(
        TableImported(
            plan=ref("plans.plan", plan.pk),
            rows=len(rows) + rejected,
            rejected=rejected,
            changed=sum(1 for one in chosen if one.commitment),
            added=sum(1 for one in chosen if not one.commitment),
        )
    )
    return len(chosen)


def _take(by: Actor, on: date, plan: Plan, one: RowChange) -> None:
    target, duties = one.part(TARGET), _assignment(one.part(ASSIGN))
    commitment = one.commitment
    if commitment is None:
        number, title, order = one.chapter
        words = {name: value for name, value in target.items() if name != "text"}
        commitment = add_commitment(
            by=by,
            on=on,
            plan=plan,
            text=target["text"],
            chapter=number,
            chapter_title=title,
            chapter_order=order,
            **words,
        )
    elif target:
        commitment = Commitment.objects.get(pk=commitment.pk)
        edit_commitment(by=by, on=on, commitment=commitment, accept=False, **target)
    if duties:
        fresh = Commitment.objects.select_related("plan").get(pk=commitment.pk)
        assign_commitment(by=by, on=on, commitment=fresh, **duties)


def _assignment(duties: dict[str, Any]) -> dict[str, Any]:
    """Return the values as assigning takes them: milestones and partners are lists of their own."""
    return {name: list(value) if isinstance(value, tuple) else value for name, value in duties.items()}


def preview_table(*, by: Actor, on: date, plan: Plan, content: bytes) -> TablePreview:
    """Return what a file would do: every row is tried by the acts themselves, then everything is rolled back."""
    require(may_assign(actor=by, plan=plan))
    preview = read_rows(plan=plan, content=content, on=on)
    tried = []
    with transaction.atomic():
        for one in preview.rows:
            tried.append(_tried(by, on, plan, one) if one.state in {"change", "add"} else one)
        transaction.set_rollback(True)
    return TablePreview(rows=tuple(tried), missing=preview.missing, unknown=preview.unknown)


def _tried(by: Actor, on: date, plan: Plan, one: RowChange) -> RowChange:
    try:
        with transaction.atomic():
            import_table(by=by, on=on, plan=plan, rows=[one])
    except Refusals as wrong:
        return with_problem(row=one, refusal=Refusal(wrong.problems[0].message, field=wrong.problems[0].field))
    except Refusal as wrong:
        return with_problem(row=one, refusal=wrong)
    return one
