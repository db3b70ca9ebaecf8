"""The rounds of the worker: flows, nightly work and notices, each at its own pace, none stopping another."""

import logging
import subprocess
import threading
import time
from collections.abc import Callable

from django.db import close_old_connections, connection, connections

from xinglin.kernel import clock
from xinglin.kernel.flows import run_flows
from xinglin.kernel.notices.delivery import deliver_due
from xinglin.kernel.scheduler import run_due

from .booting import end

log = logging.getLogger(__name__)
RESTARTS = 5  # of the job runner within the hour; after that the whole worker ends, for its keeper to see
PAUSE = 3.0  # seconds before a job runner that ended is started again

GAP = 0.005  # seconds

# (seconds between rounds, what is done in a round; long work looks whether the house is closing)
ROUNDS: tuple[tuple[float, Callable[[threading.Event], object]], ...] = (
    (1.0, lambda closing: run_flows(pause=lambda: give_way(closing))),
    (2.0, lambda closing: deliver_due(now=clock.now(), stop=closing.is_set)),
    (20.0, lambda closing: run_due(now=clock.now())),
)


def give_way(closing: threading.Event) -> None:
    """Let others write: who waits for the embedded database only looks now and then whether it is free."""
    if connection.vendor == "sqlite":
        closing.wait(GAP)


def run_rounds(*, stop: Callable[[], bool]) -> None:
    """Make each round in a thread of its own until told to stop: a slow mail server keeps no flow waiting."""
    closing = threading.Event()
    threads = [threading.Thread(target=_pace, args=(every, work, closing)) for every, work in ROUNDS]
    for one in threads:
        one.start()
    try:
        while not stop():
            time.sleep(0.2)
    finally:
        closing.set()
        for one in threads:
            one.join()


def _pace(every: float, work: Callable[[threading.Event], object], closing: threading.Event) -> None:
    while not closing.is_set():
        _round(lambda: work(closing))
        closing.wait(every)
    connections.close_all()


def _round(work: Callable[[], object]) -> None:
    close_old_connections()
    try:
        work()
    except Exception:
        log.exception("a round of the worker failed; it is made again")


class JobRunner:
    """The process that runs background jobs: started again when it ends, given up when it keeps ending."""

    def __init__(self, *, command: list[str], lock: int | None = None) -> None:
        self.command = command
        self.kept = () if lock is None else (lock,)  # its share of the data folder, held even when we are gone
        self.started: list[float] = []
        self.process = self._start()

    def _start(self) -> subprocess.Popen[bytes]:
        self.started = [one for one in self.started if one > time.monotonic() - 3600] + [time.monotonic()]
        return subprocess.Popen(self.command, pass_fds=self.kept)

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
        end(self.process)
