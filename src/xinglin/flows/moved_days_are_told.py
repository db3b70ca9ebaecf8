"""When a CME project moves to other days, whoever registered for its events is told, and the CME office."""

from xinglin.engines.events.answers import registered_for
from xinglin.engines.learning.actions.telling import NotScheduled, tell_of_days
from xinglin.engines.learning.facts import ProjectScheduled
from xinglin.engines.learning.projects import Project
from xinglin.kernel import clock
from xinglin.kernel.actors import house
from xinglin.kernel.flows import Happened, flow
from xinglin.kernel.refs import Ref


@flow(on=ProjectScheduled, act=tell_of_days)
def carry(happened: Happened) -> None:
    """Tell of the days that hold now; a timetable filed for the first time moves nobody."""
    if not happened.body.get("moved"):
        return
    project = Project.objects.select_related("branch", "leader").get(pk=int(Ref(happened.body["project"]).key))
    try:
        tell_of_days(by=house("flows"), on=clock.today(), project=project, learners=registered_for(project.ref))
    except NotScheduled:  # it was called off, or held, before anybody could be told
        return
