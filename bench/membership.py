"""Measures membership on 200,000 members: the dues run against a bulk insert of the same rows without facts.

`python -m bench.membership [MEMBERS]` in a fresh temporary database, SQLite or the one that XINGLIN_DATABASE names.
"""

import os
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "xinglin.site.settings")
FOLDER = tempfile.TemporaryDirectory(prefix="xinglin-bench-")
os.environ["XINGLIN_VAR"] = FOLDER.name

import django  # noqa: E402

django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import connection, transaction  # noqa: E402
from django.db.models import QuerySet  # noqa: E402

from xinglin.directory.models import Person  # noqa: E402
from xinglin.engines.membership import statuses  # noqa: E402
from xinglin.engines.membership.actions.schedules import Fee, adopt_schedule  # noqa: E402
from xinglin.engines.membership.actions.tiers import grant, open_tier  # noqa: E402
from xinglin.engines.membership.answers import days_of  # noqa: E402
from xinglin.engines.membership.billing import charges_of, part_after, rules_of  # noqa: E402
from xinglin.engines.membership.dues_run import SIZE, run_dues  # noqa: E402
from xinglin.engines.membership.fees import Charge, Run  # noqa: E402
from xinglin.engines.membership.members import Coverage, Member, Spell, TierSpan  # noqa: E402
from xinglin.engines.membership.tiers import Holder, Tier  # noqa: E402
from xinglin.kernel.actors import house  # noqa: E402
from xinglin.kernel.jobs import Cancelled  # noqa: E402
from xinglin.kernel.ledger.models import UnsealedFact  # noqa: E402
from xinglin.kernel.refs import Code  # noqa: E402

HOUSE, DAY, YEAR = house("bench"), date(2026, 1, 5), 2026
MOST_SECONDS = 60


def tiers() -> list[Tier]:
    """Open two tiers that pay, and adopt their fees."""
    made = [open_tier(by=HOUSE, on=DAY, code=Code(code), zh=code, en=code, holder=Holder.PERSON,
                      from_on=date(2001, 1, 1)) for code in ("ordinary", "senior")]
    for tier in made:
        grant(by=HOUSE, on=DAY, tier=tier, code="fee", from_on=date(2001, 1, 1))
    adopt_schedule(by=HOUSE, on=DAY, decision="虚构", adopted_on=date(2025, 12, 1), from_on=date(2026, 1, 1),
                   entitled=300, present=300, in_favour=300, secret_ballot=True,
                   lines=[Fee(tier=tier, amount=Decimal(100 * place)) for place, tier in enumerate(made, start=1)])
    return made


def fill(members: int, *, of: list[Tier]) -> None:
    """Write members straight into the tables: most paid last year, some waived, some new, some of seventy."""
    def rows(model: type, make: Callable[[int], object]) -> list[Any]:
        return QuerySet(model).bulk_create((make(number) for number in range(members)), batch_size=2000)

    with transaction.atomic():
        people = rows(Person, lambda n: Person(name=f"会员{n}", sort_key=f"h{n:06d}", registered_on=DAY,
                                               born_on=date(1950 + n % 50, 1 + n % 12, 1 + n % 28)))
        held = rows(Member, lambda n: Member(number=f"2020-{n:06d}", serial=n + 1, person=people[n]))
        spells = rows(Spell, lambda n: Spell(member=held[n], joined_on=date(2020, 1, 1) + timedelta(days=n % 1500)))
        rows(TierSpan, lambda n: TierSpan(member=held[n], tier=of[n % 2], from_on=spells[n].joined_on))
        rows(Coverage, lambda n: Coverage(
            spell=spells[n], kind="waived" if n % 100 == 7 else "paid", from_on=spells[n].joined_on,
            until_on=None if n % 100 == 7 else date(2026, 1, 1)))


