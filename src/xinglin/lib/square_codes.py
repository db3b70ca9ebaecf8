"""Draws square codes: an address as the path of an SVG, for cards on screen and certificates on paper."""

from dataclasses import dataclass

import segno

QUIET = 4  # light squares around the code, as ISO/IEC 18004 asks


@dataclass(frozen=True, kw_only=True)
class SquareCode:
    """A square code: its side in modules with the quiet zone, and its dark squares as one path."""

    side: int
    path: str

    def svg(self) -> str:
        """Return it as a picture of its own, for paper."""
        box = f'viewBox="0 0 {self.side} {self.side}" shape-rendering="crispEdges"'
        return f'<svg xmlns="http://www.w3.org/2000/svg" {box}><path d="{self.path}"/></svg>'


def square_code(text: str) -> SquareCode:
    """Return the code of a text; a quarter of it may be dirty or torn and it still reads."""
    rows = segno.make(text, error="q", micro=False).matrix
    runs = []
    for down, row in enumerate(rows):
        start = None
        for across, dark in enumerate([*row, 0]):
            if dark and start is None:
                start = across
            elif not dark and start is not None:
                runs.append(f"M{start + QUIET} {down + QUIET}h{across - start}v1H{start + QUIET}z")
                start = None
    return SquareCode(side=len(rows) + 2 * QUIET, path="".join(runs))
