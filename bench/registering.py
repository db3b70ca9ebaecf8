"""Measures one registration, from the click to the order, when 100, 5,000 or 100,000 have registered before.

`python -m bench.registering [all]`: the short run goes to 5,000, `all` to 100,000. The time should not grow.
"""

import os
import statistics
import sys
import time
from datetime import date, datetime, timedelta
from datetime import time as clock_time
from decimal import Decimal
from typing import Any

DAY, TRIES = date(2026, 3, 2), 40
STEPS = (100, 5_000, 100_000)
MOST = 1.5  # times the time at the first step, beyond which growth is no noise


def event_on_sale() -> Any:
    """Return an open event with places for everybody, prices and a dinner."""
    from django.utils import timezone

    from xinglin.directory.actions.organisations import found_organisation
    from xinglin.directory.models import Organisation
    from xinglin.engines.events.actions.offers import publish_offer
    from xinglin.engines.events.actions.proposing import Plan, draft_event
    from xinglin.engines.events.facts import EventMoved
    from xinglin.engines.events.meetings import Event
    from xinglin.engines.events.offering import ChoiceLine, PoolLine, PriceLine, QuestionLine, Sheet, TicketLine
    from xinglin.kernel.actors import Actor, house
    from xinglin.kernel.acts import act, state
    from xinglin.kernel.refs import Code

    by, opens = house("bench"), datetime.combine(DAY, clock_time(9), timezone.get_current_timezone())
    made = found_organisation(by=by, on=DAY, name="测试协会（虚构）", kind="association", from_on=date(2001, 5, 1))
    event = draft_event(by=by, on=DAY, plan=Plan(
        title="压力测试会议（虚构）", kind="academic", organisation=Organisation.objects.get(pk=made.key),
        from_on=date(2026, 6, 6), until_on=date(2026, 6, 8), heads=100))
    dinner = QuestionLine(code="dinner", kind="many", zh="晚宴", choices=(
        ChoiceLine(code="gala", zh="欢迎晚宴", amount=Decimal(200), places=300_000),))
    publish_offer(by=by, on=DAY, event=event, at=opens, sheet=Sheet(
        opens_at=opens, closes_at=opens + timedelta(days=60), questions=(dinner,),
        pools=(PoolLine(code="hall", title="会场", capacity=300_000),),
        tickets=(TicketLine(code="full", title="代表", pools=("hall",)),),
        prices=(PriceLine(ticket="full", amount=Decimal(800)),)))

    @act
    def open_(*, by: Actor, on: date) -> None:
        Event.objects.filter(pk=event.pk).update(state="open")
        state(EventMoved(event=event.ref, before=Code("draft"), state=Code("open")))

    open_(by=by, on=DAY)
    return Event.objects.get(pk=event.pk)


def fill(event: Any, *, first: int, until: int, at: datetime) -> None:
    """Write registrations with orders, lines, numbers and places in bulk, as if acts had written them."""
    from xinglin.engines.events.actions.ordering import SERIES
    from xinglin.engines.events.facts import EventMoved
    from xinglin.engines.events.offers import Price, Ticket
    from xinglin.engines.events.orders import Order, OrderLine
    from xinglin.engines.events.registrations import Registration
    from xinglin.kernel.actors import Actor, house
    from xinglin.kernel.acts import act, state
    from xinglin.kernel.numbering import IssuedNumber
    from xinglin.kernel.refs import Code
    from xinglin.mechanics.booking.models import Hold, Pool

    ticket, offer = Ticket.objects.get(event=event), event.offers.get()
    price, last = Price.objects.get(ticket=ticket), IssuedNumber.objects.filter(series=SERIES).count()

    @act
    def write(*, by: Actor, on: date) -> None:
        numbers = range(first, until)
        Hold.objects.bulk_create([Hold(
            item_id=ticket.item, who=f"events.visitor:b{n}", quantity=1, key="b", token=f"b{n}", turn=1,
            state="confirmed", held_at=at) for n in numbers], batch_size=2000)
        orders = Order.objects.bulk_create([Order(
            event=event, number=f"B-{n:07}", key=f"b{n}", request=f"b{n}", offer=offer, payer_name="周宁",
            code=f"B{n:07}", placed_at=at, due_at=at + timedelta(days=7)) for n in numbers], batch_size=2000)
        rows = Registration.objects.bulk_create([Registration(
            event=event, ticket=ticket, order=order, name="周宁", state="held", code=f"B{n:07}", key=f"b{n}",
            booking=f"b{n}", who=f"events.visitor:b{n}", registered_at=at)
            for n, order in zip(numbers, orders, strict=True)], batch_size=2000)
        OrderLine.objects.bulk_create([OrderLine(order=row.order, registration=row, sort="ticket", price=price,
                                                 amount=800, added_on=on) for row in rows], batch_size=2000)
        IssuedNumber.objects.bulk_create([IssuedNumber(
            series_id=SERIES, year=2026, serial=last + 1 + place, text=f"B-{n:07}", issued_on=on)
            for place, n in enumerate(numbers)], batch_size=2000)
        Pool.objects.filter(code="pool:hall").update(taken=until + 1000)
        state(EventMoved(event=event.ref, before=Code("open"), state=Code("open")))

    write(by=house("bench"), on=DAY)


