"""What a gate's phone takes along to judge offline: keys, times, places and the shortest list of people."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Count, Max
from django.utils import timezone

from xinglin.kernel import regulations
from xinglin.kernel.ledger.models import Mention
from xinglin.kernel.refs import Ref

from . import tickets
from .admission import rules_on
from .doors import Device, Often
from .epidemics import Entry
from .holders import held_place
from .meetings import Event
from .offers import Channel
from .programme import Session
from .registrations import Chosen, Registration

Block = tuple[datetime, datetime]


def millis(moment: datetime) -> int:
    """Return a moment as browsers count: milliseconds since 1970."""
    return int(moment.timestamp() * 1000)


def midnight(day: date) -> datetime:
    """Return when a day of the association begins."""
    return timezone.make_aware(datetime.combine(day, time()))


def blocks_of(sessions: Iterable[Session], *, often: str, pause: timedelta) -> list[Block]:
    """Return the sittings of some sessions: those with short pauses between are one; of a day all, if so entered."""
    found: list[Block] = []
    for one in sorted(sessions, key=lambda session: session.from_at):
        same_day = found and timezone.localdate(found[-1][0]) == timezone.localdate(one.from_at)
        if same_day and (often == Often.DAY or one.from_at - found[-1][1] <= pause):
            found[-1] = (found[-1][0], max(found[-1][1], one.until_at))
        else:
            found.append((one.from_at, one.until_at))
    return found


def places_of(event: Event) -> dict[Ref, tuple[str, list[Block]]]:
    """Return every place of an event that has a gate, how often it is entered, and its sittings."""
    sessions = [one for one in event.sessions.all() if one.on_site]
    pause = timedelta(minutes=int(regulations.value("E7.block_pause", on=event.from_on)))
    found = {}
    for device in event.devices.select_related("event", "room").order_by("pk"):
        mine = [one for one in sessions if not device.room_id or one.room_id == device.room_id]
        found[device.place] = (device.often, blocks_of(mine, often=device.often, pause=pause))
    return found


def known_of(device: Device, *, only: Iterable[int] | None = None, pack: bool = True) -> dict[str, Any]:
    """Return what a phone must know, as judging.py and judge.js read it; `only` some registrations for a short list."""
    event, room = device.event, device.room
    days = [event.from_on - timedelta(days=1), *event.days, event.until_on]
    often, blocks = places_of(event)[device.place]
    early = timedelta(minutes=int(regulations.value("K8.early_minutes", on=event.from_on)))
    sessions = [one for one in event.sessions.all() if one.on_site]
    return {
        "event": event.pk, "title": event.title, "device": device.pk, "name": device.gate,
        "room": room.name if room else "", "place": device.place, "keys": [tickets.public_key().hex()],
        "early": early // timedelta(milliseconds=1), "opens": millis(midnight(event.from_on)),
        "closes": millis(midnight(event.until_on)), "midnights": [[str(day), millis(midnight(day))] for day in days],
        "gate": {"room": device.room_id or 0, "tickets": device.tickets, "seats": room.seats if room else None},
        "places": {device.place: {"often": often, "blocks": [[millis(a), millis(b)] for a, b in blocks]}},
        "sessions": [{"id": one.pk, "title": one.title, "room": one.room_id or 0, "from": millis(one.from_at),
                      "until": millis(one.until_at), "signup": one.places is not None} for one in sessions],
        "people": _people(event, only), "pack": _pack(event) if pack and not room else None,
    }


def _people(event: Event, only: Iterable[int] | None) -> dict[str, dict[str, Any]]:
    """Return who is registered: name, class, and what the rules of the door ask for; no contact, no unit."""
    rows = Registration.objects.of_event(event).select_related("ticket__event")
    chosen = Chosen.objects.filter(registration__event=event, option__session__isnull=False)
    if only is not None:
        rows, chosen = rows.filter(pk__in=list(only)), chosen.filter(registration__in=list(only))
    signed: dict[int, list[int]] = defaultdict(list)
    for registration, session in chosen.values_list("registration", "option__session"):
        signed[registration].append(session)
    slots: dict[str, list[Entry]] = defaultdict(list)
    for entry in Entry.objects.filter(event=event) if event.pack else ():
        slots[entry.who].append(entry)
    days = [str(day) for day in event.days]
    titles: dict[int, str] = {}
    found = {}
    for row in rows:
        mine = slots.get(held_place(registration=row.pk, turn=row.turn), ())
        found[str(row.pk)] = {
            "tag": tickets.tag_of(row.code), "code": row.code, "state": row.state, "name": row.name,
            "class": titles.setdefault(row.ticket_id, str(row.ticket)), "ticket": row.ticket_id,
            "on_site": row.ticket.channel == Channel.ON_SITE, "days": row.ticket.days or days,
            "signed": sorted(signed.get(row.pk, ())), "slots": sorted(millis(one.slot_at) for one in mine),
            "risk": next((one.risk for one in mine if one.risk), "")}
    return found


def _pack(event: Event) -> dict[str, Any] | None:
    """Return the limits of the epidemic pack, where it is in force (C08)."""
    if not event.pack:
        return None
    rules = rules_on(on=event.from_on)
    return {"on": True, "early": rules.early // timedelta(milliseconds=1), "fever": int(rules.fever * 10),
            "code": rules.code, "refused": sorted(rules.refused),
            "limit": int(regulations.value("C08.flow", on=event.from_on))}


def version_of(event: Event) -> str:
    """Return how new a list is, by which a phone knows that its own is old: nobody's row is read for it.

    Every act on an event states a fact that names it; reserved half hours alone are plain rows.
    """
    said = Mention.objects.filter(ref=event.ref).order_by("-position").values_list("position", flat=True).first()
    if not event.pack:
        return f"{said or 0}"
    count = Entry.objects.filter(event=event).aggregate(last=Max("pk"), number=Count("pk"), flagged=Count("flagged_on"))
    return f"{said or 0}-{count['last'] or 0}-{count['number']}-{count['flagged']}"
