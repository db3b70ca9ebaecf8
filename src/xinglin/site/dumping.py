"""Copies the database into one file and puts it back whole or not at all."""

import os
import shutil
import sqlite3
import subprocess
from pathlib import Path

from django.db import connection


class NoDump(Exception):
    """The database could not be copied or put back; it is as it was."""


def name_of() -> str:
    """Return which database this is, in words for whoever is about to replace it."""
    return f"{connection.vendor} {connection.settings_dict['HOST']} {connection.settings_dict['NAME']}"


def dump(*, folder: Path) -> Path:
    """Copy the database as of this moment into a folder, while others write."""
    if connection.vendor == "sqlite":
        copy = folder / "xinglin.sqlite3"
        source, target = sqlite3.connect(connection.settings_dict["NAME"]), sqlite3.connect(copy)
        with source, target:
            source.backup(target)
        source.close()
        target.close()
        return copy
    copy = folder / "xinglin.pgdump"
    _postgres("pg_dump", "--format=custom", f"--file={copy}")
    return copy


def load(*, dump: Path) -> None:
    """Put a copy in the place of the database, in one step."""
    if (dump.suffix == ".sqlite3") != (connection.vendor == "sqlite"):
        raise NoDump(f"备份出自另一种数据库 / the backup is of another kind of database: {dump.name}")
    if dump.suffix != ".sqlite3":
        _postgres("pg_restore", "--clean", "--if-exists", "--no-owner", "--single-transaction", str(dump))
        return
    name = Path(connection.settings_dict["NAME"])
    name.parent.mkdir(parents=True, exist_ok=True)
    part = name.with_name(f"{name.name}.part")
    shutil.copyfile(dump, part)
    part.chmod(0o600)
    for suffix in ("-wal", "-shm"):
        name.with_name(name.name + suffix).unlink(missing_ok=True)
    part.replace(name)


def _postgres(tool: str, *options: str) -> None:
    """Run a tool of PostgreSQL on our database (NoDump)."""
    if shutil.which(tool) is None:
        raise NoDump(f"缺 {tool}，装与服务器同版本的 postgresql-client / {tool} is missing: install postgresql-client")
    given = connection.settings_dict
    pairs = {"--host": given["HOST"], "--port": given["PORT"], "--username": given["USER"], "--dbname": given["NAME"]}
    address = [f"{name}={value}" for name, value in pairs.items() if value]
    secret = {**os.environ, "PGPASSWORD": given["PASSWORD"]} if given["PASSWORD"] else dict(os.environ)
    ran = subprocess.run([tool, *address, *options], env=secret, capture_output=True, text=True, check=False)
    if ran.returncode:
        raise NoDump(f"{tool}: {ran.stderr.strip()[-2000:]}")
