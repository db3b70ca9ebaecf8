"""An installation of a test's own: its data folder, its database, and the commands run as an office runs them."""

import hashlib
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

FOUND = """
from datetime import date
from xinglin.directory.actions.organisations import found_organisation
from xinglin.kernel.actors import house
for name in {names!r}:
    found_organisation(by=house("test"), on=date(2026, 3, 5), name=name, kind="association")
from xinglin.kernel.ledger.sealer import seal_all
from xinglin.kernel.ledger.checkpoints import make_checkpoint
seal_all()
make_checkpoint()
"""
NAMES = """
from xinglin.directory.organisations import Organisation
print("|".join(Organisation.objects.order_by("name").values_list("name", flat=True)))
"""


@dataclass(frozen=True)
class Installation:
    """One data folder with its database."""

    var: Path
    database: str

    @property
    def environment(self) -> dict[str, str]:
        """Return its settings; pytest's own marks would turn the rules of production off."""
        kept = {key: value for key, value in os.environ.items() if not key.startswith(("PYTEST_", "XINGLIN_"))}
        return {**kept, "DJANGO_SETTINGS_MODULE": "xinglin.site.settings", "XINGLIN_VAR": str(self.var),
                "XINGLIN_DATABASE": self.database}

    def run(self, *words: object, **settings: str) -> subprocess.CompletedProcess[str]:
        """Run one command of the house to its end."""
        command = [sys.executable, "-m", "xinglin.site.cli", *map(str, words)]
        return subprocess.run(command, env={**self.environment, **settings}, capture_output=True, text=True,
                              check=False, timeout=300)

    def python(self, script: str) -> str:
        """Run a piece of Python in the house and return what it printed."""
        script = f"import django\ndjango.setup()\n{script}"
        ran = subprocess.run([sys.executable, "-c", script], env=self.environment, capture_output=True, text=True,
                             check=False, timeout=300)
        assert ran.returncode == 0, ran.stderr[-3000:]
        return ran.stdout.strip()

    def found(self, *names: str) -> None:
        """Found associations by real acts, seal and sign."""
        self.python(FOUND.format(names=names))

    def names(self) -> list[str]:
        """Return the associations in its database."""
        return self.python(NAMES).split("|")

    def digest(self) -> str:
        """Return the digest of its embedded database."""
        return hashlib.sha256((self.var / "xinglin.sqlite3").read_bytes()).hexdigest()
