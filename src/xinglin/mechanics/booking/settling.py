"""Settles pools: what ran out goes back, windows open and close, and what is free is offered to those who wait.

Everything here happens with the pools locked, in one transaction. All pools that those who wait may need are locked at
once, in the order of their keys.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, Min, OuterRef

from . import telling
from .models import Hold, Item, Need, Pool, Waiting, Window
from .serving import serve
from .values import Offer

TRIES = 5
AGAIN = timedelta(seconds=1)


class Grown(Exception):
    """More pools hang together than were locked: begin again with those too."""


@dataclass(kw_only=True)
class Scene:
    """Locked pools with their windows, as they are being changed."""

    at: datetime
    pools: dict[int, Pool]
    windows: list[Window]
    needs: dict[int, dict[int, int]] = field(default_factory=dict)
    offers: list[Offer] = field(default_factory=list)
    expired: int = 0
    joining: int | None = None  # the entry of the waiting list that is being written just now

    def needs_of(self, item: int) -> dict[int, int]:
        """Return how many places of each pool one of an item takes."""
        if item not in self.needs:
            self.needs[item] = dict(Need.objects.filter(item=item).order_by("pool").values_list("pool", "quantity"))
        return self.needs[item]

    def room(self, pool: int) -> int:
        """Return how many places of a pool are free for everybody."""
        one = self.pools[pool]
        return one.capacity - one.taken - one.kept

    def window(self, key: int | None) -> Window | None:
        """Return a window of these pools."""
        return next((one for one in self.windows if one.pk == key), None)

    def count(self, *, hold: Hold, quantity: int) -> None:
        """Count places of a hold: more, or less when negative."""
        window = self.window(hold.window_id)
        for pool, need in self.needs_of(hold.item_id).items():
            self.pools[pool].taken += quantity * need
            if window and window.pool_id == pool:
                window.taken += quantity * need
                if window.state == "open":
                    self.pools[pool].kept -= quantity * need


def settle(*, pools: Iterable[int], at: datetime, change: Callable[[Scene], None] | None = None) -> Scene:
    """Bring pools up to a moment, change them while they are locked, and offer what is free."""
    wanted = sorted(set(pools))
    for _ in range(TRIES):
        try:
            with transaction.atomic():
                scene = _lock(wanted, at)
                if change is not None:
                    change(scene)
                _turn(scene)
                return scene
        except Grown as more:
            wanted = more.args[0]
    raise RuntimeError(f"pools {wanted} keep growing together")


def end(scene: Scene, hold: Hold, *, to: str, quantity: int | None = None) -> None:
    """Give back the places of a locked live hold, or so many of them, and end it as `to` when none are left."""
    less = hold.quantity if quantity is None else quantity
    scene.count(hold=hold, quantity=-less)
    if less < hold.quantity:
        hold.quantity -= less
    else:
        hold.state, hold.ended_at = to, scene.at
        if hold.offered:
            Waiting.objects.filter(hold=hold, state="offered").update(state="declined", ended_at=scene.at)
    hold.save(update_fields=["quantity", "state", "ended_at"])


def connected(pools: Iterable[int], *, at: datetime) -> list[int]:
    """Return the pools with all others that those who wait for them, or whose time is over, need; in order."""
    known: set[int] = set(pools)
    while True:
        waits = Waiting.objects.filter(item=OuterRef("pk"), state="waiting")
        over = Hold.objects.filter(item=OuterRef("pk"), state="held", expires_at__lte=at)
        items = Item.objects.filter(Exists(waits) | Exists(over), needs__pool__in=known).values("pk")
        more = set(Need.objects.filter(item__in=items).values_list("pool", flat=True)) - known
        if not more:
            return sorted(known)
        known |= more


def _lock(wanted: list[int], at: datetime) -> Scene:
    """Lock pools first: two who settle come one after the other; a hold in somebody's hands is left to them."""
    whole = connected(wanted, at=at)
    pools = {one.pk: one for one in Pool.objects.some_locked(keys=whole)}
    if (grown := connected(whole, at=at)) != whole:
        raise Grown(grown)
    scene = Scene(at=at, pools=pools, windows=list(Window.objects.filter(pool__in=whole).exclude(
        state="closed", until_at__lt=at, taken=0).order_by("until_at", "pk")))
    over = Hold.objects.over_locked(pools=whole, at=at)
    for one in over:
        scene.count(hold=one, quantity=-one.quantity)
    ended = [one.pk for one in over]
    Hold.objects.filter(pk__in=ended).update(state="expired", ended_at=at)
    Waiting.objects.filter(hold__in=ended, state="offered").update(state="lapsed", ended_at=at)
    scene.expired = len(ended)
    return scene


def _turn(scene: Scene) -> None:
    """Let time do its work, serve those who wait, write the pools."""
    for window in sorted(scene.windows, key=lambda one: (one.from_at, one.pk)):
        _turn_window(scene, window)
    Waiting.objects.filter(state="waiting", until_at__lte=scene.at, item__needs__pool__in=scene.pools).update(
        state="lapsed", ended_at=scene.at)
    scene.offers += serve(scene)
    for pool in scene.pools.values():
        pool.due_at = _due(scene, pool)
        pool.save(update_fields=["capacity", "taken", "kept", "awaited", "due_at", "shape"])
    for window in scene.windows:
        window.save(update_fields=["granted", "taken", "awaited", "state"])
    for offer in scene.offers:
        telling.tell(offer, at=scene.at)


def _turn_window(scene: Scene, window: Window) -> None:
    pool = scene.pools[window.pool_id]
    if window.state == "waiting" and window.from_at <= scene.at:
        window.state = "open"
        window.granted = max(0, min(window.quantity, scene.room(pool.pk)))
        pool.kept += window.granted
    if window.until_at <= scene.at:
        close(scene, window)


def close(scene: Scene, window: Window) -> None:
    """Close a window; what it kept unsold falls back to all."""
    if window.state == "open":
        scene.pools[window.pool_id].kept -= window.granted - window.taken
    window.state, window.awaited = "closed", False


def _due(scene: Scene, pool: Pool) -> datetime | None:
    """Return the next moment at which something in a pool changes by itself."""
    moments = [
        Hold.objects.filter(state="held", item__needs__pool=pool).aggregate(first=Min("expires_at"))["first"],
        Waiting.objects.filter(state="waiting", item__needs__pool=pool).aggregate(first=Min("until_at"))["first"],
        *(one.from_at if one.state == "waiting" else one.until_at
          for one in scene.windows if one.pool_id == pool.pk and one.state != "closed")]
    first = min((one for one in moments if one is not None), default=None)
    # A hold that ran out in somebody's hands stays for the next look: nobody else may stand still for it.
    return None if first is None else max(first, scene.at + AGAIN)
