"""Finds what gates could not see while they were apart: more inside than a room seats, more than a half hour's flow."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime, timedelta
from typing import Any

from xinglin.kernel import regulations

from .doors import CROWDED, Device, DoorScan, Standing, Station
from .gate_lists import midnight
from .holders import Key
from .judging import HALF_HOUR, period_of

FULL, FLOW = CROWDED


def mark_crowds(*, device: Device, days: Iterable[date], known: Mapping[str, Any], at: datetime) -> int:
    """Mark who was let in above the seats or the flow of a place, whichever gate it was; return how many changed.

    They are inside and stay counted: what a gate did not know is no fault of theirs. The organiser is shown them.
    """
    seats, flow = _limits(device)
    if not (seats or flow):
        return 0
    return sum(_mark_day(device, day, seats=seats, flow=flow, known=known, at=at) for day in sorted(days))


def one_gate_at_a_time(*, device: Device) -> None:
    """Let the gates of one place that may be full hand in one after the other, else neither sees what the other writes.

    Before any scan is touched: settling and marking change scans of the other gate, too.
    """
    if any(_limits(device)):
        others = Station.objects.select_for_update(of=("self",)).filter(
            device__event=device.event, device__room=device.room)
        list(others.order_by("pk"))


def _limits(device: Device) -> tuple[int | None, int | None]:
    """Return how many a place of a gate seats, and how many a half hour lets in (C08); None where nothing limits it."""
    seats = device.room.seats if device.room else None
    return seats, int(regulations.value("C08.flow", on=device.event.from_on)) if (
        device.event.pack and not device.room) else None


def _mark_day(
    device: Device, day: date, *, seats: int | None, flow: int | None, known: Mapping[str, Any], at: datetime,
) -> int:
    rows = DoorScan.objects.filter(event=device.event, place=device.place, at__gte=midnight(day),
                                   at__lt=midnight(day + timedelta(days=1))).counting()
    came = rows.filter(standing=Standing.ADMITTED)
    if not flow and came.count() <= (seats or 0) and not came.exclude(doubt="").exists():
        return 0
    changed = []
    for row, doubt in above(rows.order_by("at", "device", "counter"), seats=seats, flow=flow, known=known):
        if row.doubt != doubt and (row.doubt in CROWDED or not row.doubt):
            row.doubt, row.changed_at = doubt, at
            changed.append(row)
    DoorScan.objects.bulk_update(changed, ["doubt", "changed_at"], batch_size=200)
    return len(changed)


def above(
    rows: Iterable[DoorScan], *, seats: int | None, flow: int | None, known: Mapping[str, Any],
) -> Iterator[tuple[DoorScan, str]]:
    """Return each entry in the order of time with the rule that it breaks, "" for none."""
    inside: dict[str, set[Key]] = defaultdict(set)
    came: dict[int, int] = defaultdict(int)
    for row in rows:
        moment = int(row.at.timestamp() * 1000)
        there = inside[period_of(known, place=row.place, at=moment)]
        if row.standing == Standing.LEFT:
            there.discard((row.registration_id or 0, row.turn))
            continue
        half_hour = moment // HALF_HOUR
        full, many = seats is not None and len(there) >= seats, flow is not None and came[half_hour] >= flow
        there.add((row.registration_id or 0, row.turn))
        came[half_hour] += 1
        yield row, FULL if full else FLOW if many else ""
