"""Places orders for many, takes money for them, sends back what the rules send back, ends those that nobody pays."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from xinglin.kernel.actors import Actor
from xinglin.kernel.acts import act, joined, state
from xinglin.kernel.confinement import open_to
from xinglin.kernel.policy import Problem, Refusal, Refusals, require
from xinglin.kernel.refs import Code
from xinglin.lib.money import NotAnAmount, yuan
from xinglin.mechanics.transfers.book import BANK, BookedAlready, enter_money
from xinglin.mechanics.transfers.models import Statement

from ..facts_orders import PaymentReceived, PaymentRefunded
from ..letters import tell_ordered, tell_paid, tell_sent_back, tell_unpaid
from ..offers import Ticket
from ..orders import Order, Payment, Refund, Way
from ..places import Party, confirm_paid, owed_for, payable
from ..pricing import quote, terms_of, voucher_for
from ..registration_policy import (
    may_change_order,
    may_pay_for,
    may_receive_money,
    may_refund,
    may_register,
    may_run_registrations,
)
from ..registrations import LIVE, Registration, State
from .handing_over import name_registration
from .options import drop_unpaid
from .ordering import Payer, order_for, say_order
from .registrations import SELLING, NotOpen, cancel_registration, confirmed, enter

# Each book numbers what came in it; the bank's is the house's, whichever engine looks into it.
BOOKS = {Way.TRANSFER: BANK, Way.ON_SPOT: "events.desk", Way.ONLINE: "online"}


class WrongAmount(Refusal):
    """Nothing, or parts of a fen."""

    field = "amount"


class NotYet(Refusal):
    """The day has not come."""

    field = "paid_on"


class TooMuch(Refusal):
    """More than came and is not owed is never sent back (K2)."""

    field, regulation = "amount", "K2.refund"


class NothingUnpaid(Refusal):
    """Nothing is owed for this order, or its term is not over."""


class NoPayer(Refusal):
    """An order names who pays."""

    field = "payer"


class Closed(Refusal):
    """The order was cancelled."""


@act
@open_to("member")
def place_order(
    *, by: Actor, on: date, at: datetime, token: str, payer: Payer, parties: Sequence[Party] = (), voucher: str = "",
    way: str = Way.TRANSFER,
) -> Order:
    """Order several places at once for one payer; names may come later (member price by the payer's standing, K2)."""
    held = confirmed(token=token, at=at)
    ticket = Ticket.objects.select_related("event__organisation").get(group_item=held.item)
    event = ticket.event
    require(may_register(actor=by, event=event, who=held.who))
    require(may_pay_for(actor=by, event=event, payers=payer.who, on=on))
    if event.state not in SELLING:
        raise NotOpen(_("This event takes no registrations now."))
    if not payer.name.strip():
        raise NoPayer(_("Write who pays."))
    if len(parties) > held.quantity:
        raise Refusal(_("%(names)d names for %(places)d places.") % {
            "names": len(parties), "places": held.quantity}, field="names")
    if way == Way.ON_SPOT and not payable(ticket):
        raise Refusal(_("There is no desk at a stream: choose a transfer or the payment service."), field="way")
    terms = terms_of(ticket=ticket, token=token, who=payer.who)
    code = voucher_for(ticket=ticket, offer=terms.offer, code=voucher, on=terms.on, count=held.quantity)
    asked = quote(terms=terms, voucher=code)
    order = order_for(by=by, on=on, at=at, event=event, offer=terms.offer, payer=payer, way=way, request=token)
    for seat in range(held.quantity):
        party = parties[seat] if seat < len(parties) else Party(unit=payer.unit)
        enter(held=held, ticket=ticket, party=party, asked=asked, options=[], at=at, on=on, order=order, seat=seat)
    say_order(order)
    tell_ordered(order, places=held.quantity)
    return order


@dataclass(frozen=True, kw_only=True)
class Named:
    """What came of a list of names: who has a place now, and what is wrong with the other lines."""

    kept: tuple[Registration, ...]
    problems: tuple[Problem, ...]


@act
@open_to("member")
def name_many(
    *, by: Actor, on: date, order: Order, rows: Sequence[tuple[int, Party]], key: str = "",
) -> Named:
    """Give names to places of an order that have none; right lines are kept, wrong ones said (Refusals: all wrong)."""
    order = Order.objects.one_locked(pk=order.pk)
    require(may_change_order(actor=by, order=order, key=key))
    free = list(order.registrations.filter(state__in=LIVE, name="").order_by("pk"))
    kept: list[Registration] = []
    problems: list[Problem] = []
    for number, party in rows:
        if len(kept) == len(free):
            problems.append(Problem(field="names", row=number, message=_(
                "Row %(row)d, %(name)s: every place of this order is named.") % {"row": number, "name": party.name}))
            continue
        try:
            with transaction.atomic():
                kept.append(name_registration(by=by, on=on, registration=free[len(kept)], party=party, key=order.key))
        except Refusal as refusal:
            problems.append(Problem(field="names", row=number, message=_("Row %(row)d: %(why)s") % {
                "row": number, "why": refusal}))
    if not kept:
        raise Refusals(problems or [Problem(field="names", message=_("Paste at least one name."))])
    return Named(kept=tuple(kept), problems=tuple(problems))


@act
def receive_payment(
    *, by: Actor, on: date, order: Order, way: str, amount: Decimal, paid_on: date, serial: str, payer_name: str = "",
    account: str = "", statement: Statement | None = None,
) -> Payment:
    """Book money for an order under its serial; who owes nothing any more is confirmed, what is over goes back."""
    order = Order.objects.one_locked(pk=order.pk)
    if not joined():
        require(may_receive_money(actor=by, event=order.event, way=way))
    _check_money(amount, paid_on, on)
    row = Payment.objects.create(
        order=order, way=way, amount=amount, paid_on=paid_on, serial=serial.strip()[:80], received_on=on,
        received_by=by.person or by.ref, payer_name=payer_name.strip()[:120], account=account.strip())
    enter_money(payment=row.ref, book=BOOKS[Way(way)], serial=row.serial, paid_on=paid_on, amount=amount,
                payer=row.payer_name, account=row.account, statement=statement)
    state(PaymentReceived(
        payment=row.ref, purchase=order.ref, event=order.event.ref, way=Code(way), amount=amount, paid_on=paid_on,
        payer_name=row.payer_name), happened_on=paid_on)
    confirm_paid(order, on=on)
    tell_paid(row, order)
    return row


def _check_money(amount: Decimal, paid_on: date, on: date) -> None:
    try:
        exact = yuan(amount)
    except NotAnAmount:
        exact = Decimal(0)
    if exact <= 0:
        raise WrongAmount(_("Write an amount in yuan and fen, such as 800 or 800.50."))
    if paid_on > on:
        raise NotYet(_("That day has not come yet."))


@act
def pay_refund(*, by: Actor, on: date, order: Order, amount: Decimal, serial: str) -> Refund:
    """Say that money was sent back for an order: what came and is not owed, never more (K2)."""
    order = Order.objects.one_locked(pk=order.pk)
    require(may_refund(actor=by))
    over = -order.owed
    _check_money(amount, on, on)
    if amount > over:
        raise TooMuch(_("At most ¥%(over)s goes back for this order: that much came and is not owed.") % {
            "over": max(over, Decimal(0))})
    serial = serial.strip()
    if not serial:
        raise BookedAlready(_("Write the serial of the bank, or the number in the cash book."))
    if Refund.objects.filter(serial=serial).exists():
        raise BookedAlready(_("A refund under the serial %(serial)s is in the book.") % {"serial": serial})
    row = Refund.objects.create(order=order, amount=amount, serial=serial, sent_by=by.person or by.ref, sent_on=on)
    state(PaymentRefunded(refund=row.ref, purchase=order.ref, event=order.event.ref, amount=amount, sent_on=on))
    tell_sent_back(row, order)
    return row


@act
def extend_order(*, by: Actor, on: date, order: Order, due_at: datetime) -> Order:
    """Give a payer more time: a unit pays after its own approvals."""
    order = Order.objects.one_locked(pk=order.pk)
    require(may_run_registrations(actor=by, event=order.event))
    if order.cancelled_on:
        raise Closed(_("This order was cancelled on %(day)s.") % {"day": order.cancelled_on})
    if due_at.date() < on:
        raise Refusal(_("It cannot have been due before today."), field="due_at")
    order.due_at = due_at
    order.save(update_fields=["due_at"])
    say_order(order, corrects=order.placed_key)
    return order


@act
def cancel_unpaid(*, by: Actor, on: date, at: datetime, order: Order, before: datetime) -> Order:
    """End what is not paid of an order that was due before a moment; its places go to those who wait.

    Places that are paid stay, and a place that was paid once loses the options added since before it is lost itself.
    """
    order = Order.objects.one_locked(pk=order.pk)
    require(may_run_registrations(actor=by, event=order.event))
    if order.cancelled_on or order.owed <= 0 or order.due_at is None or order.due_at >= before:
        raise NothingUnpaid(_("Somebody was faster: it was paid, cancelled or given more time."))
    lost: list[Registration] = []
    while owed_for(order) > 0 and (row := _unpaid(order)):
        if not (row.confirmed_key and drop_unpaid(registration=row, on=on, at=at)):
            lost.append(cancel_registration(by=by, on=on, at=at, registration=row, why="unpaid"))
    confirm_paid(order, on=on)
    if lost:
        tell_unpaid(order, lost)
    order.refresh_from_db()
    return order


def _unpaid(order: Order) -> Registration | None:
    """Return a place of an order that is held: one without a name first, then the last that was taken."""
    rows = order.registrations.filter(state=State.HELD)
    return rows.filter(name="").order_by("-pk").first() or rows.order_by("-pk").first()
