"""Names of doors, scans and attendances for the rest of the house."""

from xinglin.kernel.refs import Shown, resolves

from .attendances import Attendance
from .doors import Device
from .programme import Room, Session


def _digits(keys: list[str]) -> list[str]:
    return [key for key in keys if key.isdecimal()]


@resolves("events.device")
def _devices(keys: list[str]) -> dict[str, Shown]:
    return {str(row.pk): Shown(label=str(row)) for row in Device.objects.filter(pk__in=_digits(keys))}


@resolves("events.attendance")
def _attendances(keys: list[str]) -> dict[str, Shown]:
    rows = Attendance.objects.filter(pk__in=_digits(keys)).select_related("event")
    return {str(row.pk): Shown(label=f"{row.event.title} {row.day}") for row in rows}


@resolves("events.room")
def _rooms(keys: list[str]) -> dict[str, Shown]:
    return {str(row.pk): Shown(label=row.name) for row in Room.objects.filter(pk__in=_digits(keys))}


@resolves("events.recording")
def _recordings(keys: list[str]) -> dict[str, Shown]:
    return {str(row.pk): Shown(label=row.title) for row in Session.objects.filter(pk__in=_digits(keys))}


@resolves("events.presence")
def _presences(keys: list[str]) -> dict[str, Shown]:
    """Name what a flow hands on of an attendance: its key, the channel, the version."""
    names = {key: key.partition("-")[0] for key in keys}
    found = _attendances(list(names.values()))
    return {key: found[row] for key, row in names.items() if row in found}
