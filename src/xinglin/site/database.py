"""Turns a database address into Django's connection settings."""

from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit


def connection(*, address: str, root: Path) -> dict[str, Any]:
    """Return one DATABASES entry for `sqlite:///path` or `postgresql://user:secret@host:port/name`."""
    parts = urlsplit(address)
    if parts.scheme == "sqlite":
        # sqlite:///name lies in the data folder, sqlite:////name is absolute.
        name = root / parts.path.removeprefix("/")
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": str(name),
            "OPTIONS": {
                # A writer takes its lock at BEGIN, so two acts queue instead of failing half-way.
                "transaction_mode": "IMMEDIATE",
                "timeout": 20,
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA cache_size=-65536;",
            },
        }
    if parts.scheme not in {"postgresql", "postgres"}:
        raise ValueError(f"XINGLIN_DATABASE: {parts.scheme}:// is neither sqlite:// nor postgresql://")
    query = dict(parse_qsl(parts.query))
    # Django's own statements are never prepared; the ledger's intake is, which halves its cost. Behind a pooler that
    # hands one connection to many (PgBouncer before 1.21, transaction mode) write ?prepare=0.
    prepared = {"prepare_threshold": 2} if query.pop("prepare", "1") != "0" else {}
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.path.lstrip("/"),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": query.pop("host", parts.hostname or ""),
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {**prepared, **query},
    }
