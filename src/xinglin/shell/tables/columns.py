"""Columns: what a cell shows, how it sorts, and what goes into an export."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property, partial
from typing import Any, Literal

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from .. import drawing, times, units
from ..naming import named

Kind = Literal["text", "number", "money", "percent", "date", "datetime", "status", "ref", "id", "yes"]
Value = str | Callable[[Any], Any] | None
_NUMERIC = {"number", "money", "percent"}


def value_at(row: Any, path: Value) -> Any:
    """Return a value by attribute path ("unit.name") or by calling a function with the row."""
    if callable(path):
        return path(row)
    for step in str(path).split("."):
        if row is None:
            return None
        row = row.get(step) if isinstance(row, Mapping) else getattr(row, step)
        if callable(row):
            row = row()
    return row


def masked(value: object) -> str:
    """Return enough of a sensitive value to recognise it, and no more."""
    text = "" if value is None else str(value)
    if not text:
        return ""
    if len(text) >= 11:
        return f"{text[:3]}{'*' * (len(text) - 7)}{text[-4:]}"
    return text[:1] + "*" * max(len(text) - 1, 2)


@dataclass(frozen=True)
class Column:
    """One column: `Column("due", _("Dues"), kind="money", sort="due_amount")`.

    `value`: attribute path or function of the row (default: the name). `sort`: field path(s) of the database or
    True for the value's own path. `at`: place on a phone card (name, status, wide, hide). `link`: function of
    the row to an address. `sub`: path or function of a second line. `words`: code → (light, word) for a status.
    """

    name: str
    label: str | Promise
    value: Value = field(default=None, kw_only=True)
    kind: Kind = field(default="text", kw_only=True)
    unit: str = field(default="", kw_only=True)
    sort: str | tuple[str, ...] | bool = field(default=False, kw_only=True)
    hidden: bool = field(default=False, kw_only=True)
    sensitive: bool = field(default=False, kw_only=True)
    at: str = field(default="", kw_only=True)
    link: Callable[[Any], str] | None = field(default=None, kw_only=True)
    sub: Value = field(default=None, kw_only=True)
    words: Mapping[str, tuple[str, Any]] | Callable[[Any], tuple[str, Any]] | None = field(default=None, kw_only=True)
    total: str = field(default="", kw_only=True)
    export: bool = field(default=True, kw_only=True)
    # Decimals of a number, so that they stand under each other; money has two and per cent one.
    places: int | None = field(default=None, kw_only=True)

    @property
    def numeric(self) -> bool:
        """Whether the cell is aligned right."""
        return self.kind in _NUMERIC

    @cached_property
    def sort_fields(self) -> tuple[str, ...]:
        """The database fields this column sorts by; empty when it does not sort."""
        if self.sort is True:
            path = self.value if isinstance(self.value, str) else self.name
            return (path.replace(".", "__"),)
        if not self.sort:
            return ()
        return (self.sort,) if isinstance(self.sort, str) else tuple(self.sort)

    def raw(self, row: Any) -> Any:
        """Return the value behind the cell."""
        return self._read(row)

    @cached_property
    def _read(self) -> Callable[[Any], Any]:
        """The way to the value, found once: an export goes it for every row."""
        path = self.value or self.name
        if callable(path):
            return path
        if "." in path:
            return partial(value_at, path=path)

        def one(row: Any) -> Any:
            value = row.get(path) if isinstance(row, dict) else getattr(row, path)
            return value() if callable(value) else value

        return one

    def cell(self, row: Any) -> SafeString:
        """Return the cell as a reader sees it."""
        value = self.raw(row)
        shown = conditional_escape(masked(value)) if self.sensitive else self._shown(value, row)
        if self.link and (url := self.link(row)):
            shown = format_html("<b>{}</b>", shown) if self.at == "name" else shown
            shown = format_html('<a href="{}">{}</a>', url, shown)
        if self.sub is not None and (second := value_at(row, self.sub)):
            shown = format_html("{}<small>{}</small>", shown, second)
        return mark_safe(shown)

    def _shown(self, value: Any, row: Any) -> SafeString | str:
        if self.kind == "status":
            return self._status(value, row)
        if value is None or value == "":
            return mark_safe('<span class="x-dim">—</span>')
        if self.numeric:
            return self._number(value)
        if self.kind == "date":
            return times.day(value)
        if self.kind == "datetime":
            return f"{timezone.localtime(value):%Y-%m-%d %H:%M}"
        if self.kind == "ref":
            what = named([value])[str(value)]
            return format_html('<a href="{}">{}</a>', what.url, what.label) if what.url else what.label
        if self.kind == "yes":
            return _("Yes") if value else _("No")
        return conditional_escape(value)

    def _number(self, value: Any) -> SafeString:
        places = self.places if self.places is not None else {"money": 2, "percent": 1}.get(self.kind)
        unit = {"money": units.unit_word("元"), "percent": "%"}.get(self.kind) or units.unit_word(self.unit, value)
        gap = "" if units.speaks_chinese() or unit in ("", "%") else " "
        return format_html('{}<span class="x-unit">{}{}</span>', units.grouped(value, places), gap, unit)

    def _status(self, value: Any, row: Any) -> SafeString:
        if callable(self.words):
            light, word = self.words(row)
        else:
            light, word = (self.words or {}).get(str(value), (str(value), ""))
        return drawing.status(code=light, word=word)

    def plain(self, row: Any, *, unmasked: bool = False) -> Any:
        """Return the value for an export: text, number or date without markup."""
        value = self.raw(row)
        if value is None or value == "":
            return ""
        if self.sensitive and not unmasked:
            return masked(value)
        if self.kind == "status":
            light, word = self.words(row) if callable(self.words) else (self.words or {}).get(str(value), (value, ""))
            return str(word or drawing.word_of(light))
        if self.kind == "ref":
            return named([value])[str(value)].label
        if self.kind == "yes":
            return _("Yes") if value else _("No")
        if isinstance(value, datetime):
            return (timezone.localtime(value) if timezone.is_aware(value) else value).isoformat(" ", "minutes")[:16]
        if isinstance(value, date):
            return value.isoformat()
        return value if isinstance(value, int | float | Decimal) and not isinstance(value, bool) else str(value)
