"""Measures the import of people, the search over them and the hunt for duplicates.

`python bench/people.py [PEOPLE]` in a fresh temporary database. The ratio compares the whole import (read, check,
seal numbers, index, state facts) with a bare bulk_create of as many rows of one table in the same run.
"""

import os
import random
import sys
import tempfile
import time
from datetime import date, timedelta
from pathlib import Path

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "xinglin.site.settings")
FOLDER = tempfile.TemporaryDirectory(prefix="xinglin-bench-")
os.environ["XINGLIN_VAR"] = FOLDER.name

import django  # noqa: E402

django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import connection, transaction  # noqa: E402
from django.db.models import QuerySet  # noqa: E402
from xlsxwriter import Workbook  # noqa: E402

from xinglin.directory import answers  # noqa: E402
from xinglin.directory.actions.organisations import found_organisation  # noqa: E402
from xinglin.directory.duplicates import duplicates  # noqa: E402
from xinglin.directory.importing.from_file import import_people  # noqa: E402
from xinglin.directory.models import Person, PersonKey, Term  # noqa: E402
from xinglin.kernel.actors import house  # noqa: E402
from xinglin.lib.identity import check_digit  # noqa: E402
from xinglin.lib.surnames import SINGLE  # noqa: E402

CLERK, DAY = house("bench"), date(2026, 3, 2)
GIVEN = (
    "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉兰红梅建国志文辉"
    "力健世广义兴良海山仁波宁贵福生龙元全胜学祥才发武新利清飞彬富顺信子"
)
HEADERS = [
    "姓名",
    "性别",
    "身份证号",
    "手机",
    "邮箱",
    "工作单位",
    "科室",
    "职称",
    "分会",
    "分会职务",
    "任期起",
    "任期止",
]


def make_list(path: Path, *, people: int, hospitals: list[str], branches: list[str]) -> None:
    """Write a list of fictional people; every sixth holds a post."""
    dice = random.Random(7)
    surnames = list(SINGLE)[:200]
    with Workbook(str(path), {"constant_memory": True}) as book:
        sheet = book.add_worksheet("名册")
        sheet.write_row(0, 0, HEADERS)
        for row in range(1, people + 1):
            born = date(1950, 1, 1) + timedelta(days=row * 7 % 18000)  # with the serial: no number twice
            body = f"{dice.choice(('320102', '310101', '330106', '110105'))}{born:%Y%m%d}{row // 18000:03d}"
            name = dice.choice(surnames) + "".join(dice.sample(GIVEN, dice.choice((1, 2, 2, 2))))
            post = ["", "", "", ""] if row % 6 else [dice.choice(branches), "委员", "2024-01-01", "2026-12-31"]
            sheet.write_row(
                row,
                0,
                [
                    name,
                    "男" if int(body[16]) % 2 else "女",
                    body + check_digit(body=body),
                    f"13{row:09d}",
                    f"p{row}@example.org",
                    dice.choice(hospitals),
                    dice.choice(("内科", "外科", "急诊科")),
                    dice.choice(("主任医师", "副主任医师", "主治医师")),
                    *post,
                ],
            )


def bare(people: int) -> tuple[float, float]:
    """Return the seconds, and those of the processor, that a plain bulk_create of bare rows takes (rolled back)."""
    rows = [Person(name=f"甲{one}", sort_key=f"jia {one}", registered_on=DAY) for one in range(people)]
    with transaction.atomic():
        start, began = time.perf_counter(), time.process_time()
        QuerySet(Person).bulk_create(rows, batch_size=1000)
        answer = time.perf_counter() - start, time.process_time() - began
        transaction.set_rollback(True)
    return answer


def timed(what: str, run: object, times: int = 7) -> None:
    """Print the median of a few runs in milliseconds."""
    taken = []
    for _ in range(times):
        start = time.perf_counter()
        run()  # type: ignore[operator]
        taken.append((time.perf_counter() - start) * 1000)
    print(f"  {what:<44}{sorted(taken)[len(taken) // 2]:>9.1f} ms")


def main(people: int) -> None:
    """Import, search, compare."""
    call_command("migrate", verbosity=0)
    hospitals = [f"江海市第{n}医院（虚构）" for n in range(1, 301)]
    for name in hospitals:
        found_organisation(by=CLERK, on=DAY, name=name, kind="hospital")
    branches = [f"专科{n}专业委员会" for n in range(1, 87)]
    for name in branches:
        found_organisation(by=CLERK, on=DAY, name=name, kind="branch")
    path = Path(FOLDER.name) / "people.xlsx"
    make_list(path, people=people, hospitals=hospitals, branches=branches)
    seen: list[tuple[float, str]] = []
    start, began = time.perf_counter(), time.process_time()
    batch = import_people(
        path, by=CLERK, on=DAY, report=lambda done, total, words: seen.append((time.perf_counter() - start, words))
    )
    seconds, busy = time.perf_counter() - start, time.process_time() - began
    plain, plainly = bare(people)
    print(
        f"{connection.vendor}: {people:,} people in {seconds:.1f} s = {people / seconds:,.0f} people/s "
        f"({busy:.1f} s of processor; {batch.accepted:,} rows, {Term.objects.count():,} terms, "
        f"{PersonKey.objects.count():,} keys)"
    )
    print(
        f"  bare bulk_create of as many rows {plain:.1f} s ({plainly:.1f} s of processor); "
        f"ratio {seconds / plain:.1f}, of processor time {busy / plainly:.1f}"
    )
    for at, words in seen[:1] + seen[-3:]:
        print(f"  {at:>6.1f} s  {words}")
    found = Person.objects.known()
    for words in ("王", "w", "王伟", "wangwei", "ww", "伟", "江海市第7医院", "0042", "110105*002x", "王 江海市第7"):
        timed(f"search {words}: {found.found(words).count():,} hits", lambda words=words: list(found.found(words)[:20]))
        timed(f"  count {words}", lambda words=words: found.found(words).count())
    timed("members of a branch on a day", lambda: answers.members_of("directory.organisation:301", on=DAY))
    start = time.perf_counter()
    pairs = duplicates(on=DAY)
    print(f"  duplicates over all: {len(pairs)} pairs in {time.perf_counter() - start:.1f} s")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 50_000)
