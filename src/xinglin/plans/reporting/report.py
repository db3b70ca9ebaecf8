"""What a year's summary consists of, before it is laid out as a paper."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from ..documents import Plan
from ..progress import Standing
from .figures import Evidence, Figure
from .paper import Bars, Sentence
from .standing import Seal


@dataclass(frozen=True, kw_only=True)
class Row:
    """One line of the table of commitments: what was promised and what became of it."""

    standing: Standing
    no: str
    chapter: str
    text: str
    lead: str
    target: str
    actual: Sentence
    share: Decimal | None
    light: str
    word: str


@dataclass(frozen=True, kw_only=True)
class Chapter:
    """One chapter of the plan's outline: its sentences with figures, and what has no figure and is to be written."""

    number: str
    title: str
    order: int
    opening: str
    sentences: tuple[Sentence, ...]
    unmeasured: tuple[str, ...]

    @property
    def heading(self) -> str:
        """Return the chapter's own heading: 三、学术交流."""
        words = self.title or "其他工作"
        return f"{self.number}、{words}" if self.number else words


@dataclass(frozen=True, kw_only=True)
class Issue:
    """A red commitment: what is missing, why, and what the leading unit said."""

    row: Row
    why: str
    said: str


@dataclass(frozen=True, kw_only=True)
class Carry:
    """What was not finished and goes on next year."""

    row: Row
    words: str


@dataclass(frozen=True, kw_only=True)
class Report:
    """The summary of one plan on one day among the facts of one checkpoint."""

    plan: Plan
    issuer: str
    on: date
    seal: Seal
    overview: tuple[Sentence, ...]
    chapters: tuple[Chapter, ...]
    rows: tuple[Row, ...]
    charts: tuple[Bars, ...]
    issues: tuple[Issue, ...]
    carries: tuple[Carry, ...]
    figures: tuple[Figure, ...]
    annex: tuple[Evidence, ...]

    @property
    def title(self) -> str:
        """Return the title of the paper."""
        return f"{self.plan.year} 年工作总结"
