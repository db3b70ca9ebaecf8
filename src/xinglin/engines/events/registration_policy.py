"""Who may offer, register, change, pay and look: verdicts with reasons a member could read."""

from collections.abc import Iterable
from datetime import date

from django.utils.translation import gettext_lazy as _

from xinglin.directory import answers as directory
from xinglin.kernel.actors import Actor
from xinglin.kernel.policy import YES, Verdict, no
from xinglin.kernel.refs import Ref

from .meetings import Event
from .orders import Order, Way
from .policy import OFFICE, READERS, may_run_event, organises
from .registrations import Registration

FINANCE = (*OFFICE, "department_head")


def _runs(actor: Actor, event: Event) -> bool:
    return organises(actor=actor, organisation=event.organisation.ref)


def may_publish_offer(*, actor: Actor, event: Event) -> Verdict:
    """Those who run an event publish its prices until its file is closed (K2)."""
    return may_run_event(actor=actor, event=event)


def may_register(*, actor: Actor, event: Event, who: Ref) -> Verdict:
    """Everybody registers themselves; those who run the event register anybody."""
    mine = actor.person or actor.ref
    if who == mine or who.kind == "events.visitor" or _runs(actor, event):
        return YES
    return no(_("This place is held for somebody else."))


def may_pay_for(*, actor: Actor, event: Event, payers: Iterable[Ref], on: date) -> Verdict:
    """A payer's standing sets the price: one names oneself, or a unit for which one speaks (K2)."""
    others = [one for one in payers if one != actor.person]
    if not others or _runs(actor, event):
        return YES
    if actor.person and set(others) <= directory.spoken_for(actor.person, on=on).keys():
        return YES
    return no(_("Only the contact and the leaders whom the directory names for a unit order in its name."),
              regulation="K2.classes")


def may_change_registration(*, actor: Actor, registration: Registration, key: str = "") -> Verdict:
    """Whoever comes, whoever bears the key of its page, who ordered it while it was not handed over, the organiser."""
    order = registration.order if not registration.turn else None
    mine = {str(one) for one in (actor.person, actor.ref) if one}
    own = registration.who in mine or (registration.asker in mine and not registration.turn) or (
        registration.person is not None and str(registration.person.ref) in mine)
    if own or (key and key == registration.key) or _runs(actor, registration.event) or (
            order is not None and may_change_order(actor=actor, order=order, key=key)):
        return YES
    return no(_("Only who registered, who ordered, or those who run the event change this."))


def sees_order(*, actor: Actor, registration: Registration, key: str = "") -> bool:
    """Say whether somebody sees and adds to the order of a place: who pays, or who ordered it alone and has it."""
    order = registration.order
    if order is None or may_change_order(actor=actor, order=order, key=key):
        return True
    return not registration.turn and order.registrations.count() == 1


def may_change_order(*, actor: Actor, order: Order, key: str = "") -> Verdict:
    """Whoever placed it, whoever bears the key of its page, or those who run the event."""
    mine = {str(one) for one in (actor.person, actor.ref) if one}
    if (order.person is not None and str(order.person.ref) in mine) or (order.account and order.account in mine):
        return YES
    if (key and key == order.key) or _runs(actor, order.event):
        return YES
    return no(_("Only who placed the order, or those who run the event, change it."))


def may_run_registrations(*, actor: Actor, event: Event) -> Verdict:
    """Those who run an event look after its registrations and orders."""
    return YES if _runs(actor, event) else no(_("Only those who run the event change this."))


def may_see_registrations(*, actor: Actor, event: Event) -> Verdict:
    """Those who run an event and the readers of the house see who comes."""
    if _runs(actor, event) or any(actor.has(role) for role in READERS):
        return YES
    return no(_("Who comes is seen by those who run the event."))


def may_receive_money(*, actor: Actor, event: Event, way: str) -> Verdict:
    """Those who run an event take money at its desk; transfers and what services tell are booked by the office."""
    if way == Way.ON_SPOT and _runs(actor, event):
        return YES
    return may_book_statements(actor=actor)


def may_refund(*, actor: Actor) -> Verdict:
    """Money is sent back by the office, never by those who decide on a place alone (K2)."""
    if any(actor.has(role) for role in FINANCE):
        return YES
    return no(_("Money is sent back by the office."), regulation="K2.refund")


def may_book_statements(*, actor: Actor) -> Verdict:
    """What comes by bank is booked by the office: its files show money of all events."""
    if any(actor.has(role) for role in FINANCE):
        return YES
    return no(_("Money that comes by bank or by a payment service is booked by the office."))