def measure(event: Any, *, at: datetime, name: str) -> dict[str, list[float]]:
    """Return the milliseconds of holds, registrations with a dinner, and payments, one after another."""
    from xinglin.engines.events.actions.orders import receive_payment
    from xinglin.engines.events.actions.registrations import register
    from xinglin.engines.events.offers import Ticket
    from xinglin.engines.events.places import Party
    from xinglin.kernel.actors import house
    from xinglin.kernel.refs import ref
    from xinglin.mechanics.booking.holding import hold

    ticket, took = Ticket.objects.get(event=event), dict[str, list[float]](hold=[], register=[], pay=[])
    for number in range(TRIES):
        begun = time.perf_counter()
        held = hold(item=ticket.item, who=ref("events.visitor", f"{name}-{number}"), key="k", at=at)
        holding = time.perf_counter()
        row = register(by=house("bench"), on=DAY, at=at, token=held.token,  # type: ignore[union-attr]
                       party=Party(name="周宁", mobile="13800000000", answers={"dinner": ["gala"]}))
        registered = time.perf_counter()
        receive_payment(by=house("bench"), on=DAY, order=row.order, way="online", amount=Decimal(1000), paid_on=DAY,
                        serial=f"{name}-{number}")
        paid = time.perf_counter()
        for what, seconds in (("hold", holding - begun), ("register", registered - holding),
                              ("pay", paid - registered)):
            took[what].append(seconds * 1000)
    return took


def main() -> int:
    """Print the figures; fails when one registration takes longer because many registered before."""
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "xinglin.site.settings")
    django.setup()
    from django.conf import settings
    from django.db import connection
    from django.test.utils import get_runner
    from django.utils import timezone

    settings.TESTING = True
    runner = get_runner(settings)(verbosity=0, interactive=False)
    old = runner.setup_databases()
    steps, medians = STEPS if "all" in sys.argv else STEPS[:2], []
    try:
        event, at = event_on_sale(), datetime.combine(DAY, clock_time(10), timezone.get_current_timezone())
        measure(event, at=at, name="warm")
        before = TRIES
        for step in steps:
            fill(event, first=before, until=step, at=at)
            with connection.cursor() as cursor:
                cursor.execute("ANALYZE")
            before = step + TRIES
            took = measure(event, at=at, name=f"s{step}")
            medians.append(statistics.median(took["register"]))
            words = "   ".join(f"{what} {statistics.median(times):.1f} ms (p95 {sorted(times)[-3]:.1f})"
                               for what, times in took.items())
            print(f"{step:>7,} registered before: {words}", flush=True)
    finally:
        runner.teardown_databases(old)
    print(f"growth of one registration: × {medians[-1] / medians[0]:.2f}")
    return 1 if medians[-1] > medians[0] * MOST else 0


if __name__ == "__main__":
    sys.exit(main())
