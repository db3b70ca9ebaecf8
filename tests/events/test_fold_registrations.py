"""The facts of registering alone, folded in order, give the tables."""

import json
from datetime import timedelta
from decimal import Decimal

import pytest

from xinglin.engines.events.actions.handing_over import (
    claim_registration,
    name_registration,
    transfer_registration,
)
from xinglin.engines.events.actions.options import change_options
from xinglin.engines.events.actions.ordering import Payer
from xinglin.engines.events.actions.orders import name_many, pay_refund, place_order, receive_payment
from xinglin.engines.events.actions.registrations import cancel_registration
from xinglin.engines.events.closing import end_unpaid
from xinglin.engines.events.offers import Offer
from xinglin.engines.events.orders import Order, OrderLine, Payment, Refund
from xinglin.engines.events.places import Party
from xinglin.engines.events.registrations import LIVE, Registration
from xinglin.kernel.ledger.models import SealedFact

from .conftest import DAY, FIRST, HOUSE, OFFICE, actor
from .selling import NOW, enrol, guest, members, selling, take

__all__ = ["members", "selling"]
pytestmark = pytest.mark.django_db


def folded() -> dict[str, dict]:
    """Read the ledger from its first fact."""
    offers, places, orders, lines, money, confirmed = {}, {}, {}, {}, {}, {}
    cancelled: dict[str, tuple] = {}
    for fact in SealedFact.objects.filter(type__startswith="events.").order_by("position"):
        body = fact.body
        confirmed.pop(fact.corrects, None)
        match fact.type.removeprefix("events."):
            case "offer.published":
                offers[body["offer"]] = (body["event"], body["number"], set(body["tickets"]))
            case "registration.confirmed" | "registration.changed":
                places[body["registration"]] = (
                    body["ticket"], body.get("person"), body["role"], body["standing"], set(body["options"]),
                    body.get("voucher"), body.get("purchase"))
                if fact.type.endswith("confirmed"):
                    confirmed[fact.key] = body["registration"]
                if body["standing"] == "cancelled":
                    cancelled[body["registration"]] = (fact.happened_on, body["why"])
                if body.get("purchase"):
                    lines[body["purchase"]] = lines.get(body["purchase"], 0) + Decimal(body["charged"])
            case "order.placed":
                orders[body["purchase"]] = (body["event"], body["offer"], body["way"], body.get("due_on"),
                                            body["places"])
            case "payment.received":
                money[body["payment"]] = (body["purchase"], Decimal(body["amount"]), body["paid_on"])
            case "payment.refunded":
                money[body["refund"]] = (body["purchase"], -Decimal(body["amount"]), body["sent_on"])
    return {"offers": offers, "places": places, "orders": orders, "lines": lines, "money": money,
            "cancelled": cancelled, "closed": closed(places, cancelled), "confirmed": sorted(confirmed.values())}


def closed(places: dict, cancelled: dict) -> dict[str, tuple]:
    """Return the orders whose places were all given back, with when and why the last one was."""
    live = {place[-1] for key, place in places.items() if key not in cancelled}
    return {places[key][-1]: said for key, said in cancelled.items() if places[key][-1] not in {None, *live}}


def story(event, wang, li) -> None:
    first = enrol(event, wang.ref, party={"answers": {"dinner": ["gala"]}})
    receive_payment(by=HOUSE, on=DAY, order=first.order, way="transfer", amount=Decimal(1100), paid_on=DAY, serial="B1")
    pay_refund(by=OFFICE, on=DAY, order=first.order, amount=Decimal(100), serial="R1")
    transfer_registration(by=HOUSE, on=DAY, at=NOW, registration=first, to=Party(person=li))
    free = enrol(event, guest(1), "online")
    name_registration(by=HOUSE, on=DAY, registration=free, party=Party(name="吴双"))
    change_options(by=HOUSE, on=DAY, at=NOW, registration=free, answers={"dinner": ["gala"]})
    held = take(event, guest(2), quantity=2)
    order = place_order(by=HOUSE, on=DAY, at=NOW, token=held.token, payer=Payer(name="医院"))
    name_many(by=HOUSE, on=DAY, order=order, rows=[(1, Party(name="郑一"))])
    cancel_registration(by=HOUSE, on=FIRST - timedelta(days=9), at=NOW, registration=order.registrations.first())
    end_unpaid(at=order.due_at + timedelta(days=3))
    again = transfer_registration(by=HOUSE, on=DAY, at=NOW, registration=first, to=Party(name="贺一"))
    change_options(by=HOUSE, on=DAY, at=NOW, registration=again, answers={})
    claimed = enrol(event, guest(5), "online", party={"name": wang.name})
    claim_registration(by=actor(person=wang), on=DAY, at=NOW, key=claimed.key)


def test_the_facts_give_the_tables(selling, someone, sealed):
    story(selling(), someone(), someone("李小红"))
    sealed()
    told = folded()
    assert told["offers"] == {str(one.ref): (str(one.event.ref), one.number, {
        str(ticket.ref) for ticket in one.event.tickets.all()}) for one in Offer.objects.all()}
    assert told["places"] == {str(row.ref): (
        str(row.ticket.ref), str(row.person.ref) if row.person else None, row.role, row.state,
        {str(one.option.ref) for one in row.chosen.all()} if row.state in LIVE else told["places"][str(row.ref)][4],
        str(row.voucher.ref) if row.voucher else None, str(row.order.ref) if row.order else None)
        for row in Registration.objects.all()}
    assert told["orders"] == {str(one.ref): (str(one.event.ref), str(one.offer.ref), one.way, one.due_at.date(
        ).isoformat() if one.due_at else None, one.registrations.count()) for one in Order.objects.all()}
    gone = Registration.objects.filter(state="cancelled")
    assert told["cancelled"] == {str(row.ref): (row.cancelled_on, row.cancelled_for) for row in gone}
    assert told["closed"] == {str(one.ref): (one.cancelled_on, one.cancelled_for)
                              for one in Order.objects.exclude(cancelled_on=None)}
    assert told["confirmed"] == sorted(str(row.ref) for row in Registration.objects.confirmed())
    assert {why for _day, why in told["cancelled"].values()} == {"asked", "unpaid"} and told["confirmed"]
    assert told["lines"] == {str(one.ref): one.total for one in Order.objects.weighed()}
    assert told["money"] == {
        **{str(one.ref): (str(one.order.ref), one.amount, one.paid_on.isoformat()) for one in Payment.objects.all()},
        **{str(one.ref): (str(one.order.ref), -one.amount, one.sent_on.isoformat()) for one in Refund.objects.all()}}
    assert OrderLine.objects.count() >= 6
    assert json.loads(json.dumps(Offer.objects.get().content))["pools"]
