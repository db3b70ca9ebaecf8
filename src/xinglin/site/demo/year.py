"""A year of work: what the streams of promises.yaml say happened, logged by clerks and verified by heads."""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from xinglin.engines.worklog.actions.series import open_series
from xinglin.engines.worklog.actions.verifying import verify_work
from xinglin.engines.worklog.actions.words import KindWords, extend_vocabulary, seed_vocabulary
from xinglin.engines.worklog.actions.work import log_works
from xinglin.engines.worklog.registers import Item
from xinglin.engines.worklog.words import Kind, Series
from xinglin.engines.worklog.works import Work
from xinglin.kernel.actors import house as part
from xinglin.kernel.acts import backfilling

from .building import month_end
from .houses import House
from .invented import COUNTIES, PLACES, PROVINCES, TOPICS
from .people import Cast
from .registers import open_registers

SCRIPT_DAY = 326  # the day of the year, 22 November, for which promises.yaml says what is done
RANGES = {"people": "people_on_site", "online": "people_online", "patients": "patients", "hours": "hours"}


@lru_cache(maxsize=1)
def script() -> dict[str, Any]:
    """Return the script of the year: kinds, streams, promises."""
    return dict(yaml.safe_load(Path(__file__).with_name("promises.yaml").read_text("utf-8")))


def share(on: date) -> float:
    """Return how much of the script has happened by a day of the year; in December a little more than all."""
    return on.timetuple().tm_yday / SCRIPT_DAY


def introduce_kinds(*, on: date, from_on: date) -> None:
    """Seed the shipped vocabulary and add what this association counts besides."""
    seed_vocabulary(by=part("demo"), on=on, from_on=from_on)
    listed = ("units", "nouns", "quantities", "uses")
    for code, words in script()["kinds"].items():
        given = {key: tuple(value) if key in listed else value for key, value in words.items()}
        extend_vocabulary(by=part("demo"), on=on, kind=KindWords(code=code, **given), from_on=from_on)


def open_all_series(*, house: House, on: date) -> None:
    """Register the streams that are numbered series."""
    for stream in script()["streams"].values():
        if "edition" in stream:
            kind = Kind.objects.get(code=stream["kind"])
            where = house.units[stream["unit"]]
            open_series(by=part("demo"), on=on, title=stream["title"], kind=kind, organisation=where)


@dataclass
class Stage:
    """What the writing of entries needs."""

    house: House
    rng: random.Random
    year: int
    kinds: dict[str, Kind] = field(default_factory=dict)
    items: dict[str, Item] = field(default_factory=dict)


def live(*, house: House, cast: Cast, today: date, seed: int) -> None:
    """Log and verify last year's work at once, then this year's month by month up to today."""
    kinds = {one.code: one for one in Kind.objects.all()}
    stage = Stage(house=house, rng=random.Random(seed + 2), year=today.year, kinds=kinds)
    stage.items = open_registers(house=house, cast=cast, today=today)
    before = today.year - 1
    with backfilling():
        _report(stage, cast, on=date(today.year, 1, 6), works=list(_works(stage, before, date(before, 12, 31), "last")))
    works = list(_works(stage, today.year, today, "done"))
    for month in range(1, today.month + 1):
        on = min(month_end(today.year, month), today)
        _report(stage, cast, on=on, works=[one for one in works if one[1].happened_on.month == month])


def _report(stage: Stage, cast: Cast, *, on: date, works: list[tuple[str, Work]]) -> None:
    for unit in sorted({unit for unit, _ in works}):
        mine = [work for name, work in works if name == unit]
        entries = log_works(by=cast.clerk(unit, on), on=on, works=mine, submit=True)
        # The newest entries of the current month still wait: somebody has to have something to do.
        waiting = 1 if len(entries) > 3 and on.day < 28 else 0
        verify_work(by=cast.head(unit, on), on=on, entries=entries[: len(entries) - waiting])


def _works(stage: Stage, year: int, until: date, which: str) -> Iterator[tuple[str, Work]]:
    for stream in script()["streams"].values():
        months = stream.get("months")
        number = round(stream.get(which, 0) * (share(until) if which == "done" and not months else 1))
        for index, day in enumerate(_days(stage.rng, number, year, until, months)):
            yield stream["unit"], _work(stage, stream, index, day)


def _days(rng: random.Random, number: int, year: int, until: date, months: list[int] | None) -> list[date]:
    """Spread a number of days over the months given as far as they have come, else evenly from January to the end."""
    days = []
    for index in range(number):
        if months:
            month = months[index % len(months)]
            day = date(year, month, rng.randint(3, 27))
            if day > until:
                continue
        else:
            span = (until - date(year, 1, 8)).days
            day = date(year, 1, 8) + timedelta(days=int(span * (index + 0.5) / number) + rng.randint(-3, 3))
        days.append(min(max(day, date(year, 1, 4)), until))
    return sorted(days)


def _work(stage: Stage, stream: dict[str, Any], index: int, day: date) -> Work:
    rng, house = stage.rng, stage.house
    kind = stage.kinds[stream["kind"]]
    given: dict[str, Any] = _quantities(rng, stream, kind)
    place = index % len(COUNTIES)
    words = {
        "i": index + 1,
        "topic": TOPICS[index % len(TOPICS)],
        "month": f"{day.month}月",
        "province": PROVINCES[index % len(PROVINCES)],
        "branch": house.branch_names[index % len(house.branch_names)],
        "hospital": house.hospital_names[index % len(house.hospital_names)],
        "place": f"{COUNTIES[place]}县" if stream.get("counties") else PLACES[index % len(PLACES)],
    }
    if stream.get("counties"):
        given["place"] = house.counties[place]
    if stream.get("hospitals"):
        given["place"] = house.hospitals[index % len(house.hospitals)]
    if stream.get("everyone"):  # a third of the branches each time
        given["partners"] = tuple(house.branches[index % 3 :: 3])
    if stream.get("branches"):
        given["partners"] = (house.branches[index % len(house.branches)],)
    if kind.pattern:
        given["item"] = stage.items[kind.pattern]
    given |= _edition(stream, before=stage.year - day.year)
    if stream.get("entrusted"):
        given["entrusted_by"] = house.commission
    return Work(
        kind=kind,
        title=stream["title"].format(**words),
        happened_on=day,
        organisation=house.units[stream["unit"]],
        count=rng.randint(*stream.get("count", (1, 1))),
        unit=stream.get("counts", "") if stream.get("counts") in kind.units else "",
        **given,
    )


def _quantities(rng: random.Random, stream: dict[str, Any], kind: Kind) -> dict[str, int | Decimal]:
    told = [(key, name) for key, name in RANGES.items() if key in stream and name in kind.quantities]
    drawn = {name: rng.randint(*stream[key]) for key, name in told}
    return {name: Decimal(number) if name == "hours" else number for name, number in drawn.items()}


def _edition(stream: dict[str, Any], *, before: int) -> dict[str, Any]:
    if "edition" not in stream:
        return {}
    series = Series.objects.get(title=stream["title"])
    return {"series": series, "role": "host", "edition": stream["edition"] - before}
