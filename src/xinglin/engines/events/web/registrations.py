"""The organiser's pages of registrations, orders and money of an event."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from xinglin.kernel import clock
from xinglin.mechanics.booking import holding
from xinglin.mechanics.questionnaires.answers import told, unpacked
from xinglin.shell.asking import actor_of
from xinglin.shell.web import allow, done, perform, signed_in

from ..actions.orders import extend_order, pay_refund, receive_payment
from ..actions.registrations import cancel_registration
from ..meetings import Event
from ..offering import form_of
from ..offers import Ticket
from ..orders import Order, Way
from ..places import giving_back, said_answers
from ..registration_policy import (
    may_book_statements,
    may_receive_money,
    may_refund,
    may_run_registrations,
    may_see_registrations,
)
from ..registrations import Registration
from .money_forms import BackForm, MoneyForm, TermForm
from .register import seen_event
from .registrations_lists import Orders, Payments, Refunds, Registrations, order_light


def seen(request: HttpRequest, key: int) -> Event:
    """Return an event whose registrations the reader may see."""
    event = seen_event(request, key)
    allow(may_see_registrations(actor=actor_of(request), event=event))
    return event


@signed_in
def registrations(request: HttpRequest, key: int) -> HttpResponse:
    """List who comes; the answer says how full it is, what is unpaid and who waits."""
    event = seen(request, key)
    rows, tickets = event.registrations, list(Ticket.objects.filter(event=event))
    left = holding.left(items=[one.item for one in tickets], at=clock.now())
    return Registrations(request, event=event).response("events/registrations.html", {
        "event": event, "live": rows.live().count(), "confirmed": rows.confirmed().count(),
        "unnamed": rows.live().filter(name="").count(), "waiting": sum(one.waiting for one in left.values()),
        "places": [(one, left.get(one.item)) for one in tickets],
        "may_run": may_run_registrations(actor=actor_of(request), event=event)})


@signed_in
def registration(request: HttpRequest, key: int) -> HttpResponse:
    """Show one registration with its answers, money and what can be done."""
    row = get_object_or_404(Registration.objects.select_related("event__organisation", "ticket__event", "order"),
                            pk=key)
    allow(may_see_registrations(actor=actor_of(request), event=row.event))
    answers = told(form_of(row.form), unpacked(form_of(row.form), said_answers(row)), on=clock.today()) if (
        row.form) else []
    return render(request, "events/registration.html", {
        "row": row, "event": row.event, "answers": answers, "given": giving_back(registration=row, on=clock.today()),
        "lines": row.lines.select_related("price__ticket", "price__option"),
        "may_run": may_run_registrations(actor=actor_of(request), event=row.event),
        "chosen": row.chosen.select_related("option")})


@require_POST
@signed_in
def cancel(request: HttpRequest, key: int) -> HttpResponse:
    """Give a place back for somebody."""
    row = get_object_or_404(Registration.objects.select_related("event__organisation"), pk=key)
    outcome = perform(request, cancel_registration, registration=row, at=clock.now())
    if outcome.refusal:
        raise outcome.refusal
    return done(request, _("Given back."), row.get_absolute_url())


@signed_in
def orders(request: HttpRequest, key: int) -> HttpResponse:
    """List the orders of an event; the answer says what is still owed and what goes back."""
    event = seen(request, key)
    rows = Order.objects.weighed().filter(event=event)
    return Orders(request, event=event).response("events/orders.html", {
        "event": event, "may_book": may_book_statements(actor=actor_of(request)),
        "owed": sum(one.owed for one in rows.filter(cancelled_on=None, owed__gt=0)),
        "back": -sum(one.owed for one in rows.filter(owed__lt=0)), "came": sum(one.received for one in rows)})


@signed_in
def payments(request: HttpRequest, key: int) -> HttpResponse:
    """List the money of an event, for finance."""
    event = seen(request, key)
    return Payments(request, event=event).response("events/payments.html", {"event": event})


@signed_in
def refunds(request: HttpRequest) -> HttpResponse:
    """List what is to be sent back, of all events."""
    allow(may_refund(actor=actor_of(request)))
    rows = Order.objects.to_send_back()
    return Refunds(request).response("events/refunds.html", {
        "number": rows.count(), "sum": -sum(one.owed for one in rows)})


def order_page(request: HttpRequest, key: int, **bound: Any) -> HttpResponse:
    """Show one order to those who run the event; `bound` are forms that came back."""
    order = get_object_or_404(Order.objects.weighed().select_related("event__organisation", "offer"), pk=key)
    actor = actor_of(request)
    allow(may_see_registrations(actor=actor, event=order.event))
    ways = [one for one in Way if may_receive_money(actor=actor, event=order.event, way=one)]
    forms = {"money_form": MoneyForm(ways=ways, initial={
                 "way": order.way, "amount": max(order.owed, 0), "paid_on": clock.today()}),
             "back_form": BackForm(initial={"amount": max(-order.owed, 0)}, prefix="back"), "term_form": TermForm(),
             **bound}
    return render(request, "events/order.html", {
        "order": order, "event": order.event, "light": order_light(order), "back": -min(order.owed, 0),
        "rows": order.registrations.select_related("ticket"), "may_refund": may_refund(actor=actor),
        "may_receive": ways, "may_run": may_run_registrations(actor=actor, event=order.event),
        "payments": order.payments.all(), "refunds": order.refunds.all(), **forms},
        status=422 if any(one.failed for one in forms.values()) else 200)


@signed_in
def order(request: HttpRequest, key: int) -> HttpResponse:
    """Show one order."""
    return order_page(request, key)


@require_POST
@signed_in
def receive(request: HttpRequest, key: int) -> HttpResponse:
    """Book money for an order."""
    row, form = get_object_or_404(Order, pk=key), MoneyForm(request.POST, ways=list(Way))
    if form.is_valid() and perform(request, receive_payment, form, order=row, **form.cleaned_data).ok:
        return done(request, _("Booked."), row.get_absolute_url())
    return order_page(request, key, money_form=form)


@require_POST
@signed_in
def send_back(request: HttpRequest, key: int) -> HttpResponse:
    """Write down what was sent back."""
    row, form = get_object_or_404(Order, pk=key), BackForm(request.POST, prefix="back")
    if form.is_valid() and perform(request, pay_refund, form, order=row, **form.cleaned_data).ok:
        return done(request, _("Sent back, and written down."), row.get_absolute_url())
    return order_page(request, key, back_form=form)


@require_POST
@signed_in
def extend(request: HttpRequest, key: int) -> HttpResponse:
    """Give a payer more time."""
    row, form = get_object_or_404(Order, pk=key), TermForm(request.POST)
    if form.is_valid() and perform(request, extend_order, form, order=row, **form.cleaned_data).ok:
        return done(request, _("Noted."), row.get_absolute_url())
    return order_page(request, key, term_form=form)
