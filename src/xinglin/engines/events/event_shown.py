"""What the page of an event shows: where it stands, what it lacks, who agreed, what was planned and what came."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from xinglin.kernel.actors import Actor

from .budgeting import line_label
from .checklists import points_of
from .figures import figures
from .meetings import LIVING, Approval, Check, Event, State
from .missing import next_step
from .policy import may_check, may_decide, may_file, may_move_event, may_run_event, role_label
from .rules import file_by, graded, is_large, needs_permit, report_by, settle_by
from .surveys import is_open


@dataclass(frozen=True, kw_only=True)
class Stage:
    """One stage on the way to the closed file."""

    label: Any
    passed: bool
    current: bool
    on: date | None = None


def stages_of(event: Event, approvals: list[Approval]) -> list[Stage]:
    """Return the stages an event of its size passes."""
    order = [State.DRAFT, State.PROPOSED, State.APPROVED, State.OPEN, State.CLOSED, State.HELD, State.SETTLED]
    at = order.index(State(event.state)) if event.state in order else -1
    agreed = [one.answered_on for one in approvals if one.answer == Approval.Answer.YES and one.answered_on]
    rows: list[tuple[Any, bool, bool, date | None]] = [
        (_("Written down"), at > 0, at == 0, None),
        (_("Agreed to"), at > 1, at == 1, max(agreed) if agreed and at > 1 else None)]
    if is_large(event):
        rows.append((_("Large event filed"), bool(event.filing_number), at in (2, 3, 4) and not event.filing_number,
                     event.filed_on))
    waits = at == 2 and (bool(event.filing_number) or not is_large(event))
    rows += [(_("Registration"), at > 3, at == 3 or waits, None),
             (_("Took place"), at >= 5, at == 4, event.held_on)]
    if is_large(event):
        rows.append((_("Reported back"), event.reported_on is not None, at == 5 and event.reported_on is None,
                     event.reported_on))
    rows.append((_("Accounts closed"), at == 6, at == 5 and (event.reported_on is not None or not is_large(event)),
                 event.settled_on))
    return [Stage(label=label, passed=passed, current=current, on=on) for label, passed, current, on in rows]


def phases_of(event: Event) -> list[dict[str, Any]]:
    """Return the three checklists with how far each is."""
    rows = {one.code: one for one in event.checks.all()}
    answer = []
    for phase in Check.Phase:
        points = [one for one in points_of(event) if one.phase == phase]
        passed = sum(1 for one in points if one.code in rows and rows[one.code].passed)
        answer.append({"phase": phase, "label": phase.label, "number": len(points), "passed": passed,
                       "points": [(one, rows.get(one.code)) for one in points]})
    return answer


def accounts_of(event: Event) -> dict[str, Any]:
    """Return the lines of the budget with both sums."""
    lines = list(event.budget.all())
    for line in lines:
        line.label = line_label(line.code)
        line.difference = line.actual - line.planned if line.actual is not None else None
    sides = []
    for side in ("income", "expense"):
        rows = [one for one in lines if one.side == side]
        known = [one.actual for one in rows if one.actual is not None]
        sides.append({"side": side, "label": rows[0].get_side_display() if rows else "", "lines": rows,
                      "planned": sum((one.planned for one in rows), Decimal(0)),
                      "actual": sum(known, Decimal(0)) if known else None})
    return {"sides": [one for one in sides if one["lines"]], "any": bool(lines)}


def shown_event(event: Event, *, actor: Actor, on: date) -> dict[str, Any]:
    """Return everything that the page of an event shows to somebody on a day."""
    approvals = list(event.approvals.all())
    waiting = next((one for one in approvals if not one.answer), None) if event.state == State.PROPOSED else None
    for one in approvals:
        one.label = role_label(one.role)
    expense = sum((one.planned for one in event.budget.all() if one.side == "expense"), Decimal(0))
    may_run = may_run_event(actor=actor, event=event)
    return {
        "event": event, "stages": stages_of(event, approvals), "next": next_step(event, on=on), "on": on,
        "approvals": approvals, "waiting": waiting, "grading": graded(event, expense=expense, on=on),
        "may_decide": may_decide(actor=actor, event=event, approval=waiting) if waiting else None,
        "may_run": may_run, "may_file": may_file(actor=actor, event=event), "may_check": may_check(
            actor=actor, event=event), "large": is_large(event), "needs_permit": needs_permit(event),
        "file_by": file_by(event), "report_by": report_by(event), "settle_by": settle_by(event),
        "partners": list(event.partners.all()), "phases": phases_of(event), "accounts": accounts_of(event),
        "sessions": event.sessions.count(), "figures": figures(event), "survey": is_open(event, on=on),
        "may_move": may_move_event(actor=actor, event=event, on=on), "living": event.state in LIVING,
        "over": on >= event.last_on}
