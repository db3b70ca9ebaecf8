"""What the seat path answers: each verb takes a pass, the values sent and the moment, and returns status and JSON."""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from functools import lru_cache
from typing import Any

from xinglin.lib.memory import Memory

from . import holding, queueing, waiting
from .cards import Ask, Card, card_of
from .passes import Pass, renewed
from .taking import has_places
from .values import Held, Left, Place, Reason, Refused, Waitlisted

Answer = tuple[int, dict[str, Any]]
FRESH = 0.3  # seconds for which what all ask alike is answered from memory
SAME = 2.0  # seconds for which an item's times and windows are remembered

cards = Memory[int, Card | None](SAME)
queues = Memory[int, queueing.Moving](FRESH)
lefts = Memory[tuple[int, str, str], Left | None](FRESH)
gone = Memory[tuple[int, str, str, int], Refused](FRESH)


def _card(item: int, fresh: bool) -> Card | None:
    return cards.get(item, lambda: card_of(item), fresh=fresh)


def hold(one: Pass, values: Mapping[str, str], at: datetime) -> Answer:
    """Hold places of an item of the pass; ten tabs of one purpose hold them once."""
    item, quantity = int(values.get("item", "0")), int(values.get("quantity", "1"))
    if item not in one.items:
        return refused(Refused(reason=Reason.UNKNOWN))
    card = _card(item, False)
    if card and card.queue and card.queue_channel == one.channel:
        wrong = _not_yet(card.queue, one, at)
        if wrong:
            return wrong
    looked = (item, one.channel, one.group, quantity)
    # Sold out a moment ago: whoever has no place of it yet is answered from memory.
    if (before := gone.recent(looked)) and not has_places(item=item, who=one.who, at=at):
        return refused(before)
    found = holding.grant(
        Ask(item=item, who=one.who, quantity=quantity, key=_key(one, item), at=at, channel=one.channel,
            group=one.group), cards=_card, admitted=True)
    if isinstance(found, Refused):
        if found.reason in (Reason.SOLD_OUT, Reason.AWAITED):
            gone.put(looked, found)
        return refused(found)
    return 200, told(found, at)


@lru_cache(maxsize=4096)
def _digest(who: str, item: int, purpose: str) -> str:
    return hashlib.sha256(f"{who}\n{item}\n{purpose}".encode()).hexdigest()[:40]


def _key(one: Pass, item: int) -> str:
    return _digest(one.who, item, one.purpose)


def _not_yet(queue: int, one: Pass, at: datetime) -> Answer | None:
    place = _place(queue, one, at)
    if place is None or not place.admitted:
        return refused(Refused(reason=Reason.NOT_YOUR_TURN))
    return None


def _moving(queue: int, at: datetime, *, fresh: bool = False) -> queueing.Moving:
    return queues.get(queue, lambda: queueing.move(queue=queue, at=at), fresh=fresh)


def _place(queue: int, one: Pass, at: datetime) -> Place | None:
    """Return a place; the number stands in the pass once it is known (0: joined, none yet), so that no row is read."""
    moving = _moving(queue, at)
    if one.queue == queue and one.number:
        return queueing.place_at(moving, who=one.who, number=one.number)
    if one.queue == queue and one.number == 0 and at < moving.opens_at:
        return queueing.place_at(moving, who=one.who, number=None, lot=_lot(moving, one))
    found = queueing.arrival_of(queue=queue, who=one.who)
    if found and found[0] is None and at >= moving.opens_at:  # just come: those without a number get one
        moving = _moving(queue, at, fresh=True)
        found = queueing.arrival_of(queue=queue, who=one.who)
    return queueing.place_at(moving, who=one.who, number=found[0], lot=found[1]) if found else None


def _lot(moving: queueing.Moving, one: Pass) -> str:
    return queueing.lot_of(seed=moving.secret, who=one.who)


def join(one: Pass, values: Mapping[str, str], at: datetime) -> Answer:
    """Take a place in the queue of the pass."""
    if one.queue is None:
        return 404, {"reason": "unknown"}
    moving = _moving(one.queue, at)
    early = at < moving.opens_at
    queueing.arrive(queue=one.queue, who=one.who, at=at, lot=_lot(moving, one) if early else "")
    found = _place(one.queue, replace(one, number=0 if early else None), at)
    return _placed(found, one, at) if found else (503, {"reason": "busy", "wait": 1})


