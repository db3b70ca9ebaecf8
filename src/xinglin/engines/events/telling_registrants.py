"""Tells all who come, pay or wait: a place is free, an event was moved or called off."""

from collections.abc import Iterable
from datetime import datetime

from django.conf import settings
from django.utils import timezone

from xinglin.directory.accounts import Account
from xinglin.kernel.notices import notify, register_notice
from xinglin.kernel.refs import Ref, ref
from xinglin.mechanics.booking.telling import tell_of_offers
from xinglin.mechanics.booking.values import Offer

from .carts import waits
from .letters import (
    Reader,
    address,
    order_address,
    own_address,
    reader_at,
    reader_of,
    send,
    where,
    write,
    written_to,
)
from .meetings import Event
from .offers import Option, Ticket
from .registrations import Draft, Registration

FREE, CALLED_OFF = "events_place_free", "events_called_off"
MOVED, WAIT_MOVED, SLOT_LOST = "events_days_moved", "events_wait_moved", "events_slot_lost"
for _one in (FREE, CALLED_OFF, MOVED, WAIT_MOVED, SLOT_LOST):
    register_notice(_one, app="xinglin.engines.events")


def tell_offered(offer: Offer, at: datetime) -> None:
    """Tell who waited that a place of a ticket, or of a session or option, is theirs until a moment."""
    item, who = offer.held.item, offer.held.who
    until = timezone.localtime(offer.held.expires_at).strftime("%m-%d %H:%M") if offer.held.expires_at else ""
    if ticket := Ticket.objects.of_item(item) or Ticket.objects.filter(group_item=item).select_related("event").first():
        if draft := Draft.objects.filter(waiting=offer.waiting).first():
            Draft.objects.filter(pk=draft.pk).update(hold=offer.held.token)
            send(_waits(draft), FREE, key=offer.waiting, about=ticket.event, until=until,
                 address=address("events:fill_in", draft.key), **where(ticket.event))
    elif option := Option.objects.filter(item=item).select_related("event").first():
        rows = Registration.objects.live().filter(pk=who.key) if who.kind == "events.registration" else ()
        for row in rows:
            title = f"{option.event.title}：{option}"[:200]
            send(reader_of(row), FREE, key=offer.waiting, about=option.event, event=title, until=until,
                 address=address("events:own_programme", row.key), **where(option.event))


def _waits(draft: Draft) -> Reader:
    who = Ref(draft.who)
    known = Account.objects.filter(pk=who.key).first() if who.kind == "directory.account" else None
    account = reader_at(email=known.email, mobile=known.mobile) if known else None
    wrote = account or Reader(email=draft.email)  # an address left in the session comes after the account's own
    return Reader(person=who, beside=wrote) if who.kind == "directory.person" else wrote


def waiters_of(event: Event) -> list[Reader]:
    """Return who waits for a place of an event, or is offered one from the list."""
    return [_waits(one) for one in Draft.objects.filter(event=event, waiting__in=waits()).order_by("pk")]


def brief(reason: str) -> str:
    """Return a reason as letters say it."""
    return reason.strip().rstrip("。.")[:200]


def readers_of(event: Event) -> dict[Reader, str]:
    """Return who has a place of an event, or pays for one, and the address at which each sees it."""
    rows = list(event.registrations.live().select_related("order__person", "person").order_by("-pk"))
    payers = {reader_of(row.order): order_address(row.order) for row in rows if row.order}
    return payers | {reader_of(row): own_address(row) for row in rows}


def tell_all(event: Event, *, template: str, key: str, reason: str, waiters: Iterable[Reader] = ()) -> None:
    """Tell whoever has a place, pays for one, waits or is invited, each once: it was moved or called off."""
    public = f"{settings.XINGLIN_URL}{event.public_address}"
    addresses = {**(here := readers_of(event)), **{one: public for one in waiters if one not in here}}
    faculty = [ref("directory.person", one) for one in event.faculty.standing().values_list("person", flat=True)]
    said = {**where(event), "reason": brief(reason), "slots": event.pack}
    notify(to=sorted({*faculty, *(one.person for one in addresses if one.person)}), template=template, key=key,
           about=event.ref, context={"event": event.title, "address": public, **said})
    for reader, way in written_to(addresses).items():
        write(way, template, about=event, address=addresses[reader], **said)


def tell_moved(
    event: Event, *, key: str, reason: str, waiters: Iterable[Reader] = (), lost: Iterable[Ref] = (),
) -> None:
    """Tell all that an event was moved; who waits has no place, and who is lost no half hour, that moves with it."""
    tell_all(event, template=MOVED, key=key, reason=reason)
    here, url = readers_of(event), f"{settings.XINGLIN_URL}{event.public_address}"
    for one in waiters:
        if one not in here:
            send(one, WAIT_MOVED, key=key, about=event, address=url, reason=brief(reason), **where(event))
    places = [one.key.partition(".")[0] for one in lost if one.kind == "events.registration"]
    for row in event.registrations.live().filter(pk__in=places).select_related("person"):
        send(reader_of(row), SLOT_LOST, key=key, about=event, address=address("events:reserve", row.key))


tell_of_offers("events.event", tell_offered)
