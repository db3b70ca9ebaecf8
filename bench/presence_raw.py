"""The yardstick of presence: a WSGI application that does one UPDATE for each heartbeat, and nothing else."""

import json
import os
import threading
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

import psycopg

_local = threading.local()
_UPDATE = "UPDATE bench_raw SET seq = seq + 1, beat_at = now(), reach_at = now() WHERE id = %s"


def connect() -> psycopg.Connection[Any]:
    """Return a connection to the database that XINGLIN_DATABASE names."""
    parts = urlsplit(os.environ["XINGLIN_DATABASE"])
    query = dict(parse_qsl(parts.query))
    return psycopg.connect(
        host=query.get("host", parts.hostname or ""), dbname=parts.path.lstrip("/"), user=unquote(parts.username or ""),
        password=unquote(parts.password or "") or None, port=parts.port, autocommit=True)


def application(environ: dict[str, Any], start: Any) -> list[bytes]:
    """Take one heartbeat without asking anything."""
    said = json.loads(environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"])))
    if not hasattr(_local, "connection"):
        _local.connection = connect()
    _local.connection.execute(_UPDATE, [said["number"]])
    answer = b'{"state": "counting"}'
    start("200 OK", [("Content-Type", "application/json"), ("Content-Length", str(len(answer)))])
    return [answer]
