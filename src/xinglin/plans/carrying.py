"""Finds what last year's plan left unfinished, so that it can be carried over."""

from datetime import date

from .commitments import Commitment
from .documents import Plan
from .progress import Standing, standings


def left_over(*, plan: Plan, on: date) -> list[Standing]:
    """Return last year's commitments that were not reached, not cancelled and not carried over yet."""
    rows: list[Standing] = []
    for last in Plan.objects.filter(year=plan.year - 1, organisation=plan.organisation).exclude(state=Plan.State.DRAFT):
        carried = set(Commitment.objects.filter(carried_from__plan=last).values_list("carried_from", flat=True))
        rows += [
            one
            for one in standings(plan=last, on=min(on, date(last.year, 12, 31)))
            if one.light not in {"done", "off"} and one.commitment.pk not in carried
        ]
    return rows
