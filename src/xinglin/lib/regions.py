"""The administrative regions of GB/T 2260: code to name, name to code, in force and abolished.

The table `regions.csv` stands at 31 December 2024 and reaches back to 1981. It is complete for provinces and
for prefectures of the mainland; below the prefecture it is what the ministry listed, without development
zones, and it holds nothing below Hong Kong, Macao and Taiwan. An unknown county code is therefore a question,
never proof of a false number.
"""

from __future__ import annotations

import csv
from collections import defaultdict
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib import resources

VINTAGE = "2024-12-31"

_PROVINCE_SUFFIXES = ("维吾尔自治区", "壮族自治区", "回族自治区", "特别行政区", "自治区", "省", "市")
_SUMMARY_NAMES = frozenset({"市辖区", "县", "省直辖县级行政区划"})


class RegionLevel(StrEnum):
    """The three levels a code names."""

    PROVINCE = "province"
    PREFECTURE = "prefecture"
    COUNTY = "county"


@dataclass(frozen=True)
class Region:
    """One name borne by one code; years are inclusive for `since`, exclusive for `until`, None where open."""

    code: str
    name: str
    since: int | None
    until: int | None

    @property
    def level(self) -> RegionLevel:
        """The level, read off the zeros at the end of the code."""
        if self.code.endswith("0000"):
            return RegionLevel.PROVINCE
        return RegionLevel.PREFECTURE if self.code.endswith("00") else RegionLevel.COUNTY

    @property
    def in_force(self) -> bool:
        """Whether the code still bore this name at the vintage of the table."""
        return self.until is None

    @property
    def short_name(self) -> str:
        """The everyday name of a province (上海, 内蒙古, 新疆); other regions keep their full name."""
        if self.level is not RegionLevel.PROVINCE:
            return self.name
        for suffix in _PROVINCE_SUFFIXES:
            if self.name.endswith(suffix):
                return self.name.removesuffix(suffix)
        return self.name


@cache
def _by_code() -> dict[str, tuple[Region, ...]]:
    found: defaultdict[str, list[Region]] = defaultdict(list)
    table = resources.files("xinglin.lib").joinpath("regions.csv").read_text(encoding="utf-8")
    for row in csv.DictReader(line for line in table.splitlines() if not line.startswith("#")):
        since, until = (int(row[key]) if row[key] else None for key in ("since", "until"))
        found[row["code"]].append(Region(code=row["code"], name=row["name"], since=since, until=until))
    return {code: tuple(regions) for code, regions in found.items()}


@cache
def _by_name() -> dict[str, tuple[Region, ...]]:
    found: defaultdict[str, list[Region]] = defaultdict(list)
    for regions in _by_code().values():
        for region in regions:
            for name in {region.name, region.short_name}:
                found[name].append(region)
    return {name: tuple(regions) for name, regions in found.items()}


def region_of(*, code: str, year: int | None = None) -> Region | None:
    """Return what a six-digit code names, lately or in a given year, or None where the table does not know
    it."""
    regions = _by_code().get(code, ())
    if year is not None:
        regions = tuple(r for r in regions if (r.since or 0) <= year < (r.until or 10_000))
    return regions[-1] if regions else None


def names_of(*, code: str) -> tuple[Region, ...]:
    """Return every name a code has borne, oldest first."""
    return _by_code().get(code, ())


def regions_named(*, name: str, within: str = "", abolished: bool = False) -> tuple[Region, ...]:
    """Return the regions of a full name (or a province's everyday name), inside a province or prefecture if
    its code is given."""
    prefix = within[:2] if within.endswith("0000") else within[:4]
    return tuple(
        region
        for region in _by_name().get(name.strip(), ())
        if region.code.startswith(prefix) and (abolished or region.in_force)
    )


def provinces() -> tuple[Region, ...]:
    """Return the 34 province-level regions in the order of their codes."""
    return tuple(regions[-1] for code, regions in sorted(_by_code().items()) if code.endswith("0000"))


def parts_of(*, code: str) -> tuple[Region, ...]:
    """Return the regions in force directly below a province (its prefectures, or districts of a
    municipality) or a prefecture."""
    if code.endswith("0000"):
        below = _in_force(code[:2], RegionLevel.PREFECTURE)
        named = tuple(region for region in below if region.name not in _SUMMARY_NAMES)
        # A municipality and the counties run by a province have no prefecture between: show the counties
        # themselves.
        direct = tuple(
            part for summary in below if summary not in named for part in parts_of(code=summary.code)
        )
        return tuple(sorted(named + direct, key=lambda region: region.code))
    if code.endswith("00"):
        return _in_force(code[:4], RegionLevel.COUNTY)
    return ()


def _in_force(prefix: str, level: RegionLevel) -> tuple[Region, ...]:
    return tuple(
        regions[-1]
        for code, regions in sorted(_by_code().items())
        if code.startswith(prefix) and regions[-1].in_force and regions[-1].level is level
    )


def line_of(*, code: str, year: int | None = None) -> tuple[Region, ...]:
    """Return province, prefecture and county of a code as far as known, leaving out summary rows such as
    市辖区."""
    codes = dict.fromkeys((f"{code[:2]}0000", f"{code[:4]}00", code))
    found = (region_of(code=each, year=year) for each in codes)
    return tuple(region for region in found if region and region.name not in _SUMMARY_NAMES)


def full_name(*, code: str, year: int | None = None) -> str:
    """Return the name as written in an address: 上海市黄浦区, 江苏省南京市鼓楼区; empty for an unknown
    code."""
    return "".join(region.name for region in line_of(code=code, year=year))


def prefecture_of(*, code: str) -> str:
    """Return the code of a county's prefecture; "" for a province and for districts of a province-level city."""
    if not code or code.endswith("0000"):
        return ""
    # Districts of 北京 天津 上海 重庆 stand under a summary row; they are told apart by county.
    return "" if code[:2] in {"11", "12", "31", "50"} else f"{code[:4]}00"
