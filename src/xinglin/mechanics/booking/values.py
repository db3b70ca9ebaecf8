"""What booking answers: frozen values, never rows."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from xinglin.kernel.policy import Refusal
from xinglin.kernel.refs import Ref

MOST = 1000  # places asked for at once


class Reason(StrEnum):
    """Why a place was not given."""

    SOLD_OUT = "sold_out"
    AWAITED = "awaited"
    LIMIT = "limit"
    NOT_OPEN = "not_open"
    CLOSED = "closed"
    NOT_YOUR_TURN = "not_your_turn"
    LAPSED = "lapsed"
    UNKNOWN = "unknown"
    QUANTITY = "quantity"
    TAKEN = "taken"


WORDS: dict[Reason, Promise] = {
    Reason.SOLD_OUT: _("All places are taken at this moment."),
    Reason.AWAITED: _("What is free goes to those on the waiting list first."),
    Reason.LIMIT: _("One person cannot take more places than this."),
    Reason.NOT_OPEN: _("Booking has not opened yet."),
    Reason.CLOSED: _("Booking is closed."),
    Reason.NOT_YOUR_TURN: _("It is not your turn in the queue yet."),
    Reason.LAPSED: _("The time to keep this place is over; it went back."),
    Reason.UNKNOWN: _("This place is not known, or was given back."),
    Reason.QUANTITY: _("Ask for one place or more, and no more than 1,000 at once."),
    Reason.TAKEN: _("So many places are already taken; the capacity cannot be lower."),
}


class NotBooked(Refusal):
    """A place was not given, with the reason in words."""


@dataclass(frozen=True, kw_only=True)
class Refused:
    """No place: why, when it opens where that is the reason, and how many are left."""

    reason: Reason
    left: int = 0
    opens_at: datetime | None = None

    @property
    def message(self) -> Promise:
        """The reason in words."""
        return WORDS[self.reason]

    def refusal(self, *, field: str = "") -> NotBooked:
        """Return the exception an act raises for this."""
        return NotBooked(self.message, field=field)


@dataclass(frozen=True, kw_only=True)
class Held:
    """A place of somebody: `state` is held (until `expires_at`) or confirmed; `again` says that it was there before."""

    token: str
    item: int
    who: Ref
    quantity: int
    state: str
    expires_at: datetime | None
    offered: bool = False
    again: bool = False


@dataclass(frozen=True, kw_only=True)
class Waitlisted:
    """A place on the waiting list of an item, 1 being the next."""

    token: str
    item: int
    who: Ref
    quantity: int
    position: int
    until_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class Offer:
    """What somebody on the waiting list is offered: a hold with a deadline."""

    owner: Ref
    waiting: str
    held: Held


@dataclass(frozen=True, kw_only=True)
class Freed:
    """What came back, and to whom it was offered at once."""

    item: int
    quantity: int
    offers: tuple[Offer, ...] = ()
    again: bool = False


@dataclass(frozen=True, kw_only=True)
class Left:
    """How much of an item is left for whoever asks, and how many entries wait for it."""

    item: int
    left: int
    capacity: int
    waiting: int


@dataclass(frozen=True, kw_only=True)
class Swept:
    """What a sweep did."""

    expired: int = 0
    offers: tuple[Offer, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Place:
    """A place in the queue: `number` is given when the queue opens; `ahead` are those not yet let in before it."""

    queue: int
    who: Ref
    number: int | None
    ahead: int
    joined: int
    admitted: bool
    opens_at: datetime
    seconds: int | None = None
    lot: str = ""
