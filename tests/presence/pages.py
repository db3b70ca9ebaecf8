"""A page as the protocol knows it: holds a sitting open, signs what it says, and can lie as well as anybody."""

import json
from datetime import UTC, datetime, timedelta

from xinglin.kernel.refs import Ref
from xinglin.mechanics.presence.protocol import sign
from xinglin.mechanics.presence.sittings import beat, open_sitting
from xinglin.mechanics.presence.values import Kind

T0 = datetime(2026, 3, 7, 1, 0, tzinfo=UTC)  # nine in the morning
ANNA, BEN = Ref("directory.person:1"), Ref("directory.person:2")
LECTURE, FILM = Ref("events.session:7"), Ref("events.session:8")


def at(seconds):
    """Return a moment after the beginning."""
    return T0 + timedelta(seconds=seconds)


class Page:
    """One page of one person; `now` in seconds by the server's clock."""

    def __init__(self, *, person=ANNA, session=LECTURE, kind=Kind.LIVE, now=0.0, until=None):
        self.opened = open_sitting(person=person, session=session, kind=kind, at=at(now),
                                   until_at=None if until is None else at(until))
        self.token, self.secret, self.seq, self.now, self.state = self.opened.token, self.opened.secret, 0, now, ""
        self.told = None

    def body(self, *, played=(), seq=None, token=None, secret=None, **more):
        """Return a signed heartbeat that says what it is told to say."""
        message = json.dumps({"token": token or self.token, "seq": self.seq + 1 if seq is None else seq,
                              "played": [list(piece) for piece in played], **more})
        return f"{sign(message=message, secret=secret or self.secret)}\n{message}".encode()

    def send(self, *, now, body=None, **said):
        """Send a heartbeat at a moment of the server and remember what came back."""
        self.now = now
        self.told = beat(body=body or self.body(**said), at=at(now))
        self.state = self.told.state
        if self.told.token:
            self.token, self.seq = self.told.token, self.told.seq
        return self.told

    def watch(self, *, until, every=60.0, media=None, here=True):
        """Sit before the page and report as the script of the page does, answering checks unless told not to."""
        while self.now < until:
            since, now = self.now, min(until, self.now + every)
            long = round((now - since) * 1000)
            start = 0 if media is None else round(media * 1000)
            said = {"here": True} if here and self.state in ("check", "missed") else {}
            self.send(now=now, played=[(0, long, start)], **said)
            if media is not None:
                media += now - since
        return self.told
