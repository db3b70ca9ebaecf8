"""How projects, attendances, credits and duties follow when two entries of the directory are one person."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from xinglin.directory.merging import Joining, Mover, moving_refs, moving_rows, register_merge
from xinglin.kernel.refs import Ref

from .certificates import Openness
from .credits import Attendance, Award, AwardQuerySet, Bar, Claim, Duty, Refused, TestResult
from .projects import Project, Session, Teacher

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


register_merge("learning.awards", Mover(kind="learning.awards", label=_("Credits"), preview=_preview, move=_move,
                                        back=_back))
