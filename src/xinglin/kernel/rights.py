"""Who may set the house's own rules, numbers and days."""

from django.utils.translation import gettext_lazy as _

from .actors import Actor
from .policy import YES, Verdict, no
from .regulations import Regulation

OFFICE = ("office", "secretary_general", "house")


def may_override_regulation(*, actor: Actor, rule: Regulation) -> Verdict:
    """The office, or the administration that the rule names; what the law fixes nobody overrides."""
    if rule.override == "none":
        return no(_("The law fixes this value; nobody may set another."), regulation=rule.id)
    if actor.has(rule.override) or actor.has("house"):
        return YES
    return no(_("Only the office, or the administration that the rule names, sets this value."), regulation=rule.id)


def may_act_alone(*, actor: Actor, joined: bool) -> Verdict:
    """What serves other acts (files, numbers, rounds): theirs is the policy; alone only the office does it."""
    if joined or any(map(actor.has, OFFICE)):
        return YES
    return no(_("Only the office does this by itself; for everybody else it is part of another step."))


def may_forget_annex(*, actor: Actor) -> Verdict:
    """The office deletes personal words on request, when their time is over, or when they were never to be there."""
    return YES if any(map(actor.has, OFFICE)) else no(_("Only the office deletes personal words from the ledger."))


def may_open_series(*, actor: Actor) -> Verdict:
    """The office keeps the series of document numbers."""
    return YES if any(map(actor.has, OFFICE)) else no(_("The office keeps the series of document numbers."))


def may_declare_days(*, actor: Actor) -> Verdict:
    """The office says which days the association works."""
    return YES if any(map(actor.has, OFFICE)) else no(_("The office says which days are worked."))
