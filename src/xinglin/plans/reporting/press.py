"""Prints a paper as a PDF; the same paper is always the same bytes."""

from typing import Any

from xinglin.shell.press import print_pdf

from .charts import HERE, as_json
from .paper import Bars, Block, Grid, Heading, Mark, Paper, Para, Sentence


def pdf_of(*, paper: Paper) -> bytes:
    """Return the paper as a tagged PDF with its Chinese face inside (NoChineseFace)."""
    return print_pdf(page=HERE / "paper.typ", values=_plain(paper), on=paper.on)


def _plain(paper: Paper) -> dict[str, Any]:
    anchors = [one.anchor for one in paper.blocks if isinstance(one, Heading) and one.anchor]
    return {
        "title": paper.title, "issuer": paper.issuer or paper.title, "on": paper.on.isoformat(),
        "anchors": [int(one.rpartition("-")[2]) for one in anchors], "blocks": [_block(one) for one in paper.blocks],
    }


def _block(block: Block) -> dict[str, Any]:
    if isinstance(block, Heading):
        return {"kind": "heading", "level": block.level, "text": block.text, "anchor": block.anchor}
    if isinstance(block, Para):
        pieces = [piece for one in block.sentences for piece in _pieces(one)]
        return {"kind": "para", "pieces": pieces, "quiet": block.quiet}
    if isinstance(block, Bars):
        return {"kind": "bars", **as_json(bars=block)}
    return _grid(block)


def _grid(block: Grid) -> dict[str, Any]:
    # Cells are wrapped, so that a row can be flattened without flattening its pieces.
    return {
        "kind": "grid", "columns": block.columns, "widths": block.widths, "numeric": sorted(block.numeric),
        "small": block.small,
        "caption": block.caption, "rows": [[{"pieces": _pieces(cell)} for cell in row] for row in block.rows],
    }


def _pieces(words: str | Sentence) -> list[Any]:
    if isinstance(words, str):
        return [words]
    return [{"text": one.text, "number": one.number} if isinstance(one, Mark) else one for one in words.pieces]
