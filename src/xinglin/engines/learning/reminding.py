"""Reminds at night of the terms of projects: never twice, and after missed nights too."""

from datetime import date, timedelta

from django.utils.translation import gettext_lazy as _

from xinglin.kernel import regulations
from xinglin.kernel.notices import notify, register_notice
from xinglin.kernel.scheduler import nightly
from xinglin.shell.operations.night import LABELS

from .addressees import runners
from .deadlines import Term, terms_of
from .projects import Project, State

NIGHT = "learning.reminders"
LABELS[NIGHT] = _("Remind of the terms of CME projects")
NOTICES = {"file": "learning_file", "schedule": "learning_schedule", "report": "learning_report"}
OPEN = (State.DRAFT, State.PUBLISHED, State.SCHEDULED, State.HELD)

for _one in NOTICES.values():
    register_notice(_one, app="xinglin.engines.learning")


@nightly(NIGHT, at="05:40")
def remind(*, on: date) -> int:
    """Tell leaders and secretaries of what is due; return how many notices are new.

    Every offset of E4.reminder_days that fell due within E4.catch_up_days is looked at. The key names the project, the
    term's day and the offset: a night run twice tells nobody twice, a skipped one is made up by the next.
    """
    told = 0
    rows = Project.objects.filter(state__in=OPEN, year__gte=on.year - 1).select_related("leader", "branch")
    for project in rows.prefetch_related("steps").order_by("pk"):
        for term in terms_of(project):
            for offset in _fallen(term, on):
                told += notify(
                    to=runners(project, on=on), template=NOTICES[term.code], about=project.ref,
                    key=f"{project.pk}/{term.due_on}/{offset}",
                    context={"title": project.title[:200], "due": term.due_on, "days": abs(offset), "late": offset > 0})
    return told


def _fallen(term: Term, on: date) -> list[int]:
    """Return the offsets of a term that fell due within the last nights and are still to be told."""
    if term.done_on:
        return []
    back = int(regulations.value("E4.catch_up_days", on=on))
    days = {offset: term.due_on + timedelta(days=offset) for offset in regulations.value("E4.reminder_days", on=on)}
    fallen = [offset for offset, day in days.items() if 0 <= (on - day).days < back]
    return fallen[-1:]  # after missed nights only the latest still says something
