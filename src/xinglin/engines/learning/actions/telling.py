"""Tells people that days, hours or place of a project are others than before."""

from datetime import date

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from xinglin.kernel.actors import Actor
from xinglin.kernel.acts import act, state
from xinglin.kernel.notices import notify, register_notice
from xinglin.kernel.policy import Refusal, require

from ..addressees import office_people, runners
from ..computing import windows_of
from ..facts import ProjectTold
from ..policy import may_run
from ..projects import Project, State

MOVED, DAYS = "learning_moved", 7
register_notice(MOVED, app="xinglin.engines.learning")


class NotScheduled(Refusal):
    """A project without days, or one that is over, has none to be told of."""


@act
def tell_of_days(*, by: Actor, on: date, project: Project, key: str, learners: int = 0) -> int:
    """Tell who runs a project and the CME office when and where it is now, beside so many learners; return how many.

    `key` names what is told of, so that a project which moves back and forth is told each time, and each once.
    """
    require(may_run(actor=by, organisation=project.branch, on=on))
    if project.state != State.SCHEDULED or not (project.from_on and project.until_on):
        raise NotScheduled(_("It stands at “%(now)s”.") % {"now": project.get_state_display()})
    people = list(dict.fromkeys([*runners(project, on=on), *office_people(on=on)]))
    notify(to=people, template=MOVED, about=project.ref, key=key,
           context={**words_of(project), "address": f"{settings.XINGLIN_URL}{project.get_absolute_url()}"})
    heads = len(people) + learners
    state(ProjectTold(project=project.ref, from_on=project.from_on, until_on=project.until_on, heads=heads))
    return heads


def words_of(project: Project) -> dict[str, str | int]:
    """Return what a letter says: title, place and times; of many days the first, and how many more there are."""
    windows = sorted(windows_of(project.sessions.all()).items())
    times = "、".join(f"{day} {first:%H:%M}–{last:%H:%M}" for (_key, day), (first, last) in windows[:DAYS])
    return {"title": project.title[:200], "times": times, "more": max(0, len(windows) - DAYS), "place": project.place}
