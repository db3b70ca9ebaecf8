"""Takes in what a gate's phone scanned: each batch whole or not at all, the same batch twice as once."""

import json
import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from hashlib import sha256
from typing import Any

from django.db import transaction
from django.utils import timezone

from . import judging, tickets
from .crowding import mark_crowds, one_gate_at_a_time
from .doors import CROWDED, Device, DoorScan, Standing, Station
from .entering import check_entry
from .epidemics import EntryCheck
from .gate_lists import known_of, millis
from .holders import FormerHolder, Holder, holder_of, holders_of
from .registrations import Registration
from .standing import settle

MOST = 500  # scans in one batch
WAYS = ("in", "out", "undo")
TOLD = re.compile(r"[a-z_]{1,20}")  # what a phone answered: a way, or the code of a rule
HealthCode = EntryCheck.HealthCode


class NotTaken(ValueError):
    """A batch that is not taken; `reason` is a word for the phone, `expected` the counter it should begin at."""

    def __init__(self, reason: str, *, expected: int = 0) -> None:
        super().__init__(reason)
        self.reason, self.expected = reason, expected


@dataclass(frozen=True, kw_only=True)
class Said:
    """One scan as the phone tells it: its own counter and clock, what was shown, what it answered."""

    counter: int
    clock: int  # milliseconds of the phone's clock, right or wrong
    way: str
    told: str
    ticket: str = ""
    code: str = ""
    undoes: int = 0
    check: Mapping[str, Any] = field(default_factory=dict)

    @property
    def digest(self) -> str:
        """What the phone said, in short: the same counter may never say something else."""
        parts = [self.counter, self.clock, self.way, self.told, self.ticket, self.code, self.undoes]
        return sha256(json.dumps(parts).encode()).hexdigest()


def read_batch(content: Any) -> tuple[int, list[Said]]:
    """Return the phone's clock at sending and its scans (NotTaken when that is no batch)."""
    try:
        sent = content["sent"]
        scans = [Said(counter=one["n"], clock=one["at"], way=one["way"], told=one["told"][:20],
                      ticket=one.get("ticket", "")[: tickets.MOST], code=one.get("code", "")[:12],
                      undoes=one.get("undoes", 0), check=one.get("check") or {}) for one in content["scans"]]
        numbers = [sent, content.get("waiting", 0),
                   *(number for one in scans for number in (one.counter, one.clock, one.undoes))]
        words = [word for one in scans for word in (one.told, one.ticket, one.code)]
        sound = (all(isinstance(word, str) for word in words)
                 and all(type(number) is int and 0 <= number < 2**53 for number in numbers)
                 and all(one.way in WAYS and isinstance(one.check, dict) for one in scans))
    except (KeyError, TypeError, AttributeError):
        raise NotTaken("unreadable") from None
    if not sound or len(scans) > MOST or not all(TOLD.fullmatch(one.told) for one in scans):
        raise NotTaken("unreadable")
    if [one.counter for one in scans] != list(range(scans[0].counter, scans[0].counter + len(scans)) if scans else ()):
        raise NotTaken("gap")
    return sent, scans


def take_in(*, device: Device, content: Any, at: datetime) -> int:
    """Take in a batch of a phone and return the counter up to which its scans are kept; all or nothing (NotTaken)."""
    sent, said = read_batch(content)
    with transaction.atomic():
        device = Device.objects.one_locked(pk=device.pk)
        if device.revoked_on:
            raise NotTaken("revoked")
        one_gate_at_a_time(device=device)
        station = Station.objects.get(pk=device.pk)
        fresh = _fresh(station, said)
        shown = _people(device, fresh)
        known = known_of(device, only={one.row.pk for one in shown.values()}, pack=False)
        rows = _rows(device, station, fresh, shown, known, sent=sent, at=at)
        DoorScan.objects.bulk_create(rows, batch_size=200)
        _undo(device, fresh, at=at)
        settle(event=device.event, registrations={row.registration_id for row in rows if row.registration_id}, at=at)
        mark_crowds(device=device, days={timezone.localdate(row.at) for row in rows}, known=known, at=at)
        station.taken = max(station.taken, *(one.counter for one in fresh), 0)
        station.synced_at, station.waiting = at, min(content.get("waiting", 0), 2**31 - 1)
        station.save(update_fields=["taken", "synced_at", "waiting"])
    return station.taken


def _fresh(station: Station, said: Sequence[Said]) -> list[Said]:
    """Return the scans that are not kept yet; those that are must be the same as before."""
    if said and said[0].counter > station.taken + 1:
        raise NotTaken("gap", expected=station.taken + 1)
    old = {one.counter: one.digest for one in said if one.counter <= station.taken}
    kept = dict(DoorScan.objects.filter(device=station.pk, counter__in=list(old)).values_list("counter", "digest"))
    if old != kept:
        raise NotTaken("changed")
    return [one for one in said if one.counter > station.taken]


@dataclass(frozen=True, kw_only=True)
class Shown:
    """Whose ticket was shown: the registration, all who held it, and what stands for the code."""

    row: Registration
    holders: Sequence[Holder]
    tag: str

    def holder(self, at: datetime) -> Holder:
        """Return whose ticket it was at a moment: of who held the place before, until it was handed over."""
        return next((one for one in self.holders if tickets.tag_of(one.code) == self.tag and one.had_it(at)),
                    holder_of(self.row))


