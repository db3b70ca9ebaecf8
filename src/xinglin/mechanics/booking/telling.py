"""Tells the engine that owns an item what somebody on its waiting list was offered, in the same transaction."""

from collections.abc import Callable
from datetime import datetime

from .values import Offer

Tell = Callable[[Offer, datetime], None]
_tellers: dict[str, Tell] = {}


def tell_of_offers(kind: str, tell: Tell) -> None:
    """Let an engine tell people of offers of its items (`events.event`); called in AppConfig.ready()."""
    _tellers[kind] = tell


def tell(offer: Offer, *, at: datetime) -> None:
    """Tell the owner's engine; an owner of a kind that nobody registered is told nothing."""
    if teller := _tellers.get(offer.owner.kind):
        teller(offer, at)
