"""Whoever attended an event that is a CME project has the minutes taken in there, and corrected when they change."""

from xinglin.directory.models import Person
from xinglin.engines.events.facts_doors import AttendanceConfirmed
from xinglin.engines.learning.actions.attendance import KnownAlready, NotTakenIn, Presence
from xinglin.engines.learning.actions.refused import carry_attendance
from xinglin.engines.learning.credits import Channel, Role
from xinglin.engines.learning.projects import Project
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

    What learning refuses it lists for the CME office; the next attendance is taken in all the same.
    """
    said = happened.body
    if not said.get("project") or not said.get("person"):
        return
    project = Project.objects.filter(pk=Ref(said["project"]).key).first()
    known = Person.objects.select_related("merged_into").filter(pk=Ref(said["person"]).key).first()
    if not known or not project:
        return
    if project.from_on and project.until_on and not project.from_on <= happened.happened_on <= project.until_on:
        return  # a day beside the project's own, such as the one before on which badges are given out
    person = known.merged_into or known  # who gave way to another entry is credited as whom they became
    hall = Channel.ONLINE if said["channel"] == Channel.ONLINE else Channel.ON_SITE
    for part, channel, role, minutes in (
            ("on_site", Channel.ON_SITE, Role.LEARNER, said["minutes_on_site"]),
            ("online", Channel.ONLINE, Role.LEARNER, said["minutes_online"] + said["minutes_recorded"]),
            ("lecture", hall, Role.LECTURER, said.get("minutes_lectured", 0))):
        if not minutes and said["version"] == 1:
            continue
        names = [source_of(Ref(said["attendance"]), part, one) for one in range(said["version"], 0, -1)]
        presence = Presence(person=person, day=happened.happened_on, minutes=minutes, source=names[0],
                            channel=channel, role=role)
        try:
            carry_attendance(by=house("flows"), on=clock.today(), project=project, presence=presence, before=names[1:])
        except (KnownAlready, NotTakenIn):  # carried before, nothing to take back, or the project ended early
            continue
