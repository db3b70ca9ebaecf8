"""The worker's rounds do not wait for each other, and end when told to."""

import os
import sys
import threading
import time

import pytest

from xinglin.site import occupancy
from xinglin.site.commands import booting, rounds, serving


def test_a_slow_round_keeps_no_other_waiting_and_learns_that_the_house_closes(monkeypatch):
    quick, ended = [], []

    def slow(closing):
        closing.wait(20)  # a mail server that does not answer
        ended.append(closing.is_set())

    monkeypatch.setattr(rounds, "ROUNDS", ((0.01, lambda closing: quick.append(1)), (0.01, slow)))
    begun = time.monotonic()
    rounds.run_rounds(stop=lambda: len(quick) >= 5)
    assert len(quick) >= 5 and ended == [True]
    assert time.monotonic() - begun < 10


def test_trouble_in_a_round_is_logged_and_the_round_is_made_again(monkeypatch, caplog):
    times = []

    def troubled(closing):
        times.append(threading.current_thread().name)
        raise RuntimeError("the server is away")

    monkeypatch.setattr(rounds, "ROUNDS", ((0.01, troubled),))
    rounds.run_rounds(stop=lambda: len(times) >= 3)
    assert len(times) >= 3 and "it is made again" in caplog.text


def test_a_job_runner_left_behind_keeps_a_restore_out(settings, tmp_path):
    settings.VAR = tmp_path
    lock = occupancy.take_part()
    jobs = rounds.JobRunner(command=[sys.executable, "-S", "-c", "import time; time.sleep(60)"], lock=lock)
    os.close(lock)  # the worker is gone
    try:
        with pytest.raises(occupancy.InUse), occupancy.alone():
            pass
    finally:
        jobs.end()
    with occupancy.alone():
        pass


class Child:
    """A process that notes how long somebody waits for it."""

    def __init__(self):
        self.waited = 0.0

    def poll(self):
        """Run still."""

    def send_signal(self, number):
        """Take no notice."""

    def terminate(self):
        """Take no notice."""

    def wait(self, timeout):
        """Note the patience."""
        self.waited = timeout


def test_the_worker_has_longer_to_end_than_its_own_job_runner():
    outer, inner = Child(), Child()
    serving._attend({"worker": outer}, lambda: True)
    booting.end(inner)
    assert outer.waited > inner.waited + 30
