"""Who may look at what runs, and who may set it going again."""

from django.utils.translation import gettext_lazy as _

from xinglin.kernel.actors import Actor
from xinglin.kernel.policy import YES, Verdict, no
from xinglin.kernel.rights import OFFICE

WATCHERS = ("system_admin", "supervisor", "audit_admin", "house")
REGISTER_READERS = (*OFFICE, "supervisor", "audit_admin")


def may_see_operations(*, actor: Actor) -> Verdict:
    """The system administrator runs the house; supervisors and the audit watch."""
    if any(map(actor.has, WATCHERS)):
        return YES
    return no(_("What runs in the background is for the system administrator; supervisors and the audit read it."))


def may_operate(*, actor: Actor) -> Verdict:
    """Only the system administrator stops, repeats and sends again."""
    if actor.has("system_admin") or actor.has("house"):
        return YES
    return no(_("Only the system administrator does this; you read here."))


def may_see_numbers(*, actor: Actor) -> Verdict:
    """The office keeps the register of document numbers; supervisors and the audit read it."""
    if any(map(actor.has, REGISTER_READERS)):
        return YES
    return no(_("The register of document numbers is kept by the office."))


def may_keep_numbers(*, actor: Actor) -> Verdict:
    """The office gives numbers and voids them."""
    return YES if any(map(actor.has, OFFICE)) else no(_("Only the office gives numbers and voids them."))


def may_see_calendar(*, actor: Actor) -> Verdict:
    """Every account holder may know which days are worked."""
    return YES if actor.roles else no(_("The working calendar is for account holders. Sign in first."))


def may_see_decisions(*, actor: Actor) -> Verdict:
    """Account holders see who set a rule's value and why; the value itself binds everybody and is open."""
    return YES if actor.roles else no(_("Who decided is shown to account holders."))
