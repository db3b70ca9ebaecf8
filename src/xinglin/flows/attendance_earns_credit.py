"""Whoever attended an event that is a CME project has the minutes taken in there, and corrected when they change."""

from xinglin.directory.models import Person
from xinglin.engines.events.facts_doors import AttendanceConfirmed
from xinglin.engines.learning.actions.attendance import KnownAlready, NotTakenIn, Presence
from xinglin.engines.learning.actions.refused import carry_attendance, taking_back
from xinglin.engines.learning.credits import Channel, Role
from xinglin.engines.learning.projects import ENDED, Project
from xinglin.kernel import clock
from xinglin.kernel.actors import house
from xinglin.kernel.flows import Happened, flow
from xinglin.kernel.refs import Ref, ref


def source_of(attendance: Ref, part: str, version: int) -> Ref:
    """Return the name under which learning knows one version of one attendance: hall, screen and lecture apart."""
    return ref("events.presence", f"{attendance.key}-{part}-{version}")


@flow(on=AttendanceConfirmed, act=carry_attendance)
def carry(happened: Happened) -> None:
    """Take in the minutes in the hall, before the screen and at the desk; nobody who is unknown earns credits.

    A version that belongs to no project any more, or to nobody, takes back what an earlier one said. What learning
    refuses it lists for the CME office; the next attendance is taken in all the same.
    """
    said, day = happened.body, happened.happened_on
    entry, project = _person(said.get("person")), _project(said.get("project"))
    person = entry and (entry.merged_into or entry)  # who gave way to another entry is credited as whom they became
    # A day beside the project's own, such as the one before on which badges are given out, belongs to none.
    if project and project.from_on and project.until_on and not project.from_on <= day <= project.until_on:
        project = None
    hall = Channel.ONLINE if said["channel"] == Channel.ONLINE else Channel.ON_SITE
    for part, channel, role, minutes in (
            ("on_site", Channel.ON_SITE, Role.LEARNER, said["minutes_on_site"]),
            ("online", Channel.ONLINE, Role.LEARNER, said["minutes_online"] + said["minutes_recorded"]),
            ("lecture", hall, Role.LECTURER, said.get("minutes_lectured", 0))):
        names = [source_of(Ref(said["attendance"]), part, one) for one in range(said["version"], 0, -1)]
        found = (project, Presence(person=person, entry=entry, day=day, minutes=minutes, source=names[0],
                                   channel=channel, role=role)) if project and person else taking_back(names)
        if found is None or (not minutes and said["version"] == 1):
            continue
        try:
            carry_attendance(by=house("flows"), on=clock.today(), project=found[0], presence=found[1], before=names[1:])
        except (KnownAlready, NotTakenIn):  # carried before, nothing to take back, or the project ended early
            continue


def _person(one: str | None) -> Person | None:
    return Person.objects.select_related("merged_into").filter(pk=Ref(one).key).first() if one else None


def _project(one: str | None) -> Project | None:
    """Return a project; one that ended early takes nothing in, as if there were none."""
    return Project.objects.exclude(state__in=ENDED).filter(pk=Ref(one).key).first() if one else None
