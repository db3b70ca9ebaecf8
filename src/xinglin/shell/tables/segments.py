"""Segments and bulk actions: lists people return to, and what can be done with the rows picked."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q
from django.utils.functional import Promise

from xinglin.kernel.actors import Actor


@dataclass(frozen=True)
class Segment:
    """A list people return to; `where` for the database, `test` for lists of values."""

    name: str
    label: str | Promise
    where: Q | None = field(default=None, kw_only=True)
    test: Callable[[Any], bool] | None = field(default=None, kw_only=True)

    def narrow(self, rows: Any) -> Any:
        """Return the rows of this segment."""
        if hasattr(rows, "filter"):
            return rows.filter(self.where) if self.where is not None else rows
        return [row for row in rows if self.test is None or self.test(row)]


@dataclass(frozen=True)
class Bulk:
    """Something that can be done with the rows picked; the page it leads to asks before doing it.

    The page gets the rows by `Table(request).picked()`. `danger` sets it last, in red words.
    """

    url_name: str
    label: str | Promise
    icon: str = field(default="", kw_only=True)
    danger: bool = field(default=False, kw_only=True)
    when: Callable[[Actor], bool] = field(default=lambda actor: True, kw_only=True)
