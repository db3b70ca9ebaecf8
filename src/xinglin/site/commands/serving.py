"""`xinglin serve`, `worker`, `sealer` and `demo`: the processes of an installation."""

import os
import signal
import subprocess
import sys
import threading
import time
from argparse import Namespace
from types import FrameType
from typing import Any

from .booting import PATIENCE, boot, end, fail


def add(subjects: Any) -> None:
    """Add the commands of this subject."""
    one = subjects.add_parser("serve", help="启动网站 / start the web processes")
    one.add_argument("--host", default="127.0.0.1", help="监听地址 / address to listen on")
    one.add_argument("--port", type=int, default=8000, help="端口 / port")
    one.add_argument("--workers", type=int, default=1, help="进程数 / web processes")
    one.add_argument("--threads", type=int, default=8, help="每进程线程数 / threads of each")
    one.set_defaults(run=serve)
    one = subjects.add_parser(
        "worker", help="启动后台：任务、夜间作业、流转、通知 / start jobs, nightly work, flows, notices"
    )
    one.set_defaults(run=worker)
    one = subjects.add_parser("sealer", help="启动封存 / start the sealer")
    one.set_defaults(run=sealer)
    one = subjects.add_parser("migrate", help="建表或升级表 / create or upgrade the tables")
    one.set_defaults(run=migrate)
    one = subjects.add_parser("demo", help="建一个虚构协会的一年并启动 / build a fictional year and start everything")
    one.add_argument("--port", type=int, default=8000, help="端口 / port")
    one.add_argument(
        "--scale",
        choices=("province", "city", "small"),
        default="",
        help="province 2 万人（默认），city 20 万人 / 20,000 (the default) or 200,000 people",
    )
    one.add_argument("--anew", action="store_true", help="删去已有演示库重建 / remove the demonstration and build anew")
    one.add_argument("--build-only", action="store_true", help="只建数据，不启动 / build only")
    one.set_defaults(run=demo)


PARENT = "XINGLIN_PARENT"  # set for processes that end with the one that started them


class Stop:
    """Turns true when the process is told to end, or when the process that started it as its part is gone."""

    def __init__(self) -> None:
        self.told = threading.Event()
        self.parent = int(os.environ.get(PARENT, "0"))
        for one in (signal.SIGINT, signal.SIGTERM):
            signal.signal(one, self._tell)

    def _tell(self, number: int, frame: FrameType | None) -> None:
        self.told.set()

    def __call__(self) -> bool:
        return self.told.is_set() or (self.parent != 0 and os.getppid() != self.parent)


def serve(given: Namespace) -> int:
    """Serve the site with granian."""
    boot()
    _take_part()
    command = [
        sys.executable,
        "-m",
        "granian",
        "--interface",
        "wsgi",
        "--host",
        given.host,
        "--port",
        str(given.port),
        "--workers",
        str(given.workers),
        "--blocking-threads",
        str(given.threads),
        "--log-level",
        "error",
        "--respawn-failed-workers",
        "xinglin.site.wsgi:application",
    ]
    os.execv(sys.executable, command)


def sealer(given: Namespace) -> int:
    """Seal facts until told to stop, and sign a checkpoint a minute while there is something new."""
    boot()
    _take_part()
    from xinglin.kernel.ledger import checkpoints
    from xinglin.kernel.ledger import sealer as sealing

    sealing.run(stop=Stop(), after=lambda sealed: checkpoints.checkpoint_when_due())
    checkpoints.make_checkpoint()
    return 0


def worker(given: Namespace) -> int:
    """Run flows, nightly work and notices in this process, and background jobs in a second one."""
    boot()
    lock = _take_part()
    from .rounds import JobRunner, run_rounds

    stop = Stop()
    jobs = JobRunner(command=[sys.executable, "-m", "django", "db_worker", "--interval", "0.5"], lock=lock)
    try:
        run_rounds(stop=lambda: stop() or not jobs.attend())
    finally:
        jobs.end()
    return 0 if stop() else 1


def _take_part() -> int:
    """Hold the data folder as long as this process runs; a restore under way or tables of old keep it out."""
    from xinglin.site.earlier import refusal, unmade
    from xinglin.site.occupancy import InUse, take_part

    try:
        lock = take_part()
    except InUse as refused:
        sys.exit(str(refused))
    if words := unmade() or refusal():
        sys.exit(words)
    return lock


def migrate(given: Namespace) -> int:
    """Bring the database's tables up to this version."""
    boot()
    from django.core.management import call_command

    from xinglin.site.earlier import refusal

    if words := refusal():
        return fail(words)
    call_command("migrate", verbosity=1)
    return 0


def demo(given: Namespace) -> int:
    """Migrate, build the fictional year once, then run web, worker and sealer together."""
    os.environ.setdefault("XINGLIN_TOTP_REQUIRED", "0")
    os.environ.setdefault("XINGLIN_OPEN_PLAN", "1")
    os.environ.setdefault("XINGLIN_NAME", "江海省医师协会（演示）")
    os.environ.setdefault("XINGLIN_URL", f"http://127.0.0.1:{given.port}")
    boot()
    from xinglin.site.demo import await_answer, prepare, welcome
    from xinglin.site.occupancy import InUse

    try:
        prepare(scale=given.scale, anew=given.anew)
    except InUse as refused:
        return fail(str(refused))
    if given.build_only:
        return 0
    stop = Stop()
    children = _start(port=given.port)
    if await_answer(port=given.port, given_up=lambda: stop() or bool(_ended(children))):
        welcome(port=given.port)
    return _attend(children, stop)


def _start(*, port: int) -> dict[str, subprocess.Popen[bytes]]:
    parts = {
        "web": ["serve", "--port", str(port), "--workers", "1"],
        "worker": ["worker"],
        "sealer": ["sealer"],
    }
    ours = os.environ | {PARENT: str(os.getpid())}
    command = [sys.executable, "-m", "xinglin.site.cli"]
    return {name: subprocess.Popen([*command, *words], env=ours) for name, words in parts.items()}


def _ended(children: dict[str, subprocess.Popen[bytes]]) -> list[str]:
    return [name for name, child in children.items() if child.poll() is not None]


def _attend(children: dict[str, subprocess.Popen[bytes]], stop: Stop) -> int:
    """Wait until told to stop or a part ends, then end the parts we started."""
    status = 0
    while not stop():
        if ended := _ended(children):
            status = fail(f"停了 / ended: {', '.join(ended)}")
            break
        time.sleep(0.3)
    for child in children.values():
        if child.poll() is None:
            child.send_signal(signal.SIGTERM)
    for child in children.values():
        end(child, patience=2 * PATIENCE)  # the worker waits for its own job runner first
    return status
