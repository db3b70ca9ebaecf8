"""The short way for heartbeats: 100,000 pages report once a minute, so nothing is asked but the two signatures.

No session, no cookies, no template: the signature of the sitting is what a form's token is elsewhere. The same answer
is reachable through Django's own addresses, where no server stands that takes the short way.
"""

import json
import logging
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from django.db import InterfaceError, OperationalError, connection

from xinglin.directory.security.before_middleware import HEADERS, is_ours, note_refusal
from xinglin.kernel import clock

from .sittings import beat
from .values import Beaten

log = logging.getLogger(__name__)
PATH = "/presence/beat/"
MOST_BYTES = 20_000
STATUS = {"forged": "403 Forbidden", "gone": "410 Gone", "order": "409 Conflict", "fast": "429 Too Many Requests"}
Start = Callable[[str, list[tuple[str, str]]], Any]
App = Callable[[dict[str, Any], Start], Iterable[bytes]]


def answered(*, body: bytes, at: datetime) -> tuple[str, bytes, Beaten]:
    """Return the status line and the answer to one heartbeat, and what became of it."""
    connection.close_if_unusable_or_obsolete()
    try:
        told = beat(body=body, at=at)
    except (OperationalError, InterfaceError):  # the database went away since the last one: once more, anew
        connection.close()
        told = beat(body=body, at=at)
    return STATUS.get(told.state, "200 OK"), json.dumps(words(told, at=at)).encode(), told


def words(told: Beaten, *, at: datetime) -> dict[str, Any]:
    """Return an answer as the page's script reads it: seconds and words."""
    said: dict[str, Any] = {"state": told.state, "counted": round(told.counted.total_seconds(), 1),
                            "age": round(told.age.total_seconds(), 3)}
    if told.token:
        said |= {"token": told.token, "seq": told.seq}
    if told.check_until_at:
        said["check"] = round((told.check_until_at - at).total_seconds(), 1)
    return said


class ShortWay:
    """A WSGI application that answers heartbeats itself and hands everything else on."""

    def __init__(self, app: App) -> None:
        self.app = app

    def __call__(self, environ: dict[str, Any], start: Start) -> Iterable[bytes]:
        if environ.get("PATH_INFO") != PATH or environ.get("REQUEST_METHOD") != "POST":
            return self.app(environ, start)
        try:
            status, answer = _taken(environ)
        except Exception:  # a page tries again; whatever it was, it is written down
            log.exception("heartbeat")
            status, answer = "503 Service Unavailable", b'{"state": "busy"}'
        start(status, [*HEADERS, ("Content-Length", str(len(answer)))])
        return [answer]


def _taken(environ: dict[str, Any]) -> tuple[str, bytes]:
    if not is_ours(environ.get("HTTP_HOST", "")):
        return "400 Bad Request", b'{"state": "host"}'
    size = environ.get("CONTENT_LENGTH") or "0"
    known = len(size) < 6 and size.isdecimal() and int(size) <= MOST_BYTES
    body = environ["wsgi.input"].read(int(size)) if known else b""
    status, answer, told = answered(body=body, at=clock.now())
    if told.excess or told.state == "forged":  # no page of ours does; it may be "fast" when somebody plays and pauses
        note_refusal(environ=environ, status=int(status[:3]), who=told.excess)
    return status, answer
