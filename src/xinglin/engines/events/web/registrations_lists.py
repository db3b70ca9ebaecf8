"""Lists of an event's registrations, orders and money."""

from typing import Any

from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from xinglin.shell.tables import Choice, Column, Dates, Segment, Table

from ..orders import Order, Payment, Way
from ..registrations import LIVE, Registration, Role, State

LIGHTS = {State.HELD: ("warn", State.HELD.label), State.CONFIRMED: ("ok", State.CONFIRMED.label),
          State.CANCELLED: ("off", State.CANCELLED.label)}


def order_light(order: Order) -> tuple[str, Any]:
    """Return how a weighed order stands."""
    if order.owed < 0:
        return "bad", _("Money goes back")
    if order.cancelled_on:
        return "off", _("Cancelled")
    if order.owed > 0:
        return ("warn", _("Paid in part")) if order.received else ("warn", _("To be paid"))
    return "ok", _("Paid")


class Registrations(Table):
    """Who comes to an event."""

    code = "events.registrations"
    unit = "人"
    columns = (
        Column("name", _("Full name"), value=lambda row: str(row), at="name", sort="name",
               link=lambda row: row.get_absolute_url(), sub=lambda row: row.unit_name),
        Column("ticket", _("Ticket"), value=lambda row: str(row.ticket), sort="ticket__order"),
        Column("role", _("As what"), value=lambda row: row.get_role_display()),
        Column("state", _("State"), kind="status", words=LIGHTS, at="status", sort=True),
        Column("order", _("Order"), value=lambda row: row.order.number if row.order else "", kind="id",
               link=lambda row: row.order.get_absolute_url() if row.order else ""),
        Column("mobile", _("Mobile"), sensitive=True),
        Column("email", _("E-mail"), hidden=True),
        Column("code", _("Ticket code"), kind="id", hidden=True),
        Column("registered_at", _("Registered at"), kind="datetime", sort=True),
        Column("options", _("Options chosen"), hidden=True, value=lambda row: "、".join(
            str(one.option) for one in row.chosen.all())),
    )
    search = ("name", "unit_name", "code", "email", "order__number")
    search_hint = _("Name, unit, ticket code, order")
    filters = (Choice("role", _("As what"), options=Role.choices),
               Dates("registered_at", _("Registered at")))
    segments = (Segment("live", _("With a place"), where=Q(state__in=LIVE)),
                Segment("confirmed", _("Confirmed"), where=Q(state=State.CONFIRMED)),
                Segment("held", _("To be paid"), where=Q(state=State.HELD)),
                Segment("unnamed", _("Not yet named"), where=Q(state__in=LIVE, name="")),
                Segment("cancelled", _("Given back"), where=Q(state=State.CANCELLED)))
    order = ("-pk",)

    def rows(self) -> Any:
        """Return the registrations of the event."""
        rows = Registration.objects.filter(event=self.given["event"])
        return rows.select_related("ticket", "order", "person").prefetch_related("chosen__option")


class Orders(Table):
    """The orders of an event."""

    code = "events.orders"
    unit = "单"
    columns = (
        Column("number", _("Order"), at="name", kind="id", sort=True, link=lambda row: row.get_absolute_url(),
               sub=lambda row: row.payer_name),
        Column("code", _("Transfer code"), kind="id"),
        Column("way", _("How it is paid"), value=lambda row: row.get_way_display()),
        Column("total", _("To be paid in all"), kind="money", sort="total"),
        Column("received", _("Came in"), kind="money", sort="received"),
        Column("sent_back", _("Sent back"), kind="money", hidden=True),
        Column("owed", _("Still owed"), kind="money", sort="owed"),
        Column("due_at", _("To be paid by"), kind="datetime", sort=True),
        Column("state", _("State"), kind="status", value=lambda row: order_light(row)[0], words=order_light,
               at="status"),
        Column("placed_at", _("Ordered at"), kind="datetime", sort=True, hidden=True),
    )
    search = ("number", "code", "payer_name", "email")
    search_hint = _("Order, code, payer")
    filters = (Choice("way", _("How it is paid"), options=Way.choices), Dates("placed_at", _("Ordered at")))
    segments = (Segment("open", _("To be paid"), where=Q(cancelled_on=None, owed__gt=0)),
                Segment("back", _("Money goes back"), where=Q(owed__lt=0)),
                Segment("paid", _("Paid"), where=Q(cancelled_on=None, owed=0)),
                Segment("cancelled", _("Cancelled"), where=~Q(cancelled_on=None)),
                Segment("all", _("All"), where=Q()))
    order = ("-pk",)

    def rows(self) -> Any:
        """Return the orders of the event."""
        return Order.objects.weighed().filter(event=self.given["event"]).select_related("event")


class Refunds(Orders):
    """What is to be sent back, of all events."""

    code = "events.refunds"
    columns = (Column("event", _("Event"), value="event.title"), *Orders.columns)
    segments = ()

    def rows(self) -> Any:
        """Return the orders for which more came than they cost."""
        return Order.objects.to_send_back().select_related("event")


class Payments(Table):
    """Money of an event, for finance."""

    code = "events.payments"
    unit = "笔"
    columns = (
        Column("paid_on", _("Paid on"), kind="date", sort=True),
        Column("payer_name", _("Payer"), at="name", value=lambda row: row.payer_name or row.order.payer_name),
        Column("amount", _("Amount"), kind="money", sort=True, total="amount"),
        Column("way", _("How it was paid"), value=lambda row: row.get_way_display()),
        Column("serial", _("Serial of the bank"), kind="id"),
        Column("order", _("Order"), kind="id", value=lambda row: row.order.number,
               link=lambda row: reverse("events:order", args=[row.order_id])),
        Column("received_on", _("Booked on"), kind="date", hidden=True),
    )
    search = ("serial", "payer_name", "order__number")
    search_hint = _("Serial, payer, order")
    filters = (Choice("way", _("How it was paid"), options=Way.choices), Dates("paid_on", _("Paid on")))
    order = ("-pk",)

    def rows(self) -> Any:
        """Return the payments of the event."""
        return Payment.objects.filter(order__event=self.given["event"]).select_related("order").annotate(
            number=F("order__number"))
