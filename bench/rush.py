"""Measures a rush for seats on PostgreSQL, four web processes, beside a raw WSGI app on the same server and database.

`python -m bench.rush [all]`: the short run shows one rush of each kind; `all` adds the injected delay for each, and
growth up to 100,000 places. Everybody clicks once over a connection of their own; waits count from the click.
"""

import asyncio
import json
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "xinglin.site.settings")
FOLDER = tempfile.TemporaryDirectory(prefix="xinglin-bench-")
os.environ["XINGLIN_VAR"] = FOLDER.name

import django  # noqa: E402

django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import connection, transaction  # noqa: E402

from bench import crowd, path, raw_seats  # noqa: E402
from bench.crowd import Click  # noqa: E402
from xinglin.kernel import clock  # noqa: E402
from xinglin.kernel.refs import Ref  # noqa: E402
from xinglin.mechanics.booking.holding import confirm, hold  # noqa: E402
from xinglin.mechanics.booking.models import Arrival, Hold, Item, Pool, Waiting  # noqa: E402
from xinglin.mechanics.booking.passes import give_pass  # noqa: E402
from xinglin.mechanics.booking.queueing import open_queue  # noqa: E402
from xinglin.mechanics.booking.setting import change_item, open_item, open_pool  # noqa: E402

RUSHES = ((1000, 100), (300, 299), (3000, 1000))
OURS, RAW, PROCESSES, THREADS, SECONDS, DELAY, ASKING = 8471, 8472, 4, 8, 2.0, 0.05, 0.5
OWNER = Ref("bench.congress:1")


@contextmanager
def served(port: int, application: str) -> Iterator[None]:
    """Run the server of `xinglin serve` with an application as long as the block lasts."""
    options = {"interface": "wsgi", "port": port, "workers": PROCESSES, "blocking-threads": THREADS,
               "log-level": "error"}
    words = [word for name, value in options.items() for word in (f"--{name}", str(value))]
    server = subprocess.Popen([sys.executable, "-m", "granian", *words, application],
                              env=os.environ | {"PYTHONPATH": "src:."})
    try:
        _await(port, server)
        yield
    finally:
        server.terminate()
        server.wait()


def _await(port: int, server: "subprocess.Popen[bytes]") -> None:
    until = time.monotonic() + 60
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=2).close()
            return
        except OSError:
            if time.monotonic() > until or server.poll() is not None:
                raise
            time.sleep(0.1)


def set_up(name: str, seats: int) -> tuple[Item, int]:
    """Make a pool of so many seats for either side and return our item and the raw pool."""
    pool = open_pool(owner=OWNER, code=name, capacity=seats)
    item = open_item(owner=OWNER, code=name, needs={pool: 1})
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO raw_pool (id, taken, capacity) VALUES (%s, 0, %s)", [pool.pk, seats])
    return item, pool.pk


def our_requests(item: Item, people: int) -> list[bytes]:
    """Return one click a person, each with the pass that their page gave them."""
    passes = [give_pass(who=Ref(f"bench.person:{number}"), at=clock.now(), items=[item.pk]) for number in range(people)]
    return [crowd.post(path="/seats/hold", body=f"item={item.pk}", header=f"X-Seat-Pass: {one}\r\n") for one in passes]


def raw_requests(pool: int, people: int) -> list[bytes]:
    """Return one click a person."""
    return [crowd.post(path="/", body=f"item={pool}&who=bench.person:{number}") for number in range(people)]


def sold(click: Click) -> bool:
    """Say whether a click got a seat."""
    return click.status == 200


def show(name: str, begun: float, clicks: list[Click], *, seats: int, counted: int) -> bool:
    """Print one rush and return whether it is right: none too many, none left while somebody lost."""
    won = [one for one in clicks if sold(one)]
    failed = [one for one in clicks if one.status not in (200, 409)]
    over, unsold = max(0, len(won) - seats) + abs(counted - len(won)), min(seats - len(won), len(clicks) - len(won))
    out = max((one.ended for one in won), default=begun) - begun
    print(f"  {name}: oversold {over}, unsold {max(0, unsold)}, failed {len(failed)}; sold out after {out:.2f} s; "
          f"{crowd.line('winners', clicks, sold)}; {crowd.line('losers', clicks, lambda one: not sold(one))}",
          flush=True)
    return over == 0 and unsold <= 0 and not failed and len(won) == min(seats, len(clicks))


