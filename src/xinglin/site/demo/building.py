"""Builds the fictional year once; a build that was interrupted is begun anew."""

import json
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from threading import Thread
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.db import connection

from xinglin.kernel import actors, clock
from xinglin.kernel.ledger.checkpoints import make_checkpoint
from xinglin.kernel.ledger.models import SealedFact
from xinglin.kernel.ledger.sealer import seal_all
from xinglin.mechanics.presence.film import NoFfmpeg, make_film

from ..earlier import refusal
from ..occupancy import alone, holds_facts

SCALES = {"small": (12, 300, 20), "province": (86, 20_000, 300), "city": (86, 200_000, 300)}
SEED = 20260105


def prepare(*, scale: str = "", anew: bool = False) -> None:
    """Migrate and, unless it stands already, build the year; a database with facts of its own is never touched."""
    standing = _standing()
    _refuse_old(anew=anew, standing=standing)
    if standing and not anew:
        call_command("migrate", verbosity=0)
        if scale and scale != standing["scale"]:
            say(f"演示年已按 {standing['scale']} 建成，换规模须加 --anew / it stands, add --anew to change its scale")
        return
    with alone():
        if standing or _unfinished() or _noted_of_old():
            _remove()
        if holds_facts():
            raise SystemExit(
                "数据库里已有数据，演示年只建在空库里；可另设 XINGLIN_VAR 或 XINGLIN_DATABASE / the database is not"
                " empty and was left as it is; name another by XINGLIN_VAR or XINGLIN_DATABASE"
            )
        if words := refusal():
            raise SystemExit(words)
        call_command("migrate", verbosity=0)
        _mark(SEED)
        begun = time.perf_counter()
        _build(scale or "province")
        _mark(0)
        _keep(scale=scale or "province", seconds=round(time.perf_counter() - begun, 1))


def _file() -> Path:
    return Path(settings.VAR) / "demo.json"


def _note() -> dict[str, Any]:
    return dict(json.loads(_file().read_text("utf-8"))) if _file().exists() else {}


def _first() -> str:
    """Return the key of the ledger's first fact, by which this database is known."""
    if not holds_facts():
        return ""
    return str(SealedFact.objects.order_by("position").values_list("key", flat=True).first() or "")


def _standing() -> dict[str, Any]:
    """Return what was noted about the demonstration in this very database, nothing when it holds something else."""
    words = _note()
    return words if words.get("first") and words["first"] == _first() else {}


def _noted_of_old() -> bool:
    """Say whether an earlier version noted a demonstration here and this ledger begins as demonstrations do."""
    note = _note()
    if connection.vendor != "sqlite" or not note or "first" in note or not holds_facts():
        return False
    first = SealedFact.objects.order_by("position").values_list("actor", flat=True).first()
    return first == str(actors.house("demo").ref)


def _refuse_old(*, anew: bool, standing: dict[str, Any]) -> None:
    """Refuse a demonstration of an earlier version unless it is to be built anew, naming what else helps."""
    if anew or not (_noted_of_old() or (standing and refusal())):
        return
    raise SystemExit(
        f"演示年由更早的版本所建，加 --anew 重建，或删去 {settings.VAR} / the demonstration was built by an earlier"
        f" version: add --anew (make demo ANEW=1) to build it again, or delete {settings.VAR}"
    )


def _keep(*, scale: str, seconds: float) -> None:
    words = {"scale": scale, "seed": SEED, "built_on": clock.today().isoformat(), "seconds": seconds, "first": _first()}
    _file().write_text(json.dumps(words), "utf-8")
    say(f"演示年建成，用时 {seconds} 秒 / built")


def _mark(number: int) -> None:
    """Write into the embedded database itself that a build is under way (0: that it is done)."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute(f"PRAGMA user_version = {number:d}")


def _unfinished() -> bool:
    """Say whether this database holds a build that was interrupted; nothing else ever sets the mark."""
    if connection.vendor != "sqlite":
        return False
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA user_version")
        return bool(cursor.fetchone()[0] == SEED)


def _remove() -> None:
    """Remove the demonstration: only the embedded database, never a server's."""
    if connection.vendor != "sqlite":
        raise SystemExit("请先自行清空演示库 / drop and create the demonstration's database first")
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
    # They need a migrated database.
    from . import belonging, educating, houses, people, promising, year  # noqa: PLC0415

    branches, crowd, hospitals = SCALES[scale]
    today = story_day(clock.today())
    film = Thread(target=_film)  # a program of its own draws it on the other processor meanwhile
    film.start()
    say("建虚构协会的一年，全部走真实办理 / building a fictional year through real acts")
    with _fast():
        with step("机构 / organisations"):
            house = houses.found(branches=branches, hospitals=hospitals, year=today.year)
        with step("人员与任职 / people and posts"):
            cast = people.gather(house=house, count=crowd, today=today, seed=SEED)
        with step("工作要点 / the plan"):
            plan = promising.promise(house=house, cast=cast, today=today)
        with step("会员与会费 / members and fees"):
            belonging.belong(house=house, cast=cast, today=today, seed=SEED)
        with step("一年的工作 / a year of work"):
            year.live(house=house, cast=cast, today=today, seed=SEED)
        with step("继续教育与学分 / continuing education and credits"):
            educating.educate(house=house, cast=cast, today=today, seed=SEED)
        _events(house, cast, today)
        with step("学术会议的学分 / credits of the congress"):
            educating.credit_congress(today=today)
        with step("封存 / sealing"):
            seal_all()
        with step("督办、调整、佐证 / supervision, changes, evidence"):
            promising.run(plan=plan, cast=cast, today=today)
        with step("检查点 / checkpoint"):
            seal_all()
            make_checkpoint()
    with step("演示视频 / a film"):
        film.join()


def _events(house: Any, cast: Any, today: date) -> None:
    """Build the events of the year, their registrations and who was there."""
    from . import attending, gatherings, registering  # noqa: PLC0415  they need a migrated database

    with step("活动 / events"):  # registrations, presence and papers are added to these events after this step
        gatherings.gather(house=house, cast=cast, today=today, seed=SEED)
    with step("报名、订单与退费 / registrations, orders and refunds"):
        registering.enrol(house=house, cast=cast, today=today, seed=SEED)
    with step("签到、直播与人次 / doors, streams and person-times"):
        attending.attend(house=house, cast=cast, today=today, seed=SEED)


def _film() -> None:
    """Make the recording that the player shows; without ffmpeg the year stands without it."""
    try:
        make_film()
    except NoFfmpeg as missing:
        say(str(missing))


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


def story_day(today: date) -> date:
    """Return the day up to which the year is told: in January the year before, for its own has hardly begun."""
    return today if today.month > 1 else date(today.year - 1, 12, 31)


def month_end(year: int, month: int) -> date:
    """Return the last day of a month."""
    following = date(year + month // 12, month % 12 + 1, 1)
    return date.fromordinal(following.toordinal() - 1)
