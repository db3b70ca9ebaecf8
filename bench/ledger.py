"""Measures the ledger on PostgreSQL: acts per second against two other designs, seal latency, verify, proof.

(a) the same acts without a ledger; (b) a design that locks the head of the chain inside the act.
"""

import multiprocessing
import os
import statistics
import sys
import time
from datetime import date

from bench.filling import boot, fill

SECONDS = float(os.environ.get("BENCH_SECONDS", "4"))
WRITERS = (1, 4, 8)
FACTS = int(os.environ.get("BENCH_FACTS", "1000000"))
DAY = date(2026, 3, 5)


def acts():
    """Declare one fact and the same act three times: ours, without a ledger, and with a locked head."""
    from django.db import connection, transaction

    from xinglin.kernel import clock
    from xinglin.kernel.actors import house
    from xinglin.kernel.acts import act, new_key, state
    from xinglin.kernel.facts import Fact, Vocabulary, states
    from xinglin.kernel.ledger.content import Statement, next_link
    from xinglin.kernel.ledger.models import Head, SealedFact
    from xinglin.kernel.ledger.standalone import leaf_hash
    from xinglin.kernel.refs import Code, Ref

    @states("bench.visit.made", Vocabulary(zh="走访", en="Visit", countable=False))
    class VisitMade(Fact):
        """A visit (a fact of the benchmark)."""

        place: Ref
        kind: Code
        people: int

    by = house("bench")

    def row(number: int) -> VisitMade:
        with connection.cursor() as cursor:
            cursor.execute("INSERT INTO bench_row (number, words) VALUES (%s, %s)", [number, "走访会员单位"])
        return VisitMade(place=Ref(f"bench.place:{number % 97}"), kind=Code("care"), people=number % 50)

    @act
    def ours(*, by, on, number):
        state(row(number))

    def without(number: int) -> None:
        with transaction.atomic():
            row(number)

    def locking(number: int) -> None:
        with transaction.atomic():
            fact = row(number)
            said = Statement.of(
                fact=fact,
                key=new_key(),
                act=new_key(),
                by=by.ref,
                happened_on=DAY,
                recorded_at=clock.now(),
                cause=None,
                corrects=None,
                backfilled=False,
            )
            head = Head.objects.select_for_update().get(pk=2)
            leaf = leaf_hash(said.content.encode())
            head.link = next_link(before=bytes(head.link), leaf=leaf, algorithm="sha256")
            head.size += 1
            SealedFact.objects.create(
                position=10**12 + head.size,
                key=said.key,
                act=said.key,
                type=said.type,
                happened_on=DAY,
                recorded_at=clock.now(),
                actor=by.ref,
                body=fact.body(),
                content=said.content,
                link=head.link,
            )
            head.save()

    return {"ours": lambda n: ours(by=by, on=DAY, number=n), "without": without, "locking": locking}


def write(design: str, gate, answers) -> None:
    """Write for a fixed time and report how many acts were done."""
    boot()
    one = acts()[design]
    one(0)
    gate.wait()
    end, done = time.perf_counter() + SECONDS, 0
    while time.perf_counter() < end:
        one(done)
        done += 1
    answers.put(done)


def seal(stop, latencies) -> None:
    """Run the sealer beside the writers and report how long facts waited (seconds)."""
    boot()
    import json
    from datetime import UTC, datetime

    from xinglin.kernel.ledger import sealer
    from xinglin.kernel.ledger.models import SealedFact

    waited = []

    def look(sealed: int) -> None:
        now = datetime.now(UTC)
        last = SealedFact.objects.filter(position__lt=10**12).order_by("-position")[: min(sealed, 20)]
        waited.extend((now - datetime.fromisoformat(json.loads(one.content)["at"])).total_seconds() for one in last)
        if sealed:  # the oldest of the batch waited longest
            first = SealedFact.objects.filter(position__lt=10**12).order_by("-position")[sealed - 1]
            waited.append((now - datetime.fromisoformat(json.loads(first.content)["at"])).total_seconds())

    sealer.run(stop=stop.is_set, after=look)
    latencies.put(waited)


