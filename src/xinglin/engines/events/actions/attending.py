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
from ..holders import Holder, Key, holder_of, holders_of
from ..lecturing import lectured, lectures_of
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
def confirm_attendances(*, by: Actor, on: date, event: Event, day: date, days: Mapping[Key, Day]) -> list[Attendance]:
    """Write down who was there on a day, by holder of a place; whoever was confirmed otherwise before is corrected."""
    event = Event.objects.one_locked(pk=event.pk)
    require(may_draft_event(actor=by, organisation=event.organisation.ref))
    if event.state in (State.DRAFT, State.PROPOSED, State.CANCELLED, State.REFUSED):
        raise DayNotOver(_("This event does not take place."))
    if day >= on:
        raise DayNotOver(_("The day is over at midnight."))
    places = Registration.objects.of_event(event).select_related("person").in_bulk({place for place, _turn in days})
    holders = holders_of(places.values())
    standing = {row.holder: row for row in Attendance.objects.filter(event=event, day=day, registration__in=places)}
    fresh, changed = [], []
    for key, found in days.items():
        row, holder = standing.get(key), holders[key]
        if row is None and found.channel != Channel.NONE:
            row = Attendance(event=event, day=day, registration=places[key[0]], turn=holder.turn, version=1)
            fresh.append(_written(row, holder, found))
        elif row is not None and _differs(row, holder, found):
            row.version += 1
            changed.append(_written(row, holder, found))
    if not (fresh or changed):
        raise NothingNew(_("Nothing has changed since the day was closed."))
    return _kept(event, day, fresh, changed)


def _kept(event: Event, day: date, fresh: list[Attendance], changed: list[Attendance]) -> list[Attendance]:
    """Write the rows and state each."""
    fresh, lectures = Attendance.objects.bulk_create(fresh, batch_size=500), lectures_of(event)
    for row in (*fresh, *changed):
        row.said_key = state(_said(event, row, lectures), happened_on=day, corrects=row.said_key)
    Attendance.objects.bulk_update(fresh, ["said_key"], batch_size=500)
    Attendance.objects.bulk_update(changed, [
        "person", "role", "channel", "minutes_on_site", "minutes_online", "minutes_recorded", "sessions", "version",
        "said_key"], batch_size=200)
    return [*fresh, *changed]


def restate_attendances(*, registration: Registration) -> list[Attendance]:
    """State anew, inside the act that says who somebody is, what was confirmed before that was known."""
    holder, changed = holder_of(registration), []
    rows = Attendance.objects.filter(registration=registration, turn=holder.turn).select_related(
        "event__organisation", "registration", "person")
    for row in rows.exclude(person=holder.person):
        row.version, row.person = row.version + 1, holder.person
        row.said_key = state(_said(row.event, row, lectures_of(row.event)), happened_on=row.day, corrects=row.said_key)
        row.save(update_fields=["version", "person", "said_key"])
        changed.append(row)
    return changed


def _differs(row: Attendance, holder: Holder, found: Day) -> bool:
    return (row.person_id, row.channel, row.minutes_on_site, row.minutes_online, row.minutes_recorded,
            row.sessions) != (holder.person and holder.person.pk, found.channel, found.on_site, found.online,
                              found.recorded, dict(found.sessions))


def _written(row: Attendance, holder: Holder, found: Day) -> Attendance:
    row.person, row.role = holder.person, holder.role
    row.channel, row.sessions = found.channel, dict(found.sessions)
    row.minutes_on_site, row.minutes_online, row.minutes_recorded = found.on_site, found.online, found.recorded
    return row


def _said(event: Event, row: Attendance, lectures: dict[int, set[str]]) -> AttendanceConfirmed:
    return AttendanceConfirmed(
        attendance=row.ref, event=event.ref, organisation=event.organisation.ref, kinds=kinds_said(event),
        registration=row.registration.ref, person=row.person.ref if row.person else None, day=row.day,
        role=Code(row.role), channel=Code(row.channel),
        counted=tuple(Code(one) for one in COUNTED[Channel(row.channel)]), minutes=row.minutes,
        minutes_on_site=row.minutes_on_site, minutes_online=row.minutes_online,
        minutes_recorded=row.minutes_recorded, minutes_lectured=lectured(row, lectures), turn=row.turn,
        version=row.version,
        project=Ref(event.project) if event.project else None,
        sessions=tuple(ref("events.session", key) for key in sorted(row.sessions, key=int)),
        detail=json.dumps(row.sessions, sort_keys=True))
