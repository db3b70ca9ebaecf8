"""Sets up what there is: pools, items, windows, and their changes."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from xinglin.kernel.refs import Ref

from .models import Hold, Item, Need, Pool, Queue, Window
from .settling import Scene, close, settle
from .values import Freed, Reason, Refused

CHANGEABLE = {"limit", "from_at", "until_at", "waits_until_at", "hold_seconds", "offer_seconds", "queue"}


class NeedsFixed(Exception):
    """Somebody holds the item, so what it needs can no longer change: set up another item instead."""


def open_pool(*, owner: Ref, code: str, capacity: int) -> Pool:
    """Set up a pool of so many places."""
    return Pool.objects.create(owner=owner, code=code, capacity=capacity)


@transaction.atomic
def open_item(
    *, owner: Ref, code: str, needs: Mapping[Pool, int], limit: int = 1, from_at: datetime | None = None,
    until_at: datetime | None = None, waits_until_at: datetime | None = None, hold_seconds: int = 900,
    offer_seconds: int = 86400, queue: Queue | None = None,
) -> Item:
    """Set up something to book that needs places of pools."""
    if not needs:
        raise ValueError(f"item {owner} {code} needs at least one pool")
    item = Item.objects.create(
        owner=owner, code=code, limit=limit, from_at=from_at, until_at=until_at, waits_until_at=waits_until_at,
        hold_seconds=hold_seconds, offer_seconds=offer_seconds, queue=queue)
    Need.objects.bulk_create([Need(item=item, pool=pool, quantity=count) for pool, count in needs.items()])
    return item


@transaction.atomic
def change_item(*, item: int, at: datetime, **changes: Any) -> Item:
    """Change times, limit or queue of an item."""
    if wrong := set(changes) - CHANGEABLE:
        raise TypeError(f"an item's {', '.join(sorted(wrong))} cannot be changed; {', '.join(sorted(CHANGEABLE))} can")
    row = Item.objects.select_for_update().get(pk=item)
    for field, value in changes.items():
        setattr(row, field, value)
    row.save(update_fields=list(changes))
    settle(pools=Need.objects.filter(item=item).values_list("pool", flat=True), at=at)
    return row


@transaction.atomic
def rename_item(*, item: int, code: str) -> None:
    """Give an item, and the pool that bears its code, another one: the same places at another time."""
    row = Item.objects.select_for_update().get(pk=item)
    Pool.objects.filter(owner=row.owner, code=row.code).update(code=code)
    row.code = code
    row.save(update_fields=["code"])


@transaction.atomic
def change_needs(*, item: int, needs: Mapping[Pool, int], at: datetime) -> None:
    """Change what an item needs, as long as nobody holds it or ever held it (NeedsFixed).

    With its pools locked, a hold that is being written either has counted and is found here, or counts after us and is
    refused by the new shape of the pool.
    """
    Item.objects.select_for_update().get(pk=item)  # two who change it come one after the other
    before = list(Need.objects.filter(item=item).values_list("pool", flat=True))

    def change(scene: Scene) -> None:
        if Hold.objects.filter(item=item).exists():
            raise NeedsFixed(item)
        Need.objects.filter(item=item).delete()
        Need.objects.bulk_create([Need(item_id=item, pool=pool, quantity=count) for pool, count in needs.items()])
        for pool in before:
            scene.pools[pool].shape += 1

    settle(pools=[*before, *(pool.pk for pool in needs)], at=at, change=change)


def set_capacity(*, pool: int, capacity: int, at: datetime) -> Freed | Refused:
    """Raise or lower a pool; what is raised is offered to those who wait, and it never goes below what is taken."""
    refused: list[Refused] = []

    def change(scene: Scene) -> None:
        one = scene.pools[pool]
        refused.clear()
        if capacity < one.taken + one.kept:
            refused.append(Refused(reason=Reason.TAKEN, left=one.taken + one.kept))
        else:
            one.capacity = capacity

    scene = settle(pools=[pool], at=at, change=change)
    return refused[0] if refused else Freed(item=0, quantity=0, offers=tuple(scene.offers))


def open_window(
    *, pool: int, quantity: int, from_at: datetime, until_at: datetime, at: datetime, channel: str = "",
    group: str = "", item: int | None = None, limit: int = 0,
) -> Window:
    """Keep places of a pool for a channel or a group from–until; as many as are free when it opens."""
    made: list[Window] = []

    def change(scene: Scene) -> None:
        made[:] = [Window.objects.create(
            pool_id=pool, item_id=item, channel=channel, group=group, from_at=from_at, until_at=until_at,
            quantity=quantity, limit=limit)]
        scene.windows += made

    settle(pools=[pool], at=at, change=change)
    return made[0]


def close_window(*, window: int, at: datetime) -> Freed:
    """End a window now; what is unsold falls back to all."""
    row = Window.objects.get(pk=window)

    def change(scene: Scene) -> None:
        if found := scene.window(window):
            close(scene, found)

    scene = settle(pools=[row.pool_id], at=at, change=change)
    return Freed(item=row.item_id or 0, quantity=0, offers=tuple(scene.offers))