def plainly(members: int) -> tuple[float, int]:
    """Return the seconds that a bulk insert of the same bills takes without acts and facts, and how many (undone)."""
    rules, after, bills = rules_of(year=YEAR, on=DAY, due_on=DAY), 0, []
    while part := part_after(rules, after=after, size=SIZE):
        bills += charges_of(rules, part.dues)
        after = part.last
    with transaction.atomic():
        began = time.perf_counter()
        QuerySet(Charge).bulk_create(bills, batch_size=SIZE)
        took = time.perf_counter() - began
        transaction.set_rollback(True)
    return took, len(bills)


def dues(members: int) -> bool:
    """Run the dues of a year, stopped half-way and begun again, and say how long it took."""
    plain, expected = plainly(members)
    run, taken, asked = Run.objects.create(year=YEAR, due_on=date(2026, 3, 31), begun_on=DAY), [], 0

    def stop(done: int, total: int) -> None:
        if done > total / 2:
            raise Cancelled

    for report in (stop, lambda done, total: None, lambda done, total: None):
        began = time.perf_counter()
        try:
            run_dues(by=HOUSE, on=DAY, run=run, report=report)
        except Cancelled:
            asked = Charge.objects.count()
        taken.append(time.perf_counter() - began)
    seconds = taken[0] + taken[1]
    run.refresh_from_db()
    bills, facts = Charge.objects.count(), UnsealedFact.objects.count()
    print(f"{connection.vendor}: dues run for {members:,} members in {seconds:.1f} s = {members / seconds:,.0f} "
          f"members/s ({bills:,} bills, {run.waivers:,} waivers, {facts:,} facts), stopped after {asked:,} bills and "
          f"gone on with; run once more, which bills nobody, {taken[2]:.1f} s")
    print(f"  bare bulk insert of as many bills {plain:.1f} s; ratio {seconds / plain:.1f}")
    once = bills == expected == run.bills
    print(f"  nobody twice, nobody forgotten: {'yes' if once else 'NO'}")
    print(f"  within {MOST_SECONDS} s: {'yes' if seconds < MOST_SECONDS else 'NO'}")
    return once and seconds < MOST_SECONDS


def status(members: int) -> bool:
    """Ask for the status of everybody on a day, against reading the same memberships without it, and check a sample."""
    on, most = date(2026, 3, 17), 1.0 if connection.vendor == "postgresql" else 3.0
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")

    def seconds(ask: Callable[[], object]) -> float:
        spent = []
        for _turn in range(3):
            began = time.perf_counter()
            ask()
            spent.append(time.perf_counter() - began)
        return sorted(spent)[1]

    rows = Spell.objects.current(on)
    counting = seconds(lambda: statuses.counted(rows.all(), on=on))
    listing = seconds(lambda: list(statuses.in_one_pass(rows.all(), on=on).values_list("pk", "status")))
    plain = seconds(lambda: list(rows.all().values_list("pk", "joined_on")))
    sample = rows.filter(member__serial__lte=10_000)
    listed = dict(statuses.in_one_pass(sample, on=on).values_list("pk", "status"))
    judged = {row.pk: statuses.judge(days_of(row, on=on), on=on).code for row in sample.prefetch_related("coverages")}
    print(f"{connection.vendor}: status of {members:,} members on {on}: counted {counting:.2f} s, of each "
          f"{listing:.2f} s; without the status {plain:.2f} s; ratio {listing / plain:.1f}")
    within = max(counting, listing) < most
    print(f"  within {most:.0f} s: {'yes' if within else 'NO'}; {len(listed):,} judged row by row: "
          f"{'the same' if listed == judged else 'NOT THE SAME'}")
    return within and listed == judged


# Each takes the number of members and says whether what was promised holds.
MEASURES: tuple[Callable[[int], bool], ...] = (status, dues)


def main(members: int) -> int:
    """Fill a throw-away database, measure, and return 1 when something is slower than was promised."""
    call_command("migrate", verbosity=0)
    fill(members, of=tiers())
    outcomes = [measure(members) for measure in MEASURES]  # all of them, though one fails
    return 0 if all(outcomes) else 1


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 200_000))
