"""The seat path: `/seats/…` answered before Django's middleware, from a signed pass, as JSON.

A rush is many who ask for the same at the same moment. What they all ask (how far the queue is, what is left) is looked
up a few times a second by each process and answered from memory; taking a place is one statement.
"""

import json
import logging
import time
from collections.abc import Callable, Iterable
from typing import Any, cast
from urllib.parse import parse_qsl

import psycopg
from django.db import InterfaceError, OperationalError, connection
from django.urls import get_script_prefix
from django.utils import translation

from xinglin.directory.security.before_middleware import HEADERS, is_ours, note_refusal
from xinglin.kernel import clock
from xinglin.lib.pacing import Pace

from . import answering
from .passes import Pass, read_pass

log = logging.getLogger(__name__)
PREFIX = "/seats/"
HEADER = "HTTP_X_SEAT_PASS"
MOST = 2000  # bytes of a request
PACE = Pace(each_second=8, at_once=24)  # of one person in one process

Environ = dict[str, Any]
Start = Callable[..., Any]
Application = Callable[[Environ, Start], Iterable[bytes]]
LINES = {200: "200 OK", 400: "400 Bad Request", 403: "403 Forbidden", 404: "404 Not Found",
         405: "405 Method Not Allowed", 409: "409 Conflict", 429: "429 Too Many Requests",
         503: "503 Service Unavailable"}
GONE = (OperationalError, InterfaceError, psycopg.OperationalError, psycopg.InterfaceError)


def with_seats(site: Application) -> Application:
    """Return the site with the seat path before it."""

    def application(environ: Environ, start: Start) -> Iterable[bytes]:
        if environ["PATH_INFO"].startswith(PREFIX):
            return answer(environ, start)
        return site(environ, start)

    return application


def seats_url() -> str:
    """Return where the seat path begins, for a page that asks it."""
    return get_script_prefix().rstrip("/") + PREFIX


def answer(environ: Environ, start: Start) -> Iterable[bytes]:
    """Answer one request of the seat path, whatever happens."""
    try:
        status, said = _answer(environ)
    except Exception:
        log.exception("seat path")
        status, said = 503, {"reason": "busy", "wait": 2}
    body = json.dumps(said, separators=(",", ":"), ensure_ascii=False).encode()
    wait = [("Retry-After", str(said.get("wait", 1)))] if status in (429, 503) else []
    start(LINES[status], [*HEADERS, *wait, ("Content-Length", str(len(body)))])
    return [body]


def _answer(environ: Environ) -> tuple[int, dict[str, Any]]:
    if not is_ours(environ.get("HTTP_HOST", "")):
        return 400, {"reason": "host"}
    name = environ["PATH_INFO"][len(PREFIX):]
    verb = answering.VERBS.get(name)
    if verb is None:
        return 404, {"reason": "unknown"}
    if environ["REQUEST_METHOD"] != "POST":
        return 405, {"reason": "post"}
    at = clock.now()
    one = read_pass(environ.get(HEADER, ""), at=at)
    if one is None:
        return _noted(environ, 403, {"reason": "pass"})
    if not PACE.allows(one.who, now=time.monotonic()):
        return _noted(environ, 429, {"reason": "too_often", "wait": 2}, who=one.who)
    values = _values(environ)
    if values is None:
        return 400, {"reason": "input"}
    return _carry_out(lambda: verb(one, values, at), one)


def _noted(environ: Environ, status: int, said: dict[str, Any], who: str = "") -> tuple[int, dict[str, Any]]:
    note_refusal(environ=environ, status=status, who=who)
    return status, said


def _carry_out(run: Callable[[], tuple[int, dict[str, Any]]], one: Pass) -> tuple[int, dict[str, Any]]:
    """Run a verb; a connection that was lost, or a deadlock, is tried once more: all verbs may be repeated."""
    with translation.override(one.language):
        try:
            return run()
        except GONE:
            log.warning("seat path: asked again")
            connection.close()
            return run()
        except ValueError:
            return 400, {"reason": "input"}


def _values(environ: Environ) -> dict[str, str] | None:
    try:
        length = int(environ.get("CONTENT_LENGTH") or 0)
    except ValueError:
        return None
    if not 0 <= length <= MOST:
        return None
    text = cast(bytes, environ["wsgi.input"].read(length)) if length else b""
    try:
        return dict(parse_qsl(text.decode(), max_num_fields=20))
    except ValueError:
        return None
