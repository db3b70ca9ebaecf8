"""Tells people that the days of a project are others than before."""

from collections.abc import Sequence
from datetime import date

from django.utils.translation import gettext_lazy as _

from xinglin.kernel.actors import Actor
from xinglin.kernel.acts import act, state
from xinglin.kernel.notices import notify, register_notice
from xinglin.kernel.policy import Refusal, require
from xinglin.kernel.refs import Ref

from ..addressees import office_people, runners
from ..facts import ProjectTold
from ..policy import may_run
from ..projects import Project, State

MOVED = "learning_moved"
register_notice(MOVED, app="xinglin.engines.learning")


class NotScheduled(Refusal):
    """A project without days, or one that is over, has none to be told of."""


@act
def tell_of_days(*, by: Actor, on: date, project: Project, learners: Sequence[Ref]) -> int:
    """Tell learners, who runs the project and the CME office on which days it is now; return how many."""
    require(may_run(actor=by, organisation=project.branch, on=on))
    if project.state != State.SCHEDULED or not (project.from_on and project.until_on):
        raise NotScheduled(_("It stands at “%(now)s”.") % {"now": project.get_state_display()})
    people = list(dict.fromkeys([*learners, *runners(project, on=on), *office_people(on=on)]))
    notify(to=people, template=MOVED, about=project.ref, key=f"{project.pk}/{project.from_on}/{project.until_on}/{on}",
           context={"title": project.title[:200], "from_on": project.from_on, "until_on": project.until_on,
                    "place": project.place})
    state(ProjectTold(project=project.ref, from_on=project.from_on, until_on=project.until_on, heads=len(people)))
    return len(people)
