"""Confirms who was at an event on a day; what comes in later corrects it."""

import json
from collections.abc import Mapping
from datetime import date

from django.utils.translation import gettext_lazy as _

from xinglin.kernel.actors import Actor
from xinglin.kernel.acts import act, state
from xinglin.kernel.policy import Refusal, require
from xinglin.kernel.refs import Code, Ref, ref

from ..attendances import Attendance, Channel
from ..attending import Day
from ..facts_doors import AttendanceConfirmed
from ..meetings import Event, State
from ..policy import may_draft_event
from ..registrations import Registration
from ..said import kinds_said

COUNTED = {Channel.ON_SITE: ("present", "on_site"), Channel.ONLINE: ("present", "online"),
           Channel.BOTH: ("present", "on_site", "online"), Channel.NONE: ()}


class DayNotOver(Refusal):
    """A day is closed when it is over."""


class NothingNew(Refusal):
    """The evidence says what was confirmed already."""


@act
def confirm_attendances(*, by: Actor, on: date, event: Event, day: date, days: Mapping[int, Day]) -> list[Attendance]:
    """Write down who was there on a day, by registration; whoever was confirmed otherwise before is corrected."""
    event = Event.objects.one_locked(pk=event.pk)
    require(may_draft_event(actor=by, organisation=event.organisation.ref))
    if event.state in (State.DRAFT, State.PROPOSED, State.CANCELLED, State.REFUSED):
        raise DayNotOver(_("This event does not take place."))
    if day >= on:
        raise DayNotOver(_("The day is over at midnight."))
    registrations = Registration.objects.of_event(event).select_related("person").in_bulk(list(days))
    standing = {row.registration_id: row for row in Attendance.objects.filter(event=event, day=day,
                                                                             registration__in=list(days))}
    fresh, changed = [], []
    for pk, found in days.items():
        row = standing.get(pk)
        if row is None and found.channel != Channel.NONE:
            fresh.append(_written(Attendance(event=event, day=day, version=1), registrations[pk], found))
        elif row is not None and _differs(row, found):
            row.version += 1
            changed.append(_written(row, registrations[pk], found))
    if not (fresh or changed):
        raise NothingNew(_("Nothing has changed since the day was closed."))
    fresh = Attendance.objects.bulk_create(fresh, batch_size=500)
    for row in (*fresh, *changed):
        row.said_key = state(_said(event, row), happened_on=day, corrects=row.said_key)
    Attendance.objects.bulk_update(fresh, ["said_key"], batch_size=500)
    Attendance.objects.bulk_update(changed, [
        "person", "role", "channel", "minutes_on_site", "minutes_online", "minutes_recorded", "sessions", "version",
        "said_key"], batch_size=200)
    return [*fresh, *changed]


def _differs(row: Attendance, found: Day) -> bool:
    return (row.channel, row.minutes_on_site, row.minutes_online, row.minutes_recorded, row.sessions) != (
        found.channel, found.on_site, found.online, found.recorded, dict(found.sessions))


def _written(row: Attendance, registration: Registration, found: Day) -> Attendance:
    row.registration, row.person, row.role = registration, registration.person, registration.role
    row.channel, row.sessions = found.channel, dict(found.sessions)
    row.minutes_on_site, row.minutes_online, row.minutes_recorded = found.on_site, found.online, found.recorded
    return row


def _said(event: Event, row: Attendance) -> AttendanceConfirmed:
    return AttendanceConfirmed(
        attendance=row.ref, event=event.ref, organisation=event.organisation.ref, kinds=kinds_said(event),
        registration=row.registration.ref, person=row.person.ref if row.person else None, day=row.day,
        role=Code(row.role), channel=Code(row.channel),
        counted=tuple(Code(one) for one in COUNTED[Channel(row.channel)]), minutes=row.minutes,
        minutes_on_site=row.minutes_on_site, minutes_online=row.minutes_online,
        minutes_recorded=row.minutes_recorded, version=row.version,
        project=Ref(event.project) if event.project else None,
        sessions=tuple(ref("events.session", key) for key in sorted(row.sessions, key=int)),
        detail=json.dumps(row.sessions, sort_keys=True))
