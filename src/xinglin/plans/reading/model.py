"""What a reading of a plan consists of."""

from dataclasses import dataclass, fields


class Printed:
    """Gives a frozen dataclass the JSON shape of the contract."""

    def as_json(self) -> dict[str, object]:
        """Return exactly the keys of the contract."""
        return {
            field.name: _plain(getattr(self, field.name))
            for field in fields(self)  # type: ignore[arg-type]
            if field.name != "judgement"
        }


def _plain(value: object) -> object:
    if isinstance(value, tuple):
        return [_plain(each) for each in value]
    return value.as_json() if isinstance(value, Printed) else value


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One paragraph put back together, for display."""

    start: int
    end: int
    kind: str  # title | heading | item | para | table | furniture
    level: int


@dataclass(frozen=True, slots=True)
class OutlineEntry(Printed):
    """A heading, a numbered item or a run-in heading."""

    level: int
    number: str | None
    label: str
    title: str
    path: tuple[str, ...]
    role: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Judgement:
    """How sure the reader is of an entry (0–1), and why."""

    confidence: float
    reasons: tuple[str, ...]


class Judged(Printed):
    """An entry that says how sure the reader is of it."""

    judgement: Judgement

    @property
    def confidence(self) -> float:
        """How sure the reader is, from 0 to 1."""
        return self.judgement.confidence

    @property
    def reasons(self) -> tuple[str, ...]:
        """Why the reader took the quantity for what it says."""
        return self.judgement.reasons


@dataclass(frozen=True, slots=True)
class Target(Judged):
    """A quantified or dated commitment for the future."""

    path: tuple[str, ...]
    quote: str
    object: str
    value_min: int | float | None
    value_max: int | float | None
    unit: str
    modality: str
    deadline: str | None
    deadline_source: str
    kind: str
    start: int
    end: int
    judgement: Judgement


@dataclass(frozen=True, slots=True)
class Figure(Judged):
    """A quantified fact about the past."""

    path: tuple[str, ...]
    quote: str
    object: str
    value_min: int | float | None
    value_max: int | float | None
    unit: str
    period: str | None
    kind: str
    start: int
    end: int
    judgement: Judgement


@dataclass(frozen=True, slots=True)
class Edition(Printed):
    """A numbered edition of a recurring thing."""

    path: tuple[str, ...]
    edition: int
    year: int | None
    name: str
    quote: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Vague(Printed):
    """A commitment whose quantity the text leaves open."""

    path: tuple[str, ...]
    quote: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Reading:
    """Everything the reader found in one document."""

    title: str
    organisation: str
    years: tuple[int, ...]
    doc_type: str
    text: str
    outline: tuple[OutlineEntry, ...]
    targets: tuple[Target, ...]
    figures: tuple[Figure, ...]
    editions: tuple[Edition, ...]
    vague: tuple[Vague, ...]
    paragraphs: tuple[Paragraph, ...]

    def as_json(self) -> dict[str, object]:
        """Return the object that `xinglin plan read --json` prints."""
        return {
            "title": self.title,
            "organisation": self.organisation,
            "years": list(self.years),
            "doc_type": self.doc_type,
            "text_length": len(self.text),
            "outline": [entry.as_json() for entry in self.outline],
            "targets": [entry.as_json() for entry in self.targets],
            "figures": [entry.as_json() for entry in self.figures],
            "editions": [entry.as_json() for entry in self.editions],
            "vague": [entry.as_json() for entry in self.vague],
        }
