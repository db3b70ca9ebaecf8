"""The rounds of the worker: flows, nightly work and notices, each at its own pace, none stopping another."""

import logging
import time
from collections.abc import Callable

from django.db import close_old_connections

from xinglin.kernel import clock
from xinglin.kernel.flows import run_flows
from xinglin.kernel.notices.delivery import deliver_due
from xinglin.kernel.scheduler import run_due

log = logging.getLogger(__name__)

# (seconds between rounds, what is done in a round)
ROUNDS: tuple[tuple[float, Callable[[], object]], ...] = (
    (1.0, run_flows),
    (2.0, lambda: deliver_due(now=clock.now())),
    (20.0, lambda: run_due(now=clock.now())),
)


def run_rounds(*, stop: Callable[[], bool]) -> None:
    """Make the rounds until told to stop; trouble in one is logged and does not keep the others."""
    due = [0.0] * len(ROUNDS)
    while not stop():
        for index, (every, work) in enumerate(ROUNDS):
            if time.monotonic() >= due[index]:
                _round(work)
                due[index] = time.monotonic() + every
        time.sleep(0.2)


def _round(work: Callable[[], object]) -> None:
    close_old_connections()
    try:
        work()
    except Exception:
        log.exception("a round of the worker failed; it is made again")
