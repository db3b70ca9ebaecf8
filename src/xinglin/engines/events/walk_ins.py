"""Registers at a gate who comes without a ticket: a place is held as for everybody, and the desk takes the money."""

import re
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from xinglin.kernel.actors import Actor
from xinglin.kernel.policy import Refusal
from xinglin.kernel.refs import ref
from xinglin.mechanics.booking import holding

from .actions.registrations import Again, register
from .doors import Device
from .offers import Audience, Channel, Ticket
from .orders import Way
from .places import Party, placed
from .registrations import Registration

KEY = re.compile(r"[A-Za-z0-9_.-]{1,59}")  # of a request, as a Ref takes it


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
    if not KEY.fullmatch(key):
        raise NoTicketHere(_("The gate sent a wrong key: open its page anew."))
    held = placed(holding.hold(item=ticket.desk_item, who=ref("events.visitor", f"walk-{key}"), key=key, at=at))
    by = Actor(ref=device.ref, name=device.gate, roles=frozenset({"house"}))
    try:
        return register(by=by, on=on, at=at, token=held.token, party=Party(name=name), way=Way.ON_SPOT)
    except Again as again:
        return again.registration
