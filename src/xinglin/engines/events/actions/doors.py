"""Enrols the phones that scan at the gates of an event, and revokes them (K8)."""

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils.translation import gettext_lazy as _

from xinglin.kernel import regulations
from xinglin.kernel.actors import Actor
from xinglin.kernel.acts import act, state
from xinglin.kernel.policy import Refusal, require
from xinglin.kernel.refs import Code, ref

from ..doors import Device, Often, Station
from ..facts_doors import DeviceEnrolled
from ..meetings import Event, State
from ..offers import Ticket
from ..policy import identity, may_run_event
from ..programme import Room
from ..tickets import LETTERS


class NoDoors(Refusal):
    """An event has doors from its approval until its last day."""


class GateUnnamed(Refusal):
    """A gate has a name that those who stand there know."""

    field = "gate"


class OtherRhythm(Refusal):
    """All phones at one place admit by the same rhythm, else one lets in whom the other refuses."""

    field, regulation = "often", "K8.once"


class AlreadyRevoked(Refusal):
    """It may not scan any more as it is."""


@dataclass(frozen=True, kw_only=True)
class Enrolled:
    """A gate phone, and the code that enrols it: shown once, good for one phone and a short time."""

    device: Device
    code: str


def digest(secret: str) -> str:
    """Return what is kept of a code or token."""
    return hashlib.sha256(secret.encode()).hexdigest()


@act
def enrol_device(*, by: Actor, on: date, at: datetime, event: Event, gate: str, room: Room | None = None,
                 often: str = Often.DAY, tickets: Sequence[Ticket] = ()) -> Enrolled:
    """Give a gate a phone: the code is typed or scanned on it once, within K8.enrol_minutes."""
    event = Event.objects.one_locked(pk=event.pk)
    require(may_run_event(actor=by, event=event))
    if event.state not in (State.APPROVED, State.OPEN, State.CLOSED) or on > event.last_on:
        raise NoDoors(_("Gates are set up once the event is approved and until its last day."))
    if not gate.strip():
        raise GateUnnamed(_("Name the gate."))
    others = Device.objects.admitting().filter(event=event, room=room).exclude(often=often)
    if other := others.first():
        raise OtherRhythm(_("The phone at “%(gate)s” admits %(often)s there.") % {
            "gate": other.gate, "often": other.get_often_display()})
    device = Device.objects.create(event=event, gate=gate.strip(), room=room, often=often, enrolled_by=identity(by),
                                   tickets=sorted(one.pk for one in tickets), enrolled_at=at)
    code = "".join(secrets.choice(LETTERS) for _letter in range(12))
    until_at = at + timedelta(minutes=int(regulations.value("K8.enrol_minutes", on=on)))
    Station.objects.create(device=device, enrol=digest(code), enrol_until_at=until_at)
    _say(device)
    return Enrolled(device=device, code=code)


@act
def revoke_device(*, by: Actor, on: date, device: Device) -> Device:
    """Take a phone's right to scan away: what it hands in from now on is not taken."""
    device = Device.objects.one_locked(pk=device.pk)
    require(may_run_event(actor=by, event=device.event))
    if device.revoked_on:
        raise AlreadyRevoked(_("This phone was revoked on %(day)s.") % {"day": device.revoked_on})
    device.revoked_on = on
    device.save(update_fields=["revoked_on"])
    Station.objects.filter(device=device).update(enrol="", token="")
    _say(device)
    return device


def _say(device: Device) -> None:
    state(DeviceEnrolled(
        device=device.ref, event=device.event.ref, room=device.place if device.room_id else None,
        often=Code(device.often), tickets=tuple(ref("events.ticket", key) for key in device.tickets),
        revoked=device.revoked_on is not None, gate=device.gate))
