"""Passes: who is asking, signed and short-lived, so that the seat path needs neither session nor cookie.

A page of the full stack, which knows its reader, hands a pass out; a browser sends it back in a header of its own. A
foreign page can neither read it nor make a browser send it, so there is nothing to forge across sites.
"""

import base64
import binascii
import hmac
import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import lru_cache

from django.conf import settings

from xinglin.directory.security.endings import counts
from xinglin.kernel.refs import Ref

LIFE = timedelta(minutes=30)
LONGEST = timedelta(hours=4)  # a pass is renewed while its reader waits, but no longer than this
MARK = 43  # characters of the signature


@dataclass(frozen=True, kw_only=True, slots=True)
class Pass:
    """What a pass says: the person may ask for these items through this channel.

    `number` is the place in the queue, 0 for who joined before numbers were given.
    """

    who: Ref
    items: tuple[int, ...]
    queue: int | None
    number: int | None
    channel: str
    group: str
    purpose: str
    language: str
    born_at: float
    until_at: int


@lru_cache(maxsize=4)
def _secret(of: str) -> bytes:
    return hmac.digest(of.encode(), b"xinglin.booking.pass", "sha256")


def _sign(body: bytes) -> bytes:
    mark = hmac.digest(_secret(settings.SECRET_KEY), body, "sha256")
    return base64.urlsafe_b64encode(mark).rstrip(b"=")


def give_pass(
    *, who: Ref, at: datetime, items: Iterable[int] = (), queue: int | None = None, channel: str = "online",
    group: str = "", purpose: str = "", language: str = "zh-hans",
) -> str:
    """Return a pass for a person; the same `purpose` (a cart, say) from ten tabs is one hold of an item."""
    born = int(at.timestamp() * 1000) / 1000  # never after the moment itself, at which it may end
    return sealed(Pass(
        who=who, items=tuple(items), queue=queue, number=None, channel=channel, group=group, purpose=purpose,
        language=language, born_at=born, until_at=int(born + LIFE.total_seconds())))


def sealed(one: Pass) -> str:
    """Return a pass as text."""
    values = [one.who, one.items, one.queue, one.number, one.channel, one.group, one.purpose, one.language,
              one.born_at, one.until_at]
    body = base64.urlsafe_b64encode(json.dumps(values, separators=(",", ":")).encode()).rstrip(b"=")
    return (body + _sign(body)).decode()


def read_pass(text: str, *, at: datetime) -> Pass | None:
    """Return what a pass says, or None when it is not ours, too old, or its reader was signed out since."""
    body, mark = text[:-MARK].encode(), text[-MARK:].encode()
    if len(text) > 2000 or not hmac.compare_digest(_sign(body), mark):
        return None
    try:
        who, items, queue, number, channel, group, purpose, language, born, until = json.loads(
            base64.urlsafe_b64decode(body + b"=" * (-len(body) % 4)))
    except (ValueError, binascii.Error):
        return None
    if until <= at.timestamp() or not counts(who=who, since=born):
        return None
    return Pass(who=Ref(who), items=tuple(items), queue=queue, number=number, channel=channel, group=group,
                purpose=purpose, language=language, born_at=born, until_at=until)


def renewed(one: Pass, *, at: datetime, number: int | None = None) -> str:
    """Return the pass with a new life, while its reader may still be the one who was let in by the page."""
    until = int(min((at + LIFE).timestamp(), one.born_at + LONGEST.total_seconds()))
    return sealed(replace(one, number=one.number if number is None else number, until_at=max(until, one.until_at)))
