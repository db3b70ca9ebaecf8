"""Nothing that was answered is lost: a real server is killed twice while pages report to it."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request

import psutil

from tests.journeys.house import House
from xinglin.mechanics.presence.protocol import sign


class Reporter(threading.Thread):
    """A page that reports as fast as it may, tries again when nobody answers, and remembers what it was told."""

    def __init__(self, *, url, opened):
        super().__init__(daemon=True)
        self.url, self.opened, self.token, self.seq = url, opened, opened["token"], 0
        self.began = self.base = time.monotonic()
        self.told, self.watched, self.failed, self.stop = 0.0, 0.0, 0, threading.Event()

    def run(self):
        while not self.stop.wait(0.5):
            played = round((time.monotonic() - self.base) * 1000)
            message = json.dumps({"token": self.token, "seq": self.seq + 1, "played": [[0, played, 0]]})
            body = f"{sign(message=message, secret=self.opened['secret'])}\n{message}".encode()
            try:
                request = urllib.request.Request(self.url + "/presence/beat/", body)
                with urllib.request.urlopen(request, timeout=3) as answer:
                    self.hear(json.load(answer))
            except (urllib.error.URLError, ConnectionError, TimeoutError):
                self.failed += 1

    def hear(self, told):
        """Go on from what the server says."""
        assert told["state"] in ("counting", "again"), told
        self.token, self.seq, self.told = told["token"], told["seq"], told["counted"]
        self.base = time.monotonic() - told["age"]
        self.watched = self.base - self.began


def served(house, *words):
    """Run the part that works inside the installation."""
    done = subprocess.run([sys.executable, "-m", "tests.presence.served", *words], env=house.environment, check=False,
                          capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-3000:]
    return json.loads(done.stdout.splitlines()[-1])


def children_of(process):
    """Return the ids of the processes that a process started."""
    return [one.pid for one in psutil.Process(process.pid).children()]


def start_web(house):
    """Start the web processes alone and wait until they answer."""
    command = [sys.executable, "-m", "xinglin.site.cli", "serve", "--port", str(house.port), "--threads", "4"]
    log = (house.logs / "web.log").open("ab")
    house.running = [subprocess.Popen(command, env=house.environment, stdout=log, stderr=log)]
    until(house._answers, 120)


def until(true, seconds):
    """Wait until something is true."""
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end
        time.sleep(0.2)


def test_a_killed_server_loses_no_answered_heartbeat(tmp_path):
    house = House(folder=tmp_path)
    house.run("migrate")
    opened = served(house, "open", "5")
    start_web(house)
    pages = [Reporter(url=house.url, opened=one) for one in opened]
    try:
        for page in pages:
            page.start()
        until(lambda: all(page.seq >= 4 for page in pages), 60)
        workers = children_of(house.running[0])
        for pid in workers:
            os.kill(pid, signal.SIGKILL)  # the server starts another by itself
        until(lambda: all(page.seq >= 8 for page in pages), 60)
        for pid in [house.running[0].pid, *children_of(house.running[0])]:
            os.kill(pid, signal.SIGKILL)
        house.running[0].wait()
        until(lambda: all(page.failed for page in pages), 30)
        start_web(house)
        until(lambda: all(page.seq >= 14 for page in pages), 60)
    finally:
        for page in pages:
            page.stop.set()
            page.join()
        house.stop()
    rows = served(house, "counted")
    assert workers and len(rows) == 5
    for page in pages:
        seq, counted, passed = rows[str(page.opened["number"])]
        assert seq >= page.seq
        assert page.told - 0.1 <= counted <= passed
        assert counted >= page.watched - 2  # what was played while the server was away is reported when it is back
