"""Turns a paper into what its page shows: marks become links to facts, charts read their table."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from xinglin.shell.charts import Figures, Series
from xinglin.shell.drawing import status

from ..figures import Figure, query_of
from ..paper import Bars, Block, Grid, Heading, Mark, Paper, Para, Sentence
from ..wording import LIGHT

NAME, STATUS = {"重点任务", "章"}, "状态"  # columns that name a row, and that hold its light
CODES = {word: code for code, word in LIGHT.items()}


@dataclass(frozen=True, kw_only=True)
class Cell:
    """One cell with its column's heading, and what it is on a phone's card."""

    words: SafeString
    column: str
    at: str


@dataclass(frozen=True, kw_only=True)
class Shown:
    """One block of a page: heading, para, grid or chart, ready for the template."""

    kind: str
    block: Block
    words: SafeString = field(default_factory=lambda: mark_safe(""))
    rows: tuple[tuple["Cell", ...], ...] = ()
    figures: Figures | None = None
    chart: str = ""


def blocks_of(*, paper: Paper, figures: Iterable[Figure]) -> list[Shown]:
    """Return the blocks of a paper without its annex: on the page a figure opens its facts itself."""
    known = {one.number: one for one in figures}
    shown: list[Shown] = []
    after_chart = False
    for at, block in enumerate(paper.blocks):
        if isinstance(block, Heading) and (block.anchor or block.text.startswith("附录")):
            break
        if isinstance(block, Grid) and after_chart:
            after_chart = False
            continue  # the chart's own table says the same
        after_chart = isinstance(block, Bars)
        shown.append(_shown(at, block, known))
    return shown


def _shown(at: int, block: Block, known: dict[int, Figure]) -> Shown:
    if isinstance(block, Para):
        return Shown(kind="para", block=block, words=_joined(block.sentences, known))
    if isinstance(block, Grid):
        rows = tuple(
            tuple(_cell(column, cell, known) for column, cell in zip(block.columns, row, strict=True))
            for row in block.rows
        )
        return Shown(kind="grid", block=block, rows=rows)
    if isinstance(block, Bars):
        return Shown(kind="chart", block=block, figures=chart_of(bars=block, at=at),
                     chart="across" if block.lying else "bar")
    return Shown(kind="heading", block=block)


def chart_of(*, bars: Bars, at: int) -> Figures:
    """Return a chart of a paper as the shell's chart draws it."""
    return Figures(
        id=f"report-chart-{at}", head=bars.title, categories=bars.labels,
        series=(
            Series(label=_("Actual"), values=bars.actual, colour="ok-fill"),
            Series(label=_("Planned"), values=bars.planned, colour="line-strong"),
        ),
    )


def _joined(sentences: Sequence[Sentence], known: dict[int, Figure]) -> SafeString:
    parts = [_piece(one, known) for sentence in sentences for one in sentence.pieces]
    return mark_safe("".join(parts))  # each part is escaped on its own


def _cell(column: str, cell: str | Sentence, known: dict[int, Figure]) -> Cell:
    words = format_html("{}", cell) if isinstance(cell, str) else _joined((cell,), known)
    if column == STATUS and (code := CODES.get(str(cell))):
        words = status(code="off" if code == "none" else code, word=cell)
    return Cell(words=words, column=column, at="name" if column in NAME else "status" if column == STATUS else "")


def _piece(piece: Any, known: dict[int, Figure]) -> SafeString:
    if not isinstance(piece, Mark):
        return format_html("{}", piece)
    figure = known.get(piece.number)
    if figure is None:
        return format_html("<b>{}</b>", piece.text)
    return format_html('<a class="r-mark" href="{}">{}</a>', address_of(figure=figure), piece.text)


def address_of(*, figure: Figure) -> str:
    """Return the address that opens the facts behind a figure."""
    return f"{reverse('plans_reports:figure')}?{query_of(asked=figure.asked, size=figure.size)}"
