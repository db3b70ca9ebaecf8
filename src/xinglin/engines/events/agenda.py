"""The agenda an event begins with: `agenda.yaml` lays it out for its kind, with what must be there (C14)."""

from dataclasses import dataclass
from datetime import date, datetime, time
from functools import cache
from pathlib import Path

import yaml
from django.utils import timezone

from .meetings import Event, Format

FILE = Path(__file__).parent / "agenda.yaml"
PATTERNS = {"celebration": "celebration", "course": "course", "seminar": "seminar", "grassroots": "grassroots",
            "free_clinic": "clinic", "health_day": "health_day"}
MAIN_HALL = "主会场"


@dataclass(frozen=True, kw_only=True)
class Item:
    """One line of an agenda: when, what, and in which words."""

    from_at: datetime
    until_at: datetime
    kind: str
    title: str
    title_en: str
    room: str


@cache
def _patterns() -> dict[str, list[dict[str, str]]]:
    return dict(yaml.safe_load(FILE.read_text(encoding="utf-8")))


def skeleton(event: Event) -> list[Item]:
    """Return the agenda an event of its kind and length begins with."""
    items, room = [], MAIN_HALL if event.format != Format.ONLINE else ""
    for line in _patterns()[PATTERNS.get(event.kind, "meeting")]:
        if line.get("only") == "oath" and not event.sort.oath:
            continue
        days = {"first": event.days[:1], "last": event.days[-1:], "each": event.days}[line["day"]]
        begin, end = line["at"].split("-")
        items += [Item(from_at=_moment(day, begin), until_at=_moment(day, end), kind=line["kind"], title=line["zh"],
                       title_en=line["en"], room=room) for day in days]
    return sorted(items, key=lambda one: one.from_at)


def _moment(day: date, said: str) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.fromisoformat(said)))
