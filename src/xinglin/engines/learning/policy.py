"""Who may see and change what in learning: verdicts with reasons a member could read."""

from datetime import date

from django.utils.translation import gettext_lazy as _

from xinglin.directory.models import Organisation
from xinglin.directory.policy import branches_of
from xinglin.kernel import regulations
from xinglin.kernel.actors import Actor
from xinglin.kernel.policy import YES, Verdict, no
from xinglin.kernel.refs import Ref

from .credits import Award, Claim
from .projects import Project, ProjectQuerySet

OFFICE = ("house", "office", "secretary_general")
DEPARTMENTS = ("department", "department_head")
READERS = (*OFFICE, *DEPARTMENTS, "leader", "supervisor")
BRANCH = ("branch_secretary", "branch_chair")


def _any(actor: Actor, roles: tuple[str, ...]) -> bool:
    return any(actor.has(role) for role in roles)


def keeps(*, actor: Actor, on: date) -> bool:
    """Say whether the actor belongs to the CME office: the office, or the department whose name says so."""
    if _any(actor, OFFICE):
        return True
    places = [Ref(one).key for role in DEPARTMENTS if actor.has(role) for one in actor.scope.get(role, ())]
    if not places:
        return False
    words = regulations.value("E4.office_words", on=on)
    rows = Organisation.objects.filter(pk__in=[one for one in places if one.isdecimal()])
    return any(word in row.name for row in rows for word in words)


def serves(*, actor: Actor, organisation: str) -> bool:
    """Say whether the actor is an officer of this branch."""
    return any(actor.has_in(role, organisation) for role in BRANCH)


def person_key(actor: Actor) -> int | None:
    """Return the key of the actor's entry in the directory, None for who has none."""
    return int(actor.person.key) if actor.person and actor.person.key.isdecimal() else None


def projects_seen(*, actor: Actor) -> ProjectQuerySet:
    """Return the projects whom the actor may look up: all, those of their branches, or those they lead."""
    everything = Project.objects.all()
    if _any(actor, READERS):
        return everything
    led = everything.filter(leader=person_key(actor)) if person_key(actor) else everything.none()
    return led | everything.filter(branch__in=branches_of(actor=actor))


def may_see_projects(*, actor: Actor) -> Verdict:
    """The secretariat, leaders and supervisors see the register; branches and leaders of projects their own."""
    if _any(actor, READERS) or branches_of(actor=actor):
        return YES
    if person_key(actor) and Project.objects.filter(leader=person_key(actor)).exists():
        return YES
    return no(_("The register of CME projects is for the secretariat and for branches. Yours is “My credits”."))


def may_see_project(*, actor: Actor, project: Project) -> Verdict:
    """Readers see every project, a branch its own, a leader the one they lead."""
    if _any(actor, READERS) or serves(actor=actor, organisation=project.branch.ref):
        return YES
    if actor.person and actor.person == project.leader.ref:
        return YES
    return no(_("You see the projects of your own branch."))


def may_keep(*, actor: Actor, on: date) -> Verdict:
    """The CME office opens batches, moves projects on, issues and takes back credits."""
    return YES if keeps(actor=actor, on=on) else no(_("This is done by the CME office."), regulation="E4.office_words")


def may_run(*, actor: Actor, organisation: Organisation, on: date) -> Verdict:
    """A branch drafts, schedules and reports its own projects; the CME office those of all."""
    if serves(actor=actor, organisation=organisation.ref) or keeps(actor=actor, on=on):
        return YES
    return no(_("A project is run by its branch, or by the CME office."))


def may_record(*, actor: Actor, project: Project, on: date) -> Verdict:
    """Attendance and tests are entered by who runs the project, but nobody enters their own."""
    return may_run(actor=actor, organisation=project.branch, on=on)


def may_see_person(*, actor: Actor, person: Ref) -> Verdict:
    """Everybody sees their own credits; the secretariat, leaders and supervisors everybody's."""
    if actor.person == person or _any(actor, READERS):
        return YES
    return no(_("Credits are shown to whom they belong, and to the secretariat."))


def may_see_award(*, actor: Actor, award: Award) -> Verdict:
    """The holder, the readers and the branch in charge see why credits were given."""
    if award.project and serves(actor=actor, organisation=award.project.branch.ref):
        return YES
    return may_see_person(actor=actor, person=award.person.ref)


def may_claim(*, actor: Actor, person: Ref) -> Verdict:
    """Outside credits are claimed by the person alone."""
    if actor.person == person or actor.has("house"):
        return YES
    return no(_("Outside credits are claimed by whom they belong to."))


def may_decide(*, actor: Actor, claim: Claim, on: date) -> Verdict:
    """The CME office reviews outside credits, never one's own."""
    if actor.person == claim.person.ref:
        return no(_("Nobody reviews their own claim. Ask a colleague of the CME office."))
    return may_keep(actor=actor, on=on)


def may_take_paper(*, actor: Actor, award: Award, on: date) -> Verdict:
    """The holder takes a certificate, the CME office makes it out for anybody."""
    if actor.person == award.person.ref or keeps(actor=actor, on=on):
        return YES
    return no(_("A certificate is made out for its holder, or by the CME office."))


def may_see_unit(*, actor: Actor, organisation: Ref) -> Verdict:
    """Who fulfils the requirement is shown to readers, and to a branch about its own people."""
    if _any(actor, READERS) or serves(actor=actor, organisation=organisation):
        return YES
    return no(_("Requirements of a unit are shown to the secretariat and to its own officers."))
