"""An item as taking a place needs it: its pools, times, limit, and the windows that are open."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from xinglin.kernel.refs import Ref

from .models import Item, Need, Window


@dataclass(frozen=True, kw_only=True, slots=True)
class Ask:
    """One request for places."""

    item: int
    who: Ref
    quantity: int
    key: str
    at: datetime
    channel: str = ""
    group: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Kept:
    """An open window."""

    key: int
    pool: int
    item: int | None
    channel: str
    group: str
    limit: int

    @classmethod
    def by(cls, window: Window) -> "Kept":
        """Return a window as it is looked at by whoever takes a place."""
        return cls(key=window.pk, pool=window.pool_id, item=window.item_id, channel=window.channel,
                   group=window.group, limit=window.limit)

    def serves(self, *, item: int, channel: str, group: str) -> bool:
        """Say whether it is meant for this request."""
        return (self.item in (None, item) and self.channel in ("", channel) and self.group in ("", group))


@dataclass(frozen=True, kw_only=True, slots=True)
class Card:
    """One item; `needs` are pairs of pool and quantity in the order of the pools' keys, `shapes` those of the pools."""

    item: int
    owner: Ref
    limit: int
    from_at: datetime | None
    until_at: datetime | None
    waits_until_at: datetime | None
    hold_seconds: int
    offer_seconds: int
    queue: int | None
    queue_channel: str
    needs: tuple[tuple[int, int], ...]
    shapes: tuple[int, ...]
    windows: tuple[Kept, ...]

    @property
    def pools(self) -> list[int]:
        """The keys of its pools, in order."""
        return [pool for pool, _quantity in self.needs]

    def on_sale(self, at: datetime) -> bool:
        """Say whether everybody may book at a moment."""
        return (self.from_at is None or self.from_at <= at) and (self.until_at is None or at < self.until_at)

    def ways(self, *, channel: str, group: str, at: datetime) -> list[Kept | None]:
        """Return the ways by which a request may take places: windows meant for it, then the pools at large (None)."""
        meant: list[Kept | None] = [one for one in self.windows
                                    if one.serves(item=self.item, channel=channel, group=group)]
        return [*meant, None] if self.on_sale(at) else meant

    def limit_by(self, way: Kept | None) -> int:
        """Return how many places one person may have, 0 for no limit."""
        return way.limit if way and way.limit else self.limit

    @property
    def offers_until_at(self) -> datetime | None:
        """Until when freed places are offered to those who wait."""
        return self.waits_until_at or self.until_at


def card_of(item: int) -> Card | None:
    """Return the card of an item as the database has it now."""
    return cards_of([item]).get(item)


def cards_of(items: Iterable[int]) -> dict[int, Card]:
    """Return the cards of items as the database has them now."""
    rows = list(Item.objects.filter(pk__in=list(items)).select_related("queue"))
    needs: dict[int, list[Need]] = {row.pk: [] for row in rows}
    for need in Need.objects.filter(item__in=needs).select_related("pool").order_by("pool"):
        needs[need.item_id].append(need)
    pools = {need.pool_id for some in needs.values() for need in some}
    windows = list(Window.objects.filter(pool__in=pools, state="open").order_by("until_at", "pk"))
    return {row.pk: _card(row, needs[row.pk], windows) for row in rows}


def _card(row: Item, needs: list[Need], windows: list[Window]) -> Card:
    mine = {need.pool_id for need in needs}
    return Card(
        item=row.pk, owner=Ref(row.owner), limit=row.limit, from_at=row.from_at, until_at=row.until_at,
        waits_until_at=row.waits_until_at, hold_seconds=row.hold_seconds, offer_seconds=row.offer_seconds,
        queue=row.queue_id, queue_channel=row.queue.channel if row.queue else "",
        needs=tuple((need.pool_id, need.quantity) for need in needs), shapes=tuple(need.pool.shape for need in needs),
        windows=tuple(Kept.by(one) for one in windows if one.pool_id in mine))
