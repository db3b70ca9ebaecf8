"""Measures the pages a member has of their own, and a unit's contact: over HTTP, on the fictional year of a province.

The yardstick in the same run is the sign-in page, which reads no data: every page of the portal is asked in turn with
it, so that what the machine does besides slows both. `BENCH_TIMES=30 python -m bench portal`.
"""

import os
import statistics
import sys
import tempfile
import time
from pathlib import Path

from tests.journeys.house import House

from .pages import Visitor, percent, plain_page

SCALE = os.environ.get("BENCH_SCALE", "province")
TIMES = int(os.environ.get("BENCH_TIMES", "30"))
LIMIT = 0.2
MEMBERS = ("zhouxingzhou", "linxiaoman", "hanshouzheng")
HOME = "/members/mine/"
PAGES = ("", "dues/", "branches/", "record/", "privacy/", "leave/")


def pages_of(visitor: Visitor) -> list[str]:
    """Return the portal's pages of one member: their own, and those of the first unit they speak for, if any."""
    home, _took = visitor.get(HOME)
    own = [HOME + one for one in PAGES]
    at = home.find(HOME + "units/")
    if at < 0:
        return own
    unit = home[at : home.index('"', at)]
    return own + [unit + one for one in (*PAGES, "seats/")]


def measure(house: House) -> tuple[dict[str, list[float]], list[float]]:
    """Ask every page of every member in turn, each time beside the plain page."""
    taken: dict[str, list[float]] = {}
    plain: list[float] = []
    for who in MEMBERS:
        visitor = Visitor(house, who)
        asked = pages_of(visitor)
        for path in asked:
            visitor.get(path)  # what is built once at the first visit is not what people wait for every day
        for _time in range(TIMES):
            for path in asked:
                taken.setdefault(f"{who} {path}", []).append(visitor.get(path)[1])
                plain.append(plain_page(house))
    return taken, plain


def main() -> int:
    """Build, start, measure, print; fails when the p95 of any page is above 200 ms, or no unit's page was measured."""
    with tempfile.TemporaryDirectory(prefix="xinglin-bench-") as folder:
        house, begun = House(folder=Path(folder)), time.perf_counter()
        house.run("demo", "--scale", SCALE, "--build-only")
        built = time.perf_counter() - begun
        house.start()
        try:
            taken, plain = measure(house)
        finally:
            house.stop()
    every = [one for times in taken.values() for one in times]
    p95, yard = percent(every, 0.95), statistics.median(plain) * 1000
    print(f"{SCALE}: built in {built:.0f} s; {len(taken)} pages of {len(MEMBERS)} members, {TIMES} times each")
    print(f"  portal: median {percent(every, 0.5):.0f} ms, p95 {p95:.0f} ms, p99 {percent(every, 0.99):.0f} ms")
    print(f"  sign-in page: median {yard:.0f} ms, p95 {percent(plain, 0.95):.0f} ms; the portal's p95 is "
          f"{p95 / percent(plain, 0.95):.1f} times the page's p95, its median {percent(every, 0.5) / yard:.1f} times")
    by_page = {one: percent(times, 0.95) for one, times in taken.items()}
    for one in sorted(by_page, key=lambda one: -by_page[one])[:5]:
        print(f"  {statistics.median(taken[one]) * 1000:>6.0f} ms, p95 {by_page[one]:.0f} ms  {one}")
    if not any(f"{HOME}units/" in one for one in taken):
        print("  nobody asked speaks for a unit: its pages were not measured")
        return 1
    return 0 if max(by_page.values()) < LIMIT * 1000 else 1


if __name__ == "__main__":
    sys.exit(main())
