"""Serves waiting lists: the earliest first, and nobody later takes from a pool that somebody earlier is short of."""

import heapq
import secrets
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.db.models import Min

from .cards import Card, Kept, card_of
from .models import Hold, Waiting
from .values import Offer

if TYPE_CHECKING:
    from .settling import Scene


@dataclass(frozen=True, kw_only=True)
class Line:
    """Those who wait for one item by one channel and group: when the first is short, so are all behind."""

    item: int
    channel: str
    group: str


def serve(scene: "Scene") -> list[Offer]:
    """Offer free places to those who wait, mark what they are short of, and return the offers."""
    short = Short()
    offers: list[Offer] = []
    rows = Waiting.objects.filter(state="waiting", item__needs__pool__in=scene.pools)
    lines = rows.values_list("item", "channel", "group").order_by().annotate(first=Min("pk"))
    heads = [(first, Line(item=item, channel=channel, group=group)) for item, channel, group, first in lines]
    heapq.heapify(heads)
    cards: dict[int, Card] = {}
    while heads:
        key, line = heapq.heappop(heads)
        card = cards.setdefault(line.item, _card(scene, line.item))
        served = _serve_one(scene, card, Waiting.objects.get(pk=key), short, offers)
        behind = rows.filter(item=line.item, channel=line.channel, group=line.group, pk__gt=key)
        if served and (first := behind.aggregate(first=Min("pk"))["first"]):
            heapq.heappush(heads, (first, line))
    for pool in scene.pools.values():
        pool.awaited = pool.pk in short.pools
    for window in scene.windows:
        window.awaited = window.state == "open" and window.pk in short.windows
    return offers


class Short:
    """What those earlier are short of."""

    def __init__(self) -> None:
        self.pools: set[int] = set()
        self.windows: set[int] = set()


def _card(scene: "Scene", item: int) -> Card:
    card = card_of(item)
    assert card is not None  # its waiting list points at it
    open_ = tuple(Kept.by(one) for one in scene.windows if one.state == "open" and one.pool_id in card.pools)
    return replace(card, windows=open_)


def _serve_one(scene: "Scene", card: Card, entry: Waiting, short: Short, offers: list[Offer]) -> bool:
    """Offer an entry what is free and return True when the one behind may be looked at."""
    if card.offers_until_at and card.offers_until_at <= scene.at:
        _leave(entry, "lapsed", scene.at)
        return True
    ways = _ways(card, entry, scene.at)
    live, turn = Hold.objects.of_person(item=card.item, who=entry.who, at=scene.at)
    for way in ways:
        limit = card.limit_by(way)
        wanted = min(entry.quantity, limit - live) if limit else entry.quantity
        if wanted < entry.least:
            continue
        free = min(_room(scene, card, way, short), wanted)
        if free >= entry.least:
            offers.append(_offer(scene, card, entry, way=way, quantity=free, turn=turn))
            return True
    if all(card.limit_by(way) and live + entry.least > card.limit_by(way) for way in ways):
        _leave(entry, "lapsed", scene.at)  # the person has the places already
        return True
    for way in ways:
        _mark(scene, card, entry, way, short)
    return False


def _ways(card: Card, entry: Waiting, at: datetime) -> list[Kept | None]:
    """Offers outlive the sale, so the pools at large are always a way."""
    meant = card.ways(channel=entry.channel, group=entry.group, at=at)
    return meant if None in meant else [*meant, None]


def _room(scene: "Scene", card: Card, way: Kept | None, short: Short) -> int:
    """Return how many of an item are free by one way; what somebody earlier is short of counts as full."""
    rooms = []
    for pool, need in card.needs:
        if way and way.pool == pool:
            window = scene.window(way.key)
            left = window.granted - window.taken if window and way.key not in short.windows else 0
        else:
            left = 0 if pool in short.pools else scene.room(pool)
        rooms.append(max(0, left) // need)
    return min(rooms)


def _mark(scene: "Scene", card: Card, entry: Waiting, way: Kept | None, short: Short) -> None:
    for pool, need in card.needs:
        if way and way.pool == pool:
            window = scene.window(way.key)
            if window is None or (window.granted - window.taken) // need < entry.least:
                short.windows.add(way.key)
        elif scene.room(pool) // need < entry.least:
            short.pools.add(pool)


def _leave(entry: Waiting, state: str, at: datetime) -> None:
    entry.state, entry.ended_at = state, at
    entry.save(update_fields=["state", "ended_at"])


def _offer(scene: "Scene", card: Card, entry: Waiting, *, way: Kept | None, quantity: int, turn: int) -> Offer:
    # Who asks where a place is free is there to take it, and has the time everybody has.
    there = entry.pk == scene.joining
    until = scene.at + timedelta(seconds=card.hold_seconds if there else card.offer_seconds)
    until = min([until, *(one for one in (card.offers_until_at, entry.until_at) if one)])
    hold = Hold.objects.create(
        item_id=card.item, who=entry.who, quantity=quantity, key=f"waiting:{entry.pk}", token=secrets.token_urlsafe(24),
        turn=turn + 1, channel=entry.channel, window_id=way.key if way else None, offered=True, held_at=scene.at,
        expires_at=until)
    scene.count(hold=hold, quantity=quantity)
    # A hold that the same person has under way has the next turn and waits for our pools: to wait for it would be to
    # wait for ourselves. So the offer leaves that turn free, and what is under way looks again, with the offer counted.
    for pool in card.pools:
        scene.pools[pool].shape += 1
    entry.state, entry.hold = "offered", hold
    entry.save(update_fields=["state", "hold"])
    return Offer(owner=card.owner, waiting=entry.token, held=hold.shown())
