"""The command line: `xinglin SUBJECT …`, help in Chinese and English."""

import argparse
import os
import sys
from collections.abc import Sequence


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit status: 0 done, 1 found wrong, 2 misused."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "xinglin.site.settings")
    parser = build_parser()
    given = parser.parse_args(arguments)
    if not getattr(given, "run", None):
        parser.print_help()
        return 2
    return int(given.run(given) or 0)


def build_parser() -> argparse.ArgumentParser:
    """Assemble the commands of every subject."""
    # Imported here so that `xinglin plan read` does not wait for Django.
    from .commands import administration, documents, keeping, ledger, people, plans, scaffold, serving  # noqa: PLC0415

    parser = argparse.ArgumentParser(
        prog="xinglin",
        description="杏林：医学会、医师协会、医院协会的开放运行平台 / "
        "the open operating platform of a medical association",
    )
    subjects = parser.add_subparsers(title="命令 / commands", metavar="COMMAND")
    for module in (serving, plans, ledger, people, administration, keeping, documents, scaffold):
        module.add(subjects)
    return parser


if __name__ == "__main__":
    sys.exit(main())
