"""A house of the journeys' own: the small fictional year, with web, worker and sealer as real processes."""

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import IO

CLI = (sys.executable, "-m", "xinglin.site.cli")
PASSWORD = "Xinglin-2026-demo"
PATIENCE = 180  # seconds a start may take on a busy machine


class House:
    """Builds, starts and stops one installation in a folder."""

    def __init__(self, *, folder: Path) -> None:
        self.var, self.logs = folder / "var", folder
        self.port = _free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.running: list[subprocess.Popen[bytes]] = []
        self.signed_in: dict[str, dict] = {}  # cookies by user name: who has signed in once stays signed in
        self._open: list[IO[bytes]] = []

    @property
    def environment(self) -> dict[str, str]:
        """Return the settings of this house; pytest's own marks would turn production rules off."""
        kept = {key: value for key, value in os.environ.items() if not key.startswith(("PYTEST_", "XINGLIN_"))}
        return {
            **kept,
            "DJANGO_SETTINGS_MODULE": "xinglin.site.settings",
            "XINGLIN_VAR": str(self.var),
            "XINGLIN_TOTP_REQUIRED": "0",
            "XINGLIN_NAME": "江海省医师协会（演示）",
            "XINGLIN_URL": self.url,
            "XINGLIN_PAYMENT": "simulator",
            "XINGLIN_PARENT": str(os.getpid()),  # its processes end with this one, however it ends
        }

    def build(self) -> None:
        """Build the small year."""
        self.run("demo", "--scale", "small", "--build-only")

    def run(self, *words: str) -> str:
        """Run one command of the house to its end and return what it printed."""
        done = subprocess.run([*CLI, *words], env=self.environment, capture_output=True, text=True, check=False)
        assert done.returncode == 0, f"xinglin {' '.join(words)}: {done.stderr[-3000:]}"
        return done.stdout

    def start(self) -> None:
        """Start the three processes and wait until the site answers."""
        parts = {
            "web": ("serve", "--port", str(self.port), "--threads", "4"),
            "worker": ("worker",),
            "sealer": ("sealer",),
        }
        for name, words in parts.items():
            log = (self.logs / f"{name}.log").open("wb")
            self._open.append(log)
            self.running.append(subprocess.Popen([*CLI, *words], env=self.environment, stdout=log, stderr=log))
        end = time.monotonic() + PATIENCE
        while not self._answers():
            assert time.monotonic() < end, f"the site did not start: {(self.logs / 'web.log').read_text()[-3000:]}"
            time.sleep(0.3)

    def _answers(self) -> bool:
        assert all(one.poll() is None for one in self.running), "a process of the house has ended"
        try:
            with urllib.request.urlopen(self.url, timeout=30) as answer:
                return bool(answer.status == 200)
        except (urllib.error.URLError, TimeoutError, ConnectionError):
            return False

    def stop(self) -> None:
        """End exactly the processes that were started here."""
        for one in self.running:
            one.terminate()
        for one in self.running:
            try:
                one.wait(timeout=30)
            except subprocess.TimeoutExpired:
                one.kill()
                one.wait()
        for log in self._open:
            log.close()


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])
