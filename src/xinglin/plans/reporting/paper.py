"""A paper before it is written: headings, paragraphs, tables and charts, the same for Word, PDF and the page."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal


@dataclass(frozen=True, kw_only=True)
class Mark:
    """Words of a sentence that state a figure; `number` points to the figure in the annex."""

    text: str
    number: int


Piece = str | Mark


@dataclass(frozen=True, kw_only=True)
class Sentence:
    """Words with the marks of their figures."""

    pieces: tuple[Piece, ...]

    @property
    def text(self) -> str:
        """Return the sentence as a reader hears it, without marks."""
        return "".join(one if isinstance(one, str) else one.text for one in self.pieces)

    def __str__(self) -> str:
        return self.text


def said(*pieces: Piece) -> Sentence:
    """Make a sentence of words and marks."""
    return Sentence(pieces=tuple(one for one in pieces if one != ""))


@dataclass(frozen=True, kw_only=True)
class Heading:
    """A heading of the outline; `anchor` lets marks point to it."""

    level: int
    text: str
    anchor: str = ""


@dataclass(frozen=True, kw_only=True)
class Para:
    """One paragraph: sentences in a row; a quiet one is a remark in small type."""

    sentences: tuple[Sentence, ...]
    quiet: bool = False

    @property
    def text(self) -> str:
        """Return the paragraph without marks."""
        return "".join(one.text for one in self.sentences)


def para(*words: str | Sentence, quiet: bool = False) -> Para:
    """Make a paragraph of plain words and sentences."""
    return Para(sentences=tuple(said(one) if isinstance(one, str) else one for one in words), quiet=quiet)


@dataclass(frozen=True, kw_only=True)
class Grid:
    """A table; `numeric` columns stand right-aligned, `widths` are parts of the whole."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str | Sentence, ...], ...]
    widths: tuple[int, ...]
    numeric: frozenset[int] = field(default_factory=frozenset)
    caption: str = ""
    small: bool = False


@dataclass(frozen=True, kw_only=True)
class Bars:
    """A chart: for each label the actual and the planned share in percent; its twin is the table of the same rows."""

    title: str
    labels: tuple[str, ...]
    actual: tuple[Decimal | None, ...]
    planned: tuple[Decimal, ...]
    lying: bool = True  # bars from the left; a year's months stand upright

    def twin(self) -> Grid:
        """Return the table that says what the chart shows; a year's months stand side by side."""
        actual = tuple("—" if one is None else f"{one}%" for one in self.actual)
        planned = tuple(f"{one}%" for one in self.planned)
        caption = f"{self.title}（数据）"
        if self.lying:
            rows: tuple[tuple[str, ...], ...] = tuple(zip(self.labels, actual, planned, strict=True))
            return Grid(columns=("章", "实际", "应有"), rows=rows, widths=(6, 2, 2), numeric=frozenset({1, 2}),
                        caption=caption)
        rows = (("实际", *actual), ("应有", *planned))
        whole = len(self.labels) + 1
        return Grid(columns=("", *self.labels), rows=rows, widths=(1,) * whole, numeric=frozenset(range(1, whole)),
                    caption=caption, small=True)


Block = Heading | Para | Grid | Bars


@dataclass(frozen=True, kw_only=True)
class Paper:
    """A whole paper; `on` is its date, also in the file itself, so that the same paper is the same bytes."""

    title: str
    issuer: str
    on: date
    blocks: tuple[Block, ...]
    remark: str = ""

    def of(self, kind: type) -> Sequence[Block]:
        """Return the blocks of one kind."""
        return [one for one in self.blocks if isinstance(one, kind)]
