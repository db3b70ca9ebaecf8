"""The worker's rounds do not wait for each other, and end when told to."""

import threading
import time

from xinglin.site.commands import rounds


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
