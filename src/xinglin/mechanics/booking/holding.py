"""Places: hold, confirm, give back, hand over, and how many are left."""

import secrets
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import Count, Q

from xinglin.kernel.refs import Ref

from .cards import Ask, Card, card_of, cards_of
from .models import LIVE, Hold, Item, Need, Pool, Waiting, Window
from .queueing import stands_before
from .settling import Scene, end, settle
from .taking import Taken, take
from .values import MOST, Freed, Held, Left, Reason, Refused, Waitlisted
from .waiting import waitlisted

TRIES = 12
Cards = Callable[[int, bool], Card | None]


def hold(
    *, item: int, who: Ref, quantity: int = 1, key: str, at: datetime, channel: str = "", group: str = "",
) -> Held | Waitlisted | Refused:
    """Hold places for a person until the item's time is over; the same key gives the same hold."""
    return grant(Ask(item=item, who=who, quantity=quantity, key=key, at=at, channel=channel, group=group))


def grant(
    ask: Ask, *, cards: Cards = lambda item, fresh: card_of(item), admitted: bool = False,
) -> Held | Waitlisted | Refused:
    """Answer a request; `cards` may remember cards, `admitted` says that the queue was looked at."""
    if not 1 <= ask.quantity <= MOST:
        return Refused(reason=Reason.QUANTITY)
    for attempt in range(TRIES):
        card = cards(ask.item, attempt > 0)
        if card is None:
            return Refused(reason=Reason.UNKNOWN)
        if not admitted and stands_before(card=card, who=ask.who, channel=ask.channel, at=ask.at):
            return Refused(reason=Reason.NOT_YOUR_TURN)
        admitted = True
        if held := _take(card, ask):
            return held
        if answer := _why(card, ask):
            return answer
    return Refused(reason=Reason.SOLD_OUT)


def _take(card: Card, ask: Ask) -> Held | None:
    token, expires_at = secrets.token_urlsafe(24), ask.at + timedelta(seconds=card.hold_seconds)
    for way in card.ways(channel=ask.channel, group=ask.group, at=ask.at):
        if take(card=card, ask=ask, token=token, way=way, expires_at=expires_at) is Taken.YES:
            return Held(token=token, item=card.item, who=ask.who, quantity=ask.quantity, state="held",
                        expires_at=expires_at)
    return None


def _why(card: Card, ask: Ask) -> Held | Waitlisted | Refused | None:
    """Say why a place could not be taken, or None when one should try again."""
    pools = {one.pk: one for one in Pool.objects.filter(pk__in=card.pools)}
    if any(one.due_at and one.due_at <= ask.at for one in pools.values()):
        settle(pools=card.pools, at=ask.at)
        return None
    if any(pools[pool].shape != shape for pool, shape in zip(card.pools, card.shapes, strict=True)):
        return None  # what was remembered of the item is not true any more
    mine = [one for one in Hold.objects.live().filter(item=card.item, who=ask.who) if not _wrong(one, ask.at)]
    if same := next((one for one in mine if one.key == ask.key), None):
        return same.shown(again=True)
    if entry := Waiting.objects.filter(item=card.item, who=ask.who, state="waiting").first():
        return waitlisted(entry)
    free = min((one.capacity - one.taken - one.kept) // need for one, need in
               ((pools[pool], need) for pool, need in card.needs))
    ways, live = card.ways(channel=ask.channel, group=ask.group, at=ask.at), sum(one.quantity for one in mine)
    if not ways:
        soon = card.from_at is not None and ask.at < card.from_at
        return Refused(reason=Reason.NOT_OPEN if soon else Reason.CLOSED, left=free,
                       opens_at=card.from_at if soon else None)
    if all(card.limit_by(way) and live + ask.quantity > card.limit_by(way) for way in ways):
        return Refused(reason=Reason.LIMIT, left=free)
    if None in ways and any(one.awaited for one in pools.values()):
        return Refused(reason=Reason.AWAITED)
    if None not in ways or free < ask.quantity:
        return Refused(reason=Reason.SOLD_OUT, left=free if None in ways else 0)
    return None


def look(*, token: str, at: datetime) -> Held | Refused:
    """Return the hold of a token as it is at a moment."""
    row = Hold.objects.filter(token=token).first()
    if row is None:
        return Refused(reason=Reason.UNKNOWN)
    wrong = _wrong(row, at)
    return Refused(reason=wrong) if wrong else row.shown()


def _wrong(row: Hold, at: datetime) -> Reason | None:
    if row.state in ("released", "cancelled"):
        return Reason.UNKNOWN
    over = row.state == "expired" or (row.state == "held" and row.expires_at is not None and row.expires_at <= at)
    return Reason.LAPSED if over else None


@transaction.atomic
def confirm(*, token: str, at: datetime) -> Held | Refused:
    """Confirm a hold for good; twice is once. Called inside the engine's own act, which states the fact."""
    row = Hold.objects.one_locked(token=token)
    if row is None:
        return Refused(reason=Reason.UNKNOWN)
    if wrong := _wrong(row, at):
        return Refused(reason=wrong)
    if row.state == "confirmed":
        return row.shown(again=True)
    row.state, row.expires_at = "confirmed", None
    row.save(update_fields=["state", "expires_at"])
    if row.offered:
        Waiting.objects.filter(hold=row, state="offered").update(state="served", ended_at=at)
    return row.shown()