def place(one: Pass, values: Mapping[str, str], at: datetime) -> Answer:
    """Say where one stands in the queue and what is left."""
    if one.queue is None:
        return 404, {"reason": "unknown"}
    found = _place(one.queue, one, at)
    return _placed(found, one, at) if found else join(one, values, at)


def _placed(found: Place, one: Pass, at: datetime) -> Answer:
    said = {"number": found.number, "ahead": found.ahead, "joined": found.joined, "admitted": found.admitted,
            "opens": max(0, int((found.opens_at - at).total_seconds())), "seconds": found.seconds, "lot": found.lot,
            "left": _lefts(one, at), "pass": renewed(one, at=at, number=found.number or 0)}
    return 200, said


def left(one: Pass, values: Mapping[str, str], at: datetime) -> Answer:
    """Say what is left of the items of the pass."""
    return 200, {"left": _lefts(one, at), "pass": renewed(one, at=at)}


def _lefts(one: Pass, at: datetime) -> dict[str, dict[str, int]]:
    answer = {}
    for item in one.items:
        def look(item: int = item) -> Left | None:
            return holding.left(items=[item], at=at, channel=one.channel, group=one.group).get(item)

        if found := lefts.get((item, one.channel, one.group), look):
            answer[str(item)] = {"left": found.left, "of": found.capacity, "waiting": found.waiting}
    return answer


def release(one: Pass, values: Mapping[str, str], at: datetime) -> Answer:
    """Give back a hold of the person, or decline an offer."""
    token = values.get("token", "")
    mine = holding.look(token=token, at=at)
    if isinstance(mine, Refused) or mine.who != one.who:
        return refused(mine if isinstance(mine, Refused) else Refused(reason=Reason.UNKNOWN))
    found = holding.release(token=token, at=at)
    return refused(found) if isinstance(found, Refused) else (200, {"state": "released"})


def wait(one: Pass, values: Mapping[str, str], at: datetime) -> Answer:
    """Join the waiting list of an item of the pass; `least` is 1 unless the places are wanted together."""
    item, quantity = int(values.get("item", "0")), int(values.get("quantity", "1"))
    if item not in one.items:
        return refused(Refused(reason=Reason.UNKNOWN))
    least = quantity if values.get("together") else 1
    return _waiting(waiting.wait(item=item, who=one.who, quantity=quantity, least=least, at=at, channel=one.channel,
                                 group=one.group), at)


def waits(one: Pass, values: Mapping[str, str], at: datetime) -> Answer:
    """Say where one stands on the waiting list."""
    return _waiting(_line(one, values, at), at)


def leave(one: Pass, values: Mapping[str, str], at: datetime) -> Answer:
    """Leave the waiting list."""
    found = _line(one, values, at)
    if isinstance(found, Waitlisted):
        waiting.leave_waiting(token=found.token, at=at)
    return (200, {"state": "left"}) if isinstance(found, Waitlisted) else _waiting(found, at)


def _line(one: Pass, values: Mapping[str, str], at: datetime) -> Waitlisted | Held | Refused:
    found = waiting.place_in_waiting(token=values.get("token", ""), at=at)
    theirs = not isinstance(found, Refused) and found.who != one.who
    return Refused(reason=Reason.UNKNOWN) if theirs else found


def _waiting(found: Waitlisted | Held | Refused, at: datetime) -> Answer:
    return refused(found) if isinstance(found, Refused) else (200, told(found, at))


def told(found: Held | Waitlisted, at: datetime) -> dict[str, Any]:
    """Return a place, held or in line, as JSON values."""
    if isinstance(found, Waitlisted):
        return {"state": "waiting", "token": found.token, "position": found.position, "item": found.item,
                "quantity": found.quantity}
    return {"state": found.state, "token": found.token, "item": found.item, "quantity": found.quantity,
            "offered": found.offered, "again": found.again, "at": at.isoformat(),
            "expires": found.expires_at.isoformat() if found.expires_at else None}


def refused(found: Refused) -> Answer:
    """Return a refusal with its words."""
    said: dict[str, Any] = {"reason": str(found.reason), "message": str(found.message), "left": found.left}
    if found.opens_at:
        said["opens_at"] = found.opens_at.isoformat()
    return 409, said


VERBS: dict[str, Callable[[Pass, Mapping[str, str], datetime], Answer]] = {
    "hold": hold, "join": join, "place": place, "left": left, "release": release, "wait": wait, "waits": waits,
    "leave": leave,
}
