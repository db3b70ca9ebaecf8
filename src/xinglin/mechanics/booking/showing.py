"""What a page shows a reader of an item: queue, what is left, the own place and its time, the place on the list."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import get_language

from xinglin.kernel.refs import Ref

from .cards import card_of
from .holding import held_by, left
from .lean import seats_url
from .passes import give_pass
from .queueing import Moving, move, place_in_queue
from .values import Held, Left, Place, Waitlisted
from .waiting import waits_of


@dataclass(frozen=True, kw_only=True)
class Desk:
    """One item for one reader: `{% include "booking/desk.html" with desk=desk %}`.

    `state` is before, queue, open, full, waiting, offered, held or mine. `next_url` is where a held place is taken on
    (the form, the order); that page finds the place by `held_by`.
    """

    item: int
    state: str
    seat_pass: str
    seats_url: str
    next_url: str
    left: Left
    opens_at: datetime | None = None
    place: Place | None = None
    moving: Moving | None = None
    held: Held | None = None
    line: Waitlisted | None = None
    seconds: int = 0  # until it opens, when the page is made: the reader's own clock may be wrong
    seconds_held: int = 0


def desk(
    *, item: int, who: Ref, at: datetime, next_url: str, channel: str = "online", group: str = "", purpose: str = "",
) -> Desk:
    """Return what a reader sees of an item at a moment, with the pass for the seat path."""
    card = card_of(item)
    if card is None:
        raise ValueError(f"no item {item}")
    queue = card.queue if card.queue_channel == channel else None
    held = next(iter(held_by(who=who, items=[item], at=at)), None)
    line = next(iter(waits_of(who=who, items=[item], at=at)), None)
    place = place_in_queue(queue=queue, who=who, at=at) if queue else None
    moving = move(queue=queue, at=at) if queue else None
    remaining = left(items=[item], at=at, channel=channel, group=group)[item]
    opens_at = max((one for one in (card.from_at, moving and moving.opens_at) if one), default=None)
    before = opens_at is not None and at < opens_at and not (queue or card.ways(channel=channel, group=group, at=at))
    queued = queue is not None and not (place and place.admitted)
    return Desk(
        item=item, next_url=next_url, left=remaining, opens_at=opens_at, place=place, moving=moving, held=held,
        line=line, seats_url=seats_url(), state=_state(held, line, before=before, queued=queued, left=remaining.left),
        seat_pass=give_pass(who=who, at=at, items=[item], queue=queue, channel=channel, group=group, purpose=purpose,
                            language=get_language() or "zh-hans"),
        seconds=_until(opens_at, at), seconds_held=_until(held.expires_at if held else None, at))


def _until(moment: datetime | None, at: datetime) -> int:
    return max(0, int((moment - at).total_seconds())) if moment else 0


def _state(held: Held | None, line: Waitlisted | None, *, before: bool, queued: bool, left: int) -> str:
    if held:
        return "mine" if held.state == "confirmed" else "offered" if held.offered else "held"
    if line:
        return "waiting"
    if before:
        return "before"
    if queued:
        return "queue"
    return "open" if left else "full"
