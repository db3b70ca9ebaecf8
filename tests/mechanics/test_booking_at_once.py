"""Booking with many at once, on PostgreSQL: never one place too many, never one lost, though processes are killed."""

import os
import random
import signal
import subprocess
import sys
import time
from datetime import timedelta

import pytest
from django.db import connection

from tests.kernel.test_concurrency import at_once
from xinglin.mechanics.booking.holding import cancel, confirm, hold, release, transfer
from xinglin.mechanics.booking.models import Arrival, Hold, Pool, Waiting
from xinglin.mechanics.booking.queueing import join_queue, move, open_queue
from xinglin.mechanics.booking.setting import (
    NeedsFixed,
    change_needs,
    open_item,
    open_pool,
    open_window,
    set_capacity,
)
from xinglin.mechanics.booking.sweeping import sweep
from xinglin.mechanics.booking.values import Held, Refused, Waitlisted
from xinglin.mechanics.booking.waiting import leave_waiting, wait

from .test_booking import AT, OWNER, minutes, one, reason, sums, take, who

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def slowly():
    """Widen the window between the hold and its count: each insert of a hold takes 20 ms."""
    with connection.cursor() as cursor:
        cursor.execute("CREATE FUNCTION slowly() RETURNS trigger LANGUAGE plpgsql AS "
                       "$$BEGIN PERFORM pg_sleep(0.02); RETURN NEW; END$$")
        cursor.execute("CREATE TRIGGER slowly BEFORE INSERT ON booking_hold FOR EACH ROW EXECUTE FUNCTION slowly()")
    yield
    with connection.cursor() as cursor:
        cursor.execute("DROP TRIGGER slowly ON booking_hold")
        cursor.execute("DROP FUNCTION slowly()")


def held(answers):
    flat = [one for answer in answers for one in (answer if isinstance(answer, list) else [answer])]
    wrong = [one for one in flat if isinstance(one, Exception)]
    assert not wrong, wrong
    return [one for one in flat if isinstance(one, Held)]


def test_many_want_the_last_places_and_exactly_as_many_get_them(slowly):
    item = one(capacity=7)
    answers = at_once(*[
        lambda start=start: [take(item, number) for number in range(start, start + 5)] for start in range(0, 60, 5)])
    assert len(held(answers)) == 7
    assert Pool.objects.get().taken == Hold.objects.live().count() == 7


def test_ten_tabs_of_one_person_hold_one_place(slowly):
    item = one(capacity=9, limit=9)
    answers = held(at_once(*[lambda: take(item, 1, key="cart")] * 10))
    assert len({one.token for one in answers}) == 1
    assert sorted(one.again for one in answers) == [False] + [True] * 9
    assert Pool.objects.get().taken == 1


def test_ten_keys_of_one_person_stay_within_the_limit(slowly):
    item = one(capacity=9, limit=2)
    answers = at_once(*[lambda key=key: take(item, 1, key=f"key{key}") for key in range(10)])
    assert len(held(answers)) == 2
    assert Pool.objects.get().taken == 2


def test_items_that_share_pools_in_opposite_order_never_wait_for_each_other():
    first, second = (open_pool(owner=OWNER, code=code, capacity=40) for code in ("a", "b"))
    items = [open_item(owner=OWNER, code="ab", needs={first: 1, second: 1}, limit=0),
             open_item(owner=OWNER, code="ba", needs={second: 1, first: 2}, limit=0)]

    def press(seed):
        lots, kept = random.Random(seed), []
        for turn in range(15):
            found = hold(item=lots.choice(items).pk, who=who(seed), key=f"{seed}.{turn}", at=AT)
            if isinstance(found, Held):
                kept.append(found)
            if kept and lots.random() < 0.4:
                release(token=kept.pop(lots.randrange(len(kept))).token, at=AT)
        return kept

    held(at_once(*[lambda seed=seed: press(seed) for seed in range(8)]))
    counted, live = sums()
    assert counted == live
    assert all(pool.taken <= pool.capacity for pool in Pool.objects.all())


