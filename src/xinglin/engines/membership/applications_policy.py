"""Who may see, move and decide applications."""

from django.utils.translation import gettext_lazy as _

from xinglin.directory.policy import branches_of
from xinglin.kernel.actors import Actor
from xinglin.kernel.files import readable
from xinglin.kernel.policy import YES, Verdict, no
from xinglin.kernel.refs import Ref

from .applicants import BRANCH
from .applications import UNDER_REVIEW, Application, State
from .policy import OFFICE, READERS


def _office(actor: Actor) -> bool:
    return any(actor.has(role) for role in OFFICE)


def _branch(actor: Actor, application: Application) -> bool:
    return bool(application.branch and any(actor.has_in(role, application.branch.ref) for role in BRANCH))


def _own(actor: Actor, application: Application) -> bool:
    by_person = application.person and actor.person == application.person.ref
    return bool(by_person or (application.account and application.account == actor.ref))


def may_see_applications(*, actor: Actor) -> Verdict:
    """The secretariat, leaders and supervisors see all applications; branch officers see those for their branch."""
    if any(actor.has(role) for role in READERS) or branches_of(actor=actor):
        return YES
    return no(_("Applications are for the secretariat and the branches. Yours is at the address you were sent."))


def may_see_application(*, actor: Actor, application: Application) -> Verdict:
    """Readers see every application, branch officers those for their branch."""
    if any(actor.has(role) for role in READERS) or _branch(actor, application):
        return YES
    return no(_("You see applications for your own branch; this one is for another."))


def may_compare(*, actor: Actor) -> Verdict:
    """Whom an applicant resembles is told to readers of the whole directory only."""
    if any(actor.has(role) for role in READERS):
        return YES
    return no(_("The office compares applicants with the directory."))


def may_pass_application(*, actor: Actor, application: Application) -> Verdict:
    """The branch that the applicant chose looks first; the office may act for it."""
    if _own(actor, application):
        return no(_("Nobody reviews their own application. Ask a colleague."))
    if _office(actor) or _branch(actor, application):
        return YES
    return no(_("The secretary or chair of the branch that the applicant chose looks at it first."))


def may_verify_application(*, actor: Actor, application: Application) -> Verdict:
    """The office checks who the applicant is and whether the conditions are met."""
    if _own(actor, application):
        return no(_("Nobody reviews their own application. Ask a colleague."))
    return YES if _office(actor) else no(_("After the branch, the office checks applications."))


def may_send_back(*, actor: Actor, application: Application) -> Verdict:
    """Whoever has it on the desk returns it for correction, or refuses it."""
    if application.state == State.SUBMITTED:
        return may_pass_application(actor=actor, application=application)
    if application.state in UNDER_REVIEW:
        return may_verify_application(actor=actor, application=application)
    return no(_("It is not under review now."))


def may_approve_applications(*, actor: Actor) -> Verdict:
    """The office enters what the standing council decided."""
    return YES if _office(actor) else no(_("The office enters the decisions of the standing council."))


@readable("membership.application")
def may_read_papers(actor: Actor, to: Ref) -> Verdict:
    """The papers of an application are read by whoever sees it."""
    row = Application.objects.filter(pk=to.key).select_related("branch").first()
    return may_see_application(actor=actor, application=row) if row else no(_("This application does not exist."))
