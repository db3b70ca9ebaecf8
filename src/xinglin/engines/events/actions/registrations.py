"""Registers one person for one place, and gives it back; the place stands or falls with the registration."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from xinglin.directory.models import Person
from xinglin.kernel.actors import Actor
from xinglin.kernel.acts import act, joined
from xinglin.kernel.confinement import open_to
from xinglin.kernel.policy import Refusal, require
from xinglin.kernel.refs import Ref
from xinglin.mechanics.booking import holding
from xinglin.mechanics.booking.values import Held

from ..booked_for import hold_for
from ..entering import release_entries
from ..groups import check_guests
from ..holders import holder_of
from ..keys import new_key
from ..letters import tell_given_back, tell_registered
from ..meetings import State as EventState
from ..offers import Option, Ticket
from ..orders import Order, OrderLine, Way
from ..places import (
    NoName,
    Party,
    charge,
    confirm,
    confirm_paid,
    giving_back,
    hold_options,
    new_code,
    options_in,
    owed_for,
    payable,
    placed,
    say,
    write_party,
)
from ..pricing import Amount, Quote, quote, terms_of, voucher_for
from ..registration_policy import may_change_registration, may_register, may_run_registrations
from ..registrations import LIVE, Draft, Registration, State
from ..sign_up import leave_wait
from .ordering import Payer, order_for, renew_term, say_order

SELLING = (EventState.OPEN, EventState.CLOSED)


class NotOpen(Refusal):
    """The event does not take registrations now."""


class AlreadyRegistered(Refusal):
    """One person has one place at an event."""


class GivenBack(Refusal):
    """The registration was cancelled."""


class TooLate(Refusal):
    """The event is over."""


@act
@open_to("member")
def register(
    *, by: Actor, on: date, at: datetime, token: str, party: Party, voucher: str = "", way: str = Way.TRANSFER,
) -> Registration:
    """Register a person for a held place and confirm it with the same act; asked twice it is one registration."""
    held = confirmed(token=token, at=at)  # a second click waits here for the first
    ticket = Ticket.objects.of_item(held.item)
    if ticket is None:
        raise NotOpen(_("This event takes no registrations now."))
    return _register(by, on, at, held, ticket, party, voucher, way)


def confirmed(*, token: str, at: datetime) -> Held:
    """Confirm a held place inside an act (Again: it was confirmed before, and here is what came of it)."""
    held = placed(holding.confirm(token=token, at=at))
    if held.again and (there := Registration.objects.live().filter(booking=token).first()):
        raise Again(there)
    return held


class Again(Refusal):
    """The same request was answered before; `registration` is its answer."""

    def __init__(self, registration: Registration):
        super().__init__(_("You are registered already."))
        self.registration = registration


def _register(
    by: Actor, on: date, at: datetime, held: Held, ticket: Ticket, party: Party, voucher: str, way: str,
) -> Registration:
    event = ticket.event
    for who in (held.who, party.person.ref if party.person else held.who):
        require(may_register(actor=by, event=event, who=who))
    if event.state not in SELLING:
        raise NotOpen(_("This event takes no registrations now."))
    if not party.guest:
        party = replace(party, person=party.person or _person(held.who))
    if not (party.name.strip() or party.person):
        raise NoName(_("Write the name of who comes."))
    terms = terms_of(ticket=ticket, token=held.token, who=[party.person.ref if party.person else None])
    options = options_in(offer=terms.offer, answers=party.answers)
    code = voucher_for(ticket=ticket, offer=terms.offer, code=voucher, on=terms.on)
    asked = quote(terms=terms, options=options, voucher=code)
    order = _order(asked, ticket, party, held, by, at, on, way)
    row = enter(held=held, ticket=ticket, party=party, asked=asked, options=options, at=at, on=on, order=order)
    # Who registers somebody else keeps the right to a place of their own; who began by e-mail and signed in has one.
    holder = row.ref if party.guest else party.person.ref if party.person else held.who
    if holder != held.who:
        hold_for(row, holder=holder, many=False, at=at)
        row.asker = str(held.who) if party.guest else ""
        row.save(update_fields=["who", "booking", "asker"])
        Draft.objects.filter(hold=held.token).update(hold=row.booking)
    if party.guest:
        check_guests(held.who, event=event.pk, at=at)
    if order:
        say_order(order)
    tell_registered(row, order)
    return row


def _person(who: Ref) -> Person | None:
    return Person.objects.get(pk=who.key) if who.kind == "directory.person" else None


def _order(
    asked: Quote, ticket: Ticket, party: Party, held: Held, by: Actor, at: datetime, on: date, way: str,
) -> Order | None:
    if not asked.total:
        return None
    if way == Way.ON_SPOT and not payable(ticket):
        raise Refusal(_("There is no desk at a stream: choose a transfer or the payment service."), field="way")
    payer = Payer(name=party.name or (party.person.name if party.person else ""), person=party.person,
                  email=party.email, mobile=party.mobile)
    return order_for(by=by, on=on, at=at, event=ticket.event, offer=asked.offer, payer=payer, way=way,
                     request=held.token)


def enter(
    *, held: Held, ticket: Ticket, party: Party, asked: Quote, options: list[Option], at: datetime, on: date,
    order: Order | None, seat: int = 0,
) -> Registration:
    """Write one registration with its place, options and amounts, and state it."""
    row = Registration(
        event=ticket.event, ticket=ticket, order=order, state=State.HELD, code=new_code(), key=new_key(),
        booking=held.token, seat=seat, who=held.who, registered_at=at, voucher=asked.voucher, as_member=asked.member,
        form=asked.offer.form if party.answers else "")
    write_party(row, party)
    saved(row)
    hold_options(registration=row, options=options, on=on, at=at)
    lines = charge(order=order, registration=row, amounts=asked.lines, on=on) if order else []
    if asked.total:
        say(row, what="held", lines=lines)
    else:
        confirm(row, lines)
    return row


def saved(row: Registration) -> None:
    """Save a registration; one person has one place at an event (AlreadyRegistered)."""
    if row.person and Registration.objects.live().filter(event=row.event, person=row.person).exclude(
            pk=row.pk).exists():
        raise AlreadyRegistered(_("%(name)s is registered for this event already.") % {"name": row.name}, field="name")
    try:
        with transaction.atomic():  # the constraint decides between two at once
            row.save()
    except IntegrityError:
        raise AlreadyRegistered(_("%(name)s is registered for this event already.") % {"name": row.name},
                                field="name") from None


def charge_more(row: Registration, amounts: Sequence[Amount], *, on: date, at: datetime) -> list[OrderLine]:
    """Charge what was added to a place; while something is owed for it the place is held, with time to pay it."""
    order = row.order
    if order is None:
        return []
    before, more = owed_for(order), sum((one.amount for one in amounts), Decimal(0))
    lines = charge(order=order, registration=row, amounts=amounts, on=on)
    if more > 0 and before + more > 0:
        if before <= 0 or row.state == State.CONFIRMED:  # else the old term runs on: nothing was paid under it
            renew_term(order, at=at)
        row.state = State.HELD
    return lines


@act
@open_to("member")
def cancel_registration(
    *, by: Actor, on: date, at: datetime, registration: Registration, key: str = "", why: str = "asked",
) -> Registration:
    """Give a place back: it goes to those who wait, and what goes back of the fee is computed by rule (K2)."""
    row = opened(by, registration, key)
    if why == "asked":
        in_time(row, on)
    elif not joined():
        require(may_run_registrations(actor=by, event=row.event))
    given = giving_back(registration=row, on=on,
                        unpaid=why == "event" or (why == "unpaid" and row.confirmed_key is None))
    for one in row.chosen.exclude(booking=""):
        holding.cancel(token=one.booking, at=at)
    leave_wait(row, at=at)
    holding.cancel(token=row.booking, at=at, quantity=1)
    release_entries(event=row.event, who=holder_of(row).unnamed, at=at)
    amounts = [Amount(sort=OrderLine.Sort.CANCELLED, amount=-given.credit)] if row.order and given.credit else []
    lines = charge(order=row.order, registration=row, amounts=amounts, on=on) if row.order else []
    row.state, row.cancelled_on, row.cancelled_for = State.CANCELLED, on, why
    row.save(update_fields=["state", "cancelled_on", "cancelled_for"])
    say(row, what="cancelled", why=why, lines=lines)
    if row.order:
        _close(row.order, why, on)
    if why == "asked":  # who did not pay hears once for all places, who was to come to an event when it is called off
        tell_given_back(row, back=given.back)
    return row


def _close(order: Order, why: str, on: date) -> None:
    if order.registrations.filter(state__in=LIVE).exists():
        confirm_paid(order, on=on)
    else:
        order.cancelled_on, order.cancelled_for = on, why
        order.save(update_fields=["cancelled_on", "cancelled_for"])


def opened(by: Actor, registration: Registration, key: str) -> Registration:
    """Lock a registration that somebody may change: its order first, as every act does (NotAllowed, GivenBack)."""
    if registration.order_id:
        Order.objects.one_locked(pk=registration.order_id)
    row = Registration.objects.one_locked(pk=registration.pk)
    if not joined():
        require(may_change_registration(actor=by, registration=row, key=key))
    if row.state == State.CANCELLED:
        raise GivenBack(_("This registration was cancelled on %(day)s.") % {"day": row.cancelled_on})
    return row


def in_time(row: Registration, on: date) -> None:
    """Refuse what cannot be changed any more: the event is over or does not take place (TooLate)."""
    if row.event.state == EventState.CANCELLED:
        raise TooLate(_("The event is cancelled; what was paid goes back in full."), regulation="K2.refund")
    if on >= row.event.until_on:
        raise TooLate(_("The event is over."))
