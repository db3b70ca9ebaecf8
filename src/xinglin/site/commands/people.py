"""`xinglin people`: import people and organisations from a table."""

from argparse import Namespace
from pathlib import Path
from typing import Any

from .booting import boot


def add(subjects: Any) -> None:
    """Add the commands of this subject."""
    parser = subjects.add_parser("people", help="人员：从表格导入 / people: import from a table")
    verbs = parser.add_subparsers(metavar="VERB", required=True)
    one = verbs.add_parser("import", help="导入 .xlsx 或 .csv / import .xlsx or .csv")
    one.add_argument("file", type=Path, help="表格 / the table")
    one.add_argument("--accepted-only", action="store_true", help="有错的行跳过，其余导入 / skip wrong rows")
    one.add_argument("--dry-run", action="store_true", help="只检查，不写入 / check only")
    one.set_defaults(run=bring_in)


def bring_in(given: Namespace) -> int:
    """Import people, all or nothing unless told otherwise."""
    boot()
    from xinglin.directory.importing import command

    return command.run(path=given.file, accepted_only=given.accepted_only, dry_run=given.dry_run)
