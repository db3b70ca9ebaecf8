"""Prints a paper as a PDF; the same paper is always the same bytes."""

import json
from datetime import UTC, datetime, time
from pathlib import Path
from typing import Any

import typst
from django.utils.translation import gettext_lazy as _

from xinglin.kernel.policy import Refusal

from .charts import HERE, as_json, font_folders, fonts
from .paper import Bars, Block, Grid, Heading, Mark, Paper, Para, Sentence


class NoChineseFace(Refusal):
    """The Chinese face that PDFs need is not installed."""


def pdf_of(*, paper: Paper) -> bytes:
    """Return the paper as a tagged PDF with its Chinese face inside."""
    if not all(Path(one).is_dir() for one in font_folders()):
        raise NoChineseFace(_("The Chinese font for PDF is not installed. Run the set-up, or take the Word file."))
    data = json.dumps(_plain(paper), ensure_ascii=False)
    compiler = typst.Compiler(root=str(HERE), font_paths=fonts())
    made = compiler.compile(
        input=(HERE / "paper.typ").read_bytes(), format="pdf", sys_inputs={"data": data},
        timestamp=int(datetime.combine(paper.on, time(), tzinfo=UTC).timestamp()),
    )
    return bytes(made)


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
