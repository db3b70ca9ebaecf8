"""The words of conditions, rights and duties, and which tier has which on a day."""

from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml
from django.utils.translation import get_language

from .tiers import Entitlement, Tier

KINDS = {"conditions": Entitlement.Kind.CONDITION, "rights": Entitlement.Kind.RIGHT, "duties": Entitlement.Kind.DUTY}


@dataclass(frozen=True, kw_only=True)
class Use:
    """A fact by which a right is used: its type, and a value that one field holds."""

    fact: str
    field: str = ""
    value: str = ""

    def matches(self, type_: str, body: dict[str, Any]) -> bool:
        """Say whether a fact is a use."""
        found = body.get(self.field)
        return type_ == self.fact and (not self.field or self.value in (found if isinstance(found, list) else [found]))


@dataclass(frozen=True, kw_only=True)
class Word:
    """One condition, right or duty in words."""

    code: str
    kind: str
    zh: str
    en: str
    paid: bool = False
    amount: tuple[str, str] | None = None  # what the number means, zh and en
    uses: tuple[Use, ...] = ()

    @property
    def label(self) -> str:
        """Its name in the reader's language."""
        return (self.zh, self.en)[_foreign()]

    @property
    def unit(self) -> str:
        """What its number means, "" when it has none."""
        return self.amount[_foreign()] if self.amount else ""


def _foreign() -> bool:
    return not (get_language() or "zh").startswith("zh")


@lru_cache(maxsize=1)
def catalogue() -> dict[str, Word]:
    """Return every word of matrix.yaml by its code, in the order of the file."""
    content = yaml.safe_load(Path(__file__).with_name("matrix.yaml").read_text("utf-8"))
    return {code: _word(code, KINDS[group], line) for group, lines in content.items() for code, line in lines.items()}


def _word(code: str, kind: Entitlement.Kind, line: dict[str, Any]) -> Word:
    amount = (line["amount"]["zh"], line["amount"]["en"]) if "amount" in line else None
    uses = tuple(Use(**one) for one in line.get("used_by", ()))
    return Word(code=code, kind=kind.value, zh=line["zh"], en=line["en"], paid=line.get("paid", False), amount=amount,
                uses=uses)


@dataclass(frozen=True, kw_only=True)
class Line:
    """One row of the matrix: a word, and what each tier has of it (None: nothing)."""

    word: Word
    cells: tuple[Entitlement | None, ...]


def matrix(*, on: date) -> tuple[list[Tier], list[Line]]:
    """Return the tiers of a day and the lines of the matrix: who may and must do what."""
    tiers = list(Tier.objects.open_on(on))
    found = {(one.tier_id, one.code): one for one in Entitlement.objects.on(on)}
    lines = [Line(word=word, cells=tuple(found.get((tier.pk, word.code)) for tier in tiers))
             for word in catalogue().values()]
    return tiers, lines


def held(*, tier: Tier, on: date, kind: str) -> dict[str, Entitlement]:
    """Return the conditions, rights or duties of one tier on a day by their codes."""
    return {one.code: one for one in Entitlement.objects.on(on).filter(tier=tier, kind=kind)}
