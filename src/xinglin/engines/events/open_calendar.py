"""What everybody may see of events: those agreed to, by month, with the words for whether one can register."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from django.db.models import Q

from .meetings import Event, EventQuerySet, State

OPEN_STATES = (State.APPROVED, State.OPEN, State.CLOSED, State.HELD, State.SETTLED)
WHEN = ("coming", "past")


@dataclass(frozen=True, kw_only=True)
class Month:
    """The events that begin in one month."""

    first: date
    events: tuple[Event, ...]


def open_events() -> EventQuerySet:
    """Return the events that stand in the calendar: agreed to, or called off after everybody had agreed."""
    called_off = Q(state=State.CANCELLED, approvals__isnull=False)
    asked = Event.objects.filter(Q(state__in=OPEN_STATES) | called_off).exclude(
        Q(state=State.CANCELLED) & Q(approvals__answer="")).distinct()
    return asked.select_related("organisation", "series")


def chosen(
    *, on: date, words: str = "", kind: str = "", form: str = "", branch: str = "", when: str = "coming"
) -> EventQuerySet:
    """Return the events of the calendar that fit; those to come first come first, those past last come first."""
    rows = open_events()
    if words:
        rows = rows.filter(Q(title__icontains=words) | Q(title_en__icontains=words) | Q(place__icontains=words)
                           | Q(organisation__name__icontains=words) | Q(series__title__icontains=words))
    if kind:
        rows = rows.filter(kind=kind)
    if form:
        rows = rows.filter(format__in=[form, "hybrid"])
    if branch.isdecimal():
        rows = rows.filter(organisation=branch)
    if when == "past":
        return rows.filter(until_on__lte=on).order_by("-from_on", "pk")
    return rows.filter(until_on__gt=on).order_by("from_on", "pk")


def by_month(events: Iterable[Event]) -> list[Month]:
    """Return events month by month, in the order given."""
    return [Month(first=first, events=tuple(rows))
            for first, rows in groupby(events, key=lambda one: one.from_on.replace(day=1))]
