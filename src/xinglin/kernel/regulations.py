"""Dated rules of the trade as data: values by date, their source, and who may set another."""

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml
from django.conf import settings
from django.db import models

from .acts import current, inside_act
from .stated import Stated

_ID = re.compile(r"[A-Z]{1,2}\d+[a-z]?(\.[a-z_]+)?")
ALWAYS = date(1949, 10, 1)  # a value without `from` holds since before anybody asks
_REQUIRED = {"zh", "en", "source", "confidence", "values"}
_KNOWN = {*_REQUIRED, "number", "article", "unit", "alternatives", "override", "min", "max", "note"}
OWN = "own values of rules"
SETTERS = ("none", "office", "system_admin", "security_admin")


class RegulationError(ValueError):
    """A regulation file is wrong; the message names file, entry and what would be right."""


class UnknownRegulation(KeyError):
    """Nobody declared a regulation with this id."""


class NotInForce(LookupError):
    """The regulation has no value on that date."""


@dataclass(frozen=True, kw_only=True)
class Dated:
    """One value of a regulation and the half-open span in which it holds."""

    value: Any
    from_: date
    until: date | None


@dataclass(frozen=True, kw_only=True)
class Regulation:
    """A rule: title, document number, article, confidence A/B/C, dated values, other readings."""

    id: str
    zh: str
    en: str
    source: str
    number: str
    article: str
    confidence: str
    unit: str
    values: tuple[Dated, ...]
    alternatives: tuple[str, ...]
    override: str
    least: float
    most: float
    note: str

    def printed(self, on: date) -> Any:
        """Return the value printed for a date, before any override (NotInForce)."""
        for one in self.values:
            if one.from_ <= on and (one.until is None or on < one.until):
                return one.value
        raise NotInForce(f"{self.id} has no value on {on}")

    @property
    def readings(self) -> list[str]:
        """Return the words this rule may take: those printed, and other readings up to their explanation."""
        others = (one.partition("：")[0] for one in self.alternatives)  # a code, then what it means
        return sorted({str(one.value) for one in self.values} | {one for one in others if one.isascii()})


class RegulationOverride(Stated):
    """An association's own value for a regulation: from when, by whom, why."""

    regulation = models.CharField(max_length=40)
    value = models.JSONField()
    from_on = models.DateField()
    until_on = models.DateField(null=True)
    reason = models.TextField()
    by = models.CharField(max_length=120)
    decided_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        app_label = "kernel"
        ordering = ("-decided_at",)


@lru_cache(maxsize=4)
def load(folder: Path) -> dict[str, Regulation]:
    """Read every regulation file in a folder (RegulationError names file and entry)."""
    answer: dict[str, Regulation] = {}
    for file in sorted(folder.glob("*.yaml")):
        content = yaml.safe_load(file.read_text("utf-8")) or {}
        for key, entry in content.items():
            if key in answer:
                raise RegulationError(f"{file.name}: {key} stands in two files")
            answer[key] = _regulation(file.name, key, entry)
    return answer


def _regulation(file: str, key: str, entry: Any) -> Regulation:
    if not _ID.fullmatch(key):
        raise RegulationError(f"{file}: {key}: an id is one or two capitals, a number and .words, such as W3.green")
    if missing := _REQUIRED - set(entry if isinstance(entry, dict) else ()):
        raise RegulationError(f"{file}: {key}: {', '.join(sorted(missing))} missing")
    if unknown := set(entry) - _KNOWN:
        known = ", ".join(sorted(_KNOWN))
        raise RegulationError(f"{file}: {key}: unknown {', '.join(sorted(unknown))}; known are {known}")
    if entry["confidence"] not in {"A", "B", "C"}:
        raise RegulationError(f"{file}: {key}: confidence is A, B or C")
    override = entry.get("override", "none" if entry["confidence"] == "A" else "office")
    if override not in SETTERS:
        raise RegulationError(f"{file}: {key}: override is one of {', '.join(SETTERS)}")
    values = tuple(
        Dated(value=one["value"], from_=one.get("from") or ALWAYS, until=one.get("until"))
        for one in entry["values"]
    )
    return Regulation(
        id=key, zh=entry["zh"], en=entry["en"], source=entry["source"], number=str(entry.get("number", "")),
        article=str(entry.get("article", "")), confidence=entry["confidence"], unit=str(entry.get("unit", "")),
        values=values, alternatives=tuple(entry.get("alternatives", ())), note=str(entry.get("note", "")),
        override=override, least=entry.get("min", -math.inf), most=entry.get("max", math.inf),
    )


def regulation(key: str) -> Regulation:
    """Return one regulation (UnknownRegulation)."""
    try:
        return load(Path(settings.REGULATIONS))[key]
    except KeyError:
        raise UnknownRegulation(key) from None


def value(key: str, *, on: date) -> Any:
    """Return the value in force on a date: the association's own where it set one, else the printed one."""
    rule = regulation(key)
    if inside_act():  # an act asks for many rules: all of the association's own values are read once
        kept = current().kept
        if OWN not in kept:
            kept[OWN] = list(RegulationOverride.objects.all())
        found: Iterator[RegulationOverride] = (one for one in kept[OWN] if one.regulation == key)
    else:
        found = iter(RegulationOverride.objects.filter(regulation=key))
    own = next((one for one in found if one.from_on <= on and (one.until_on is None or on < one.until_on)), None)
    return own.value if own else rule.printed(on)
