"""Measures reminders: 20,000 members over 60 simulated days, three nights skipped and one run twice.

What was told is compared with a plain reading of each member's days; prints missing, duplicates, and seconds per night.
"""

import os
import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random

MEMBERS = int(os.environ.get("XINGLIN_BENCH_MEMBERS", "20000"))
FIRST, NIGHTS = date(2026, 10, 1), 60
SKIPPED, TWICE = (7, 8, 30), 20
OFFSETS, FIRST_FEE_DAYS, CATCH_UP = (-60, -30, -7, 1, 30, 80), 30, 14  # as printed in regulations/membership.yaml
Told = tuple[int, date, int]  # member, the day counted from, offset


@dataclass
class Life:
    """One member as days: joined, what is covered, and the one thing that happens meanwhile."""

    joined: date
    until: date | None  # end of the paid time; None: never paid
    what: str = ""  # pays, waived, leaves
    at: date = date.max
    waived: bool = False  # from before the first night
    spell: object = field(default=None, repr=False)

    def covered(self, night: date) -> date | None:
        """Return the first day not paid for, as known on a night."""
        if self.what == "pays" and self.at <= night:
            return (self.until or self.joined) + timedelta(days=365)
        return self.until

    def silent(self, night: date) -> bool:
        """Say whether nothing is asked of the member on a night."""
        return self.joined > night or self.waived or (self.what in ("waived", "leaves") and self.at <= night)


def lives(*, number: int, chance: Random) -> list[Life]:
    """Return synthetic members: half of them paid by calendar year, others on any day, some new, some exempt."""
    answer = []
    for place in range(number):
        joined = FIRST - timedelta(days=chance.randrange(400, 4000))
        if place % 2:
            until: date | None = date(2026, 12, 1)
        else:
            until = FIRST + timedelta(days=chance.randrange(-120, 160))
        if place % 20 == 0:
            joined, until = FIRST + timedelta(days=chance.randrange(-60, 50)), None
        life = Life(joined=joined, until=until, waived=place % 33 == 0)
        if chance.random() < 0.3:
            after = max(0, (joined - FIRST).days) + 1
            life.what = chance.choice(("pays", "pays", "waived", "leaves"))
            life.at = FIRST + timedelta(days=chance.randrange(after, NIGHTS + 2))
        answer.append(life)
    return answer


def expected(members: list[Life], nights: list[date]) -> set[Told]:
    """Return what has to be told by a plain reading, night by night, of each member."""
    answer = set()
    for place, life in enumerate(members):
        for night in nights:
            if life.silent(night):
                continue
            day = life.covered(night)
            new = day is None
            day = life.joined + timedelta(days=FIRST_FEE_DAYS) if day is None else day
            for offset in OFFSETS:
                due = day + timedelta(days=offset)
                if due <= night < due + timedelta(days=CATCH_UP) and not (new and due <= life.joined):
                    answer.add((place, day, offset))
    return answer


def write(members: list[Life]) -> None:
    """Write the members as they stand before the first night."""
    from xinglin.directory.models import Person
    from xinglin.engines.membership.facts import TierOpened
    from xinglin.engines.membership.members import Coverage, Member, Spell
    from xinglin.kernel.actors import Actor, house
    from xinglin.kernel.acts import act, state
    from xinglin.kernel.refs import Code, Ref

    @act
    def fill(*, by: Actor, on: date) -> None:
        people = Person.objects.bulk_create([
            Person(name=f"虚构{place}", sort_key=f"{place:06d}", registered_on=FIRST)
            for place in range(len(members))], batch_size=500)
        rows = Member.objects.bulk_create([
            Member(number=f"B{place:06d}", serial=place + 1, person=person)
            for place, person in enumerate(people)], batch_size=500)
        spells = Spell.objects.bulk_create([
            Spell(member=row, joined_on=life.joined) for row, life in zip(rows, members, strict=True)], batch_size=500)
        for life, spell in zip(members, spells, strict=True):
            life.spell = spell
        covers = [Coverage(spell=life.spell, kind="paid", from_on=min(life.joined, life.until - timedelta(days=1)),
                           until_on=life.until) for life in members if life.until]
        covers += [Coverage(spell=life.spell, kind="waived", from_on=life.joined) for life in members if life.waived]
        Coverage.objects.bulk_create(covers, batch_size=500)
        state(TierOpened(tier=Ref("membership.tier:bench"), holder=Code("person"), from_on=FIRST))

    fill(by=house("bench"), on=FIRST)


