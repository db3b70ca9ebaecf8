"""Measures how fast a plan of 150 commitments knows where it stands while the ledger grows to 1,000,000 facts.

The yardstick in the same run: counting the same 150 measures from the facts, one query each.
"""

import os
import statistics
import sys
import time
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal

from bench.filling import boot, fill

SIZES = [int(one) for one in os.environ.get("BENCH_SIZES", "100000,300000,1000000").split(",")]
COMMITMENTS = 150
YEAR, DAY = 2026, date(2026, 9, 30)
FACT = "bench.work.done"


def declare() -> None:
    """Declare the fact that the plan counts: thirty kinds of work at five hundred places."""
    from xinglin.kernel.facts import Fact, Vocabulary, states
    from xinglin.kernel.refs import Code, Ref

    @states(FACT, Vocabulary(zh="工作", en="Work"))
    class WorkDone(Fact):
        """Some work was done (a fact of the benchmark)."""

        kind: Code
        place: Ref
        people: int
        online: bool


def body(number: int) -> dict[str, object]:
    """Return the body of a synthetic fact."""
    return {
        "kind": f"k{number % 30}", "place": f"bench.place:{number * 7 % 500}",
        "people": number % 200, "online": number % 3 == 0,
    }  # fmt: skip


def happened(number: int) -> date:
    """Spread the facts over the year up to the day of the measurement."""
    return date(YEAR, 1, 1) + timedelta(days=number * 11 % 273)


def make_plan():
    """Make a plan whose 150 commitments are counted in every way there is."""
    from xinglin.kernel.actors import house
    from xinglin.kernel.acts import act, state
    from xinglin.kernel.refs import Ref
    from xinglin.kernel.vocabulary import Term
    from xinglin.plans.actions.assigning import bind_commitment
    from xinglin.plans.commitments import Commitment
    from xinglin.plans.documents import Plan
    from xinglin.plans.facts import PlanRead

    by, on = house("bench"), date(YEAR, 1, 5)
    ways = (
        ("count", "", ""),
        ("sum", "people", ""),
        ("distinct", "place", ""),
        ("count", "", "ratio"),
        ("count", "", "met"),
    )

    @act
    def open_plan(*, by, on):
        plan = Plan.objects.create(year=YEAR, title="合成的年度计划（测速用）", created_on=on)
        for number in range(COMMITMENTS):
            measure, field, how = ways[number // 30]
            kind = (("kind", f"k{number % 30}"),)
            one = Commitment.objects.create(
                plan=plan, text=f"合成任务 {number}", kind="percent" if how == "ratio" else "count",
                value_min=Decimal(1000), unit="次", chapter=str(number // 15), chapter_order=number // 15,
                order=number, state="accepted", origin="added",
                starts_on=date(YEAR, 1, 1), deadline=date(YEAR, 12, 31),
            )  # fmt: skip
            ratio = how == "ratio"
            bind_commitment(
                by=by, on=on, commitment=one, how=how, base_filter=kind if ratio else (),
                term=Term(
                    fact=FACT, measure=measure, field=field or None, zh="工作", en="Work",
                    filter=(*kind, ("online", "true")) if ratio else kind,
                ),
            )  # fmt: skip
        state(PlanRead(plan=Ref(f"plans.plan:{plan.pk}"), year=YEAR, draft=0, commitments=COMMITMENTS))
        return plan

    return open_plan(by=by, on=on)


def timed(what: Callable[[], object], before: Callable[[], object] = lambda: None, times: int = 7) -> float:
    """Return the median of several runs in milliseconds; `before` is not counted."""
    taken = []
    for _ in range(times):
        before()
        begun = time.perf_counter()
        what()
        taken.append((time.perf_counter() - begun) * 1000)
    return statistics.median(taken)


def main() -> int:
    """Print the table; fails when the plan does not answer within 300 ms at the largest size."""
    boot()
    declare()
    from django.core.management import call_command
    from django.db import connection

    from xinglin.plans.measures import Measure
    from xinglin.plans.measuring import Asked, count_afresh, keys_afresh
    from xinglin.plans.progress import standings

    call_command("migrate", verbosity=0)
    plan = make_plan()

    def more(count: int) -> None:
        fill(count, type_=FACT, body=body, on=happened)

    def afresh() -> list[object]:
        asked = [Asked.of(one) for one in Measure.objects.filter(commitment__plan=plan)]
        return [keys_afresh(asked=one) if one.how == "distinct" else count_afresh(asked=one) for one in asked]

    print(f"a plan of {COMMITMENTS} commitments on {connection.vendor}, ms (median)")
    heads = (f"{one:>8}" for one in ("at rest", "+1 fact", "+100", "+1,000", "caught up", "afresh", "ratio"))
    print(f"{'facts':>10}", *heads)
    worst, have = 0.0, 0
    for size in SIZES:
        more(size - have)
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
        caught_up = timed(lambda: standings(plan=plan, on=DAY), times=1)
        rest = timed(lambda: standings(plan=plan, on=DAY))
        steps = [timed(lambda: standings(plan=plan, on=DAY), lambda n=n: more(n), times=5) for n in (1, 100, 1000)]
        counted = timed(afresh, times=1)
        have = size + 5 * 1101
        worst = max(rest, *steps[:2])
        print(
            f"{size:>10,} {rest:>8.0f} {steps[0]:>8.0f} {steps[1]:>8.0f} {steps[2]:>8.0f} {caught_up:>9,.0f} "
            f"{counted:>8,.0f} {counted / rest:>7.0f}x",
            flush=True,
        )
    print(f"within 300 ms at {SIZES[-1]:,} facts: {'yes' if worst < 300 else 'NO'}")
    return 0 if worst < 300 else 1


if __name__ == "__main__":
    sys.exit(main())
