"""Measures the public pages of 200 conferences: calendar, event with timetable, feed; PostgreSQL, four processes.

The yardstick in the same run is the sign-in page, which reads no data. `python -m bench calendar`.
"""

import sys
import time
from datetime import date, datetime, timedelta
from datetime import time as clock_time
from typing import Any

from bench.rush import OURS, served  # sets up Django and its folder first
from bench.rush import crowd as people

CONFERENCES, ROOMS, SLOTS, TIMES, AT_ONCE, LIMIT = 200, 5, 12, 40, 8, 300
PLAIN, STEP = "/account/login/", 10_000


def seed() -> list[int]:
    """Write one conference by acts, copy it with its programme, and return the keys of all."""
    from django.db import connection

    from bench.registering import copy, event_on_sale
    from xinglin.engines.events.meetings import Event
    from xinglin.engines.events.programme import Room, Session, Speaking
    from xinglin.kernel import clock

    event = event_on_sale(day=clock.today(), opens=clock.now())
    programme(event)

    def key(pk: int) -> str:
        return f"{pk} + {STEP} * n"  # keys of one copy lie in a range of their own

    def copies(row: Any, **given: str) -> None:
        copy(type(row), row.pk, {"id": key(row.pk), **given}, 1, CONFERENCES)

    copies(event, title="'压力测试会议 ' || n", from_on="t.from_on + n::int", until_on="t.until_on + n::int")
    for room in Room.objects.filter(event=event):
        copies(room, event_id=key(event.pk))
    for one in Session.objects.filter(event=event):
        copies(one, event_id=key(event.pk), room_id=key(one.room_id),
               **{name: f"t.{name} + n * interval '1 day'" for name in ("from_at", "until_at")})
    for one in Speaking.objects.filter(session__event=event):
        copies(one, session_id=key(one.session_id))
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return list(Event.objects.filter(pk__gte=event.pk).order_by("pk").values_list("pk", flat=True))


def programme(event: Any) -> None:
    """Fill two days in five rooms, two speakers each session."""
    from django.utils import timezone

    from xinglin.engines.events.facts import EventMoved
    from xinglin.engines.events.programme import Room, Session, Speaking
    from xinglin.kernel import clock
    from xinglin.kernel.actors import Actor, house
    from xinglin.kernel.acts import act, state
    from xinglin.kernel.refs import Code

    @act
    def fill(*, by: Actor, on: date) -> None:
        rooms = Room.objects.bulk_create([
            Room(event=event, name=f"{number}号厅", order=number) for number in range(1, ROOMS + 1)])
        for slot in range(SLOTS):
            day = event.from_on + timedelta(days=slot % 2)
            begins = timezone.make_aware(datetime.combine(day, clock_time(8))) + timedelta(minutes=90 * (slot // 2))
            for one in Session.objects.bulk_create([Session(
                    event=event, title=f"第{slot + 1}节专题报告（虚构）", room=room, from_at=begins,
                    until_at=begins + timedelta(minutes=60)) for room in rooms]):
                Speaking.objects.bulk_create([
                    Speaking(session=one, name=f"讲者{one.pk}-{number}", order=number) for number in (1, 2)])
        state(EventMoved(event=event.ref, before=Code("open"), state=Code("open")))

    fill(by=house("bench"), on=clock.today())


def one_by_one(pages: dict[str, list[str]]) -> dict[str, float]:
    """Ask the pages of each sort in turns, so that what the machine does besides slows all; return their p95."""
    waited: dict[str, list[float]] = {name: [] for name in pages}
    for turn in range(TIMES + 2):
        for name, paths in pages.items():
            request = people.get(path=paths[turn % len(paths)])
            _begun, [click] = people.keep_asking(port=OURS, requests=[request], at_once=1)
            assert click.status == 200, (name, click.status)
            if turn >= 2:  # what is built once is not what people wait for
                waited[name].append(click.waited)
    for name, took in waited.items():
        print(f"  {name}: p50 {people.at(.5, took):.0f} p95 {people.at(.95, took):.0f} ms", flush=True)
    return {name: people.at(.95, took) for name, took in waited.items()}


def at_once(pages: dict[str, list[str]]) -> None:
    """Ask as fast as it goes and print how many pages of each sort are given a second."""
    for name, paths in pages.items():
        requests = [people.get(path=paths[turn % len(paths)]) for turn in range(TIMES * 4)]
        begun, clicks = people.keep_asking(port=OURS, requests=requests, at_once=AT_ONCE)
        rate = len(clicks) / (max(one.ended for one in clicks) - begun)
        print(f"  {AT_ONCE} at once, {people.line(name, clicks, lambda one: True)}; {rate:.0f} a second", flush=True)


def main() -> int:
    """Seed, serve, measure; fails when the p95 of a page is above 300 ms."""
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    begun = time.perf_counter()
    keys = seed()
    print(f"{len(keys)} conferences, {ROOMS * SLOTS} sessions each, written in {time.perf_counter() - begun:.0f} s")
    pages = {"plain (sign-in)": [PLAIN], "calendar": ["/events/calendar/", "/events/calendar/?page=3"],
             "event and timetable": [f"/events/{one}/open/" for one in keys],
             "prices": [f"/events/{keys[0]}/register/"], "feed of all": ["/events/calendar.ics"]}
    with served(OURS, "xinglin.site.wsgi:application"):
        at_once(pages)
        p95 = one_by_one(pages)
    return 0 if max(p95.values()) < LIMIT else 1


if __name__ == "__main__":
    sys.exit(main())
