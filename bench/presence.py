"""Measures heartbeats on PostgreSQL: CPU per 1,000 accounts a minute against one bare UPDATE each, and a kill -9.

100,000 sittings are open; BENCH_ACCOUNTS of them (a slice, or all 100,000) report in waves, as fast as the server
answers, so the figures are CPU for each heartbeat and what one machine of two cores can take, client included.
"""

import json
import os
import secrets
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

OPEN = 100_000
ACCOUNTS = int(os.environ.get("BENCH_ACCOUNTS", "10000"))
CONNECTIONS, WORKERS, THREADS = 24, 2, 4
KILLED = 2_000  # accounts that report while their server is killed, twice
APART = 6  # seconds between two deaths: the server ends itself when a worker dies within 5.5 s of its start
PATIENCE = 60  # seconds after which an answer does not come any more
WANTED = OPEN / 60  # heartbeats a second of 100,000 accounts
TICKS = os.sysconf("SC_CLK_TCK")


@dataclass
class Reporter:
    """One account: its token, its secret, and what it was told."""

    number: int
    token: str = ""
    secret: str = ""
    seq: int = 0
    counted: float = 0.0
    again: int = 0
    asked: bool = False  # whether they are there

    def said(self) -> bytes:
        """Return the next signed heartbeat; a minute is claimed, the server's clock decides."""
        from xinglin.mechanics.presence.protocol import sign

        message = json.dumps({"token": self.token, "seq": self.seq + 1, "played": [[0, 60_000, 0]], "here": self.asked})
        return f"{sign(message=message, secret=self.secret)}\n{message}".encode()

    def hear(self, told: dict[str, object]) -> None:
        """Remember what was answered."""
        if told["state"] not in ("counting", "again", "late", "check", "missed", "paused"):
            raise AssertionError(told)
        self.again += told["state"] == "again"
        self.asked = told["state"] in ("check", "missed")
        self.token, self.seq, self.counted = str(told["token"]), int(str(told["seq"])), float(str(told["counted"]))


