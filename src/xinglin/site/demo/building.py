"""Builds the fictional year once; a build that was interrupted is begun anew."""

import json
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.db import connection

from xinglin.kernel import clock
from xinglin.kernel.ledger.checkpoints import make_checkpoint
from xinglin.kernel.ledger.models import Head
from xinglin.kernel.ledger.sealer import seal_all

SCALES = {"small": (12, 300, 20), "province": (86, 20_000, 300), "city": (86, 200_000, 300)}
SEED = 20260105


def prepare(*, scale: str) -> None:
    """Migrate and, unless it stands already, build the year."""
    marker = Path(settings.VAR) / "demo.json"
    if marker.exists():
        call_command("migrate", verbosity=0)
        return
    _begin_anew()
    call_command("migrate", verbosity=0)
    if Head.objects.filter(size__gt=0).exists():
        raise SystemExit(
            "数据库里已有别的数据，演示年只建在空库里 / the database is not empty; the demo builds in an empty one"
        )
    begun = time.perf_counter()
    _build(scale)
    words = {
        "scale": scale,
        "seed": SEED,
        "built_on": clock.today().isoformat(),
        "seconds": round(time.perf_counter() - begun, 1),
    }
    marker.write_text(json.dumps(words), "utf-8")
    say(f"演示年建成，用时 {words['seconds']} 秒 / built")


def _begin_anew() -> None:
    """Remove an unfinished build: only the embedded database in the data folder, never a server's."""
    if connection.vendor != "sqlite":
        return
    name = Path(str(connection.settings_dict["NAME"]))
    connection.close()
    for one in (name, name.with_name(name.name + "-wal"), name.with_name(name.name + "-shm")):
        one.unlink(missing_ok=True)


def say(words: str) -> None:
    """Tell the one who waits."""
    print(words, file=sys.stderr, flush=True)


@contextmanager
def step(words: str) -> Iterator[None]:
    """Say what is being built and how long it took."""
    begun = time.perf_counter()
    yield
    say(f"  {words}　{time.perf_counter() - begun:.1f} s")


def _build(scale: str) -> None:
    from . import houses, people, promising, year  # noqa: PLC0415  they need a migrated database

    branches, crowd, hospitals = SCALES[scale]
    today = clock.today()
    say("建虚构协会的一年，全部走真实办理 / building a fictional year through real acts")
    with _fast():
        with step("机构 / organisations"):
            house = houses.found(branches=branches, hospitals=hospitals, year=today.year)
        with step("人员与任职 / people and posts"):
            cast = people.gather(house=house, count=crowd, today=today, seed=SEED)
        with step("工作要点 / the plan"):
            plan = promising.promise(house=house, cast=cast, today=today)
        with step("一年的工作 / a year of work"):
            year.live(house=house, cast=cast, today=today, seed=SEED)
        with step("封存 / sealing"):
            seal_all()
        with step("督办、调整、佐证 / supervision, changes, evidence"):
            promising.run(plan=plan, cast=cast, today=today)
        with step("检查点 / checkpoint"):
            seal_all()
            make_checkpoint()


@contextmanager
def _fast() -> Iterator[None]:
    """Let the embedded database skip waiting for the disk while nothing can be lost yet."""
    if connection.vendor != "sqlite":
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA synchronous=OFF")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA synchronous=NORMAL")


def month_end(year: int, month: int) -> date:
    """Return the last day of a month."""
    following = date(year + month // 12, month % 12 + 1, 1)
    return date.fromordinal(following.toordinal() - 1)
