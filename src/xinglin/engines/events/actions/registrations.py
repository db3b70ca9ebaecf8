"""Registers one person for one place, names, hands over, changes and gives back; the place stands or falls with it."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from xinglin.directory.models import Person
from xinglin.kernel.actors import Actor
from xinglin.kernel.acts import act, joined
from xinglin.kernel.confinement import open_to
from xinglin.kernel.policy import Refusal, require
from xinglin.kernel.refs import Ref
from xinglin.mechanics.booking import holding
from xinglin.mechanics.booking.values import Held, Refused

from ..meetings import State as EventState
from ..offers import Offer, Option, Ticket
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
    new_key,
    options_in,
    payable,
    placed,
    say,
    write_party,
)
from ..pricing import (
    Amount,
    Quote,
    check_audience,
    in_force,
    is_member,
    option_amounts,
    price_of,
    quote,
    terms_of,
    voucher_for,
)
from ..registration_policy import may_change_registration, may_register, may_see_registrations
from ..registrations import LIVE, Registration, State
from .ordering import Payer, order_for, say_order

SELLING = (EventState.OPEN, EventState.CLOSED)


class NotOpen(Refusal):
    """The event does not take registrations now."""


class AlreadyRegistered(Refusal):
    """One person has one place at an event."""


class GivenBack(Refusal):
    """The registration was cancelled."""


class TooLate(Refusal):
    """The event is over."""


class Nobody(Refusal):
    """A place is handed over to somebody."""

    field = "name"


@act
@open_to("member")
def register(
    *, by: Actor, on: date, at: datetime, token: str, party: Party, voucher: str = "", way: str = Way.TRANSFER,
) -> Registration:
    """Register a person for a held place and confirm it with the same act; asked twice it is one registration."""
    held = confirmed(token=token, at=at)  # a second click waits here for the first
    ticket = Ticket.objects.select_related("event__organisation").get(item=held.item)
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
    require(may_register(actor=by, event=event, who=held.who))
    if event.state not in SELLING:
        raise NotOpen(_("This event takes no registrations now."))
    if not party.guest:
        party = replace(party, person=party.person or _person(held.who))
    if not (party.name.strip() or party.person):
        raise NoName(_("Write the name of who comes."))
    terms = terms_of(ticket=ticket, token=held.token, who=[party.person.ref if party.person else None])
    options = options_in(event=event, answers=party.answers)
    code = voucher_for(ticket=ticket, offer=terms.offer, code=voucher, on=terms.on)
    asked = quote(terms=terms, options=options, voucher=code)
    order = _order(asked, ticket, party, held, by, at, on, way)
    row = enter(held=held, ticket=ticket, party=party, asked=asked, options=options, at=at, on=on, order=order)
    if order:
        say_order(order)
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
    _save(row)
    hold_options(registration=row, options=options, on=on, at=at)
    lines = charge(order=order, registration=row, amounts=asked.lines, on=on) if order else []
    if asked.total:
        say(row, what="held", lines=lines)
    else:
        confirm(row, lines)
    return row


def _save(row: Registration) -> None:
    if row.person and Registration.objects.live().filter(event=row.event, person=row.person).exclude(
            pk=row.pk).exists():
        raise AlreadyRegistered(_("%(name)s is registered for this event already.") % {"name": row.name}, field="name")
    try:
        with transaction.atomic():  # the constraint decides between two at once
            row.save()
    except IntegrityError:
        raise AlreadyRegistered(_("%(name)s is registered for this event already.") % {"name": row.name},
                                field="name") from None


@act
@open_to("member")
def name_registration(
    *, by: Actor, on: date, registration: Registration, party: Party, key: str = "",
) -> Registration:
    """Say who comes under a place that is not yet named, or put a name right; papers issued under it follow."""
    row = _open(by, registration, key)
    if not (party.name.strip() or party.person):
        raise NoName(_("Write the name of who comes."))
    what = "renamed" if row.name else "named"
    answers = party.answers or None
    kept = row.answers
    write_party(row, party)
    if answers is None:
        row.answers = kept
    else:
        row.form = row.form or _offer_of(row).form
    _save(row)
    say(row, what=what)
    return row


@act
@open_to("member")
def transfer_registration(
    *, by: Actor, on: date, at: datetime, registration: Registration, to: Party, key: str = "",
) -> Registration:
    """Hand a place over to somebody else: their ticket bears another code, the old one is dead."""
    row = _open(by, registration, key)
    _in_time(row, on)
    if not (to.name.strip() or to.person):
        raise Nobody(_("Write the name of who comes instead."))
    member = is_member(who=[to.person.ref if to.person else None], on=on)
    check_audience(ticket=row.ticket, member=member)
    amounts = _dearer(row, member=member, on=on)
    if row.ticket.item == _item_of(row) and to.person:
        answer = holding.transfer(token=row.booking, to=to.person.ref, at=at)
        if isinstance(answer, Refused):
            raise answer.refusal(field="name")
        row.booking, row.who = answer.token, str(answer.who)
    write_party(row, to)
    row.code, row.key, row.as_member = new_code(), new_key(), member
    lines = charge(order=row.order, registration=row, amounts=amounts, on=on) if row.order and amounts else []
    if lines:
        row.state = State.HELD
    _save(row)
    say(row, what="transferred", lines=lines)
    return row


def _item_of(row: Registration) -> int:
    found: int = holding.Hold.objects.values_list("item", flat=True).get(token=row.booking)
    return found


def _dearer(row: Registration, *, member: bool, on: date) -> list[Amount]:
    """Return what a place costs more for who is no member; it never becomes cheaper by being handed over."""
    if row.order is None or member or not row.as_member:
        return []
    day = row.order.placed_at.date()
    prices = [price_of(offer=row.order.offer, ticket=row.ticket, member=who, on=day) for who in (True, False)]
    if prices[0] is None or prices[1] is None or prices[1].amount <= prices[0].amount:
        return []
    return [Amount(sort=OrderLine.Sort.TICKET, amount=prices[1].amount - prices[0].amount, price=prices[1])]


@act
@open_to("member")
def change_options(
    *, by: Actor, on: date, at: datetime, registration: Registration, answers: Mapping[str, Any], key: str = "",
) -> Registration:
    """Change what was chosen: added at the price of the list in force, dropped by the refund rule (K2)."""
    row = _open(by, registration, key)
    _in_time(row, on)
    wanted = options_in(event=row.event, answers=answers)
    there = {one.option_id: one for one in row.chosen.select_related("option")}
    offer = in_force(event=row.event_id, at=at)
    dropped = [one for pk, one in there.items() if pk not in {option.pk for option in wanted}]
    added = [option for option in wanted if option.pk not in there]
    if not (dropped or added):
        raise Refusal(_("Nothing was changed."))
    amounts = [one for one in option_amounts(offer=offer, options=added) if one.amount]
    fresh = bool(amounts) and row.order is None
    if fresh:
        row.order = order_for(by=by, on=on, at=at, event=row.event, offer=offer, request=f"options:{new_key()}",
                              payer=Payer(name=row.name, person=row.person, email=row.email, mobile=row.mobile),
                              way=Way.TRANSFER)
    amounts += _dropped(row, [one.option for one in dropped], on=on)
    for one in dropped:
        if one.booking:
            holding.cancel(token=one.booking, at=at)
        one.delete()
    hold_options(registration=row, options=added, on=on, at=at)
    lines = charge(order=row.order, registration=row, amounts=amounts, on=on) if row.order else []
    owes = sum(one.amount for one in amounts) > 0
    row.state = State.HELD if owes else row.state
    write_party(row, replace(_party(row), answers=answers))
    row.form = offer.form
    row.save()
    say(row, what="options", lines=lines)
    if row.order and fresh:
        say_order(row.order)
    if row.order and not owes:
        confirm_paid(row.order, on=on)
    return row


def _dropped(row: Registration, options: list[Option], *, on: date) -> list[Amount]:
    """Return what is taken off for options given back, by the same share as a place."""
    share = giving_back(registration=row, on=on).share.percent
    answer = []
    for option in options:
        line = row.lines.filter(price__option=option, amount__gt=0).last()
        if line and (off := (line.amount * share / 100).quantize(line.amount)):
            answer.append(Amount(sort=OrderLine.Sort.DROPPED, amount=-off, price=line.price))
    return answer


def _party(row: Registration) -> Party:
    return Party(name=row.name, person=row.person, unit_name=row.unit_name, unit=row.unit, email=row.email,
                 mobile=row.mobile, role=row.role)


def _offer_of(row: Registration) -> Offer:
    return row.order.offer if row.order else in_force(event=row.event_id, at=row.registered_at)


@act
@open_to("member")
def cancel_registration(
    *, by: Actor, on: date, at: datetime, registration: Registration, key: str = "", why: str = "asked",
) -> Registration:
    """Give a place back: it goes to those who wait, and what goes back of the fee is computed by rule (K2)."""
    row = _open(by, registration, key)
    if why == "asked":
        _in_time(row, on)
    elif not joined():
        require(may_see_registrations(actor=by, event=row.event))
    given = giving_back(registration=row, on=on, unpaid=why in ("unpaid", "event"))
    for one in row.chosen.exclude(booking=""):
        holding.cancel(token=one.booking, at=at)
    holding.cancel(token=row.booking, at=at, quantity=1)
    amounts = [Amount(sort=OrderLine.Sort.CANCELLED, amount=-given.credit)] if row.order and given.credit else []
    lines = charge(order=row.order, registration=row, amounts=amounts, on=on) if row.order else []
    row.state, row.cancelled_on, row.cancelled_for = State.CANCELLED, on, why
    row.save(update_fields=["state", "cancelled_on", "cancelled_for"])
    say(row, what="cancelled", why=why, lines=lines)
    if row.order:
        _close(row.order, why, on)
    return row


def _close(order: Order, why: str, on: date) -> None:
    if order.registrations.filter(state__in=LIVE).exists():
        confirm_paid(order, on=on)
    else:
        order.cancelled_on, order.cancelled_for = on, why
        order.save(update_fields=["cancelled_on", "cancelled_for"])


def _open(by: Actor, registration: Registration, key: str) -> Registration:
    """Lock the order first and then the registration: every act takes them in this order."""
    if registration.order_id:
        Order.objects.one_locked(pk=registration.order_id)
    row = Registration.objects.one_locked(pk=registration.pk)
    if not joined():
        require(may_change_registration(actor=by, registration=row, key=key))
    if row.state == State.CANCELLED:
        raise GivenBack(_("This registration was cancelled on %(day)s.") % {"day": row.cancelled_on})
    return row


def _in_time(row: Registration, on: date) -> None:
    if row.event.state == EventState.CANCELLED:
        raise TooLate(_("The event is cancelled; what was paid goes back in full."), regulation="K2.refund")
    if on >= row.event.until_on:
        raise TooLate(_("The event is over."))
