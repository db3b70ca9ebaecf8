"""The terms of projects: filed before, reported after, applied for within the window of the year."""

from dataclasses import dataclass
from datetime import date

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from xinglin.kernel import regulations
from xinglin.kernel.calendar import deadline, latest_before
from xinglin.lib.days import Unit

from .projects import Project, State, batch_of


@dataclass(frozen=True, kw_only=True)
class Term:
    """A day by which something about a project is due, and the rule that sets it."""

    code: str
    label: str | Promise
    due_on: date
    regulation: str
    done_on: date | None = None

    def light(self, on: date) -> str:
        """Return its light on a day."""
        if self.done_on:
            return "done" if self.done_on <= self.due_on else "warn"
        return "bad" if self.due_on < on else "warn" if (self.due_on - on).days <= 7 else "ok"

    def late(self, on: date) -> int:
        """Return by how many days it was, or is, late."""
        return max(0, ((self.done_on or on) - self.due_on).days)


def notice_due(event_on: date) -> date:
    """Return the last day on which notice and timetable of an event may be filed (E4); the lead rolls back."""
    count = int(regulations.value("E4.notice_days", on=event_on))
    return latest_before(event_on=event_on, count=count, unit=Unit.DAYS, rule="E4").day


def report_due(last_on: date) -> date:
    """Return the last day on which the execution may be reported (E4); it rolls forward."""
    count = int(regulations.value("E4.report_days", on=last_on))
    return deadline(event_on=last_on, count=count, unit=Unit.DAYS, rule="E4").day


def terms_of(project: Project) -> list[Term]:
    """Return the terms of a project, those that are done among them."""
    steps = {step.after: step.happened_on for step in project.steps.all()}
    found = []
    batch = batch_of(year=project.year, level=project.level) if project.state == State.DRAFT else None
    if batch:
        found.append(Term(code="file", label=_("Apply within the window of the batch"), due_on=batch.closes_on,
                          regulation="E6.window_national"))
    start = project.from_on or project.planned_on
    if start and project.number:
        found.append(Term(code="schedule", label=_("File notice and timetable"), due_on=notice_due(start),
                          regulation="E4.notice_days", done_on=steps.get(State.SCHEDULED)))
    if project.until_on and project.state not in (State.CANCELLED, State.NOT_HELD, State.REVOKED):
        found.append(Term(code="report", label=_("Report the execution"), due_on=report_due(project.until_on),
                          regulation="E4.report_days", done_on=project.reported_on))
    return found


def window(*, year: int, level: str, on: date) -> tuple[date, date]:
    """Return the usual window of a year's applications: national ones the year before, municipal in its January."""
    municipal = level == "municipal"
    first, last = regulations.value("E6.window_municipal" if municipal else "E6.window_national", on=on)
    of = year if municipal else year - 1
    return date.fromisoformat(f"{of}-{first}"), date.fromisoformat(f"{of}-{last}")