def rate(design: str, writers: int) -> tuple[float, list[float]]:
    """Return acts per second of one design, and the waits of sampled facts."""
    context = multiprocessing.get_context("spawn")
    gate, answers, stop, latencies = context.Barrier(writers + 1), context.Queue(), context.Event(), context.Queue()
    workers = [context.Process(target=write, args=(design, gate, answers)) for _ in range(writers)]
    sealing = context.Process(target=seal, args=(stop, latencies)) if design == "ours" else None
    for one in [*workers, *([sealing] if sealing else [])]:
        one.start()
    gate.wait()
    total = sum(answers.get() for _ in workers)
    for one in workers:
        one.join()
    waited: list[float] = []
    if sealing:
        stop.set()
        waited = latencies.get()
        sealing.join()
    return total / SECONDS, waited


def writing() -> None:
    """Print acts per second for 1, 4 and 8 writers."""
    print("acts with one fact per second (median of 3 runs); ours with the sealer running beside")
    print(
        f"{'writers':>8} {'ours':>8} {'without':>8} {'locking':>8} "
        f"{'ours/without':>13} {'ours/locking':>13} {'seal p99 s':>11}"
    )
    for writers in WRITERS:
        figures, waits = {}, []
        for design in ("without", "ours", "locking"):
            runs = []
            for _ in range(3):
                per_second, waited = rate(design, writers)
                runs.append(per_second)
                waits += waited
            figures[design] = statistics.median(runs)
        p99 = sorted(waits)[int(len(waits) * 0.99)] if waits else float("nan")
        print(
            f"{writers:>8} {figures['ours']:>8.0f} {figures['without']:>8.0f} {figures['locking']:>8.0f} "
            f"{figures['ours'] / figures['without']:>12.0%} "
            f"{figures['ours'] / figures['locking']:>12.1f}x {p99:>11.3f}",
            flush=True,
        )


def reading() -> None:
    """Print how fast a large ledger is verified and proven."""
    from xinglin.kernel.ledger import checkpoints, standalone
    from xinglin.kernel.ledger.models import Head, SealedFact
    from xinglin.kernel.ledger.verify import verify

    have = Head.objects.get(pk=1).size
    fresh = max(FACTS - have, 1)
    _, seconds = fill(
        fresh,
        type_="bench.visit.made",
        body=lambda number: {"place": f"bench.place:{number % 97}", "kind": "care", "people": number % 50},
        on=lambda number: DAY,
    )
    print(f"sealing in bulk: {fresh / seconds:,.0f} facts/s")
    checkpoints.make_checkpoint()
    begun = time.perf_counter()
    found = verify()
    seconds = time.perf_counter() - begun
    print(
        f"verify: {found.facts:,} facts in {seconds:.1f} s = {found.facts / seconds:,.0f} facts/s, holds: {found.holds}"
    )
    times, size = [], Head.objects.get(pk=1).size
    for step in range(1, 101):
        key = SealedFact.objects.values_list("key", flat=True).get(position=step * size // 100)
        begun = time.perf_counter()
        proof = checkpoints.proof(key=key)
        times.append(time.perf_counter() - begun)
        assert standalone.check_proof(proof) == []
    print(
        f"proof among {size:,} facts: median {statistics.median(times) * 1000:.2f} ms, max {max(times) * 1000:.2f} ms"
    )


def main() -> int:
    """Prepare the database and print the figures."""
    boot()
    from django.core.management import call_command
    from django.db import connection

    from xinglin.kernel.ledger.models import Head

    call_command("migrate", verbosity=0)
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE IF NOT EXISTS bench_row (id bigserial PRIMARY KEY, number int, words text)")
    Head.objects.get_or_create(pk=2, defaults={"origin": "bench"})
    acts()
    writing()
    with connection.cursor() as cursor:  # the rows of design (b) are none of ours
        cursor.execute(
            "SET session_replication_role = replica; DELETE FROM kernel_sealedfact WHERE position > 1000000000000;"
            "DELETE FROM kernel_head WHERE id = 2; SET session_replication_role = origin; ANALYZE"
        )
    reading()
    return 0


if __name__ == "__main__":
    sys.exit(main())
