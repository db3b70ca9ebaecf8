"""What strangers may ask of events: names of its refs, and the words by which series are counted in plans."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.urls import reverse

from xinglin.kernel.refs import Ref, Shown, resolves
from xinglin.kernel.vocabulary import COUNT, Term, register_terms

from .caring import Care
from .checklists import points
from .letters import send
from .meetings import Check, Event
from .programme import Session
from .series import Series
from .telling_registrants import readers_of

HELD = "events.event.held"


@resolves("events.event")
def _events(keys: list[str]) -> dict[str, Shown]:
    rows = Event.objects.filter(pk__in=[key for key in keys if key.isdecimal()])
    return {str(row.pk): Shown(label=row.title, url=row.get_absolute_url()) for row in rows}


def tell_registered(project: Ref, *, template: str, key: str, **words: Any) -> int:
    """Tell whoever has a place of an event that carries a CME project, or pays for one, and return how many."""
    told = [(event, reader, url) for event in Event.objects.filter(project=project)
            for reader, url in readers_of(event).items() if reader]
    for event, reader, url in told:
        send(reader, template, key=key, about=event, address=url, **words)
    return len(told)


@resolves("events.series")
def _series(keys: list[str]) -> dict[str, Shown]:
    rows = Series.objects.filter(pk__in=[key for key in keys if key.isdecimal()])
    return {str(row.pk): Shown(label=row.title, url=row.get_absolute_url()) for row in rows}


@resolves("events.session")
def _sessions(keys: list[str]) -> dict[str, Shown]:
    rows = Session.objects.filter(pk__in=[key for key in keys if key.isdecimal()])
    return {str(row.pk): Shown(label=row.title) for row in rows}


@register_terms
def terms(on: date) -> Iterable[Term]:
    """Return a term for each series: how many of its events were held; the edition is one more filter."""
    for series in Series.objects.filter(closed_on=None):
        yield Term(fact=HELD, measure=COUNT, filter=(("series", series.ref),), nouns=(series.title, *series.aliases),
                   units=("个", "场", "届", "期", "次"), zh=series.title, en=series.title)


@resolves("events.care")
def _visits(keys: list[str]) -> dict[str, Shown]:
    rows = Care.objects.filter(pk__in=[key for key in keys if key.isdecimal()])
    return {str(row.pk): Shown(label=str(row.get_reason_display()), url=reverse("events:correct_visit", args=[row.pk]))
            for row in rows}


@resolves("events.check")
def _checks(keys: list[str]) -> dict[str, Shown]:
    rows = Check.objects.filter(pk__in=[key for key in keys if key.isdecimal()])
    return {str(row.pk): Shown(label=str(points()[row.code]) if row.code in points() else row.code,
                               url=reverse("events:checks", args=[row.event_id])) for row in rows}
