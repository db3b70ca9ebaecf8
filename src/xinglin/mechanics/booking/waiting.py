"""The waiting list: join, see one's position, leave; offers are made by `serving`."""

import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F

from xinglin.kernel.refs import Ref

from .cards import card_of
from .models import Hold, Need, Pool, Waiting, Window
from .queueing import stands_before
from .settling import Scene, settle
from .values import MOST, Held, Reason, Refused, Waitlisted


def wait(
    *, item: int, who: Ref, quantity: int = 1, least: int | None = None, at: datetime, channel: str = "",
    group: str = "", until_at: datetime | None = None,
) -> Waitlisted | Held | Refused:
    """Put a person on the waiting list of an item, once; who could have the places at once holds them like anybody."""
    card = card_of(item)
    if card is None:
        return Refused(reason=Reason.UNKNOWN)
    if not 1 <= quantity <= MOST or not 1 <= (least or quantity) <= quantity:
        return Refused(reason=Reason.QUANTITY)
    if card.limit and quantity > card.limit:
        return Refused(reason=Reason.LIMIT)
    if card.from_at and at < card.from_at:
        return Refused(reason=Reason.NOT_OPEN, opens_at=card.from_at)
    if card.offers_until_at and card.offers_until_at <= at:
        return Refused(reason=Reason.CLOSED)
    if stands_before(card=card, who=who, channel=channel, at=at):
        return Refused(reason=Reason.NOT_YOUR_TURN)
    entry = Waiting(
        item_id=item, who=who, quantity=quantity, least=least or quantity, channel=channel, group=group,
        token=secrets.token_urlsafe(24), until_at=until_at, waiting_since=at)
    return _join(entry, card.pools, at)


@transaction.atomic
def _join(entry: Waiting, pools: list[int], at: datetime) -> Waitlisted | Held | Refused:
    """Write the entry while the pools are locked, so that the order of keys is the order of arrival."""
    locked = Pool.objects.some_locked(keys=pools)
    if there := Waiting.objects.filter(item=entry.item_id, who=entry.who, state="waiting").first():
        return waitlisted(there)
    short = any(one.awaited for one in locked) and not any(one.due_at and one.due_at <= at for one in locked)
    if short and not Window.objects.filter(pool__in=pools, state="open").exists():
        entry.save()  # somebody earlier is short of the same: nothing can be free for this one
        if entry.until_at:
            _due(locked, entry.until_at)
        return waitlisted(entry)
    settle(pools=pools, at=at, change=lambda scene: _enter(scene, entry))
    return answer_for(Waiting.objects.get(pk=entry.pk), at)


def _enter(scene: Scene, entry: Waiting) -> None:
    entry.pk = None  # a second try of the same change writes it anew
    entry.save(force_insert=True)
    scene.joining = entry.pk


def _due(pools: list[Pool], at: datetime) -> None:
    for one in pools:
        if one.due_at is None or at < one.due_at:
            one.due_at = at
            one.save(update_fields=["due_at"])


def answer_for(entry: Waiting, at: datetime) -> Waitlisted | Held | Refused:
    """Return an entry as it stands: waiting, offered, or over."""
    if entry.state == "waiting":
        return waitlisted(entry)
    if entry.state == "offered" and entry.hold and entry.hold.state == "held":
        one = entry.hold
        if one.expires_at and one.expires_at > at:
            return one.shown()
    limit = entry.state == "lapsed" and entry.hold is None and entry.until_at is None
    return Refused(reason=Reason.LIMIT if limit else Reason.LAPSED if entry.state != "left" else Reason.UNKNOWN)


def waitlisted(entry: Waiting) -> Waitlisted:
    """Return an entry with its position: how many earlier ones wait for what it is short of."""
    scarce = Need.objects.filter(item=entry.item_id, pool__awaited=True).values("pool")
    rivals = Need.objects.filter(pool__in=scarce).values("item")
    earlier = Waiting.objects.filter(state="waiting", pk__lt=entry.pk)
    ahead = earlier.filter(item__in=rivals) | earlier.filter(item=entry.item_id)
    return Waitlisted(token=entry.token, item=entry.item_id, who=Ref(entry.who), quantity=entry.quantity,
                      position=ahead.count() + 1, until_at=entry.until_at)


@transaction.atomic
def leave_waiting(*, token: str, at: datetime) -> bool:
    """Leave the waiting list; those behind move up, and who was kept back by this one is served. Twice is once."""
    entry = Waiting.objects.filter(token=token, state="waiting").first()
    if entry is None:
        return False
    left = []

    def leaving(scene: Scene) -> None:
        left.append(Waiting.objects.filter(pk=entry.pk, state="waiting").update(state="left", ended_at=at))

    settle(pools=Need.objects.filter(item=entry.item_id).values_list("pool", flat=True), at=at, change=leaving)
    return bool(left[-1])


def place_in_waiting(*, token: str, at: datetime) -> Waitlisted | Held | Refused:
    """Return where an entry stands; time that is due does its work first."""
    entry = Waiting.objects.filter(token=token).select_related("hold").first()
    if entry is None:
        return Refused(reason=Reason.UNKNOWN)
    pools = list(Pool.objects.filter(needs__item=entry.item_id).order_by("pk"))
    if entry.state == "waiting" and any(one.due_at and one.due_at <= at for one in pools):
        settle(pools=[one.pk for one in pools], at=at)
        entry = Waiting.objects.select_related("hold").get(pk=entry.pk)
    return answer_for(entry, at)


def move_waits(*, items: Iterable[int], by: timedelta) -> None:
    """Let those who wait until a moment of their own wait as much longer or shorter: what they wait for was moved."""
    rows = Waiting.objects.filter(item__in=list(items), state="waiting", until_at__isnull=False)
    rows.update(until_at=F("until_at") + by)


def waits_of(*, who: Ref, items: Iterable[int], at: datetime) -> list[Waitlisted]:
    """Return where a person waits."""
    rows = Waiting.objects.filter(who=who, item__in=list(items), state="waiting").order_by("pk")
    return [waitlisted(one) for one in rows if one.until_at is None or one.until_at > at]


def offered_to(*, who: Ref, items: Iterable[int], at: datetime) -> list[Held]:
    """Return what is offered to a person at a moment."""
    rows = Hold.objects.filter(who=who, item__in=list(items), offered=True, state="held", expires_at__gt=at)
    return [one.shown() for one in rows.order_by("pk")]