def _rows(
    device: Device, station: Station, said: Sequence[Said], shown: Mapping[int, Shown], known: Mapping[str, Any], *,
    sent: int, at: datetime,
) -> list[DoorScan]:
    """Return the rows of new scans; their times come from the server's clock and the phone's differences alone."""
    rows, before = [], station.synced_at or device.enrolled_at
    for one in said:
        moment = at - timedelta(milliseconds=max(0, min(sent - one.clock, 10**11)))
        before = moment = min(max(moment, before), at)
        found = shown.get(one.counter)
        doubt = _doubt(device, known, one, found, moment) if one.told in ("in", "out") else ""
        rows.append(DoorScan(
            device=device, counter=one.counter, event=device.event, registration=found.row if found else None,
            turn=found.holder(moment).turn if found else 0, place=device.place, way=one.way, told=one.told,
            by_code=bool(one.code and not one.ticket), at=moment, said_at=one.clock, received_at=at, changed_at=at,
            doubt=doubt, digest=one.digest,
            standing=Standing.DOUBTED if doubt else Standing.REFUSED))
    return rows


def _people(device: Device, said: Sequence[Said]) -> dict[int, Shown]:
    """Return whose ticket each scan showed, locked in the order of their keys: two gates settle one after the other."""
    found: dict[int, tuple[int, str]] = {}
    codes, undone = _codes(device, said), dict(
        DoorScan.objects.filter(device=device, counter__in=[one.undoes for one in said if one.undoes])
        .exclude(registration=None).values_list("counter", "registration"))
    for one in said:
        if one.way == "undo":
            key = found.get(one.undoes) or ((undone[one.undoes], "") if one.undoes in undone else None)
        elif one.ticket:
            key = _read(device, one.ticket)
        else:
            key = (codes[one.code], tickets.tag_of(one.code)) if one.code in codes else None
        if key:
            found[one.counter] = key
    rows = {row.pk: row for row in Registration.objects.of_event(device.event).select_for_update(of=("self",)).filter(
        pk__in={key for key, _tag in found.values()}).select_related("ticket", "person").order_by("pk")}
    held = defaultdict(list)
    for holder in holders_of(rows.values()).values():
        held[holder.registration].append(holder)
    return {counter: Shown(row=rows[key], holders=held[key], tag=tag)
            for counter, (key, tag) in found.items() if key in rows}


def _codes(device: Device, said: Sequence[Said]) -> dict[str, int]:
    """Return whose the codes are that were typed; also those of who held a place before."""
    typed = {one.code for one in said if one.code and not one.ticket and one.code.isascii() and one.code.isalnum()}
    before = FormerHolder.objects.filter(registration__event=device.event, code__in=typed)
    now = Registration.objects.of_event(device.event).filter(code__in=typed)
    return {**dict(before.values_list("code", "registration")), **dict(now.values_list("code", "pk"))}


def _read(device: Device, text: str) -> tuple[int, str] | None:
    """Return whose genuine ticket of this event a text is, and what stands for its code."""
    try:
        read = tickets.read_ticket(text)
    except tickets.NoTicket:
        return None
    return (read.registration, read.tag) if read.event == device.event_id else None


def _doubt(device: Device, known: Mapping[str, Any], said: Said, shown: Shown | None, at: datetime) -> str:
    """Return the rule that a scan breaks by what the server knows though the phone admitted it, "" for none.

    Whether a place was full is not judged here but over all gates (crowding.py).
    """
    if shown is None:
        return "forged" if said.ticket else "unknown"
    row, holder = shown.row, shown.holder(at)
    then = {**known["people"][str(row.pk)], "tag": tickets.tag_of(holder.code), "state": holder.state}
    ticket = {"read": True, "genuine": True, "event": device.event_id, "registration": row.pk, "tag": shown.tag}
    asked = {"at": millis(at), "way": "in", "place": device.place, "ticket": ticket}
    answer = judging.judge({**known, "people": {str(row.pk): then}}, judging.Log(), asked) if said.way == "in" else "in"
    if answer == "in" and said.way == "in" and device.event.pack and not device.room_id:
        answer = _measured(device, said, holder, at)
    return "" if answer == "in" or answer in CROWDED else answer


def _measured(device: Device, said: Said, holder: Holder, at: datetime) -> str:
    """Keep what was measured under the pack (C08), and say whether it admits."""
    tenths, code = said.check.get("temperature"), said.check.get("code")
    verdict = check_entry(
        event=device.event, who=holder.unnamed, at=at,
        temperature=Decimal(tenths) / 10 if isinstance(tenths, int) and 0 < tenths < 1000 else None,
        code=code if code in HealthCode.values else HealthCode.NONE, key=f"{device.pk}-{said.counter}")
    return "in" if verdict else "pack"


def _undo(device: Device, said: Sequence[Said], *, at: datetime) -> None:
    """Mark the scans that the gate took back itself."""
    undone = [one.undoes for one in said if one.way == "undo"]
    DoorScan.objects.filter(device=device, counter__in=undone).update(undone=True, changed_at=at)

