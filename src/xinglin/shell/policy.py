"""Who may do what the shell itself offers."""

from django.utils.translation import gettext_lazy as _

from xinglin.kernel.actors import Actor
from xinglin.kernel.policy import YES, Verdict, no


def may_export_list(*, actor: Actor) -> Verdict:
    """Whoever may see a list as an account may take it out; each export is a fact."""
    if actor.roles:
        return YES
    return no(_("Lists are exported by account holders only. Sign in first."))


def may_see_patterns(*, actor: Actor) -> Verdict:
    """The pattern page is for those who build and those who run the system."""
    if actor.has("system_admin") or actor.has("house"):
        return YES
    return no(_("The pattern page is for the system administrator."))
