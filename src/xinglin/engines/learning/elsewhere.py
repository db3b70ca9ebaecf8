"""Counts the learners from elsewhere: of other provinces and of grass-roots bodies, a tenth of them at least (E5)."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from xinglin.directory import answers as directory
from xinglin.directory.lists import organisation_levels
from xinglin.directory.models import Employment
from xinglin.kernel import regulations

from .credits import Attendance, Role
from .projects import Project


@dataclass(frozen=True, kw_only=True)
class Share:
    """How many learners there were, and how many of them from elsewhere."""

    heads: int
    elsewhere: int
    wants: int  # percent

    @property
    def percent(self) -> int:
        """Return the share in whole percent, rounded down."""
        return self.elsewhere * 100 // self.heads if self.heads else 0

    @property
    def enough(self) -> bool:
        """Say whether the share is what the rule asks for."""
        return self.elsewhere * 100 >= self.wants * self.heads


def share_of(project: Project, *, on: date) -> Share:
    """Return the share of learners from elsewhere, by where they work on the last day of the project."""
    day = project.until_on or on
    came = Attendance.objects.present().filter(project=project, role=Role.LEARNER)
    people = came.order_by().values("person").distinct()
    jobs = Employment.objects.on(day).filter(_elsewhere(day), person__in=people)
    return Share(heads=people.count(), elsewhere=jobs.values("person").distinct().count(),
                 wants=int(regulations.value("E5.elsewhere_percent", on=day)))


def _elsewhere(day: date) -> Q:
    """Return what makes a unit one from elsewhere: its kind, its grade, or its province."""
    kinds = list(regulations.value("E5.grassroots", on=day))
    grades = [code for code, one in organisation_levels.entries.items() if one.group in kinds]
    found = Q(organisation__kind__in=kinds) | Q(organisation__level__in=grades)
    ours = directory.association(on=day)
    if ours and ours.region:
        abroad = ~Q(organisation__region="") & ~Q(organisation__region__startswith=ours.region[:2])
        found |= abroad
    return found
