"""Closes the days of events at night or by a button: attendance is confirmed, and corrected by what comes in later."""

import logging
from collections.abc import Iterator
from datetime import date, datetime, timedelta

from django.utils.translation import gettext_lazy as _

from xinglin.kernel import clock, regulations
from xinglin.kernel.actors import Actor, house
from xinglin.kernel.scheduler import nightly
from xinglin.shell.operations.night import LABELS

from .actions.attending import NothingNew, confirm_attendances
from .attendances import Attendance
from .attending import Day, Reckoning
from .counted import Counted, count_with
from .doors import DoorDay, DoorScan
from .meetings import Event, State
from .registrations import Registration

CLOSING = "events.close_days"
LABELS[CLOSING] = _("Close the days of events: who was there")
BATCH = 800
log = logging.getLogger(__name__)
STATES = (State.APPROVED, State.OPEN, State.CLOSED, State.HELD, State.SETTLED)


class DaysLeft(RuntimeError):
    """Some days could not be closed; all others are."""


def close_day(*, by: Actor, on: date, event: Event, day: date, at: datetime) -> int:
    """Reckon a day anew and confirm what is new; run again it changes nothing. Return how many rows were written."""
    reckoning, written = Reckoning(event, day), 0
    for batch in _batches(event):
        found = reckoning.of(batch, at=at)
        known = set(Attendance.objects.filter(day=day, registration__in=[one.pk for one in batch])
                    .values_list("registration", "turn"))
        days = {**{key: Day() for key in known - set(found)}, **found}
        try:
            written += len(confirm_attendances(by=by, on=on, event=event, day=day, days=days)) if days else 0
        except NothingNew:
            continue
    DoorDay.objects.update_or_create(event=event, day=day, defaults={"closed_at": at})
    return written


def _batches(event: Event) -> Iterator[list[Registration]]:
    """Return the registrations of an event, so many at a time that no act grows too long.

    Those given back are among them: who came in the morning and gave the place back at noon was there.
    """
    last = 0
    rows = Registration.objects.of_event(event).select_related("person").order_by("pk")
    while batch := list(rows.filter(pk__gt=last)[:BATCH]):
        yield batch
        last = batch[-1].pk


def days_to_close(*, on: date, at: datetime) -> list[tuple[Event, date]]:
    """Return the past days of events that are open, or for which evidence may have come in since."""
    longest = timedelta(days=max(int(regulations.value(key, on=on)) for key in ("E7.recording_days", "K8.device_days")))
    found = []
    for event in Event.objects.filter(state__in=STATES, from_on__lt=on, until_on__gte=on - longest).select_related(
            "organisation"):
        closed = dict(event.door_days.values_list("day", "closed_at"))
        last = DoorScan.objects.filter(event=event).order_by("-changed_at").values_list("changed_at", flat=True).first()
        watched = event.sessions.exclude(recording="").exists()
        for day in event.days:
            moment = closed.get(day)
            if day < on and (moment is None or watched or (last is not None and last > moment)):
                found.append((event, day))
    return found


@nightly(CLOSING, at="01:20")
def close_days(*, on: date) -> int:
    """Close every day of every event that is over and not closed, also those of nights that were skipped."""
    at, written, failed = clock.now(), 0, []
    for event, day in days_to_close(on=on, at=at):
        try:
            written += close_day(by=house("doors"), on=on, event=event, day=day, at=at)
        except Exception:  # the others go on; the night is shown as failed and comes again
            log.exception("%s on %s", event.ref, day)
            failed.append(f"{event.ref} {day}")
    if failed:
        raise DaysLeft(", ".join(failed))
    return written


def _counted(event: Event) -> Counted | None:
    """Return the person-times of an event as its closed days say them, None when no day was closed."""
    if not event.door_days.exists():
        return None
    rows = Attendance.objects.filter(event=event)
    return Counted(on_site=rows.on_site().count(), online=rows.online().count())


count_with(_counted)