def test_places_given_back_while_many_wait_go_out_in_order_and_none_is_lost():
    item = one(capacity=4)
    places = [take(item, number) for number in range(4)]
    confirmed = [confirm(token=place.token, at=AT) for place in places]
    lines = at_once(*[lambda number=number: wait(item=item.pk, who=who(100 + number), at=AT) for number in range(8)])
    assert sorted(one.position for one in lines) == list(range(1, 9))
    at_once(*[lambda place=place: cancel(token=place.token, at=AT) for place in confirmed],
            *[lambda number=number: take(item, 200 + number) for number in range(6)])
    offered = list(Waiting.objects.filter(state="offered").order_by("pk").values_list("pk", flat=True))
    assert offered == sorted(Waiting.objects.values_list("pk", flat=True))[:4]
    assert not Hold.objects.live().filter(offered=False).exists()
    assert Pool.objects.get().taken == 4


def test_who_asks_for_a_place_and_for_the_list_at_once_stops_nobody_and_has_one(slowly):
    item = one(capacity=30)
    answers = at_once(*[lambda number=number, ask=ask: ask(number) for number in range(6) for ask in (
        lambda number: take(item, number), lambda number: wait(item=item.pk, who=who(number), at=AT),
        lambda number: take(item, number, key="other"))])
    assert not [one for one in answers if isinstance(one, Exception)], answers
    assert Pool.objects.get().taken == Hold.objects.live().count() == 6


def test_two_take_back_what_ran_out_and_it_comes_back_once():
    item = one(capacity=6, limit=0)
    for number in range(6):
        take(item, number)
    at_once(*[lambda: sweep(at=minutes(15))] * 3,
            *[lambda number=number: take(item, 50 + number, at=minutes(15)) for number in range(5)])
    assert Hold.objects.live().count() == Pool.objects.get().taken == 5


def test_capacity_is_lowered_while_many_book_and_never_below_what_is_taken():
    item = one(capacity=30)
    pool = Pool.objects.get().pk
    answers = at_once(*[lambda start=start: [take(item, n) for n in range(start, start + 8)] for start in (0, 8, 16)],
                      *[lambda size=size: set_capacity(pool=pool, capacity=size, at=AT) for size in (20, 10, 15)])
    row = Pool.objects.get()
    assert row.taken == Hold.objects.live().count() == len(held(answers)) <= row.capacity


def test_needs_change_while_holds_are_written_and_each_pool_counts_what_is_needed_of_it(slowly):
    hall, room = (open_pool(owner=OWNER, code=code, capacity=20) for code in ("hall", "room"))
    for turn in range(4):
        item = open_item(owner=OWNER, code=f"ticket{turn}", needs={hall: 1})

        def change(item=item, turn=turn):
            time.sleep(0.004 * turn)
            change_needs(item=item.pk, needs={room: 1}, at=AT)

        takes = [lambda number=number, item=item: take(item, number) for number in range(3)]
        *places, changed = at_once(*takes, change)
        assert len(held(places)) == 3 and (changed is None or isinstance(changed, NeedsFixed))
        counted, live = sums()
        assert counted == live


def test_one_place_is_handed_to_two_people_at_once_and_one_has_it():
    item = one(capacity=3)
    place = confirm(token=take(item, 1).token, at=AT)
    answers = at_once(*[lambda number=number: transfer(token=place.token, to=who(number), at=AT) for number in (2, 3)])
    assert len(held(answers)) == 1
    assert Pool.objects.get().taken == Hold.objects.live().count() == 1


def test_one_place_a_person_in_the_queue_and_no_number_twice():
    queue = open_queue(owner=OWNER, code="opening", opens_at=AT, rate=5)
    at_once(*[lambda: [join_queue(queue=queue.pk, who=who(number), at=AT + timedelta(seconds=1))
                       for number in range(12)]] * 4,
            *[lambda: [move(queue=queue.pk, at=AT + timedelta(seconds=turn / 10)) for turn in range(30)]] * 2)
    move(queue=queue.pk, at=minutes(1))
    assert sorted(Arrival.objects.values_list("number", flat=True)) == list(range(1, 13))