@transaction.atomic
def extend(*, token: str, until_at: datetime, at: datetime) -> Held | Refused:
    """Keep a hold until another moment."""
    row = Hold.objects.one_locked(token=token)
    if row is None:
        return Refused(reason=Reason.UNKNOWN)
    if wrong := _wrong(row, at):
        return Refused(reason=wrong)
    if row.state == "held":
        row.expires_at = until_at
        row.save(update_fields=["expires_at"])
        for pool in _pools(row.item_id):  # one by one, in the order of keys
            Pool.objects.filter(Q(due_at=None) | Q(due_at__gt=until_at), pk=pool).update(due_at=until_at)
    return row.shown()


@transaction.atomic
def release(*, token: str, at: datetime) -> Freed | Refused:
    """Give back a hold that was not confirmed; an offer is declined by it. Twice is once."""
    row = Hold.objects.one_locked(token=token)
    if row is None or row.state == "confirmed":
        return Refused(reason=Reason.UNKNOWN)
    return _give_back(row, at=at, to="released", quantity=None)


@transaction.atomic
def cancel(*, token: str, at: datetime, quantity: int | None = None) -> Freed | Refused:
    """Give back a confirmed place, or so many of its quantity. Twice is once."""
    row = Hold.objects.one_locked(token=token)
    if row is None or row.state == "held":
        return Refused(reason=Reason.UNKNOWN)
    if quantity is not None and not 1 <= quantity <= row.quantity:
        return Refused(reason=Reason.QUANTITY)
    return _give_back(row, at=at, to="cancelled", quantity=quantity)


def _give_back(row: Hold, *, at: datetime, to: str, quantity: int | None) -> Freed:
    if row.state not in LIVE:
        return Freed(item=row.item_id, quantity=0, again=True)
    less = row.quantity if quantity is None else quantity

    def ending(scene: Scene) -> None:
        end(scene, row, to=to, quantity=less)

    over = _wrong(row, at) is Reason.LAPSED  # then the sweep in `settle` takes it back by itself
    scene = settle(pools=_pools(row.item_id), at=at, change=None if over else ending)
    return Freed(item=row.item_id, quantity=less, offers=tuple(scene.offers))


def _pools(item: int) -> list[int]:
    return list(Need.objects.filter(item=item).order_by("pool").values_list("pool", flat=True))


def transfer(*, token: str, to: Ref, at: datetime) -> Held | Refused:
    """Hand a confirmed place to another person, who gets a token of their own; the old one is dead."""
    for _ in range(TRIES):
        try:
            with transaction.atomic():
                return _transfer(token=token, to=to, at=at)
        except IntegrityError:  # the other person took a place at the same moment: count again
            continue
    return Refused(reason=Reason.LIMIT)


def _transfer(*, token: str, to: Ref, at: datetime) -> Held | Refused:
    row = Hold.objects.one_locked(token=token)
    if row is None or row.state != "confirmed":
        return Refused(reason=Reason.UNKNOWN)
    if row.who == to:
        return row.shown(again=True)
    limit = Item.objects.get(pk=row.item_id).limit
    _has, row.turn = Hold.objects.of_person(item=row.item_id, who=to, at=at)
    row.who, row.token = to, secrets.token_urlsafe(24)
    row.key = f"from:{row.pk}:{row.turn}"
    row.save(update_fields=["who", "turn", "token", "key"])
    Pool.objects.some_locked(keys=_pools(row.item_id))  # nobody is offered a place while theirs are counted
    if limit and Hold.objects.of_person(item=row.item_id, who=to, at=at)[0] > limit:
        transaction.set_rollback(True)
        return Refused(reason=Reason.LIMIT)
    return row.shown()


def held_by(*, who: Ref, items: Iterable[int], at: datetime) -> list[Held]:
    """Return the places of a person, held and confirmed."""
    rows = Hold.objects.live().filter(who=who, item__in=list(items)).order_by("pk")
    return [row.shown() for row in rows if not _wrong(row, at)]


def left(*, items: Iterable[int], at: datetime, channel: str = "", group: str = "") -> dict[int, Left]:
    """Return what is left of each item for whoever asks by this channel and group; what ran out counts as free."""
    wanted = list(items)
    cards, pools = _looked(wanted)
    if due := [one.pk for one in pools.values() if one.due_at and one.due_at <= at]:
        settle(pools=due, at=at)
        cards, pools = _looked(wanted)
    waiting = Waiting.objects.filter(item__in=cards, state="waiting").order_by().values_list("item")
    waits = dict(waiting.annotate(count=Count("pk")))
    return {key: Left(
        item=key, left=_left(card, pools, channel=channel, group=group, at=at), waiting=waits.get(key, 0),
        capacity=min(pools[pool].capacity // need for pool, need in card.needs))
        for key, card in cards.items() if card.needs}


def _looked(items: list[int]) -> tuple[dict[int, Card], dict[int, Pool]]:
    cards = cards_of(items)
    keys = {pool for card in cards.values() for pool in card.pools}
    return cards, {one.pk: one for one in Pool.objects.filter(pk__in=keys)}


def _left(card: Card, pools: dict[int, Pool], *, channel: str, group: str, at: datetime) -> int:
    meant = {one.key for one in card.ways(channel=channel, group=group, at=at) if one}
    rooms = []
    for key, need in card.needs:
        pool = pools[key]
        windows = Window.objects.filter(pk__in=meant, pool=key, awaited=False)
        kept = sum(one.granted - one.taken for one in windows)
        rooms.append(((0 if pool.awaited else pool.capacity - pool.taken - pool.kept) + kept) // need)
    return min(rooms)
