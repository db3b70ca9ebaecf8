"""Registers who comes without a ticket, at a gate or at the desk: a place is held, and the desk takes the money."""

import re
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from xinglin.kernel.actors import Actor
from xinglin.kernel.policy import Refusal
from xinglin.kernel.refs import ref
from xinglin.mechanics.booking import holding

from .actions.registrations import Again, register
from .doors import Device
from .entering import reserve_now
from .holders import holder_of
from .offers import Audience, Channel, Ticket
from .orders import Way
from .places import Party, placed
from .registrations import Registration

KEY = re.compile(r"[A-Za-z0-9_.-]{1,64}")  # of a request, as a Ref takes it


class NoTicketHere(Refusal):
    """Nothing is sold at this gate."""


@transaction.atomic
def walk_in(*, device: Device, name: str, key: str, at: datetime, ticket: Ticket | None = None) -> Registration:
    """Register somebody under the first class open to everybody in the hall; the same key twice is one registration."""
    event, on = device.event, timezone.localdate(at)
    choices = Ticket.objects.filter(event=event, channel=Channel.ON_SITE, voucher_needed=False,
                                    audience=Audience.EVERYONE).order_by("order", "pk")
    ticket = ticket or next((one for one in choices if not device.tickets or one.pk in device.tickets), None)
    if ticket is None:
        raise NoTicketHere(_("No class of registration is sold at this gate."))
    by = Actor(ref=device.ref, name=device.gate, roles=frozenset({"house"}))
    row = on_the_spot(by=by, on=on, at=at, ticket=ticket, party=Party(name=name), key=f"walk-{key}" if key else "")
    if event.pack:
        reserve_now(event=event, who=holder_of(row).unnamed, name=name, at=at)
    return row


@transaction.atomic
def on_the_spot(
    *, by: Actor, on: date, at: datetime, ticket: Ticket, party: Party, key: str, voucher: str = "",
) -> Registration:
    """Register who stands at the desk, to be paid there; the same key twice is one registration (NotBooked)."""
    if not KEY.fullmatch(key):
        raise NoTicketHere(_("The request has a wrong key: open the page anew."))
    who = party.person.ref if party.person else ref("events.visitor", key)
    held = placed(holding.hold(item=ticket.desk_item, who=who, key=key, at=at))
    try:
        return register(by=by, on=on, at=at, token=held.token, party=party, way=Way.ON_SPOT, voucher=voucher)
    except Again as again:
        return again.registration
