"""`xinglin people`: import people and organisations from a table."""

import os
import sys
from argparse import Namespace
from pathlib import Path
from typing import Any

from .booting import boot, fail


def add(subjects: Any) -> None:
    """Add the commands of this subject."""
    parser = subjects.add_parser("people", help="人员：从表格导入 / people: import from a table")
    verbs = parser.add_subparsers(metavar="VERB", required=True)
    one = verbs.add_parser("import", help="导入 .xlsx 或 .csv / import .xlsx or .csv")
    one.add_argument("file", type=Path, help="表格 / the table")
    one.add_argument("--accepted-only", action="store_true", help="有错的行跳过，其余导入 / skip wrong rows")
    one.set_defaults(run=bring_in)


def bring_in(given: Namespace) -> int:
    """Import people, all or nothing unless told otherwise; every rejected row says why."""
    boot()
    from django.utils.translation import override

    from xinglin.kernel.policy import Refusal
    from xinglin.lib.tables import TableRefused

    if not given.file.is_file():
        return fail(f"没有这个文件 / no such file: {given.file}")
    with override(_language()):
        try:
            return _bring_in(given)
        except (Refusal, TableRefused, OSError) as refused:
            print(file=sys.stderr)
            fail(str(refused))
            _say_why(getattr(refused, "values", {}).get("batch"))
            return 1


def _bring_in(given: Namespace) -> int:
    from xinglin.directory.importing.from_file import import_people
    from xinglin.kernel import clock
    from xinglin.kernel.actors import house

    batch = import_people(
        given.file, by=house("cli"), on=clock.today(), only_accepted=given.accepted_only, report=_progress
    )
    print(file=sys.stderr)
    _say_why(batch)
    print(f"导入 {batch.accepted} 行，退回 {batch.rejected} 行 / accepted {batch.accepted}, rejected {batch.rejected}")
    return 0


def _language() -> str:
    """Return the language of the terminal: English where it says so, else the house's own."""
    said = next(filter(None, map(os.environ.get, ("LC_ALL", "LC_MESSAGES", "LANG"))), "")
    return "en" if said.startswith("en") else "zh-hans"


def _say_why(batch: Any) -> None:
    """Print row, column and reason of everything that was rejected of a list."""
    from xinglin.directory.importing.outlook import reasons

    for one in reasons(batch) if batch else ():
        words = "　".join(filter(None, (one.column, one.reason, one.right)))
        print(f"  第 {one.row} 行 / row {one.row}: {words}", file=sys.stderr)


def _progress(done: int, total: int, message: str) -> None:
    print(f"\r{message} {done:,} / {total:,}", end="", file=sys.stderr)
