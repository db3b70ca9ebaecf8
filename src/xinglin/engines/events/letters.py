"""Letters to who registers, pays, gives back or gets a place: queued in the act that causes them, so told once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from xinglin.directory.models import Person
from xinglin.directory.telling import tell
from xinglin.kernel.notices import notify, register_notice
from xinglin.kernel.notices.wording import pack, render, worded

from .meetings import Event
from .orders import Order, Payment, Refund
from .registrations import Registration

REGISTERED, PAID, GIVEN_BACK = "events_registered", "events_paid", "events_given_back"
SENT_BACK, HANDED_OVER = "events_sent_back", "events_handed_over"
for _code in (REGISTERED, PAID, GIVEN_BACK, SENT_BACK, HANDED_OVER):
    register_notice(_code, app="xinglin.engines.events")


@dataclass(frozen=True, kw_only=True)
class Reader:
    """Whom a letter is for: a person of the directory, else an e-mail address, else a mobile number."""

    person: Person | None
    email: str
    mobile: str


def tell_registered(row: Registration, order: Order | None) -> None:
    """Tell who comes that they have a place, and what is to be paid."""
    _send(_who_comes(row), REGISTERED, key=str(row.pk), event=row.event, address=_own(row),
          **_where(row.event), **_to_pay(order), places=1)


def tell_ordered(order: Order, *, places: int) -> None:
    """Tell who pays for many what is to be paid, and where names are written."""
    _send(_payer(order), REGISTERED, key=f"order-{order.pk}", event=order.event, address=_ordered(order),
          **_where(order.event), **_to_pay(order), places=places)


def tell_paid(payment: Payment, order: Order) -> None:
    """Tell the payer that money came and how the order stands."""
    owed = _owed(order)
    _send(_payer(order), PAID, key=str(payment.pk), event=order.event, address=_ordered(order),
          order=order.number, amount=_yuan(payment.amount), owed=_yuan(owed), back=_yuan(-owed), code=order.code)


def tell_given_back(row: Registration, *, back: Decimal) -> None:
    """Tell who had a place that it was given back, and what goes back of the fee."""
    _send(_who_comes(row), GIVEN_BACK, key=str(row.pk), event=row.event, address=_own(row), back=_yuan(back),
          unpaid=False)


def tell_unpaid(order: Order, rows: Sequence[Registration]) -> None:
    """Tell who pays, and who was to come, that places were lost because they were not paid; each once."""
    given = {"event": order.event, "unpaid": True, "key": f"unpaid-{order.pk}-{rows[0].pk}"}
    _send(_payer(order), GIVEN_BACK, **given, address=_ordered(order), back=_yuan(-_owed(order)))
    for reader, row in {_reader(row): row for row in rows}.items():
        if reader != _payer(order):
            _send(reader, GIVEN_BACK, **given, address=_own(row), back="")


def tell_sent_back(refund: Refund, order: Order) -> None:
    """Tell the payer that money was sent back."""
    _send(_payer(order), SENT_BACK, key=str(refund.pk), event=order.event, address=_ordered(order),
          order=order.number, amount=_yuan(refund.amount))


def tell_handed_over(row: Registration, *, owed: Decimal) -> None:
    """Send the ticket to who has a place now, and the difference it costs; nobody else hears its address."""
    _send(_reader(row), HANDED_OVER, key=f"{row.pk}-{row.turn}",
          event=row.event, address=_own(row), owed=_yuan(owed), **_where(row.event))


def _send(reader: Reader, template: str, *, key: str, event: Event, **context: Any) -> None:
    said: Mapping[str, Any] = {"event": event.title, **context}
    if reader.person:
        notify(to=reader.person.ref, template=template, key=key, about=event.ref, context=said)
        return
    if not (reader.email or reader.mobile):
        return
    words = render(template=template, context=pack(worded(template), said), about=event.ref,
                   language=settings.LANGUAGE_CODE)
    tell(email=reader.email, mobile="" if reader.email else reader.mobile, subject=words.subject,
         words=words.body if reader.email else words.short)


def _who_comes(row: Registration) -> Reader:
    """Return who comes; who cannot be reached hears through who pays."""
    if row.order and not row.turn and not (row.person or row.email or row.mobile):
        return _payer(row.order)
    return _reader(row)


def _reader(row: Registration) -> Reader:
    return Reader(person=row.person, email=row.email, mobile=row.mobile)


def _payer(order: Order) -> Reader:
    return Reader(person=order.person, email=order.email, mobile=order.mobile)


def _owed(order: Order) -> Decimal:
    found: Decimal = Order.objects.weighed().values_list("owed", flat=True).get(pk=order.pk)
    return found


def _to_pay(order: Order | None) -> dict[str, Any]:
    owed = _owed(order) if order else Decimal(0)
    until = timezone.localtime(order.due_at).strftime("%Y-%m-%d %H:%M") if order and order.due_at else ""
    return {"owed": _yuan(owed), "until": until, "code": order.code if order else ""}


def _yuan(amount: Decimal) -> str:
    """Return an amount in words of a letter, "" for nothing."""
    return f"{amount:,.2f}" if amount > 0 else ""


def _where(event: Event) -> dict[str, str]:
    days = " – ".join(dict.fromkeys(date_format(one, "Y-m-d") for one in (event.from_on, event.last_on)))
    return {"days": days, "place": event.place}


def _own(row: Registration) -> str:
    return f"{settings.XINGLIN_URL}{reverse('events:own', args=[row.key])}"


def _ordered(order: Order) -> str:
    return f"{settings.XINGLIN_URL}{reverse('events:own_order', args=[order.key])}"
