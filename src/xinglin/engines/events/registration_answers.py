"""Names of tickets, lists, registrations, orders and money for the rest of the house."""

from xinglin.kernel.refs import Shown, resolves

from .offers import Offer, Option, Ticket, Voucher
from .orders import Order, Payment, Refund
from .registrations import Registration


def _keys(keys: list[str]) -> list[str]:
    return [key for key in keys if key.isdecimal()]


@resolves("events.ticket")
def _tickets(keys: list[str]) -> dict[str, Shown]:
    return {str(one.pk): Shown(label=str(one)) for one in Ticket.objects.filter(pk__in=_keys(keys))}


@resolves("events.option")
def _options(keys: list[str]) -> dict[str, Shown]:
    return {str(one.pk): Shown(label=str(one)) for one in Option.objects.filter(pk__in=_keys(keys))}


@resolves("events.voucher")
def _vouchers(keys: list[str]) -> dict[str, Shown]:
    return {str(one.pk): Shown(label=one.code) for one in Voucher.objects.filter(pk__in=_keys(keys))}


@resolves("events.offer")
def _offers(keys: list[str]) -> dict[str, Shown]:
    rows = Offer.objects.filter(pk__in=_keys(keys)).select_related("event")
    return {str(one.pk): Shown(label=f"{one.event.title} №{one.number}") for one in rows}


@resolves("events.registration")
def _registrations(keys: list[str]) -> dict[str, Shown]:
    rows = Registration.objects.filter(pk__in=_keys(keys))
    return {str(one.pk): Shown(label=str(one), url=one.get_absolute_url()) for one in rows}


@resolves("events.order")
def _orders(keys: list[str]) -> dict[str, Shown]:
    rows = Order.objects.filter(pk__in=_keys(keys))
    return {str(one.pk): Shown(label=one.number, url=one.get_absolute_url()) for one in rows}


@resolves("events.payment")
def _payments(keys: list[str]) -> dict[str, Shown]:
    rows = Payment.objects.filter(pk__in=_keys(keys)).select_related("order")
    return {str(one.pk): Shown(label=one.serial, url=one.order.get_absolute_url()) for one in rows}


@resolves("events.refund")
def _refunds(keys: list[str]) -> dict[str, Shown]:
    rows = Refund.objects.filter(pk__in=_keys(keys)).select_related("order")
    return {str(one.pk): Shown(label=one.serial, url=one.order.get_absolute_url()) for one in rows}