@dataclass
class Wave:
    """What one wave of heartbeats took."""

    beats: int
    seconds: float
    web: float
    database: float
    waits: list[float] = field(repr=False)

    def told(self, name: str) -> str:
        """Return a line about it."""
        ordered = sorted(self.waits)
        per, half, most = 1000 / self.beats, ordered[len(ordered) // 2], ordered[int(len(ordered) * 0.99)]
        return (f"  {name:<9} {self.beats / self.seconds:>6,.0f} heartbeats/s; CPU for 1,000 accounts a minute: web "
                f"{self.web * per:.3f} s, database {self.database * per:.3f} s; p50 {half * 1000:.1f} ms, p99 "
                f"{most * 1000:.1f} ms")


def fill() -> list[Reporter]:
    """Open 100,000 sittings in bulk, half a minute before now, and return those that will report."""
    from django.core.management import call_command
    from django.db import connection

    from xinglin.kernel import clock
    from xinglin.mechanics.presence import models, sittings
    from xinglin.mechanics.presence.protocol import State, secret_of, token_of
    from xinglin.mechanics.presence.rules import rules_on

    call_command("migrate", verbosity=0)
    at = clock.now().replace(microsecond=0) - timedelta(seconds=30)  # tokens know milliseconds
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE presence_sitting, presence_stretch, presence_check")
    rows = models.Sitting.objects.bulk_create([
        models.Sitting(person=f"directory.person:{number}", session="events.session:1", kind="live", opened_at=at,
                       beat_at=at, proof_at=at) for number in range(OPEN)], batch_size=5_000)
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS bench_raw")
        cursor.execute("CREATE TABLE bench_raw (LIKE presence_sitting INCLUDING ALL)")
        cursor.execute("INSERT INTO bench_raw SELECT * FROM presence_sitting")
        cursor.execute("VACUUM ANALYZE presence_sitting")
        cursor.execute("VACUUM ANALYZE bench_raw")
    key, rules, begun = sittings._key(), rules_on(on=clock.today()), sittings._millis(at)

    def reporter(row: models.Sitting) -> Reporter:
        state = State(row.pk, row.person, 0, 0, begun, 0, begun, 0, 0, 0, begun, 0, 0, rules.beat_seconds,
                      rules.late_seconds, rules.checks_hour, rules.check_seconds)
        return Reporter(number=row.pk, secret=secret_of(number=row.pk, opened=begun, key=key),
                        token=token_of(state=state, key=key))

    return [reporter(row) for row in rows[:: OPEN // ACCOUNTS][:ACCOUNTS]]


@contextmanager
def serving(application: str) -> Iterator[tuple[subprocess.Popen[bytes], int]]:
    """Run an application with granian and end exactly that."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port = int(one.getsockname()[1])
    server = subprocess.Popen([
        sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port), "--workers",
        str(WORKERS), "--blocking-threads", str(THREADS), "--log-level", "critical", "--respawn-failed-workers",
        application])
    try:
        end = time.monotonic() + 60
        while time.monotonic() < end:
            try:
                socket.create_connection(("127.0.0.1", port), timeout=1).close()
                break
            except OSError:
                time.sleep(0.1)
        time.sleep(3)  # every worker has loaded its application
        yield server, port
    finally:
        workers = children(server.pid)
        server.terminate()
        try:
            server.wait(timeout=10)
        except subprocess.TimeoutExpired:  # one whose workers were killed may wait for them for ever
            for pid in (server.pid, *workers):
                os.kill(pid, signal.SIGKILL)
            server.wait()


def children(pid: int) -> list[int]:
    """Return the processes that a process started."""
    return [int(one) for task in Path(f"/proc/{pid}/task").iterdir() for one in (task / "children").read_text().split()]


def spent(pids: list[int]) -> float:
    """Return the CPU seconds that processes have used so far."""
    total = 0
    for pid in pids:
        words = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        total += int(words[11]) + int(words[12])
    return total / TICKS


def postmaster() -> int:
    """Return the process that PostgreSQL's own processes come from."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        mine = int(cursor.fetchone()[0])
    return int(Path(f"/proc/{mine}/stat").read_text().rpartition(")")[2].split()[1])


def asked(port: int, body: bytes, line: socket.socket | None) -> tuple[dict[str, object], socket.socket]:
    """Send one heartbeat over a connection that is kept, and return the answer."""
    line = line or socket.create_connection(("127.0.0.1", port), timeout=10)
    line.sendall(b"POST /presence/beat/ HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: %d\r\n\r\n" % len(body) + body)
    head, rest, size = b"", b"", -1
    while len(rest) != size:
        part = line.recv(65536)
        if not part:
            raise ConnectionError
        rest += part
        if not head and b"\r\n\r\n" in rest:
            head, _blank, rest = rest.partition(b"\r\n\r\n")
            size = int(head.lower().partition(b"content-length:")[2].split(b"\r\n")[0])
    return dict(json.loads(rest)), line


def drive(
    port: int, reporters: list[Reporter], *, raw: bool, when: Callable[[int], None] = lambda left: None,
) -> list[float]:
    """Let every account report once over several connections; a lost answer is asked for again.

    `when` is told before each how many are left.
    """
    waiting, waits, lost, lock = list(reversed(reporters)), [], [], threading.Lock()

    def one_line() -> None:
        line = None
        while True:
            with lock:
                if not waiting:
                    return
                when(len(waiting))
                one = waiting.pop()
            body = json.dumps({"number": one.number, "padding": "x" * 400}).encode() if raw else one.said()
            begun = time.perf_counter()
            while True:
                try:
                    told, line = asked(port, body, line)
                    break
                except OSError:
                    line = None
                    time.sleep(0.2)
                if time.perf_counter() - begun > PATIENCE:
                    lost.append(one.number)
                    return
            waits.append(time.perf_counter() - begun)
            if not raw:
                one.hear(told)

    lines = [threading.Thread(target=one_line) for _ in range(CONNECTIONS)]
    for line in lines:
        line.start()
    for line in lines:
        line.join()
    if lost:
        raise ConnectionError(f"nobody answered {len(lost)} accounts for {PATIENCE} s")
    return waits


def wave(application: str, reporters: list[Reporter], *, raw: bool) -> Wave:
    """Start a server, let it warm up, and measure one wave."""
    with serving(application) as (server, port):
        warm = reporters[: len(reporters) // 20]
        drive(port, warm, raw=raw)
        rest = reporters[len(warm):]
        master, web = postmaster(), [server.pid, *children(server.pid)]
        base = children(master)
        before_web, before_database = spent(web), spent(base)
        begun = time.perf_counter()
        waits = drive(port, rest, raw=raw)
        seconds = time.perf_counter() - begun
        return Wave(beats=len(rest), seconds=seconds, web=spent(web) - before_web,
                    database=spent(base) - before_database, waits=waits)


def killed(reporters: list[Reporter]) -> bool:
    """Kill every web process in the middle of a wave, twice, and compare all answers with the rows."""
    from xinglin.kernel import clock
    from xinglin.mechanics.presence import evidence, models

    with serving("xinglin.site.wsgi:application") as (server, port):
        deaths, last = 0, 0.0

        def kill(left: int) -> None:
            nonlocal deaths, last
            if left not in (len(reporters) * 2 // 3, len(reporters) // 3):
                return
            time.sleep(max(0.0, last + APART - time.monotonic()))
            last = time.monotonic()
            for pid in children(server.pid):
                os.kill(pid, signal.SIGKILL)
                deaths += 1

        drive(port, reporters, raw=False, when=kill)
    kept = models.Sitting.objects.filter(pk__in=[one.number for one in reporters])
    rows, lengths = {row.pk: row for row in kept}, evidence.lengths(rows=kept, at=clock.now())
    lost = sum(1 for one in reporters if rows[one.number].seq != one.seq)
    length = [lengths[one.number].total_seconds() for one in reporters]
    short = sum(1 for one, has in zip(reporters, length, strict=True) if has < one.counted - 0.1)
    over = sum(1 for one, has in zip(reporters, length, strict=True)
               if has > (rows[one.number].beat_at - rows[one.number].opened_at).total_seconds())
    again = sum(one.again for one in reporters)
    print(f"  kill -9 of {deaths} web processes under way: {len(reporters):,} accounts, lost answers asked for again "
          f"{again}; heartbeats lost {lost}, minutes lost {short}, beyond the clock {over}")
    return not (lost or short or over) and deaths > 0


def main() -> int:
    """Print the figures; fails when a heartbeat is lost."""
    folder = tempfile.TemporaryDirectory(prefix="xinglin-bench-")
    os.environ.update(XINGLIN_VAR=folder.name, XINGLIN_SECRET=secrets.token_hex(32))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "xinglin.site.settings")
    import django

    django.setup()
    reporters = fill()
    print(f"{OPEN:,} sittings open; {len(reporters):,} of them report in each wave ({WORKERS} web processes, {THREADS} "
          f"threads each, {CONNECTIONS} connections, all on {os.cpu_count()} cores with client and database)")
    runs: dict[str, list[Wave]] = {"raw": [], "presence": []}
    measures: dict[str, Callable[[], Wave]] = {
        "raw": lambda: wave("bench.presence_raw:application", reporters, raw=True),
        "presence": lambda: wave("xinglin.site.wsgi:application", reporters, raw=False),
    }
    for _turn in range(2):
        for name, measure in measures.items():
            runs[name].append(measure())
            print(runs[name][-1].told(name), flush=True)
    per = {name: statistics.mean((one.web + one.database) / one.beats for one in them) for name, them in runs.items()}
    web = {name: statistics.mean(one.web / one.beats for one in them) for name, them in runs.items()}
    print(f"  CPU for a heartbeat, web and database: {per['presence'] * 1e6:.0f} µs, raw {per['raw'] * 1e6:.0f} µs: "
          f"{per['presence'] / per['raw']:.2f} times raw (web alone {web['presence'] / web['raw']:.2f} times)")
    print(f"  100,000 accounts a minute are {WANTED:,.0f} heartbeats/s: {per['presence'] * WANTED:.2f} cores")
    kept = killed(reporters[:KILLED])
    folder.cleanup()
    return 0 if kept else 1


if __name__ == "__main__":
    sys.exit(main())