def rush(people: int, seats: int, *, note: str = "") -> bool:
    """Let the same crowd rush ours and the raw app."""
    print(f"{people:,} people in {SECONDS:.0f} s for {seats:,} seats{note}")
    item, pool = set_up(f"{people}/{seats}{note}", seats)
    begun, clicks = crowd.arrive(port=OURS, requests=our_requests(item, people), seconds=SECONDS)
    right = show("ours", begun, clicks, seats=seats, counted=Hold.objects.live().filter(item=item).count())
    right &= crowd.at(.99, [one.waited for one in clicks if sold(one)]) < 1000
    begun, clicks = crowd.arrive(port=RAW, requests=raw_requests(pool, people), seconds=SECONDS)
    show("raw ", begun, clicks, seats=seats, counted=raw_taken(pool))
    return right


def warm() -> None:
    """Let each thread of either server open its connection, as it would have long before an opening."""
    item, pool = set_up("warm", 400)
    crowd.keep_asking(port=OURS, requests=our_requests(item, 400), at_once=100)
    crowd.keep_asking(port=RAW, requests=raw_requests(pool, 400), at_once=100)


def raw_taken(pool: int) -> int:
    """Return how many the raw pool counts."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT taken FROM raw_pool WHERE id = %s", [pool])
        return int(cursor.fetchone()[0])


def limit(seats: int = 2000, at_once: int = 64) -> bool:
    """Sell as fast as it goes, ours and raw in turns, and return whether ours reaches half of the raw."""
    best = {"ours": 0.0, "raw": 0.0}
    for turn in range(3):
        item, pool = set_up(f"limit {turn}", seats)
        best["ours"] = max(best["ours"], _sell(OURS, our_requests(item, seats), at_once))
        best["raw"] = max(best["raw"], _sell(RAW, raw_requests(pool, seats), at_once))
    print(f"as fast as it goes, {at_once} at once: ours {best['ours']:.0f} sales/s, raw {best['raw']:.0f} sales/s; "
          f"ratio {best['ours'] / best['raw']:.2f}", flush=True)
    return best["ours"] >= 0.5 * best["raw"]


def _sell(port: int, requests: list[bytes], at_once: int) -> float:
    begun, clicks = crowd.keep_asking(port=port, requests=requests, at_once=at_once)
    assert all(sold(one) for one in clicks), [one for one in clicks if not sold(one)][:3]
    return len(clicks) / (clicks[-1].ended - begun)


def unflushed(seats: int = 2000, at_once: int = 64) -> None:
    """Tell what the raw app sells when its commits do not wait for the disk either, as our holds do not."""
    _item, pool = set_up("unflushed", seats * 2)
    os.environ["RAW_FLUSH"] = "off"
    with served(RAW, "bench.raw_seats:application"):
        rates = [_sell(RAW, raw_requests(pool, seats), at_once) for _turn in range(2)]
    print(f"raw without waiting for the disk: {max(rates):.0f} sales/s", flush=True)


def fair(people: int = 400, seats: int = 150, rate: float = 100.0) -> bool:
    """Let people queue before and after an opening; each asks too early for a seat, and for the waiting list."""
    item, _pool = set_up("fair", seats)
    queue = open_queue(owner=OWNER, code="fair", opens_at=clock.now() + timedelta(seconds=4), rate=rate)
    change_item(item=item.pk, queue=queue, at=clock.now())
    met = asyncio.run(_queue_up(item, queue.pk, people))
    early = Hold.objects.filter(item=item, held_at__lt=queue.opens_at).count()
    numbers = dict(Arrival.objects.filter(queue=queue).values_list("who", "number"))
    # Nobody is let in faster than the rate, so a hold that came sooner than its number allows jumped the queue.
    came = [*Hold.objects.filter(item=item).values_list("who", "held_at"),
            *Waiting.objects.filter(item=item).values_list("who", "waiting_since")]
    jumps = sum(numbers[who] > rate * (at - queue.opens_at).total_seconds() + 1 for who, at in came)
    held, twice = sum(one["held"] for one in met), len(numbers) - len(set(numbers.values()))
    print(f"queue: {people} people before and after the opening, {rate:.0f} let in a second, {seats} seats: jumps "
          f"{jumps}, seats got before the opening {early}, numbers given twice {twice}; held {held}; "
          f"joining p99 {crowd.at(.99, [one['joined'] for one in met]):.0f} ms", flush=True)
    return jumps == early == twice == 0 and len(numbers) == people and held == seats


async def _queue_up(item: Item, queue: int, people: int) -> list[dict[str, Any]]:
    return await asyncio.gather(*(_one_in_line(item, queue, number, 6.0 * number / people) for number in range(people)))


async def _one_in_line(item: Item, queue: int, number: int, after: float) -> dict[str, Any]:
    await asyncio.sleep(after)
    text = give_pass(who=Ref(f"bench.fair:{number}"), at=clock.now(), items=[item.pk], queue=queue)
    first = await _post("join", text, "")
    found = json.loads(first.body)
    if not found["admitted"]:  # all the same: in vain
        await asyncio.gather(*(_post(verb, text, f"item={item.pk}") for verb in ("hold", "wait")))
    while not found["admitted"]:
        await asyncio.sleep(ASKING)
        found = json.loads((await _post("place", found["pass"], "")).body)
    held = json.loads((await _post("hold", found["pass"], f"item={item.pk}")).body)
    return {"held": held.get("state") == "held", "joined": first.waited}


async def _post(verb: str, text: str, body: str) -> Click:
    return await crowd.ask(OURS, crowd.post(path=f"/seats/{verb}", body=body, header=f"X-Seat-Pass: {text}\r\n"))


@contextmanager
def delayed() -> Iterator[None]:
    """Let each insert of a seat, ours and raw, take 50 ms longer."""
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE OR REPLACE FUNCTION bench_slow() RETURNS trigger LANGUAGE plpgsql AS "
                       f"$$BEGIN PERFORM pg_sleep({DELAY}); RETURN NEW; END$$")
        for table in ("booking_hold", "raw_sold"):
            cursor.execute(f"CREATE TRIGGER slow BEFORE INSERT ON {table} FOR EACH ROW EXECUTE FUNCTION bench_slow()")
    yield
    with connection.cursor() as cursor:
        for table in ("booking_hold", "raw_sold"):
            cursor.execute(f"DROP TRIGGER slow ON {table}")


def growth(sizes: tuple[int, ...]) -> bool:
    """Time one hold with its confirmation when so many places are confirmed already."""
    item, pool = set_up("growth", 10**6)
    there, took = 0, []
    for size in sizes:
        fill(item, pool, there, size)
        there = size
        took.append(min(_once(item, f"{size}.{turn}") for turn in range(60)))
        print(f"  {size:,} confirmed: hold and confirm {1000 * took[-1]:.2f} ms", flush=True)
    print(f"growth: the last is {took[-1] / took[0]:.2f} times the first")
    return took[-1] < 2 * took[0]


def fill(item: Item, pool: int, there: int, size: int) -> None:
    """Write confirmed places straight into the tables."""
    now = clock.now()
    with transaction.atomic():
        Hold.objects.bulk_create((Hold(
            item=item, who=f"bench.person:{number}", quantity=1, key="k", token=f"grown-{number}", turn=1,
            state="confirmed", held_at=now) for number in range(there, size)), batch_size=5000)
        Pool.objects.filter(pk=pool).update(taken=Hold.objects.filter(item=item).count())
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE booking_hold")


def _once(item: Item, number: str) -> float:
    now, begun = clock.now(), time.perf_counter()
    held = hold(item=item.pk, who=Ref(f"bench.late:{number}"), key="k", at=now)
    confirm(token=held.token, at=now + timedelta(seconds=1))  # type: ignore[union-attr]
    return time.perf_counter() - begun


def main(whole: bool) -> int:
    """Measure, and return 1 when something is not as promised."""
    if connection.vendor != "postgresql":
        print("rush: needs PostgreSQL: run it by `python -m bench rush`")
        return 1
    call_command("migrate", verbosity=0)
    with connection.cursor() as cursor:
        cursor.execute(raw_seats.SET_UP)
    with served(OURS, "xinglin.site.wsgi:application"), served(RAW, "bench.raw_seats:application"):
        warm()
        outcomes = [limit(), *(rush(*one) for one in RUSHES), fair(), path.walk(port=OURS)]
        path.orders(port=OURS)
        with delayed():
            outcomes += [rush(*one, note=", 50 ms delay") for one in (RUSHES if whole else RUSHES[:1])]
    unflushed()
    outcomes.append(growth((100, 5_000, 100_000) if whole else (100, 5_000)))
    return 0 if all(outcomes) else 1


if __name__ == "__main__":
    sys.exit(main("all" in sys.argv[1:]))
