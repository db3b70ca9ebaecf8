"""Letters to who registers, pays, gives back or gets a place: queued in the act that causes them, so told once."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from xinglin.directory.telling import tell
from xinglin.kernel.notices import notify, register_notice
from xinglin.kernel.notices.wording import pack, render, worded
from xinglin.kernel.ports import ask
from xinglin.kernel.ports.addresses import Addresses
from xinglin.kernel.refs import Ref

from .meetings import Event
from .orders import Order, Payment, Refund
from .programme import Session
from .registrations import Registration

REGISTERED, PAID, GIVEN_BACK = "events_registered", "events_paid", "events_given_back"
SENT_BACK, HANDED_OVER, SESSION_OFF = "events_sent_back", "events_handed_over", "events_session_off"
for _code in (REGISTERED, PAID, GIVEN_BACK, SENT_BACK, HANDED_OVER, SESSION_OFF):
    register_notice(_code, app="xinglin.engines.events")


@dataclass(frozen=True, kw_only=True)
class Reader:
    """Whom a letter is for, by the one way that reaches them: the inbox of a person, an e-mail, a mobile number.

    An inbox rings by the e-mail address that the directory knows; without one `beside` is what a person wrote here.
    """

    person: Ref | None = None
    email: str = ""
    mobile: str = ""
    beside: "Reader | None" = field(default=None, compare=False)

    def __bool__(self) -> bool:
        """Say whether they can be reached."""
        return bool(self.person or self.email or self.mobile)


def reader_of(one: Registration | Order) -> Reader:
    """Return who comes, or who pays: a person of the directory, else an e-mail address, else a mobile number."""
    wrote = reader_at(email=one.email, mobile=one.mobile)
    return Reader(person=one.person.ref, beside=wrote) if one.person else wrote


def reader_at(*, email: str, mobile: str) -> Reader:
    """Return who is reached by an e-mail address, or without one by a mobile number."""
    return Reader(email=email) if email else Reader(mobile=mobile)


def tell_registered(row: Registration, order: Order | None) -> None:
    """Tell who comes that they have a place, and what is to be paid."""
    send(_who_comes(row), REGISTERED, key=str(row.pk), about=row.event, address=own_address(row),
         **where(row.event), **_to_pay(order), places=1)


def tell_ordered(order: Order, *, places: int) -> None:
    """Tell who pays for many what is to be paid, and where names are written."""
    send(reader_of(order), REGISTERED, key=f"order-{order.pk}", about=order.event, address=order_address(order),
         **where(order.event), **_to_pay(order), places=places)


def tell_paid(payment: Payment, order: Order) -> None:
    """Tell the payer that money came and how the order stands."""
    owed = _owed(order)
    send(reader_of(order), PAID, key=str(payment.pk), about=order.event, address=order_address(order),
         order=order.number, amount=_yuan(payment.amount), owed=_yuan(owed), back=_yuan(-owed), code=order.code)


def tell_given_back(row: Registration, *, back: Decimal) -> None:
    """Tell who had a place that it was given back, and what goes back of the fee."""
    send(_who_comes(row), GIVEN_BACK, key=str(row.pk), about=row.event, address=own_address(row), back=_yuan(back),
         unpaid=False)


def tell_unpaid(order: Order, rows: Sequence[Registration]) -> None:
    """Tell who pays, and who was to come, that places were lost because they were not paid; each once."""
    given = {"about": order.event, "unpaid": True, "key": f"unpaid-{order.pk}-{rows[0].pk}"}
    payer = reader_of(order)
    send(payer, GIVEN_BACK, **given, address=order_address(order), back=_yuan(-_owed(order)))
    for reader, row in {reader_of(row): row for row in rows}.items():
        if reader != payer:
            send(reader, GIVEN_BACK, **given, address=own_address(row), back="")


def tell_sent_back(refund: Refund, order: Order) -> None:
    """Tell the payer that money was sent back."""
    send(reader_of(order), SENT_BACK, key=str(refund.pk), about=order.event, address=order_address(order),
         order=order.number, amount=_yuan(refund.amount))


def tell_handed_over(row: Registration, *, owed: Decimal) -> None:
    """Send the ticket to who has a place now, and the difference it costs; nobody else hears its address."""
    send(reader_of(row), HANDED_OVER, key=f"{row.pk}-{row.turn}",
         about=row.event, address=own_address(row), owed=_yuan(owed), **where(row.event))


def tell_session_off(row: Registration, session: Session, *, back: Decimal) -> None:
    """Tell who had a place of a session that it falls away, and what goes back of its price."""
    send(_who_comes(row), SESSION_OFF, key=f"{row.pk}-{session.pk}", about=row.event, address=own_address(row),
         session=session.title, back=_yuan(back))


def send(reader: Reader, template: str, *, key: str, about: Event, **context: Any) -> None:
    """Queue a letter to one reader, by the way that reaches them; who left nothing hears nothing."""
    if reader.person and not notify(to=reader.person, template=template, key=key, about=about.ref,
                                    context={"event": about.title, **context}):
        return
    for way in written_to([reader]).values():
        write(way, template, about=about, **context)


def written_to(readers: Collection[Reader]) -> dict[Reader, Reader]:
    """Return how each is written to: who has an inbox only where the directory knows no e-mail address of theirs."""
    known = ask(Addresses).of(people=[one.person for one in readers if one.person])
    found = {}
    for one in readers:
        at = known.get(one.person) if one.person else None
        if not one.person:
            found[one] = one
        elif not (at and at.email):
            found[one] = one.beside or Reader(mobile=at.mobile if at else "")
    return {one: way for one, way in found.items() if way}


def write(reader: Reader, template: str, *, about: Event, **context: Any) -> None:
    """Queue a letter or a text message to an address."""
    said: Mapping[str, Any] = {"event": about.title, **context}
    words = render(template=template, context=pack(worded(template), said), about=about.ref,
                   language=settings.LANGUAGE_CODE)
    tell(email=reader.email, mobile=reader.mobile, subject=words.subject,
         words=words.body if reader.email else words.short)


def _who_comes(row: Registration) -> Reader:
    """Return who comes; who cannot be reached hears through who pays."""
    reader = reader_of(row)
    return reader_of(row.order) if row.order and not row.turn and not reader else reader


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


def where(event: Event) -> dict[str, str]:
    """Return the days and the place of an event as letters say them."""
    days = " – ".join(dict.fromkeys(date_format(one, "Y-m-d") for one in (event.from_on, event.last_on)))
    return {"days": days, "place": event.place}


def own_address(row: Registration) -> str:
    """Return the address at which a place is seen and changed."""
    return address("events:own", row.key)


def order_address(order: Order) -> str:
    """Return the address at which an order is seen and paid."""
    return address("events:own_order", order.key)


def address(name: str, key: str) -> str:
    """Return the whole address of a page that bears a key."""
    return f"{settings.XINGLIN_URL}{reverse(name, args=[key])}"
