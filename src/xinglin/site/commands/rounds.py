"""The rounds of the worker: flows, nightly work and notices, each at its own pace, none stopping another."""

import logging
import subprocess
import time
from collections.abc import Callable

from django.db import close_old_connections

from xinglin.kernel import clock
from xinglin.kernel.flows import run_flows
from xinglin.kernel.notices.delivery import deliver_due
from xinglin.kernel.scheduler import run_due

log = logging.getLogger(__name__)
RESTARTS = 5  # of the job runner within the hour; after that the whole worker ends, for its keeper to see
PAUSE = 3.0  # seconds before a job runner that ended is started again

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


class JobRunner:
    """The process that runs background jobs: started again when it ends, given up when it keeps ending."""

    def __init__(self, *, command: list[str]) -> None:
        self.command = command
        self.started: list[float] = []
        self.process = self._start()

    def _start(self) -> subprocess.Popen[bytes]:
        self.started = [one for one in self.started if one > time.monotonic() - 3600] + [time.monotonic()]
        return subprocess.Popen(self.command)

    def attend(self) -> bool:
        """See to it that jobs are run; False when the process ended too often to be started once more."""
        if self.process.poll() is None:
            return True
        if len(self.started) > RESTARTS:
            log.error("the job runner ended %s times within the hour; the worker ends", len(self.started))
            return False
        if time.monotonic() >= self.started[-1] + PAUSE:
            log.error("the job runner ended with status %s; it is started again", self.process.returncode)
            self.process = self._start()
        return True

    def end(self) -> None:
        """End the process and wait for it."""
        self.process.terminate()
        self.process.wait(timeout=20)
