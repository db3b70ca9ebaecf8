"""Who may write down visits of care, give out health days, and run the epidemic pack."""

from django.utils.translation import gettext_lazy as _

from xinglin.kernel.actors import Actor
from xinglin.kernel.policy import YES, Verdict, no

from .meetings import Event
from .policy import DEPARTMENTS, OFFICE, READERS, may_run_event

STAFF = (*OFFICE, *DEPARTMENTS)


def _any(actor: Actor, roles: tuple[str, ...]) -> bool:
    return any(actor.has(role) for role in roles)


def may_see_services(*, actor: Actor) -> Verdict:
    """The secretariat, leaders and supervisors see tours, clinics and health days."""
    return YES if _any(actor, READERS) else no(_("Tours, clinics and health days are looked after by the secretariat."))


def may_see_care(*, actor: Actor) -> Verdict:
    """Visits of care are about people in distress: the secretariat, leaders and supervisors read them."""
    return YES if _any(actor, READERS) else no(
        _("Visits of care are read by the secretariat, leaders and supervisors."))


def may_give_care(*, actor: Actor) -> Verdict:
    """The secretariat writes down visits."""
    return YES if _any(actor, STAFF) else no(_("Visits are written down by the secretariat."))


def may_assign_health_day(*, actor: Actor) -> Verdict:
    """The office and the departments give out health days."""
    return YES if _any(actor, STAFF) else no(_("Health days are given out by the secretariat."))


def may_list_risks(*, actor: Actor) -> Verdict:
    """The office takes over the list of risk areas."""
    return YES if _any(actor, OFFICE) else no(_("The list of risk areas is taken over by the office."),
                                              regulation="C08.risk_refused")


def may_run_entries(*, actor: Actor, event: Event) -> Verdict:
    """Those who run an event look after its entries; they need the pack to be in force."""
    if not event.pack:
        return no(_("The epidemic pack is not in force for this event."))
    return may_run_event(actor=actor, event=event)
