"""Tours, clinics and health days of a year: where nobody has been, and what each came to (C13, W07)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from xinglin.lib.regions import prefecture_of

from .figures import figures_of
from .meetings import LIVING, TAKEN_PLACE, Event
from .regions import cities, region_name


@dataclass(frozen=True, kw_only=True)
class Covered:
    """A region in a year: sessions held and planned there, whom they served."""

    code: str
    name: str
    held: int = 0
    planned: int = 0
    people_served: int = 0
    patients: int = 0


@dataclass(frozen=True, kw_only=True)
class Outing:
    """One event with what its fact says."""

    event: Event
    figures: Mapping[str, Any]


def outings(kind: str, *, year: int) -> list[Outing]:
    """Return the events of a kind in a year, newest first, each with its figures."""
    rows = list(Event.objects.filter(kind=kind, from_on__year=year).exclude(state__in=["cancelled", "refused"])
                .select_related("organisation", "series").order_by("-from_on", "-pk"))
    found = figures_of(rows)
    return [Outing(event=one, figures=found.get(one.pk, {})) for one in rows]


def coverage(rows: list[Outing], *, on: date) -> list[Covered]:
    """Return every region of the province, those without a session first; a session counts once (C13)."""
    known = {one.code: one.name for one in cities(on=on)}
    for row in rows:
        if code := _region(row.event, known):
            known.setdefault(code, region_name(code))
    answer = []
    for code, name in known.items():
        here = [one for one in rows if _region(one.event, known) == code]
        held = [one for one in here if one.event.state in TAKEN_PLACE]
        answer.append(Covered(
            code=code, name=name, held=len(held), planned=sum(one.event.state in LIVING for one in here),
            people_served=sum(int(one.figures.get("people_served") or 0) for one in held),
            patients=sum(int(one.figures.get("patients") or 0) for one in held)))
    return sorted(answer, key=lambda one: (one.held > 0, one.planned > 0, one.code))


def _region(event: Event, known: Mapping[str, str]) -> str:
    """Return the region an event counts for: its prefecture, or its county where no prefecture stands between."""
    return event.region if event.region in known else prefecture_of(code=event.region) or event.region


def total(rows: list[Outing], name: str) -> int:
    """Return the sum of one figure."""
    return sum(int(one.figures.get(name) or 0) for one in rows)
