"""Measures gates that work offline: three of them, 2,000 tickets, each tenth shown twice, handed in later, twice.

Prints duplicates made and found, people admitted twice after the sync (0), and the time of a scan and of a batch.
"""

import os
import random
import sys
import time
from collections import Counter
from datetime import datetime, timedelta
from datetime import time as clock_time

TICKETS = int(os.environ.get("XINGLIN_BENCH_TICKETS", "2000"))
GATES, SHARE, SEED = 3, 0.10, 20260516


def _event() -> object:
    """Write an event of today with one session, and a crowd with confirmed registrations."""
    from django.utils import timezone

    from tests.events.phones import crowd, written
    from xinglin.directory.actions.organisations import found_organisation
    from xinglin.directory.models import Organisation
    from xinglin.engines.events.meetings import Event
    from xinglin.engines.events.programme import Room, Session
    from xinglin.kernel.actors import house

    today = timezone.localdate()
    made = found_organisation(by=house("bench"), on=today, name="江海省医师协会（虚构）", kind="association",
                              from_on=today)
    [event] = written(Event, [Event(
        title="大会（虚构）", kind="academic", organisation=Organisation.objects.get(pk=made.key), from_on=today,
        until_on=today + timedelta(days=1), heads=TICKETS, state="approved", grade="1", created_by="bench")])
    [room] = written(Room, [Room(event=event, name="一号厅", seats=TICKETS)])
    begin = timezone.make_aware(datetime.combine(today, clock_time(9)))
    written(Session, [Session(event=event, title="大会报告", room=room, from_at=begin,
                              until_at=begin + timedelta(hours=8))])
    return event, crowd(event, TICKETS), begin - timedelta(hours=1)


def main() -> int:
    """Run the bench on a database of its own."""
    import django
    from django.core.management import call_command

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "xinglin.site.settings")
    django.setup()
    call_command("migrate", verbosity=0)
    from tests.events.phones import phone
    from xinglin.engines.events.doors import DoorScan

    event, people, opens = _event()
    chance = random.Random(SEED)
    gates = [phone(event, f"{number + 1}号门", opens, wrong=timedelta(hours=chance.randrange(-30, 30)))
             for number in range(GATES)]
    copied = chance.sample(people, int(TICKETS * SHARE))
    shown = [*people, *copied]
    chance.shuffle(shown)
    told: Counter[str] = Counter()
    where: dict[int, int] = {}
    begun = time.perf_counter()
    for step, one in enumerate(shown):
        number = chance.randrange(GATES)
        if one.pk in where:  # the copy goes to another gate: the same one refuses it at once
            number = (where[one.pk] + 1 + chance.randrange(GATES - 1)) % GATES
        where.setdefault(one.pk, number)
        told[gates[number].scan(one, opens + timedelta(seconds=step))] += 1
    scanning = time.perf_counter() - begun
    later, begun = opens + timedelta(seconds=len(shown) + 60), time.perf_counter()
    chance.shuffle(gates)
    for gate in gates:
        gate.sync(later)
    handing = time.perf_counter() - begun
    for gate in gates:  # the answer was lost: everything is sent again
        gate.taken = 0
        gate.sync(later + timedelta(seconds=30))
    rows = DoorScan.objects.filter(event=event)
    standings = Counter(rows.values_list("standing", flat=True))
    admitted = Counter(rows.filter(standing="admitted").values_list("registration", flat=True))
    twice = sum(1 for number in admitted.values() if number > 1)
    print(f"gates {GATES}, tickets {TICKETS}, shown {len(shown)}; admitted offline {told['in']}")
    print(f"duplicates made {len(copied)}, found {standings['twice']}; admitted twice after sync {twice}; "
          f"scans kept {rows.count()} (sent twice), people admitted {len(admitted)}")
    print(f"a scan {scanning / len(shown) * 1000:.2f} ms (Python, with signature); handing in {handing:.1f} s, "
          f"{len(shown) / handing:,.0f} scans a second")
    return int(not (standings["twice"] == len(copied) and twice == 0 and rows.count() == len(shown)
                    and len(admitted) == TICKETS))


if __name__ == "__main__":
    sys.exit(main())
