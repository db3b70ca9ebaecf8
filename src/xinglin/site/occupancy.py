"""Says whether an installation is in use: facts in its database, processes that run on its data folder."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.db import connection

TABLES = ("kernel_sealedfact", "kernel_unsealedfact")


class InUse(Exception):
    """Processes of this installation run, or somebody builds or restores here."""

    def __init__(self) -> None:
        super().__init__("本安装正在运行，先停 web、worker、sealer / it runs: stop web, worker and sealer first")


def holds_facts() -> bool:
    """Say whether anything ever happened in this database, whatever its tables."""
    with connection.cursor() as cursor:
        for table in set(TABLES) & set(connection.introspection.table_names(cursor)):
            cursor.execute(f"SELECT 1 FROM {table} LIMIT 1")
            if cursor.fetchone():
                return True
    return False


def take_part() -> int:
    """Mark this process, and what it becomes by exec, as one that runs on the data folder (InUse); return the lock."""
    lock = _locked(fcntl.LOCK_SH)
    os.set_inheritable(lock, True)
    return lock


@contextmanager
def alone() -> Iterator[None]:
    """Keep processes of this installation from starting; InUse when some run already."""
    file = _locked(fcntl.LOCK_EX)
    try:
        if connection.vendor == "postgresql" and _other_sessions():
            raise InUse
        yield
    finally:
        os.close(file)


def _locked(kind: int) -> int:
    folder = Path(settings.VAR) / "run"
    folder.mkdir(parents=True, exist_ok=True)
    file = os.open(folder / "lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(file, kind | fcntl.LOCK_NB)
    except OSError:
        os.close(file)
        raise InUse from None
    return file


def _other_sessions() -> bool:
    """Say whether anybody else, perhaps on another machine, is connected to our database."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
            " AND backend_type = 'client backend' AND pid <> pg_backend_pid()"
        )
        return bool(cursor.fetchone()[0])
