"""How projects, attendances, credits and duties follow when two entries of the directory are one person."""

from datetime import date

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from xinglin.directory.merging import Joining, Mover, moving_refs, moving_rows, register_merge
from xinglin.kernel.acts import state
from xinglin.kernel.refs import Ref

from .certificates import Openness
from .credits import Attendance, Award, AwardQuerySet, Bar, Claim, Duty, Refused, TestResult
from .facts import ProjectsMarked
from .projects import Project, Session, Teacher
from .stale import mark_stale, refs_of, shared

register_merge("learning.records", moving_rows(kind="learning.records", label=_("CME projects and credits"), follow=(
    (Project, "leader", ()), (Session, "lecturer", ()), (Teacher, "person", ("project",)), (Attendance, "person", ()),
    (TestResult, "person", ("project", "taken_on")), (Refused, "person", ()), (Claim, "person", ()),
    (Duty, "person", ("from_on",)), (Openness, "person", ()))))
register_merge("learning.bars", moving_refs(kind="learning.bars", label=_("Bars from applying"), model=Bar,
                                            field="about"))


def _following(joining: Joining) -> list[int]:
    """Return the awards that follow: all but those in force of a project for which the other entry has one in force."""
    has = set(_awards(joining.winner).standing().exclude(project=None).values_list("project", "kind"))
    return [pk for pk, project, kind, revoked_on in _awards(joining.loser).values_list(
        "pk", "project", "kind", "revoked_on") if revoked_on or (project, kind) not in has]


def _awards(person: Ref) -> AwardQuerySet:
    return Award.objects.filter(person=int(person.key))


def _preview(joining: Joining) -> list[str]:
    count = len(_following(joining))
    return [ngettext("%(n)d award of credits", "%(n)d awards of credits", count) % {"n": count}] if count else []


def _move(joining: Joining) -> list[int]:
    keys = _following(joining)
    Award.objects.filter(pk__in=keys).update(person=int(joining.winner.key))
    return keys


def _back(joining: Joining, moved: list[int]) -> None:
    _awards(joining.winner).filter(pk__in=moved).update(person=int(joining.loser.key))


def _both(joining: Joining) -> set[date]:
    """Return the days whose credits may differ once two entries are one: days of both, and of projects of both."""
    days, projects = [], []
    for one in (joining.loser, joining.winner):
        came = Attendance.objects.filter(person=int(one.key)).values_list("day", "project")
        tests = TestResult.objects.filter(person=int(one.key)).values_list("project", flat=True)
        days.append({day for day, _project in came})
        projects.append({project for _day, project in came} | set(tests))
    same = projects[0] & projects[1]
    held = Attendance.objects.filter(project__in=same, person__in=_people(joining))
    return (days[0] & days[1]) | set(held.values_list("day", flat=True))


def _people(joining: Joining) -> set[int]:
    return {int(joining.loser.key), int(joining.winner.key)}


def _lock(joining: Joining) -> None:
    """Lock every project that either has to do with, as whoever records or issues there does."""
    mine = {"person__in": _people(joining)}
    rows = (model.objects.filter(**mine).values_list("project", flat=True) for model in (Attendance, TestResult, Award))
    led = Project.objects.filter(leader__in=_people(joining)).values_list("pk", flat=True)
    Project.objects.many_locked(pks={*led, *(pk for one in rows for pk in one if pk)})


def _reckon_anew(joining: Joining) -> list[int]:
    """Mark what the two entries have to do with each other, while each still has its own."""
    both = shared(people=_people(joining), days=_both(joining)).values()
    stale = mark_stale(key for keys in both for key in keys)
    if stale:
        state(ProjectsMarked(stale=refs_of(stale)))
    return sorted(stale)


def _parted(joining: Joining, _moved: object) -> None:
    _reckon_anew(joining)


register_merge("learning.anew", Mover(  # before the records move, and after they moved back
    kind="learning.anew", label=_("Credits to be reckoned anew"), order=40, preview=lambda _joining: [],
    move=_reckon_anew, back=_parted, lock=_lock))
register_merge("learning.awards", Mover(kind="learning.awards", label=_("Credits"), preview=_preview, move=_move,
                                        back=_back))
