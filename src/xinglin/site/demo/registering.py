"""Registrations of the fictional year: one meeting sold out with a waiting list, a hospital's group, one called off."""

import random
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from django.core.files.base import ContentFile
from django.utils import timezone

from xinglin.directory.models import Organisation, Person
from xinglin.engines.events.actions.deciding import cancel_event
from xinglin.engines.events.actions.offers import publish_offer
from xinglin.engines.events.actions.ordering import Payer
from xinglin.engines.events.actions.orders import name_many, pay_refund, place_order, receive_payment
from xinglin.engines.events.actions.proposing import Plan
from xinglin.engines.events.actions.registrations import register
from xinglin.engines.events.carts import begin
from xinglin.engines.events.closing import empty_cancelled
from xinglin.engines.events.meetings import Event, Format, State
from xinglin.engines.events.names_pasted import parties_in
from xinglin.engines.events.offering import (
    ChoiceLine,
    PoolLine,
    PriceLine,
    QuestionLine,
    Sheet,
    TicketLine,
    VoucherLine,
)
from xinglin.engines.events.offers import Ticket
from xinglin.engines.events.orders import Order
from xinglin.engines.events.places import Party
from xinglin.kernel.actors import house as part
from xinglin.kernel.files import keep
from xinglin.mechanics.booking import holding, waiting
from xinglin.mechanics.booking.values import Held, Waitlisted

from . import gatherings, inviting
from .gatherings import Stage
from .houses import House
from .people import Cast

SEATS, WAIT, GROUP, LEFT_UNNAMED = 24, 5, 40, 3
DINNER = QuestionLine(code="dinner", kind="many", zh="晚宴", en="Dinner", choices=(
    ChoiceLine(code="gala", zh="欢迎晚宴", en="Gala dinner", amount=Decimal(200), places=20),))
WORKSHOP = QuestionLine(code="workshop", kind="choice", zh="会前工作坊", en="Workshop", choices=(
    ChoiceLine(code="echo", zh="超声工作坊", en="Ultrasound", amount=Decimal(300), places=6),
    ChoiceLine(code="none", zh="不参加", en="None")))


def enrol(*, house: House, cast: Cast, today: date, seed: int) -> None:
    """Let people register for the meetings to come, as far as today has come."""
    stage = Stage(house=house, cast=cast, today=today, rng=random.Random(seed + 23), branches=[], paper=keep(
        content=ContentFile("合成的佐证材料，仅供演示。".encode(), name="佐证材料（合成）.txt")))
    people = list(Person.objects.order_by("pk")[20:20 + SEATS + WAIT + 20])
    crowded, roomy, gone = _meetings(stage)
    _sell_out(stage, crowded, people[:SEATS + WAIT])
    _group(stage, roomy)
    inviting.invite(stage, roomy)
    _call_off(stage, gone, people[-12:])


def _meetings(stage: Stage) -> list[Event]:
    """Return three meetings whose registration is open; the last is made to be called off."""
    ahead = Event.objects.filter(state=State.OPEN, from_on__gt=stage.today + timedelta(days=2), offers=None)
    rows = list(ahead.exclude(format=Format.ONLINE).order_by("from_on", "pk")[:2])
    titles = ["重症医学实践研讨会（演示）", "医院感染管理研讨会（演示）", "海岛康复医学研讨会（演示，报名后取消）"]
    for title in titles[len(rows):]:
        day = stage.today + timedelta(days=16 + 5 * len(rows))
        rows.append(gatherings.carry(stage, Plan(
            title=title, kind="academic", organisation=stage.unit("academic"), from_on=day,
            until_on=day + timedelta(days=2), heads=120, place="临江饭店（虚构）"), gatherings.Figures()))
    return rows


def _moment(day: date, hour: int) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(hour)))


