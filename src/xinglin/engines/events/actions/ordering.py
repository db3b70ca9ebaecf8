"""Opens an order inside another act: numbered, with the code that a payer writes into a transfer."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.utils import timezone

from xinglin.directory.models import Organisation, Person
from xinglin.kernel.actors import Actor
from xinglin.kernel.acts import state
from xinglin.kernel.refs import Code, Ref
from xinglin.lib.transfer_codes import code_for
from xinglin.mechanics.transfers.bank_sheets import payer_folded

from ..facts_orders import OrderPlaced
from ..keys import new_key
from ..meetings import Event
from ..offers import Offer
from ..orders import Order, Way
from ..places import due_at
from ..registration_policy import may_run_registrations
from ..registrations import Registration

NUMBER = "HD-{year}-{serial:06}"


@dataclass(frozen=True, kw_only=True)
class Payer:
    """Who pays, and how to reach them: a person of the directory, a unit for which they speak, or a name alone."""

    name: str
    person: Person | None = None
    unit: Organisation | None = None
    email: str = ""
    mobile: str = ""

    @property
    def who(self) -> tuple[Ref, ...]:
        """Whose standing sets the price: the unit's or the person's, nobody's where a name stands alone (K2)."""
        return tuple(one.ref for one in (self.unit, self.person) if one)


def order_for(
    *, by: Actor, on: date, at: datetime, event: Event, offer: Offer, payer: Payer, way: str, request: str,
) -> Order:
    """Write an order for an event; a request that was written before is refused by the database."""
    key = new_key()
    term = None if way == Way.ON_SPOT else due_at(days=offer.pay_days, event=event, at=at)
    order = Order.objects.create(
        event=event, number=key, key=key, request=request[:80], offer=offer, person=payer.person,
        unit=payer.unit, payer_name=payer.name.strip()[:120], payer_folded=payer_folded(payer.name)[:120],
        email=payer.email.strip(), mobile=payer.mobile.strip(),
        account=_account(by, event, payer), way=way, code=_code(key), placed_at=at, due_at=term)
    # No rule wants orders without gaps, as one does receipts: a series would let in one registration after another.
    order.number = NUMBER.format(year=on.year, serial=order.pk)
    order.save(update_fields=["number"])
    return order


def order_of_its_own(row: Registration, *, by: Actor, on: date, at: datetime, offer: Offer) -> None:
    """Write an order for a place that cost nothing until now, paid by who comes; its facts count the place."""
    payer = Payer(name=row.name, person=row.person, email=row.email, mobile=row.mobile)
    row.order = order_for(by=by, on=on, at=at, event=row.event, offer=offer, payer=payer, way=Way.TRANSFER,
                          request=f"added:{new_key()}")
    row.save(update_fields=["order"])


def renew_term(order: Order, *, at: datetime) -> None:
    """Give an order a new term for what was added to it; who pays at the desk has none."""
    if order.due_at is None:
        return
    order.due_at = max(order.due_at, due_at(days=order.offer.pay_days, event=order.event, at=at))
    order.save(update_fields=["due_at"])
    say_order(order, corrects=order.placed_key)


def say_order(order: Order, *, corrects: UUID | None = None) -> None:
    """State what was ordered, once its lines are written; a later word corrects the term."""
    total = Order.objects.weighed().values_list("total", flat=True).get(pk=order.pk)
    order.placed_key = state(OrderPlaced(
        purchase=order.ref, event=order.event.ref, offer=order.offer.ref, way=Code(order.way), total=total,
        person=order.person.ref if order.person else None, unit=order.unit.ref if order.unit else None,
        places=order.registrations.count(), due_on=timezone.localdate(order.due_at) if order.due_at else None,
        payer_name=order.payer_name, number=order.number), corrects=corrects)
    order.save(update_fields=["placed_key"])


def _account(by: Actor, event: Event, payer: Payer) -> str:
    """Return whose account keeps a say over an order; who runs the event and orders for others has it by that alone."""
    mine = payer.person is not None and payer.person.ref == by.person
    if by.ref.kind != "directory.account" or (not mine and may_run_registrations(actor=by, event=event)):
        return ""
    return by.ref


def _code(key: str) -> str:
    attempt = 0
    while Order.objects.filter(code=code_for(what=key, attempt=attempt)).exists():
        attempt += 1
    return code_for(what=key, attempt=attempt)
