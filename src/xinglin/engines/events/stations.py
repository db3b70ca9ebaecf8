"""Lets enrolled phones in, and tells them what other gates saw and which of their scans are in conflict."""

import secrets
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from xinglin.kernel import regulations

from . import judging
from .actions.doors import digest
from .doors import Device, DoorScan, Standing, Station
from .gate_lists import midnight, millis, version_of

OVERLAP = timedelta(minutes=2)  # scans kept at the same moment by two transactions are told twice rather than never


def expires_at(device: Device) -> datetime:
    """Return when a phone may hand in no more: some days after the event."""
    event = device.event
    return midnight(event.until_on) + timedelta(days=int(regulations.value("K8.device_days", on=event.last_on)))


@transaction.atomic
def enrol(*, code: str, at: datetime) -> tuple[Device, str] | None:
    """Return the phone and the token for it, for a code that is shown in time and for the first time."""
    found = Station.objects.select_for_update().filter(
        enrol=digest(code.strip().upper()), enrol_until_at__gt=at, device__revoked_on=None).first()
    if not code.strip() or found is None:
        return None
    token = secrets.token_urlsafe(32)
    found.enrol, found.token = "", digest(token)
    found.save(update_fields=["enrol", "token"])
    return Device.objects.select_related("event__organisation", "room").get(pk=found.pk), token


def device_of(*, token: str, at: datetime) -> Device | None:
    """Return the phone that says this token, unless it was revoked or its event is long over."""
    station = Station.objects.filter(token=digest(token), device__revoked_on=None).first() if token else None
    device = Device.objects.select_related("event__organisation", "room").get(pk=station.pk) if station else None
    return device if device and at < expires_at(device) else None


def told(*, device: Device, since: int, at: datetime) -> dict[str, Any]:
    """Return what a phone learns when it calls: the time, others' scans at its place, conflicts, whether to update."""
    rows = DoorScan.objects.filter(event=device.event, place=device.place).exclude(registration=None)
    moment = datetime.fromtimestamp(min(max(since, 0), millis(at)) / 1000, tz=at.tzinfo) - OVERLAP
    fresh = rows.exclude(way="undo").later_than(moment) if since else rows.counting()
    station = Station.objects.get(pk=device.pk)
    return {
        "now": millis(at), "since": millis(at), "taken": station.taken, "list": version_of(device.event),
        "scans": [{"key": one.key, "person": one.registration_id, "way": one.way, "place": one.place,
                   "at": millis(one.at), "gate": one.device.gate,
                   # Whoever has the place now is not inside because the holder before them is.
                   "counts": one.standing in (Standing.ADMITTED, Standing.LEFT) and one.turn == one.now}
                  for one in fresh.select_related("device").annotate(now=F("registration__turn"))],
        "conflicts": [_conflict(one) for one in conflicts_of(device)]}


def conflicts_of(device: Device) -> list[DoorScan]:
    """Return the conflicts that concern a phone: its own scan is one of the two, or is in doubt."""
    rows = DoorScan.objects.filter(event=device.event).in_conflict().select_related(
        "device", "registration", "against__device").order_by("-at")[:200]
    return [one for one in rows if device.pk in (one.device_id, one.against.device_id if one.against else 0)]


def _conflict(row: DoorScan) -> dict[str, Any]:
    first = row.against
    return {"key": row.key, "name": row.registration.name if row.registration else "", "at": millis(row.at),
            "gate": row.device.gate, "first_at": millis(first.at) if first else 0,
            "first_gate": first.device.gate if first else "", "doubt": doubt_words(row), "chosen": row.chosen}


def doubt_words(row: DoorScan) -> str:
    """Return in words which rule an admitted scan breaks by what the server knows."""
    if not row.doubt:
        return ""
    if row.doubt == "pack":
        return _("Not in order under the epidemic pack")
    return judging.said(row.doubt)
