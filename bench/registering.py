"""Measures one registration, from the click to the order, when 100, 5,000 or 100,000 have registered before.

`python -m bench registering [all]`: the short run goes to 5,000, `all` to 100,000. The time should not grow.
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
FRESH = 10_000_000  # beyond which keys are those of copies
MOST = 1.5  # times the time at the first step, beyond which growth is no noise


def event_on_sale(*, day: date = DAY, opens: datetime | None = None, places: int = 300_000, rate: float = 0) -> Any:
    """Return an open event with places, prices and a dinner, and a queue that lets in so many a second."""
    from django.utils import timezone

    from xinglin.directory.actions.organisations import found_organisation
    from xinglin.directory.models import Organisation
    from xinglin.engines.events.actions.offers import publish_offer
    from xinglin.engines.events.actions.proposing import Plan, draft_event
    from xinglin.engines.events.facts import EventMoved
    from xinglin.engines.events.meetings import Event
    from xinglin.engines.events.offering import ChoiceLine, PoolLine, PriceLine, QuestionLine, Sheet, TicketLine
    from xinglin.kernel import clock
    from xinglin.kernel.actors import Actor, house
    from xinglin.kernel.acts import act, state
    from xinglin.kernel.refs import Code

    by, opens = house("bench"), opens or datetime.combine(day, clock_time(9), timezone.get_current_timezone())
    unit = Organisation.objects.first() or Organisation.objects.get(pk=found_organisation(
        by=by, on=day, name="测试协会（虚构）", kind="association", from_on=date(2001, 5, 1)).key)
    event = draft_event(by=by, on=day, plan=Plan(
        title="压力测试会议（虚构）", kind="academic", organisation=unit, from_on=day + timedelta(days=96),
        until_on=day + timedelta(days=98), heads=100))
    dinner = QuestionLine(code="dinner", kind="many", zh="晚宴", choices=(
        ChoiceLine(code="gala", zh="欢迎晚宴", amount=Decimal(200), places=300_000),))
    publish_offer(by=by, on=day, event=event, at=min(opens, clock.now()), sheet=Sheet(
        opens_at=opens, closes_at=opens + timedelta(days=60), questions=(dinner,), queue_rate=rate,
        pools=(PoolLine(code="hall", title="会场", capacity=places),),
        tickets=(TicketLine(code="full", title="代表", pools=("hall",)),),
        prices=(PriceLine(ticket="full", amount=Decimal(800)),)))

    @act
    def open_(*, by: Actor, on: date) -> None:
        Event.objects.filter(pk=event.pk).update(state="open")
        state(EventMoved(event=event.ref, before=Code("draft"), state=Code("open")))

    open_(by=by, on=day)
    return Event.objects.get(pk=event.pk)


def fill(event: Any, *, first: int, until: int) -> None:
    """Write registrations with orders, lines and places as copies of one that an act wrote, by PostgreSQL itself."""
    from xinglin.engines.events.orders import Order, OrderLine
    from xinglin.engines.events.registrations import Registration
    from xinglin.mechanics.booking.models import Hold, Pool

    row, fresh, name = Registration.objects.filter(event=event).earliest("pk"), f"{FRESH} + n", "'b' || n"
    unique = {"id": fresh, "key": name, "code": "'B' || n"}
    who = {"who": "'events.visitor:b' || n"}
    for model, template, given in (
        (Hold, Hold.objects.get(token=row.booking), {"id": fresh, "token": name, **who}),
        (Order, row.order, {**unique, "number": "'B-' || n", "request": name}),
        (Registration, row, {**unique, "order_id": fresh, "booking": name, **who}),
        (OrderLine, row.lines.earliest("pk"), {"id": fresh, "order_id": fresh, "registration_id": fresh}),
    ):
        copy(model, template.pk, given, first, until)
    Pool.objects.filter(code="pool:hall").update(taken=until + 1000)


def copy(model: Any, template: int, given: dict[str, str], first: int, until: int) -> None:
    """Write copies of a row, numbered n; `given` says in SQL what is not as in the row."""
    from django.db import connection

    names = [one.column for one in model._meta.concrete_fields]
    values = ", ".join(given.get(one, f't."{one}"') for one in names)
    table, columns = model._meta.db_table, ", ".join(f'"{one}"' for one in names)
    with connection.cursor() as cursor:
        cursor.execute(f"INSERT INTO {table} ({columns}) SELECT {values} FROM {table} t, generate_series(%s, %s) n"
                       " WHERE t.id = %s", [first, until - 1, template])


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
            fill(event, first=before, until=step)
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
