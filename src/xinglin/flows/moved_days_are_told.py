"""When a CME project moves to other days, whoever registered for its events is told, and the CME office."""

from xinglin.engines.events.answers import tell_registered
from xinglin.engines.learning.actions.telling import MOVED, tell_of_days, words_of
from xinglin.engines.learning.facts import ProjectScheduled
from xinglin.engines.learning.projects import Project, State
from xinglin.kernel import clock
from xinglin.kernel.actors import house
from xinglin.kernel.flows import Happened, flow
from xinglin.kernel.refs import Ref


@flow(on=ProjectScheduled, act=tell_of_days)
def carry(happened: Happened) -> None:
    """Tell when and where it is now: the first timetable moves nobody, one filed since is told by itself."""
    project = Project.objects.select_related("branch", "leader").get(pk=int(Ref(happened.body["project"]).key))
    if project.moved_key != happened.key or project.state != State.SCHEDULED:  # called off, or held, before it was told
        return
    key = str(happened.key)
    learners = tell_registered(project.ref, template=MOVED, key=key, **words_of(project))
    tell_of_days(by=house("flows"), on=clock.today(), project=project, key=key, learners=learners)
