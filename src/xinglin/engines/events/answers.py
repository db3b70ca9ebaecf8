"""What strangers may ask of events: names of its refs, and the words by which series are counted in plans."""

from collections.abc import Iterable
from datetime import date

from django.urls import reverse

from xinglin.kernel.refs import Ref, Shown, ref, resolves
from xinglin.kernel.vocabulary import COUNT, Term, register_terms

from .caring import Care
from .checklists import points
from .meetings import Check, Event
from .programme import Session
from .registrations import Registration
from .series import Series

HELD = "events.event.held"


@resolves("events.event")
def _events(keys: list[str]) -> dict[str, Shown]:
    rows = Event.objects.filter(pk__in=[key for key in keys if key.isdecimal()])
    return {str(row.pk): Shown(label=row.title, url=row.get_absolute_url()) for row in rows}


def registered_for(project: Ref) -> list[Ref]:
    """Return who has a place at the events that carry a CME project, as far as the directory knows them."""
    rows = Registration.objects.live().filter(event__project=project, person__isnull=False)
    return [ref("directory.person", key) for key in rows.order_by("person").values_list("person", flat=True).distinct()]


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
