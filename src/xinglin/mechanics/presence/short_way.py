"""The short way for heartbeats: 100,000 pages report once a minute, so nothing is asked but the two signatures.

No session, no cookies, no template: the signature of the sitting is what a form's token is elsewhere. The same answer
is reachable through Django's own addresses, where no server stands that takes the short way.
"""

import json
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from django.db import DatabaseError, InterfaceError, OperationalError, connection

from xinglin.kernel import clock

from .sittings import beat
from .values import Beaten

PATH = "/presence/beat/"
MOST_BYTES = 20_000
STATUS = {"forged": "403 Forbidden", "gone": "410 Gone", "order": "409 Conflict", "fast": "429 Too Many Requests"}
Start = Callable[[str, list[tuple[str, str]]], Any]
App = Callable[[dict[str, Any], Start], Iterable[bytes]]


def answered(*, body: bytes, at: datetime) -> tuple[str, bytes]:
    """Return the status line and the answer to one heartbeat."""
    connection.close_if_unusable_or_obsolete()
    try:
        told = beat(body=body, at=at)
    except (OperationalError, InterfaceError):  # the database went away since the last one: once more, anew
        connection.close()
        told = beat(body=body, at=at)
    return STATUS.get(told.state, "200 OK"), json.dumps(words(told, at=at)).encode()


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
            size = int(environ.get("CONTENT_LENGTH") or 0)
            body = environ["wsgi.input"].read(size) if 0 < size <= MOST_BYTES else b""
            status, answer = answered(body=body, at=clock.now())
        except DatabaseError:
            status, answer = "503 Service Unavailable", b'{"state": "busy"}'
        start(status, [("Content-Type", "application/json"), ("Content-Length", str(len(answer))),
                       ("Cache-Control", "no-store"), ("X-Content-Type-Options", "nosniff")])
        return [answer]
