"""The checklists of supervision, as `checks.yaml` declares them (C07)."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml
from django.utils.translation import get_language

from .meetings import Event, Format
from .rules import is_large

FILE = Path(__file__).parent / "checks.yaml"


@dataclass(frozen=True, kw_only=True)
class Point:
    """One point: when it is looked at, in what words, for which events."""

    code: str
    phase: str
    zh: str
    en: str
    large: bool = False
    sponsored: bool = False
    on_site: bool = False
    online: bool = False

    def __str__(self) -> str:
        return self.zh if (get_language() or "zh").startswith("zh") else self.en

    def concerns(self, event: Event) -> bool:
        """Say whether the point is looked at for an event."""
        return ((not self.large or is_large(event)) and (not self.sponsored or event.sponsored)
                and (not self.on_site or event.format != Format.ONLINE)
                and (not self.online or event.format != Format.ON_SITE))


@cache
def points() -> dict[str, Point]:
    """Return every point by its code, phase by phase."""
    said = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    return {code: Point(code=code, phase=phase, **given)
            for phase, rows in said.items() for code, given in rows.items()}


def points_of(event: Event) -> list[Point]:
    """Return the points that an event is looked at by."""
    return [one for one in points().values() if one.concerns(event)]
