"""Whoever attended an event that is a CME project has the minutes taken in there, and corrected when they change."""

from xinglin.directory.models import Person
from xinglin.engines.events.facts_doors import AttendanceConfirmed
from xinglin.engines.learning.actions.attendance import KnownAlready, NotTakenIn, Presence, credit_attendance
from xinglin.engines.learning.answers import has_attendance
from xinglin.engines.learning.credits import Channel
from xinglin.engines.learning.projects import Project
from xinglin.kernel import clock
from xinglin.kernel.actors import house
from xinglin.kernel.flows import Happened, flow
from xinglin.kernel.refs import Ref, ref


def source_of(attendance: Ref, channel: str, version: int) -> Ref:
    """Return the name under which learning knows one version of one attendance, the hall and the screen apart."""
    return ref("events.presence", f"{attendance.key}-{channel}-{version}")


@flow(on=AttendanceConfirmed, act=credit_attendance)
def carry(happened: Happened) -> None:
    """Take in the minutes in the hall and before the screen; nobody who is not in the directory earns credits."""
    said = happened.body
    if not said.get("project") or not said.get("person"):
        return
    project = Project.objects.get(pk=int(Ref(said["project"]).key))
    if project.from_on and project.until_on and not project.from_on <= happened.happened_on <= project.until_on:
        return  # a day beside the project's own, such as the one before on which badges are given out
    person = Person.objects.get(pk=int(Ref(said["person"]).key))
    online = said["minutes_online"] + said["minutes_recorded"]
    for channel, minutes in ((Channel.ON_SITE, said["minutes_on_site"]), (Channel.ONLINE, online)):
        source, before = (source_of(Ref(said["attendance"]), channel, said["version"] - back) for back in (0, 1))
        known = has_attendance(before)
        if not minutes and not known:
            continue
        presence = Presence(person=person, day=happened.happened_on, minutes=minutes, source=source, channel=channel)
        try:
            credit_attendance(by=house("flows"), on=clock.today(), project=project, presence=presence, strict=False,
                              corrects=before if known else None)
        except (KnownAlready, NotTakenIn):  # carried before, or the project ended early and earns nobody anything
            continue
