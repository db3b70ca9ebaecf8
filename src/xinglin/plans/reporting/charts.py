"""Draws the charts of a paper as pictures, with the very drawing that the PDF uses."""

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import typst

from xinglin.shell.press import fonts

from .paper import Bars

HERE = Path(__file__).resolve().parent
_PAGE = (
    '#set page(width: 460pt, height: auto, margin: 6pt)\n#set text(font: "Noto Sans SC", lang: "zh", size: 9pt)\n'
    '#import "charts.typ": chart\n#chart(json(bytes(sys.inputs.data)))\n'
)


def as_json(*, bars: Bars) -> dict[str, Any]:
    """Return a chart as plain values."""
    return {
        "title": bars.title, "labels": bars.labels, "lying": bars.lying,
        "actual": [_plain(one) for one in bars.actual], "planned": [_plain(one) for one in bars.planned],
    }


def _plain(value: Decimal | None) -> float | None:
    return None if value is None else float(value)


def png_of(*, bars: Bars) -> bytes:
    """Return a chart as a PNG picture."""
    data = json.dumps(as_json(bars=bars), ensure_ascii=False)
    compiler = typst.Compiler(root=str(HERE), font_paths=fonts())
    return bytes(compiler.compile(input=_PAGE.encode(), format="png", ppi=220.0, sys_inputs={"data": data}))
