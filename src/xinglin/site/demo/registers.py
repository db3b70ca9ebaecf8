"""The registers of the fictional year: agreements, entrusted work, assessments, sites to be built."""

from datetime import date
from typing import Any

from xinglin.directory.actions.organisations import found_organisation
from xinglin.engines.worklog.actions.registers import ItemWords, list_items, move_item, open_track
from xinglin.engines.worklog.registers import Item
from xinglin.kernel.actors import house as part

from .houses import House
from .people import Cast


class _Opening:
    """Opens registers one after another with the same house, owners and day."""

    def __init__(self, house: House, cast: Cast, today: date):
        self.house, self.year, self.today = house, today.year, today
        self.by, self.on = part("demo"), date(today.year - 1, 1, 4)
        self.owners = {unit: str(cast.head(unit, today).person) for unit in cast.heads}

    def item(self, unit: str, title: str, **more: Any) -> ItemWords:
        """Return the words of an item that a department owns."""
        return ItemWords(title=title, owner=self.owners[unit], organisation=self.house.units[unit], **more)

    def opened(
        self, pattern: str, title: str, unit: str, items: list[ItemWords], target: int | None = None
    ) -> list[Item]:
        """Open one register with its items."""
        track = open_track(
            by=self.by, on=self.on, pattern=pattern, title=title, organisation=self.house.units[unit], target=target,
            due_on=date(self.year, 12, 31) if target else None)
        return list_items(by=self.by, on=self.on, track=track, items=items)


def open_registers(*, house: House, cast: Cast, today: date) -> dict[str, Item]:
    """Open the registers and return the item to which work of each pattern points."""
    one, year = _Opening(house, cast, today), today.year
    partner = found_organisation(by=one.by, on=one.on, name="东江省医师协会（演示）", kind="society")
    clause = one.item("academic", "第二条　学术互访", party=partner, from_on=one.on, until_on=date(year + 1, 1, 1))
    site = one.item("quality", "质控中心工作网站", grade="level3", due_on=date(year, 8, 31))
    return {
        "agreement": one.opened("agreement", "东江、江海两省医师协会合作备忘录（演示）", "academic", [clause])[0],
        "assessment": one.opened("assessment", "三级等保复测评（演示）", "quality", [site])[0],
        "entrusted": _entrusted(one),
        "facility": _sites(one),
    }


def _entrusted(one: _Opening) -> Item:
    """Open the register of entrusted work: two tasks in hand, one that nobody owns yet."""
    giver, year = one.house.commission, one.year
    tasks = one.opened("entrusted", f"{year} 年委托与交办工作（演示）", "office", [
        one.item("office", "医师资格考试考务", party=giver, due_on=date(year, 8, 31)),
        one.item("research", "基层卫生人才现状调研", party=giver, due_on=date(year, 11, 30)),
        ItemWords(title="行业信用评价试点材料", party=giver, due_on=date(year, 12, 15)),
    ])
    for task in tasks[:2]:
        move_item(by=one.by, on=min(date(year, 3, 2), one.today), item=task, stage="doing")
    return tasks[0]


def _sites(one: _Opening) -> Item:
    """Open the counter of demonstration sites to be accepted."""
    places = list(zip(one.house.hospital_names, one.house.hospitals, strict=True))[-15:]
    items = [one.item("quality", name, subject=str(ref), due_on=date(one.year, 12, 31)) for name, ref in places]
    return one.opened("facility", f"{one.year} 年护理示范点（演示）", "quality", items, target=15)[0]
