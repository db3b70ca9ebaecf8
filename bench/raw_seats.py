"""The raw limit of the rush: one conditional UPDATE and one INSERT on the same PostgreSQL, nothing else.

Served by the same server with as many processes as ours; knows no person, no signature, no limit and no expiry.
"""

import os
import threading
from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlsplit

import psycopg

PARTS = urlsplit(os.environ["XINGLIN_DATABASE"])
HOST = parse_qs(PARTS.query).get("host", [PARTS.hostname or ""])[0]
DSN = f"host={HOST} user={PARTS.username} dbname={PARTS.path.lstrip('/')}"
SET_UP = """
CREATE TABLE IF NOT EXISTS raw_pool (id int PRIMARY KEY, taken int NOT NULL, capacity int NOT NULL,
                                     CHECK (taken <= capacity));
CREATE TABLE IF NOT EXISTS raw_sold (id bigserial PRIMARY KEY, pool int NOT NULL, who text NOT NULL,
                                     sold_at timestamptz NOT NULL DEFAULT now());
"""
kept = threading.local()


def connection() -> psycopg.Connection[Any]:
    """Return this thread's connection, kept open."""
    if getattr(kept, "connection", None) is None:
        kept.connection = psycopg.connect(DSN, options=f"-c synchronous_commit={os.environ.get('RAW_FLUSH', 'on')}")
    return kept.connection


def sell(pool: int, who: str) -> bool:
    """Sell one seat if there is one."""
    with connection().transaction():
        cursor = connection().execute(
            "UPDATE raw_pool SET taken = taken + 1 WHERE id = %s AND taken < capacity", (pool,))
        if cursor.rowcount:
            connection().execute("INSERT INTO raw_sold (pool, who) VALUES (%s, %s)", (pool, who))
        return bool(cursor.rowcount)


def application(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
    """Answer a request for a seat."""
    length = int(environ.get("CONTENT_LENGTH") or 0)
    values = dict(parse_qsl(environ["wsgi.input"].read(length).decode()))
    sold = sell(int(values["item"]), values["who"])
    body = b'{"state":"held"}' if sold else b'{"reason":"sold_out"}'
    start("200 OK" if sold else "409 Conflict",
          [("Content-Type", "application/json"), ("Content-Length", str(len(body)))])
    return [body]
