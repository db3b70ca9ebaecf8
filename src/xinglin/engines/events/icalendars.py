"""Writes events and sessions as iCalendar (RFC 5545), for the calendars people keep."""

from collections.abc import Iterable
from datetime import datetime

from django.conf import settings
from icalendar import Calendar
from icalendar import Event as Entry

from .meetings import Event, State
from .programme import Session


def _calendar(name: str) -> Calendar:
    calendar = Calendar()
    calendar.add("prodid", "-//Xinglin//Events//ZH")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", name)
    return calendar


def _address(path: str) -> str:
    return f"{settings.XINGLIN_URL.rstrip('/')}{path}"


def events_ics(events: Iterable[Event], *, name: str, at: datetime) -> bytes:
    """Return whole events as days; one that was called off says so to calendars that have it already."""
    calendar = _calendar(name)
    for event in events:
        entry = Entry()
        entry.add("uid", f"{event.ref}@{settings.XINGLIN_URL.split('//')[-1].strip('/')}")
        entry.add("dtstamp", at)
        entry.add("summary", event.name)
        entry.add("dtstart", event.from_on)
        entry.add("dtend", event.until_on)
        entry.add("status", "CANCELLED" if event.state == State.CANCELLED else "CONFIRMED")
        if event.place:
            entry.add("location", event.place)
        entry.add("url", _address(event.public_address))
        calendar.add_component(entry)
    return calendar.to_ical()


def sessions_ics(sessions: Iterable[Session], *, name: str, at: datetime) -> bytes:
    """Return the sessions of a programme with room and speakers."""
    calendar = _calendar(name)
    for session in sessions:
        entry = Entry()
        entry.add("uid", f"{session.ref}@{settings.XINGLIN_URL.split('//')[-1].strip('/')}")
        entry.add("dtstamp", at)
        entry.add("summary", session.name)
        entry.add("dtstart", session.from_at)
        entry.add("dtend", session.until_at)
        place = "　".join(part for part in (session.event.place, str(session.room or "")) if part)
        if place:
            entry.add("location", place)
        if people := "、".join(one.name for one in session.speakers.all()):
            entry.add("description", people)
        calendar.add_component(entry)
    return calendar.to_ical()
