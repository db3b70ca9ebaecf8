"""Drafts applications of projects and changes them while they are drafts; afterwards only the leader may change."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from xinglin.directory.models import Organisation, Person
from xinglin.kernel import regulations
from xinglin.kernel.actors import Actor
from xinglin.kernel.acts import act, state
from xinglin.kernel.policy import Problem as Wrong
from xinglin.kernel.policy import Refusal, Refusals, require
from xinglin.kernel.refs import Code

from ..bars import barred
from ..facts import ProjectDrafted, ProjectLed
from ..numbers import subjects
from ..policy import may_run
from ..projects import DONE, ENDED, Project, Sort, State, Teacher


class Frozen(Refusal):
    """Number, title and content stay after publication."""

    regulation = "E4.frozen"


class NotADraft(Refusal):
    """The application was sent up; it comes back when it is returned."""


class Barred(Refusal):
    """Leader or branch may not apply: fraud."""

    regulation = "E2.bar_least"


class NothingToRepeat(Refusal):
    """A repeat is of a project that was published before."""

    field = "of"
    regulation = "E6.form"


class SameLeader(Refusal):
    """This person leads the project already."""

    field = "leader"


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What an application says."""

    title: str
    level: str
    year: int
    subject: str
    leader: Person
    branch: Organisation
    hours: Decimal
    heads: int
    sort: str = Sort.ORDINARY
    tested: bool = True
    planned_on: date | None = None
    repeat: bool = False
    of: Project | None = None
    teachers: Sequence[Person] = field(default=())


@act
def draft_project(*, by: Actor, on: date, plan: Plan) -> Project:
    """Begin the application of a project, new, a repeat 备案, or one that was postponed."""
    require(may_run(actor=by, organisation=plan.branch, on=on))
    _check(plan, on)
    project = Project(drafted_on=on)
    _write(project, plan)
    return project


@act
def amend_project(*, by: Actor, on: date, project: Project, plan: Plan) -> Project:
    """Change the draft of an application; what was published stays as it is (E4)."""
    project = Project.objects.one_locked(pk=project.pk)
    require(may_run(actor=by, organisation=project.branch, on=on))
    require(may_run(actor=by, organisation=plan.branch, on=on))
    if project.number:
        raise Frozen(_("%(number)s was published: number, title and content stay.") % {"number": project.number},
                     instead=_("The leader can be changed; what is postponed is filed anew."))
    if project.state != State.DRAFT:
        raise NotADraft(_("The application was sent up. It can be changed when it is returned."))
    _check(replace(plan, of=plan.of or project.of), on)
    _write(project, replace(plan, of=plan.of or project.of, repeat=plan.repeat))
    return project


@act
def refile_project(*, by: Actor, on: date, project: Project, year: int) -> Project:
    """Begin the application anew for a later year: what was postponed or missed its year is filed again (E4)."""
    require(may_run(actor=by, organisation=project.branch, on=on))
    if year <= project.year:
        raise Refusal(_("It is filed anew for a later year than %(year)d.") % {"year": project.year}, field="year",
                      regulation="E4.own_year")
    plan = Plan(title=project.title, level=project.level, year=year, subject=project.subject, leader=project.leader,
                branch=project.branch, hours=project.hours, heads=project.heads, sort=project.sort,
                tested=project.tested, of=project, repeat=project.state in DONE,
                teachers=[one.person for one in project.teachers.select_related("person")])
    _check(plan, on)
    again = Project(drafted_on=on)
    _write(again, plan)
    return again


@act
def change_leader(*, by: Actor, on: date, project: Project, leader: Person, note: str) -> Project:
    """Let another person lead a project that is filed or published (E4 allows it, with a reason)."""
    project = Project.objects.one_locked(pk=project.pk)
    require(may_run(actor=by, organisation=project.branch, on=on))
    if project.state in ENDED or project.state in DONE:
        raise NotADraft(_("The project is over; its leader stays."))
    if project.leader_id == leader.pk:
        raise SameLeader(_("%(name)s leads it already.") % {"name": leader.name})
    if bar := barred(leader.ref, on=on):
        raise Barred(_("%(name)s may not lead projects until %(day)s.") % {"name": leader.name, "day": bar.until_on},
                     field="leader")
    project.leader = leader
    project.save(update_fields=["leader"])
    state(ProjectLed(project=project.ref, leader=leader.ref, note=note))
    return project


def _check(plan: Plan, on: date) -> None:
    """Refuse what is wrong with an application, all of it at once."""
    wrong = []
    if plan.subject[:2] not in subjects():
        wrong.append(Wrong(field="subject", message=_("%(code)s is no subject.") % {"code": plan.subject}))
    if plan.hours <= 0:
        wrong.append(Wrong(field="hours", message=_("A project has hours of teaching.")))
    if plan.heads <= 0:
        wrong.append(Wrong(field="heads", message=_("A project has learners.")))
    first = int(regulations.value("E2.sorts", on=on))
    if plan.sort != Sort.ORDINARY and plan.year < first:
        wrong.append(Wrong(field="sort", message=_("Recommended and promoted projects begin with %(year)d.") % {
            "year": first}))
    if plan.planned_on and plan.planned_on.year != plan.year:
        wrong.append(Wrong(field="planned_on", message=_("A project is held within its year, %(year)d.") % {
            "year": plan.year}))
    if plan.year < on.year:
        wrong.append(Wrong(field="year", message=_("The year %(year)d is over.") % {"year": plan.year}))
    if wrong:
        raise Refusals(wrong)
    if plan.repeat and (plan.of is None or plan.of.number is None or plan.of.year >= plan.year):
        raise NothingToRepeat(_("A repeat names a project that was published in an earlier year."))
    for about, field_ in ((plan.leader, "leader"), (plan.branch, "branch")):
        if bar := barred(about.ref, on=on):
            raise Barred(_("%(name)s may not apply until %(day)s: %(reason)s.") % {
                "name": about.name, "day": bar.until_on, "reason": bar.reason}, field=field_)


def _write(project: Project, plan: Plan) -> None:
    for name in ("title", "level", "year", "subject", "leader", "branch", "hours", "heads", "sort", "tested",
                 "planned_on", "repeat", "of"):
        setattr(project, name, getattr(plan, name))
    project.save()
    project.teachers.all().delete()
    people = list(dict.fromkeys([plan.leader, *plan.teachers]))
    Teacher.objects.bulk_create([Teacher(project=project, person=one) for one in people])
    state(ProjectDrafted(
        project=project.ref, level=Code(project.level), sort=Code(project.sort), repeat=project.repeat,
        year=project.year, specialty=Code(project.subject), organisation=project.branch.ref,
        leader=project.leader.ref, hours=project.hours, heads=project.heads, tested=project.tested,
        teachers=tuple(one.ref for one in people), planned_on=project.planned_on,
        of=project.of.ref if project.of else None, title=project.title))

