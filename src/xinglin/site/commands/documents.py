"""`xinglin docs` and `xinglin check`: generated pages are fresh, the house is in order."""

import subprocess
import sys
from argparse import Namespace
from pathlib import Path
from typing import Any

from .booting import boot


def add(subjects: Any) -> None:
    """Add the commands of this subject."""
    one = subjects.add_parser(
        "docs", help="生成 facts、ports、flows、settings、regulations 各页 / write generated pages"
    )
    one.add_argument("--check", action="store_true", help="只看是否过时 / only say whether they are stale")
    one.set_defaults(run=write)
    one = subjects.add_parser(
        "check", help="部署检查：设置、迁移、译文、文档 / check settings, migrations, translations"
    )
    one.set_defaults(run=check)


def write(given: Namespace) -> int:
    """Write the generated pages, or name those that are stale."""
    boot()
    from django.conf import settings

    from xinglin.site.documenting import render_all

    stale = []
    for name, text in render_all().items():
        page = Path(settings.ROOT) / name
        if not page.exists() or page.read_text("utf-8") != text:
            stale.append(str(name))
            if not given.check:
                page.write_text(text, "utf-8")
    if stale and given.check:
        print("过时 / stale:", ", ".join(stale), "→ xinglin docs", file=sys.stderr)
        return 1
    return 0


def check(given: Namespace) -> int:
    """Run Django's deployment checks, look for missing migrations and translations, verify generated pages."""
    boot()
    from django.core.management import CommandError, call_command

    from xinglin.site import deployment  # noqa: F401  registers the house's own checks

    status = 0
    checks = ("check", {"deploy": True, "fail_level": "WARNING"})
    for command, options in (checks, ("makemigrations", {"check": True, "dry_run": True})):
        try:
            call_command(command, **options)
        except (CommandError, SystemExit) as wrong:
            print(wrong, file=sys.stderr)
            status = 1
    status |= subprocess.run([sys.executable, "-m", "xinglin.shell.catalogue", "check"], check=False).returncode
    return status | write(Namespace(check=True))
