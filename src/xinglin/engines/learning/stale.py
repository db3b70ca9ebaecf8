"""Which projects share people and days: they are locked together, and reckoned anew when one of them changes."""

from collections.abc import Collection, Iterable
from datetime import date

from django.utils.translation import gettext_lazy as _

from xinglin.directory.models import Person
from xinglin.kernel.policy import Refusal
from xinglin.kernel.refs import Ref

from .credits import Attendance
from .projects import ISSUED, Project


class GaveWay(Refusal):
    """An entry gave way to another in the meantime; what was to be written for it is written for that one."""

    field = "person"


Shared = dict[tuple[int, date], set[int]]


def shared(*, people: Collection[int], days: Collection[date]) -> Shared:
    """Return in which projects each of these people attended on each of these days: two places, eight hours."""
    found: Shared = {}
    rows = Attendance.objects.filter(person__in=people, day__in=days).order_by()
    for person, day, project in rows.values_list("person", "day", "project").distinct():
        found.setdefault((person, day), set()).add(project)
    return found


def lock_shared(*, people: Collection[int], days: Collection[date], projects: Iterable[int] = ()) -> dict[int, Project]:
    """Lock people, then these projects and all that the people attended on these days, each in the order of keys.

    Whoever changes what may count in other projects begins here, so that two who meet wait for each other in turn.
    """
    Person.objects.in_writing_locked(*people)
    beside = shared(people=people, days=days).values()
    return Project.objects.many_locked(pks={*projects, *(key for keys in beside for key in keys)})


def lock_writing(people: Iterable[Person]) -> None:
    """Lock people for whom something is written, before projects; who gave way meanwhile is named (GaveWay)."""
    for row in Person.objects.in_writing_locked(*{one.pk for one in people}):
        if row.merged_into_id:
            raise GaveWay(_("The entry of %(name)s was merged into another. Choose the person again.") % {
                "name": row.name})


def mark_stale(projects: Iterable[int]) -> set[int]:
    """Mark those of these locked projects whose credits were issued, and return them: they are issued again."""
    issued = set(Project.objects.filter(pk__in=set(projects), state__in=ISSUED).values_list("pk", flat=True))
    Project.objects.filter(pk__in=issued, stale=False).update(stale=True)
    return issued


def refs_of(projects: Iterable[int]) -> tuple[Ref, ...]:
    """Return the names of projects, as a fact tells which were marked."""
    return tuple(Ref(f"learning.project:{key}") for key in sorted(projects))
