"""What comparing one figure of a draft with the ledger has found."""

from dataclasses import asdict, dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from ..measuring import Asked
from .figures import query_of

AGREES, DIFFERS, DOUBLE, NO_EVIDENCE, NOT_MEASURABLE = (
    "agrees", "ledger_says", "double_counted", "no_evidence", "not_measurable",
)
RESULTS = (DIFFERS, DOUBLE, NO_EVIDENCE, AGREES, NOT_MEASURABLE)  # what needs a hand first


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One figure of a draft: its sentence, what the ledger counts for the same words and period, and the verdict."""

    result: str
    quote: str
    sentence: str
    path: tuple[str, ...]
    start: int
    end: int
    claimed: str
    object: str
    unit: str
    value_min: Decimal | None
    value_max: Decimal | None
    from_on: date
    until_on: date
    term: str = ""  # key of the vocabulary's term
    label: str = ""
    ledger: Decimal | None = None
    facts: int = 0
    query: str = ""  # opens the facts
    why: str = ""  # code of the reason
    others: tuple[str, ...] = ()  # what it was counted with, as printed
    regulation: str = ""

    def as_json(self) -> dict[str, Any]:
        """Return plain values, as they are kept and printed."""
        return {name: _plain(value) for name, value in asdict(self).items()}

    @classmethod
    def from_json(cls, kept: dict[str, Any]) -> "Finding":
        """Return a finding from its plain values."""
        given = dict(kept)
        for name in ("value_min", "value_max", "ledger"):
            given[name] = None if given[name] is None else Decimal(str(given[name]))
        given |= {name: date.fromisoformat(given[name]) for name in ("from_on", "until_on")}
        return cls(**given | {"path": tuple(given["path"]), "others": tuple(given["others"])})


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    return value.isoformat() if isinstance(value, date) else value


def link_of(*, asked: Asked, size: int) -> str:
    """Return the query string that opens the facts a finding rests on."""
    return query_of(asked=asked, size=size)
