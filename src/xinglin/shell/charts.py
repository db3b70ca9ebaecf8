"""Charts: drawn in the browser from a table that readers can open, copy and print."""

from dataclasses import dataclass
from typing import Any

from django.template.loader import render_to_string
from django.utils.functional import Promise

KINDS = ("line", "bar", "stacked", "across")


@dataclass(frozen=True, kw_only=True)
class Series:
    """One column of figures: its name, how it is drawn, its colour as a token."""

    label: str | Promise
    values: tuple[Any, ...]
    # "solid", "dashed" or "area" for lines; bars ignore it.
    line: str = "solid"
    # A token such as accent, ink-3, ok-fill; without one the chart's own order is used.
    colour: str = ""


@dataclass(frozen=True, kw_only=True)
class Figures:
    """What a chart shows and its table says: categories down, series across."""

    id: str
    head: str | Promise
    categories: tuple[str, ...]
    series: tuple[Series, ...]
    # Index of the category that is now: a line marks it.
    now: int | None = None

    def rows(self) -> list[tuple[str, list[Any]]]:
        """Return the table's rows: a category and its values."""
        return [(name, [one.values[at] for one in self.series]) for at, name in enumerate(self.categories)]


def block(*, kind: str, options: dict[str, Any]) -> str:
    """Return the drawing area and, for `figures=`, the table in a <details> below it.

    Options: `from` (id of a table on the page) or `figures` (Figures); `label`, `unit`, `most` (top of the scale).
    """
    if kind not in KINDS:
        raise ValueError(f"{kind} is no chart; charts are {', '.join(KINDS)}")
    figures: Figures | None = options.get("figures")
    source = options.get("from") or (figures.id if figures else "")
    if not source:
        raise ValueError("a chart reads a table: give from= or figures=")
    return render_to_string("shell/parts/chart.html", {"kind": kind, "source": source, "figures": figures,
        "label": options.get("label") or (figures.head if figures else ""),
        **{name: options.get(name, "") for name in ("unit", "most", "open")}})