def _publish(stage: Stage, event: Event, seats: int) -> datetime:
    """Publish a list a week ago and return the moment at which the sale opened."""
    opens = _moment(stage.today - timedelta(days=6), 9)
    early = min(event.from_on, max(event.from_on - timedelta(days=30), stage.today - timedelta(days=2)))
    publish_offer(by=part("demo"), on=stage.today - timedelta(days=7), event=event, at=opens - timedelta(days=1),
                  sheet=Sheet(
        opens_at=opens, closes_at=_moment(event.from_on - timedelta(days=1), 18),
        pools=(PoolLine(code="hall", title="会场", capacity=seats),), questions=(DINNER, WORKSHOP),
        tickets=(TicketLine(code="full", title="参会代表", title_en="Delegate", pools=("hall",)),
                 TicketLine(code="student", title="学生", title_en="Student", audience="student", pools=("hall",),
                            voucher_needed=True)),
        prices=(PriceLine(ticket="full", amount=Decimal(800)), PriceLine(ticket="full", amount=Decimal(600),
                                                                        members=True),
                PriceLine(ticket="full", amount=Decimal(700), label="早鸟价", until_on=early),
                PriceLine(ticket="student", amount=Decimal(200))),
        vouchers=(VoucherLine(code="XS-YANSHI", title="医学生（演示）", ticket="student", uses=10),),
        note="演示价目，均为虚构。"))
    return opens


def _register(stage: Stage, event: Event, people: list[Person], opens: datetime, *, paid: int) -> None:
    """Register people one after another; the first so many have paid."""
    ticket, by = Ticket.objects.get(event=event, code="full"), part("demo")
    for number, person in enumerate(people):
        at = opens + timedelta(minutes=7 * number)
        held = holding.hold(item=ticket.item, who=person.ref, key="demo", at=at)
        if not isinstance(held, Held):
            continue
        answers = {"dinner": ["gala"]} if number % 3 == 0 else {}
        row = register(by=by, on=at.date(), at=at, token=held.token, party=Party(
            person=person, unit_name=person.workplace or "", email=person.email, mobile=person.mobile,
            answers=answers))
        if row.order and number < paid:
            _pay(stage, row.order, f"{event.pk}-{number}")


def _pay(stage: Stage, order: Order, serial: str) -> None:
    on = stage.today - timedelta(days=3)
    total = Order.objects.weighed().values_list("total", flat=True).get(pk=order.pk)
    receive_payment(by=part("demo"), on=on, order=order, way="transfer", amount=total, paid_on=on,
                    serial=f"DEMO-{serial}", payer_name=order.payer_name)


def _sell_out(stage: Stage, event: Event, people: list[Person]) -> None:
    opens = _publish(stage, event, SEATS)
    _register(stage, event, people[:SEATS], opens, paid=SEATS - 4)
    ticket = Ticket.objects.get(event=event, code="full")
    for number, person in enumerate(people[SEATS:]):
        entry = waiting.wait(item=ticket.item, who=person.ref, at=opens + timedelta(hours=5, minutes=number))
        if isinstance(entry, Waitlisted):
            begin(held=entry, ticket=ticket)


def _group(stage: Stage, event: Event) -> None:
    """Let a hospital order forty places, pay, and name all but a few."""
    opens = _publish(stage, event, 120)
    hospital = Organisation.objects.filter(kind="hospital").order_by("pk").first()
    if hospital is None:
        return
    ticket, at = Ticket.objects.get(event=event, code="full"), opens + timedelta(hours=2)
    held = holding.hold(item=ticket.group_item, who=hospital.ref, quantity=GROUP, key="demo", at=at)
    if not isinstance(held, Held):
        return
    order = place_order(by=part("demo"), on=at.date(), at=at, token=held.token, payer=Payer(
        name=hospital.name, unit=hospital, email="jiaoxue@hospital.example", mobile="13800000000"))
    _pay(stage, order, f"{event.pk}-group")
    names = [gatherings.person_name(stage.rng) for _one in range(GROUP - LEFT_UNNAMED)]
    rows, _wrong = parties_in(text="\n".join(f"{name}\t{hospital.name}\t1380000{number:04}"
                                             for number, name in enumerate(names)))
    name_many(by=part("demo"), on=at.date(), order=order, rows=rows)


def _call_off(stage: Stage, event: Event, people: list[Person]) -> None:
    """Let a dozen register and pay, call the meeting off, and send half of the money back."""
    opens = _publish(stage, event, 60)
    _register(stage, event, people, opens, paid=len(people) - 2)
    yesterday = stage.today - timedelta(days=1)
    cancel_event(by=part("demo"), on=yesterday, at=_moment(yesterday, 9), event=event,
                 reason="台风，场地停用（演示）。")
    empty_cancelled(at=_moment(stage.today, 8))
    back = list(Order.objects.to_send_back().filter(event=event).order_by("pk"))
    for order in back[:len(back) // 2]:
        pay_refund(by=part("demo"), on=stage.today, order=order, amount=-order.owed, serial=f"DEMO-R{order.pk}")
