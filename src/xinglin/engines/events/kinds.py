"""The kinds of events, as `kinds.yaml` declares them."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from django.utils.translation import get_language

FILE = Path(__file__).parent / "kinds.yaml"


@dataclass(frozen=True, kw_only=True)
class Kind:
    """One kind: its words, what it is also counted as, and what the rules ask of it."""

    code: str
    zh: str
    en: str
    under: str = ""
    units: tuple[str, ...] = ()
    nouns: tuple[str, ...] = ()
    oath: bool = False
    large: bool = False
    asks: tuple[str, ...] = ()

    def __str__(self) -> str:
        return self.zh if (get_language() or "zh").startswith("zh") else self.en

    @property
    def lineage(self) -> tuple[str, ...]:
        """Return its own code and the one it is also counted as."""
        return (self.code, self.under) if self.under else (self.code,)


@cache
def kinds() -> dict[str, Kind]:
    """Return every kind by its code, in the order of the file."""
    said: dict[str, dict[str, Any]] = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    return {code: Kind(code=code, **{name: tuple(value) if isinstance(value, list) else value
                                     for name, value in given.items()}) for code, given in said.items()}


def choices() -> list[tuple[str, str]]:
    """Return code and label of every kind, for a form."""
    return [(code, str(one)) for code, one in kinds().items()]
