"""Pools and items of booking that belong to an event: opened with lists and sessions, ended with the event."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from xinglin.kernel import regulations
from xinglin.kernel.policy import Problem, Refusals
from xinglin.mechanics.booking import setting
from xinglin.mechanics.booking.models import Item, Need, Pool
from xinglin.mechanics.booking.values import Refused

from .meetings import Event, State

PUBLIC = ("ticket:", "group:")  # codes of items that everybody books; the desk's stay open while the event lasts


def ends_at(event: Event) -> datetime:
    """Return the moment at which the last day of an event is over."""
    return timezone.make_aware(datetime.combine(event.until_on, datetime.min.time()))


def pool_of(*, event: Event, code: str, capacity: int, at: datetime, field: str) -> Pool:
    """Open a pool of an event or give it so many places (Refusals: more are taken)."""
    pool = Pool.objects.filter(owner=event.ref, code=code).first()
    if pool is None:
        return setting.open_pool(owner=event.ref, code=code, capacity=capacity)
    answer = setting.set_capacity(pool=pool.pk, capacity=capacity, at=at) if pool.capacity != capacity else None
    if isinstance(answer, Refused):
        raise Refusals([Problem(field=field, message=_(
            "%(taken)d places are taken already; there cannot be fewer.") % {"taken": answer.left})])
    return pool


def item_of(
    *, event: Event, code: str, needs: Mapping[Pool, int], at: datetime, limit: int = 1, **times: Any,
) -> Item:
    """Open what is booked of an event, or change its times and, while nobody holds it, its needs (Refusals)."""
    item = Item.objects.filter(owner=event.ref, code=code).first()
    times |= {"hold_seconds": int(regulations.value("K2.hold_minutes", on=event.from_on)) * 60,
              "offer_seconds": int(regulations.value("K2.offer_hours", on=event.from_on)) * 3600}
    if event.state == State.CLOSED and code.startswith(PUBLIC):  # a new list does not open what was closed
        times["until_at"] = item.until_at if item else at
    if item is None:
        return setting.open_item(owner=event.ref, code=code, needs=needs, limit=limit, **times)
    there = dict(Need.objects.filter(item=item).values_list("pool", "quantity"))
    if there != {pool.pk: count for pool, count in needs.items()}:
        try:
            setting.change_needs(item=item.pk, needs=needs, at=at)
        except setting.NeedsFixed:
            raise Refusals([Problem(field="tickets", message=_(
                "Somebody has a place of “%(code)s” already: offer another ticket instead of other pools.") % {
                    "code": code.partition(":")[2]})]) from None
    return setting.change_item(item=item.pk, at=at, **times)


def _public(event: Event) -> list[Item]:
    wanted = Q(code__startswith=PUBLIC[0]) | Q(code__startswith=PUBLIC[1])
    return list(Item.objects.filter(wanted, owner=event.ref).order_by("pk"))


def close_sale(*, event: Event, at: datetime) -> None:
    """Sell nothing more to everybody; freed places still go to those who wait, and the desk sells on."""
    for item in _public(event):
        if item.until_at is None or item.until_at > at:
            setting.change_item(item=item.pk, at=at, until_at=at)


def open_sale(*, event: Event, at: datetime) -> None:
    """Sell again as the list in force says, after registration was closed by hand."""
    offer = event.offers.first()
    for item in _public(event) if offer else ():
        setting.change_item(item=item.pk, at=at, until_at=offer.closes_at)


def end_all(*, event: Event, at: datetime) -> None:
    """End every sale and every waiting list of an event, before its places are given back."""
    for item in Item.objects.filter(owner=event.ref).order_by("pk"):
        setting.change_item(item=item.pk, at=at, until_at=at, waits_until_at=at)


def end_item(*, event: Event, code: str, at: datetime) -> None:
    """End one thing that is booked, with its waiting list."""
    if item := Item.objects.filter(owner=event.ref, code=code).first():
        setting.change_item(item=item.pk, at=at, until_at=at, waits_until_at=at)