def test_everything_at_once_leaves_each_pool_counting_its_live_holds():
    hall, room = open_pool(owner=OWNER, code="hall", capacity=12), open_pool(owner=OWNER, code="room", capacity=4)
    items = [open_item(owner=OWNER, code="t", needs={hall: 1}, limit=3),
             open_item(owner=OWNER, code="w", needs={hall: 1, room: 1}, limit=3, hold_seconds=5)]
    open_window(pool=hall.pk, quantity=3, group="g", from_at=AT, until_at=AT + timedelta(seconds=20), at=AT)

    def press(seed):
        lots, tokens, lines = random.Random(seed), [], []
        for turn in range(25):
            at, item = AT + timedelta(seconds=turn), lots.choice(items).pk
            match lots.randrange(6):
                case 0 | 1:
                    found = hold(item=item, who=who(seed), key=f"{seed}.{turn}", at=at, quantity=lots.choice((1, 2)),
                                 group=lots.choice(("", "g")))
                    tokens += [found.token] if isinstance(found, Held) else []
                case 2:
                    found = wait(item=item, who=who(seed), at=at, group=lots.choice(("", "g")))
                    lines += [found.token] if isinstance(found, Waitlisted) else []
                case 3 if tokens:
                    confirm(token=tokens[-1], at=at)
                case 4 if tokens:
                    token = tokens.pop(lots.randrange(len(tokens)))
                    if isinstance(release(token=token, at=at), Refused):
                        cancel(token=token, at=at)
                case 5:
                    leave_waiting(token=lines.pop(), at=at) if lines else sweep(at=at)

    answers = at_once(*[lambda seed=seed: press(seed) for seed in range(8)])
    assert not [one for one in answers if isinstance(one, Exception)], answers
    counted, live = sums()
    assert counted == live


KILLED = """
import os, sys, django
django.setup()
from django.db import connection, transaction
connection.settings_dict["NAME"] = sys.argv[1]
from datetime import UTC, datetime
from xinglin.kernel.refs import Ref
from xinglin.mechanics.booking.holding import confirm, hold
item, me, at = int(sys.argv[2]), sys.argv[3], datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
for turn in range(400):
    found = hold(item=item, who=Ref(f"directory.person:{me}.{turn}"), key="k", at=at)
    if hasattr(found, "token"):
        print("held", found.token, flush=True)
        if turn % 2:
            with transaction.atomic():
                print("confirmed", confirm(token=found.token, at=at).token, flush=True)
"""


def test_processes_killed_in_the_middle_lose_no_place_and_take_none_too_many(slowly):
    """kill -9 hits while holds are written and counted; whatever they were told they had is there, and nothing else."""
    item = one(capacity=60)
    command = [sys.executable, "-c", KILLED, connection.settings_dict["NAME"], str(item.pk)]
    running = [subprocess.Popen([*command, str(number)], stdout=subprocess.PIPE, text=True,
                                env={**os.environ, "DJANGO_SETTINGS_MODULE": "xinglin.site.settings"})
               for number in range(4)]
    until = time.monotonic() + 60
    while Hold.objects.count() < 15 and time.monotonic() < until:
        time.sleep(0.01)
    for process in running[:3]:
        time.sleep(0.05)
        process.send_signal(signal.SIGKILL)
    said = [line.split() for process in running for line in process.communicate(timeout=60)[0].splitlines()
            if len(line.split()) == 2 and len(line.split()[1]) == 32]
    time.sleep(0.2)  # PostgreSQL notices the last of them
    told = {token for what, token in said if what == "held"}
    assert len(told) >= 15 and [process.returncode for process in running] == [-9, -9, -9, 0]
    assert told <= set(Hold.objects.live().values_list("token", flat=True))
    sure = {token for what, token in said if what == "confirmed"}
    assert sure <= set(Hold.objects.filter(state="confirmed").values_list("token", flat=True))
    # The survivor sold the rest: all 60, though those who died had holds under way.
    assert Pool.objects.get().taken == Hold.objects.live().count() == 60
    assert reason(take(item, 9999)).value == "sold_out"
    assert sweep(at=minutes(20)).expired == Hold.objects.filter(state="expired").count() > 0
    assert Pool.objects.get().taken == Hold.objects.live().count() == Hold.objects.filter(state="confirmed").count()
