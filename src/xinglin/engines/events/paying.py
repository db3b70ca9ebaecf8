"""Payment services: where a payer is sent, and the signed notices that say what was paid; each is booked once."""

import hmac
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Protocol

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from xinglin.kernel.actors import house
from xinglin.kernel.policy import Refusal
from xinglin.lib.money import NotAnAmount, yuan
from xinglin.mechanics.transfers.book import BookedAlready

from .actions.orders import receive_payment
from .orders import Order, Payment, Way

FRESH = 600  # seconds for which a notice may be on its way; told again days later, it is signed anew


class NotGenuine(Refusal):
    """The notice bears no signature of the service, or is too old."""


class Contradiction(Refusal):
    """The same transaction was told with another order or amount."""


@dataclass(frozen=True, kw_only=True)
class Paid:
    """What a service says: a transaction of its own paid so much for an order."""

    transaction: str
    order: str  # number
    amount: Decimal
    at: datetime


class PaymentService(Protocol):
    """One payment service, such as WeChat Pay or Alipay; the simulator is one too."""

    code: str

    def begin(self, *, order: Order) -> str:
        """Return the address to which the payer goes."""
        ...

    def read(self, *, body: bytes, signature: str, at: datetime) -> Paid:
        """Return what a genuine notice says (NotGenuine)."""
        ...


_services: dict[str, PaymentService] = {}


def offer_service(one: PaymentService) -> None:
    """Register a payment service; `XINGLIN_PAYMENT` names the one that is used."""
    _services[one.code] = one


def service(code: str = "") -> PaymentService | None:
    """Return the service that is used, or one by its code; None when there is none."""
    return _services.get(code or settings.XINGLIN_PAYMENT)


def take_notice(*, code: str, body: bytes, signature: str, at: datetime) -> Payment:
    """Book what a notice says, once however often it comes (NotGenuine, Contradiction)."""
    one = service(code)
    if one is None:
        raise NotGenuine(_("This payment service is not used here."))
    paid = one.read(body=body, signature=signature, at=at)
    order = Order.objects.filter(number=paid.order).first()
    if order is None:
        raise Contradiction(_("There is no order %(number)s.") % {"number": paid.order})
    serial = f"{code}:{paid.transaction}"
    try:
        return receive_payment(by=house(f"payments-{code}"), on=timezone.localdate(at), order=order, way=Way.ONLINE,
                               amount=paid.amount, paid_on=timezone.localdate(min(paid.at, at)), serial=serial)
    except BookedAlready:
        there = Payment.objects.filter(way=Way.ONLINE, serial=serial).first()
        if there is None or (there.order_id, there.amount) != (order.pk, paid.amount):
            raise Contradiction(_("Transaction %(serial)s was told with another order or amount.") % {
                "serial": serial}) from None
        return there


class Simulator:
    """A payment service on this machine, for trials: it signs like a real one and may be slow, doubled or failing."""

    code = "simulator"

    def begin(self, *, order: Order) -> str:
        """Return the address of the page that stands for the payer's app."""
        return f"/events/pay/simulator/{order.key}/"

    def notice(
        self, *, transaction: str, order: str, amount: Decimal, at: datetime, sent_at: datetime | None = None,
    ) -> tuple[bytes, str]:
        """Return a notice of a payment and its signature, as the service would send them at a moment."""
        body = json.dumps({"transaction": transaction, "order": order, "amount": str(amount), "at": at.isoformat(),
                           "sent_at": (sent_at or at).isoformat()}, sort_keys=True).encode()
        return body, self._sign(body)

    def read(self, *, body: bytes, signature: str, at: datetime) -> Paid:
        """Return what a genuine notice says (NotGenuine)."""
        if not hmac.compare_digest(self._sign(body).encode(), signature.encode()):
            raise NotGenuine(_("The signature is not that of the payment service."))
        try:
            said = json.loads(body)
            paid = Paid(transaction=str(said["transaction"]), order=str(said["order"]), amount=yuan(said["amount"]),
                        at=datetime.fromisoformat(said["at"]))
            age = at - datetime.fromisoformat(said["sent_at"])
            whole = paid.at.tzinfo is not None
        except (ValueError, KeyError, TypeError, NotAnAmount):
            whole = False
        if not whole:
            raise NotGenuine(_("The notice cannot be read."))
        if abs(age.total_seconds()) > FRESH:
            raise NotGenuine(_("The notice is too old."))
        return paid

    def _sign(self, body: bytes) -> str:
        key = hmac.digest(settings.SECRET_KEY.encode(), b"xinglin.events.simulator", "sha256")
        return hmac.digest(key, body, "sha256").hex()

    def behave(
        self, *, how: str, order: Order, amount: Decimal, transaction: str, at: datetime,
        deliver: Callable[[bytes, str], object],
    ) -> int:
        """Tell as a real service does: once, thrice, a day late, or not when the payment failed; return how often."""
        if how == "fails":
            return 0
        body, signature = self.notice(transaction=transaction, order=order.number, amount=amount, sent_at=at,
                                      at=at - timedelta(days=1) if how == "late" else at)
        times = 3 if how == "thrice" else 1
        for _time in range(times):
            deliver(body, signature)
        return times


SIMULATOR = Simulator()
offer_service(SIMULATOR)
