"""The list of applications, and their stages as a bar."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from xinglin.shell.tables import Bulk, Choice, Column, Dates, Segment, Table

from ..applicants import applications_seen, due_on
from ..applications import OVER, UNDER_REVIEW, Application, State
from ..applications_policy import may_approve_applications
from ..tiers import Holder, Tier

STATES = {
    State.SUBMITTED.value: ("warn", State.SUBMITTED.label),
    State.RETURNED.value: ("bad", State.RETURNED.label),
    State.PASSED.value: ("warn", State.PASSED.label),
    State.VERIFIED.value: ("ok", State.VERIFIED.label),
    State.APPROVED.value: ("done", State.APPROVED.label),
    State.REFUSED.value: ("off", State.REFUSED.label),
    State.WITHDRAWN.value: ("off", State.WITHDRAWN.label),
    State.ERASED.value: ("off", State.ERASED.label),
}


class Applications(Table):
    """Applications an actor may see."""

    code, unit = "membership.applications", "份"
    columns = (
        Column("name", _("Applicant"), value=str, at="name", sort="name", link=lambda row: row.get_absolute_url(),
               sub=lambda row: row.get_holder_display()),
        Column("tier", _("Tier"), value=lambda row: str(row.tier), sort="tier__order"),
        Column("branch", _("Branch"), value=lambda row: row.branch.label if row.branch else ""),
        Column("submitted_on", _("Applied on"), kind="date", sort=True),
        Column("due", _("Decide by"), kind="date"),
        Column("state", _("State"), kind="status", words=STATES, at="status", sort=True),
    )
    search = ("name", "branch__name")
    segments = (
        Segment("open", _("Not yet decided"), where=~Q(state__in=OVER)),
        Segment("branch", State.SUBMITTED.label, where=Q(state=State.SUBMITTED)),
        Segment("office", State.PASSED.label, where=Q(state=State.PASSED)),
        Segment("council", State.VERIFIED.label, where=Q(state=State.VERIFIED)),
        Segment("returned", State.RETURNED.label, where=Q(state=State.RETURNED)),
        Segment("over", _("Decided or withdrawn"), where=Q(state__in=OVER)),
    )
    filters = (
        Choice("holder", _("Individual or unit"), options=Holder.choices),
        Choice("tier", _("Tier"), options=lambda: [(one.pk, str(one)) for one in Tier.objects.all()]),
        Dates("submitted_on", _("Applied on")),
    )
    bulk = (Bulk("membership:batch", _("Approve as the standing council decided"), icon="gavel",
                 when=lambda actor: bool(may_approve_applications(actor=actor))),)
    order = ("submitted_on",)

    def __init__(self, *given: Any, **options: Any) -> None:
        super().__init__(*given, **options)
        days: dict[tuple[date, bool], date | None] = {}  # many were handed in on one day: the calendar is read once

        def due(row: Application) -> date | None:
            asked = (row.submitted_on, row.state in UNDER_REVIEW)
            if asked not in days:
                days[asked] = due_on(row)
            return days[asked]

        self.columns = tuple(replace(one, value=due) if one.name == "due" else one for one in self.columns)

    def rows(self) -> Any:
        """Return the applications this reader may see."""
        return applications_seen(self.actor).select_related("tier", "branch")


@dataclass(frozen=True, kw_only=True)
class Stage:
    """One stage of the bar: passed, current or to come."""

    label: Any
    on: date | None = None
    passed: bool = False
    current: bool = False


def stages_of(application: Application) -> list[Stage]:
    """Return the way of an application: handed in, branch, office, council, member."""
    steps = list(application.steps.all())
    last = {one.to_state: one.on for one in steps}
    way = [(State.SUBMITTED, _("Branch")), (State.PASSED, _("Office")), (State.VERIFIED, _("Standing council")),
           (State.APPROVED, _("Member"))]
    if application.branch_id is None:
        way = way[1:]
    codes = [state for state, _label in way]
    # What was returned, refused or withdrawn stands where it last was under review.
    here = application.state if application.state in codes else next(
        (one.from_state for one in reversed(steps) if one.from_state in codes), codes[0])
    at = codes.index(State(here))
    handed = Stage(label=_("Handed in"), on=application.submitted_on, passed=True)
    return [handed, *(Stage(
        label=label, passed=place < at or application.state == State.APPROVED,
        on=last.get(codes[place + 1].value) if place < at else None,
        current=place == at and application.state != State.APPROVED) for place, (_state, label) in enumerate(way))]
