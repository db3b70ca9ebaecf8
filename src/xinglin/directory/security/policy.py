"""Who may do what with accounts, grants, sensitive fields and the security log."""

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from xinglin.kernel.actors import Actor
from xinglin.kernel.policy import YES, Verdict, no

from ..accounts import Account
from .models import ADMINISTRATIONS, AUDIT, SECURITY, SYSTEM, ExportRequest

SEPARATION = "SE9.separation"
READERS = (*ADMINISTRATIONS, "supervisor")
APPROVERS = ("department_head", "office", "secretary_general", "leader")


def _only(actor: Actor, *roles: str, why: object) -> Verdict:
    if any(actor.has(role) for role in (*roles, "house")):
        return YES
    return no(why, regulation=SEPARATION)  # type: ignore[arg-type]


def may_see_accounts(*, actor: Actor) -> Verdict:
    """The three administrations see the list of accounts, and so do supervisors."""
    return _only(actor, *READERS, why=_("The list of accounts is for the three administrations."))


def may_open_account(*, actor: Actor) -> Verdict:
    """Opening accounts is the work of the system administration."""
    return _only(actor, SYSTEM, why=_("Accounts are opened by the system administrator."))


def may_keep_account(*, actor: Actor, account: Account) -> Verdict:
    """Stopping, resuming and letting in: system administration for people, security for administrations."""
    if actor.ref == account.ref:
        return no(_("Nobody does this to their own account."), regulation=SEPARATION)
    if account.administers:
        return _only(actor, SECURITY, why=_("Accounts of an administration are kept by the security administrator."))
    return _only(actor, SYSTEM, why=_("Accounts are kept by the system administrator."))


def may_activate_account(*, actor: Actor) -> Verdict:
    """An account begins when its owner proves who they are; nobody vouches."""
    if actor.has("house"):
        return YES
    return no(_("An account is activated by its owner, with a document and a code."))


def may_change_own(*, actor: Actor, account: Account) -> Verdict:
    """Password, addresses and second factor belong to the owner."""
    if actor.ref == account.ref or actor.has("house"):
        return YES
    return no(_("Only the owner of an account changes this."))


def may_see_grants(*, actor: Actor) -> Verdict:
    """The three administrations and supervisors see who administers."""
    return _only(actor, *READERS, why=_("The list of administrations is for the three administrations."))


def may_give_grant(*, actor: Actor) -> Verdict:
    """Only the security administration grants and withdraws."""
    return _only(actor, SECURITY, why=_("Administrations are granted by the security administrator alone."))


def may_see_log(*, actor: Actor) -> Verdict:
    """The audit administration and supervisors read the records of everybody."""
    return _only(actor, AUDIT, "supervisor", why=_("The records are read by the audit administrator."))


def may_see_settings(*, actor: Actor) -> Verdict:
    """The three administrations see how the security rules stand."""
    return _only(actor, *READERS, why=_("The security rules are shown to the three administrations."))


def may_ask_export(*, actor: Actor) -> Verdict:
    """Whoever works for the association may ask; administrations see no member's numbers."""
    working = ("branch_secretary", "branch_chair", "department", *APPROVERS)
    return _only(actor, *working, why=_("Sensitive columns are exported by the departments."))


def exports_seen(*, actor: Actor) -> "QuerySet[ExportRequest]":
    """Return the requests somebody sees: approvers and readers of the records all of them, others their own."""
    if any(actor.has(role) for role in (*APPROVERS, "house")) or may_see_log(actor=actor):
        return ExportRequest.objects.all()
    return ExportRequest.objects.filter(asked_by=actor.ref.key)


def may_see_exports(*, actor: Actor) -> Verdict:
    """Askers, approvers and those who read the records see the requests, `exports_seen` says which."""
    if may_ask_export(actor=actor) or may_see_log(actor=actor):
        return YES
    return no(_("Export requests are for the departments and the audit administrator."))


def may_decide_export(*, actor: Actor, request: ExportRequest) -> Verdict:
    """A second person decides: another account, another human being, with a right to approve."""
    same_person = (
        actor.person is not None and request.asked_by.person_id and (actor.person == request.asked_by.person.ref)
    )
    if actor.ref == request.asked_by.ref or same_person:
        return no(_("A second person has to decide: this request is your own."), regulation="SE5.hours")
    return _only(actor, *APPROVERS, why=_("Exports with sensitive columns are approved by a head of department."))
