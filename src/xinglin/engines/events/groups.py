"""Places for many: how many one payer may hold without having paid for them or said who comes (K2)."""

from datetime import datetime

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from xinglin.kernel import regulations
from xinglin.kernel.policy import Refusal
from xinglin.kernel.refs import Ref
from xinglin.mechanics.booking import holding, waiting
from xinglin.mechanics.booking.values import Held, Refused, Waitlisted

from .offers import Ticket
from .registrations import Registration, State


class TooMany(Refusal):
    """More places than one payer may keep from others."""

    field = "quantity"


def most(who: Ref, *, at: datetime) -> int:
    """Return how many places somebody may hold unpaid or unnamed: few without an account."""
    return int(regulations.value(_rule(who), on=timezone.localdate(at)))


def kept_back(who: Ref, *, event: int, at: datetime) -> int:
    """Return how many places of an event somebody keeps: of many neither paid nor, when free, named; unpaid guests."""
    items = Ticket.objects.filter(event=event).values_list("group_item", flat=True)
    holds = holding.held_by(who=who, items=items, at=at)
    rows = Registration.objects.live().filter(booking__in=[one.token for one in holds if one.state == "confirmed"])
    open_rows = rows.filter(Q(state=State.HELD) | Q(name="", lines=None))
    guests = Registration.objects.live().of_guests(who).filter(Q(state=State.HELD) | Q(lines=None), event=event)
    return sum(one.quantity for one in holds if one.state == "held") + sum(
        one.distinct().count() for one in (open_rows, guests))


def check_guests(who: Ref, *, event: int, at: datetime) -> None:
    """Refuse one guest more than somebody may keep places for without anything being paid (TooMany)."""
    if kept_back(who, event=event, at=at) > (limit := most(who, at=at)):
        raise TooMany(_("One registers at most %(limit)d guests for whom nothing was paid.") % {"limit": limit},
                      field="other", regulation=_rule(who), instead=_("The others register themselves."))


def _rule(who: Ref) -> str:
    return "K2.visitor_places" if who.kind == "events.visitor" else "K2.group_places"


def hold_many(
    *, ticket: Ticket, who: Ref, quantity: int, key: str, at: datetime, wait: bool = False,
) -> Held | Waitlisted | Refused:
    """Hold places for many, or wait for them, no more than one payer may keep from others (TooMany)."""
    found = waiting.wait(
        item=ticket.group_item, who=who, quantity=quantity, least=quantity, at=at, channel="online",
    ) if wait else holding.hold(
        item=ticket.group_item, who=who, quantity=quantity, key=key, at=at, channel="online")
    # Counted once they are held, so that two requests at once do not both go by what was there before.
    limit = most(who, at=at)
    if isinstance(found, Held) and found.state == "held" and kept_back(who, event=ticket.event_id, at=at) > limit:
        holding.release(token=found.token, at=at)
        raise TooMany(_("One payer holds at most %(limit)d places that are neither paid nor named.") % {"limit": limit},
                      regulation=_rule(who), instead=_("Sign in to order more.") if who.kind == "events.visitor" else _(
                          "Pay for those you have, or say who comes; then order the rest."))
    return found
