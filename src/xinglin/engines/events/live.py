"""Live figures of an event: who is inside where, how many came each hour at each gate, who watches online."""

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from xinglin.kernel.refs import Ref
from xinglin.mechanics.presence.door import Audience, Sitting, audience, sittings_of, spans
from xinglin.mechanics.presence.door import Session as Place

from .attending import recording_ref
from .doors import DoorScan, Standing, Station
from .gate_lists import midnight
from .meetings import Event
from .programme import Room, Session

QUIET = timedelta(minutes=3)  # a page that said nothing for so long is not there


@dataclass(frozen=True, kw_only=True)
class Hall:
    """One place: how many are inside, how many it seats, how many were admitted today."""

    label: str
    inside: int
    seats: int | None
    admitted: int

    @property
    def full(self) -> bool:
        """Whether more are inside than it may hold (K8)."""
        return self.seats is not None and self.inside >= self.seats


def halls(event: Event, *, at: datetime) -> list[Hall]:
    """Return who is inside each place now, by the scans that count."""
    rows = DoorScan.objects.filter(event=event, at__gte=midnight(timezone.localdate(at))).counting().order_by(
        "at", "device", "counter").values_list("place", "registration", "standing")
    last: dict[str, dict[int, str]] = defaultdict(dict)
    for place, registration, standing in rows:
        last[place][registration] = standing
    names: dict[str, tuple[str, int | None]] = {str(event.ref): (event.place or event.title, None)}
    names |= {f"events.room:{one.pk}": (one.name, one.seats) for one in Room.objects.filter(event=event)}
    return [Hall(label=names[place][0], seats=names[place][1], admitted=len(people),
                 inside=sum(1 for one in people.values() if one == Standing.ADMITTED))
            for place, people in sorted(last.items()) if place in names]


def hours(event: Event, *, at: datetime) -> tuple[list[str], list[dict[str, Any]]]:
    """Return the hours of today with admissions, and for each gate how many came in each."""
    rows = DoorScan.objects.filter(event=event, at__gte=midnight(timezone.localdate(at)), standing=Standing.ADMITTED)
    found: dict[str, Counter[str]] = defaultdict(Counter)
    for gate, moment in rows.values_list("device__gate", "at"):
        found[gate][f"{timezone.localtime(moment):%H}:00"] += 1
    heads = sorted({hour for counts in found.values() for hour in counts})
    return heads, [{"gate": gate, "counts": [counts[hour] for hour in heads], "total": counts.total()}
                   for gate, counts in sorted(found.items())]


def phones(event: Event, *, at: datetime) -> list[dict[str, Any]]:
    """Return the phones of an event: enrolled or not, when they called last, what they still keep."""
    stations = Station.objects.filter(device__event=event).select_related("device__room", "device__event").order_by(
        "device__revoked_on", "device__gate", "pk")
    return [{"device": one.device, "taken": one.taken, "waiting": one.waiting, "synced_at": one.synced_at,
             "state": _state(one, at=at)} for one in stations]


def _state(station: Station, *, at: datetime) -> str:
    if station.device.revoked_on:
        return "revoked"
    if not station.token and station.synced_at is None:
        return "waiting" if station.enrol_until_at and station.enrol_until_at > at else "expired"
    return "calling" if station.synced_at and at - station.synced_at < QUIET else "offline"


@dataclass(frozen=True, kw_only=True)
class Watched:
    """Who watches a session online: now, at the most at one moment, and how many different people in all."""

    session: Session
    now: int
    audience: Audience


def watched(event: Event, *, at: datetime) -> list[Watched]:
    """Return the viewers of each session online; unique and peak differ, page openings are neither (C09)."""
    found = []
    for one in event.sessions.filter(online=True).select_related("room"):
        refs: list[Ref] = [one.ref, recording_ref(one)]
        sats = spans(sessions=[Place(session=ref_, spans=()) for ref_ in refs], at=at)
        there: list[Sitting] = sittings_of(sessions=refs, at=at)
        now = {sit.person for sit in there if sit.ended_at is None and at - sit.beat_at < QUIET}
        found.append(Watched(session=one, now=len(now), audience=audience(online=sats)))
    return found
