"""Gathers the list of plans by year."""

from collections import defaultdict
from dataclasses import dataclass

from django.db.models import Count, Q

from ..commitments import Commitment
from ..documents import Plan

LIGHT_OF_STATE = {Plan.State.DRAFT: "warn", Plan.State.ADOPTED: "ok", Plan.State.CLOSED: "done"}


@dataclass(frozen=True, kw_only=True)
class Line:
    """One plan in the list."""

    plan: Plan
    waiting: int
    accepted: int
    drafts: int

    @property
    def light(self) -> str:
        """Return the status code of its state."""
        return LIGHT_OF_STATE[Plan.State(self.plan.state)]


def by_year() -> list[tuple[int, list[Line]]]:
    """Return years, newest first, with their plans."""
    state = Commitment.State
    rows = Plan.objects.annotate(
        waiting_=Count("commitments", filter=Q(commitments__state=state.WAITING), distinct=True),
        accepted_=Count("commitments", filter=Q(commitments__state=state.ACCEPTED), distinct=True),
        drafts_=Count("documents", distinct=True),
    )
    years: dict[int, list[Line]] = defaultdict(list)
    for one in rows:
        years[one.year].append(Line(plan=one, waiting=one.waiting_, accepted=one.accepted_, drafts=one.drafts_))
    return sorted(years.items(), reverse=True)
