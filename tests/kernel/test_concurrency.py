"""Several people and several processes at once, on PostgreSQL: what is claimed under concurrency happens here."""

import os
import signal
import subprocess
import sys
import threading
import time
from datetime import date

import pytest
from django.db import connection, connections

from tests.kernel.conftest import make_visit
from xinglin.kernel.ledger import checkpoints, sealer
from xinglin.kernel.ledger.models import Head, SealedFact, UnsealedFact
from xinglin.kernel.ledger.verify import verify

pytestmark = [
    pytest.mark.postgres,
    pytest.mark.django_db(transaction=True),
]

DAY = date(2026, 3, 5)


def at_once(*jobs):
    """Run the jobs in threads of their own, let them start together, and return what each returned or raised."""
    gate, answers = threading.Barrier(len(jobs)), [None] * len(jobs)

    def run(index, job):
        gate.wait()
        try:
            answers[index] = job()
        except Exception as wrong:  # the test looks at it
            answers[index] = wrong
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(index, job)) for index, job in enumerate(jobs)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


def test_two_sealers_give_each_fact_one_place_and_leave_no_gap(visit):
    def write():
        for _ in range(40):
            visit()

    def seal():
        total, idle = 0, 0
        while idle < 30:
            sealed = sealer.seal_batch(limit=7)
            total, idle = total + sealed, 0 if sealed else idle + 1
            time.sleep(0.002)
        return total

    answers = at_once(write, write, write, seal, seal)
    assert answers[3] + answers[4] + sealer.seal_all() == 120
    assert list(SealedFact.objects.order_by("position").values_list("position", flat=True)) == list(range(1, 121))
    checkpoints.make_checkpoint()
    assert verify().holds


def test_facts_of_one_act_stay_together_in_order_though_others_write(visit):
    from tests.kernel.conftest import CLERK
    from xinglin.kernel.acts import act

    @act
    def three(*, by, on, place):
        for kind in ("a", "b", "c"):
            visit(place=place, kind=kind)

    at_once(*[lambda n=n: [three(by=CLERK, on=DAY, place=f"trial.place:{n}") for _ in range(10)] for n in range(4)])
    sealer.seal_all()
    for act_id in set(SealedFact.objects.values_list("act", flat=True)):
        kinds = [one.body["kind"] for one in SealedFact.objects.filter(act=act_id).order_by("position")]
        assert kinds == ["a", "b", "c"]


CHILD = """
import os, sys, time
sys.path.insert(0, "src"); sys.path.insert(0, ".")
os.environ["DJANGO_SETTINGS_MODULE"] = "xinglin.site.settings"
import django; django.setup()
from django.conf import settings
from django.db import connection
settings.DATABASES["default"]["NAME"] = connection.settings_dict["NAME"] = sys.argv[1]
from xinglin.kernel.ledger import sealer
from tests.kernel.conftest import make_visit, CLERK
from datetime import date
what = sys.argv[2]
if what == "insert":
    make_visit(by=CLERK, on=date(2026, 3, 5)); print("ready", flush=True); time.sleep(60)
if what == "half":
    from xinglin.kernel.acts import act
    @act
    def half(*, by, on):
        make_visit(by=by, on=on); print("ready", flush=True); time.sleep(60)
    half(by=CLERK, on=date(2026, 3, 5))
if what == "sealing":
    real = sealer._save_tiles
    def slow(*given):
        real(*given); print("ready", flush=True); time.sleep(60)
    sealer._save_tiles = slow
    sealer.seal_batch()
"""


def killed(what):
    """Start a process that does something half-way, then kill it without warning."""
    name = connection.settings_dict["NAME"]
    child = subprocess.Popen([sys.executable, "-c", CHILD, name, what], stdout=subprocess.PIPE, text=True)
    assert child.stdout.readline().strip() == "ready"
    os.kill(child.pid, signal.SIGKILL)
    child.wait()


def test_a_process_killed_between_insert_and_seal_loses_nothing():
    killed("insert")
    assert (UnsealedFact.objects.count(), SealedFact.objects.count()) == (1, 0)
    assert sealer.seal_all() == 1
    assert verify().holds


def test_a_process_killed_inside_an_act_leaves_nothing():
    killed("half")
    assert sealer.seal_all() == 0
    assert UnsealedFact.objects.count() == 0


def test_a_sealer_killed_half_way_leaves_the_facts_to_the_next_one(visit):
    for _ in range(5):
        visit()
    killed("sealing")
    for _ in range(100):  # the server needs a moment to notice that its client is gone
        if sealer.seal_batch():
            break
        time.sleep(0.05)
    assert Head.objects.get().size == 5
    assert verify().holds


def test_a_night_without_a_sealer_is_caught_up_in_order(visit):
    for number in range(300):
        visit(place=f"trial.place:{number}")
    assert SealedFact.objects.count() == 0
    assert sealer.seal_all() == 300
    assert [one.body["place"] for one in SealedFact.objects.order_by("position")[:3]] == [
        "trial.place:0",
        "trial.place:1",
        "trial.place:2",
    ]


def test_a_slow_act_with_an_early_number_is_not_passed_over(visit):
    """An act that began first and commits last still gets its place: nothing is skipped by its number."""
    begun, go = threading.Event(), threading.Event()

    def slow():
        from django.db import transaction

        with transaction.atomic():
            make_visit(
                by=__import__("tests.kernel.conftest", fromlist=["CLERK"]).CLERK, on=DAY, place="trial.place:slow"
            )
            begun.set()
            go.wait(10)

    def fast():
        begun.wait(10)
        visit(place="trial.place:fast")
        sealed = sealer.seal_batch()
        go.set()
        return sealed

    answers = at_once(slow, fast)
    assert answers[1] == 1
    assert sealer.seal_all() == 1
    assert [one.body["place"] for one in SealedFact.objects.order_by("position")] == [
        "trial.place:fast",
        "trial.place:slow",
    ]