def happen(members: list[Life], *, since: date, until: date) -> None:
    """Write what members did on the days after one night and up to the next."""
    from xinglin.engines.membership.facts import TierOpened
    from xinglin.engines.membership.members import Coverage, Spell
    from xinglin.kernel.actors import Actor, house
    from xinglin.kernel.acts import act, state
    from xinglin.kernel.refs import Code, Ref

    now = [life for life in members if life.what and since < life.at <= until]

    @act
    def change(*, by: Actor, on: date) -> None:
        covers = []
        for life in now:
            if life.what == "leaves":
                Spell.objects.filter(pk=life.spell.pk).update(ended_on=life.at, ended_by="left")
            elif life.what == "waived":
                covers.append(Coverage(spell=life.spell, kind="waived", from_on=life.at))
            else:
                begins = life.until or life.joined  # the old end is kept, so it may lie ahead
                covers.append(Coverage(spell=life.spell, kind="paid", from_on=begins, until_on=life.covered(life.at)))
        Coverage.objects.bulk_create(covers)
        state(TierOpened(tier=Ref("membership.tier:bench"), holder=Code("person"), from_on=FIRST))

    if now:
        change(by=house("bench"), on=until)


def simulate(*, number: int, seed: int = 7) -> tuple[set[Told], Counter, list[float]]:
    """Live through the days; return what was to be told, how often each was told, and the seconds of each night."""
    from xinglin.engines.membership.reminding import remind
    from xinglin.kernel.notices.models import Notice

    members = lives(number=number, chance=Random(seed))
    write(members)
    nights = [FIRST + timedelta(days=day) for day in range(NIGHTS) if day not in SKIPPED]
    took, before = [], FIRST - timedelta(days=1)
    for night in nights:
        happen(members, since=before, until=night)
        for _time in range(2 if night == FIRST + timedelta(days=TWICE) else 1):
            began = time.perf_counter()
            remind(on=night)
            took.append(time.perf_counter() - began)
        before = night
    places = {str(life.spell.member.person.ref): place for place, life in enumerate(members)}
    told = Counter()
    for one in Notice.objects.all():
        last, offset = date.fromisoformat(one.context["last"][1]), int(one.context["offset"][1])
        told[places[one.to], last + timedelta(days=1), offset] += 1
    return expected(members, nights), told, took


def main() -> int:
    """Print the figures; fails when anything is missing, twice, or told to whom it should not be."""
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "xinglin.site.settings")
    django.setup()
    from django.conf import settings
    from django.test.utils import get_runner

    settings.TESTING = True
    runner = get_runner(settings)(verbosity=0, interactive=False)
    old = runner.setup_databases()
    try:
        due, told, took = simulate(number=MEMBERS)
    finally:
        runner.teardown_databases(old)
    missing, wrong = due - set(told), set(told) - due
    twice = sum(times - 1 for times in told.values())
    print(f"{MEMBERS:,} members, {NIGHTS} days, {len(SKIPPED)} nights skipped, 1 run twice: {len(due):,} notices due")
    print(f"missing {len(missing)}, duplicates {twice}, to whom nothing was due {len(wrong)}")
    ordered = sorted(took)
    print(f"seconds a night: median {ordered[len(ordered) // 2]:.2f}, worst {ordered[-1]:.2f}")
    return 1 if missing or wrong or twice else 0


if __name__ == "__main__":
    sys.exit(main())
