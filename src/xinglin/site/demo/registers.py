"""The registers of the fictional year: agreements, entrusted work, assessments, sites to be built."""

from datetime import date

from xinglin.directory.actions.organisations import found_organisation
from xinglin.engines.worklog.actions.registers import ItemWords, list_items, move_item, open_track
from xinglin.engines.worklog.registers import Item
from xinglin.kernel.actors import house as part

from .houses import House
from .people import Cast


def open_registers(*, house: House, cast: Cast, today: date) -> dict[str, Item]:
    """Open the registers and return the item to which work of each pattern points."""
    by, on, year = part("demo"), date(today.year - 1, 1, 4), today.year
    partner = found_organisation(by=by, on=on, name="东江省医师协会（演示）", kind="society")
    owners = {unit: str(cast.head(unit, today).person) for unit in cast.heads}

    def opened(pattern: str, title: str, unit: str, items: list[ItemWords], target: int | None = None) -> list[Item]:
        track = open_track(
            by=by,
            on=on,
            pattern=pattern,
            title=title,
            organisation=house.units[unit],
            target=target,
            due_on=date(year, 12, 31) if target else None,
        )
        return list_items(by=by, on=on, track=track, items=items)

    clause = opened(
        "agreement",
        "东江、江海两省医师协会合作备忘录（演示）",
        "academic",
        [
            ItemWords(
                title="第二条　学术互访",
                party=partner,
                owner=owners["academic"],
                organisation=house.units["academic"],
                from_on=on,
                until_on=date(year + 1, 1, 1),
            )
        ],
    )[0]
    site = opened(
        "assessment",
        "三级等保复测评（演示）",
        "quality",
        [
            ItemWords(
                title="质控中心工作网站",
                grade="level3",
                owner=owners["quality"],
                organisation=house.units["quality"],
                due_on=date(year, 8, 31),
            )
        ],
    )[0]
    tasks = opened(
        "entrusted",
        f"{year} 年委托与交办工作（演示）",
        "office",
        [
            ItemWords(
                title="医师资格考试考务",
                party=house.commission,
                owner=owners["office"],
                organisation=house.units["office"],
                due_on=date(year, 8, 31),
            ),
            ItemWords(
                title="基层卫生人才现状调研",
                party=house.commission,
                owner=owners["research"],
                organisation=house.units["research"],
                due_on=date(year, 11, 30),
            ),
            ItemWords(title="行业信用评价试点材料", party=house.commission, due_on=date(year, 12, 15)),
        ],
    )
    for one in tasks[:2]:
        move_item(by=by, on=date(year, 3, 2), item=one, stage="doing")
    opened(
        "facility",
        f"{year} 年护理示范点（演示）",
        "quality",
        [
            ItemWords(
                title=name,
                subject=str(ref),
                owner=owners["quality"],
                organisation=house.units["quality"],
                due_on=date(year, 12, 31),
            )
            for name, ref in zip(house.hospital_names[-15:], house.hospitals[-15:], strict=False)
        ],
        target=15,
    )
    return {"agreement": clause, "assessment": site, "entrusted": tasks[0]}
