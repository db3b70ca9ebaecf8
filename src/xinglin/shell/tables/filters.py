"""Conditions: each reads its part of the address, narrows the rows and names itself on a chip."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from django.db.models import Q, QuerySet
from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from .. import times, units
from .columns import value_at

Options = Iterable[tuple[str, Any]] | Callable[[], Iterable[tuple[str, Any]]]


@dataclass(frozen=True, kw_only=True)
class Condition:
    """An active filter: what its chip says, which parameters it stands on, how it narrows."""

    label: str
    value: str
    names: tuple[str, ...]
    narrow: Callable[[Any], Any]


@dataclass(frozen=True)
class Filter:
    """Base of filters; `kind` chooses the control in the condition form."""

    name: str
    label: str | Promise
    kind = ""

    @property
    def names(self) -> tuple[str, ...]:
        """Parameters of the address that belong to this filter."""
        return (self.name,)

    def read(self, address: QueryDict) -> Condition | None:
        """Return the condition in the address, or None; a value that means nothing is no condition."""
        raise NotImplementedError


def narrowed(rows: Any, *, where: Q | None, test: Callable[[Any], bool]) -> Any:
    """Narrow a QuerySet by `where`, or a list by `test`."""
    return rows.filter(where) if isinstance(rows, QuerySet) and where is not None else [r for r in rows if test(r)]


@dataclass(frozen=True)
class Choice(Filter):
    """One or several values of a list; `lookup` is the database path, `apply(rows, values)` replaces it."""

    options: Options = field(default=(), kw_only=True)
    lookup: str = field(default="", kw_only=True)
    apply: Callable[[Any, list[str]], Any] | None = field(default=None, kw_only=True)
    kind = "choice"

    def offered(self) -> list[tuple[str, str]]:
        """Return the options as (value, label)."""
        options = self.options() if callable(self.options) else self.options
        return [(str(value), str(label)) for value, label in options]

    def read(self, address: QueryDict) -> Condition | None:
        """Return the chosen values that are on offer."""
        asked = address.getlist(self.name)
        chosen = [(value, label) for value, label in self.offered() if value in asked]
        if not chosen:
            return None
        values = [value for value, _label in chosen]
        return Condition(label=str(self.label), value="、".join(label for _value, label in chosen),
                         names=self.names, narrow=lambda rows: self._narrow(rows, values))

    def _narrow(self, rows: Any, values: list[str]) -> Any:
        if self.apply:
            return self.apply(rows, values)
        where = Q(**{f"{self.lookup or self.name}__in": values})
        return narrowed(rows, where=where, test=lambda row: str(value_at(row, self.name)) in values)


def _date(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


@dataclass(frozen=True)
class Dates(Filter):
    """A range of dates, both ends included; `lookup` is the date field."""

    lookup: str = field(default="", kw_only=True)
    kind = "dates"

    @property
    def names(self) -> tuple[str, ...]:
        """The two ends: name_from, name_to."""
        return (f"{self.name}_from", f"{self.name}_to")

    def read(self, address: QueryDict) -> Condition | None:
        """Return the range; one end is enough."""
        first, last = (_date(address.get(name, "")) for name in self.names)
        if first is None and last is None:
            return None
        path = self.lookup or self.name
        where = Q(**{f"{path}__gte": first}) if first else Q()
        where &= Q(**{f"{path}__lte": last}) if last else Q()

        def test(row: Any) -> bool:
            on = times.as_date(value_at(row, self.name))
            return on is not None and (not first or on >= first) and (not last or on <= last)

        return Condition(label=str(self.label), value=times.span(first, last), names=self.names,
                         narrow=lambda rows: narrowed(rows, where=where, test=test))


def _number(text: str) -> Decimal | None:
    try:
        return Decimal(text.replace(",", "").strip()) if text.strip() else None
    except InvalidOperation:
        return None


@dataclass(frozen=True)
class Numbers(Filter):
    """A range of numbers, both ends included."""

    lookup: str = field(default="", kw_only=True)
    unit: str = field(default="", kw_only=True)
    kind = "numbers"

    @property
    def names(self) -> tuple[str, ...]:
        """The two ends: name_from, name_to."""
        return (f"{self.name}_from", f"{self.name}_to")

    def read(self, address: QueryDict) -> Condition | None:
        """Return the range; one end is enough."""
        least, most = (_number(address.get(name, "")) for name in self.names)
        if least is None and most is None:
            return None
        path = self.lookup or self.name
        where = Q(**{f"{path}__gte": least}) if least is not None else Q()
        where &= Q(**{f"{path}__lte": most}) if most is not None else Q()

        def test(row: Any) -> bool:
            number = value_at(row, self.name)
            return number is not None and (least is None or number >= least) and (most is None or number <= most)

        return Condition(label=str(self.label), value=self._said(least, most), names=self.names,
                         narrow=lambda rows: narrowed(rows, where=where, test=test))

    def _said(self, least: Decimal | None, most: Decimal | None) -> str:
        unit = units.unit_word(self.unit) if self.unit else ""
        if most is None:
            return _("at least %(number)s %(unit)s") % {"number": units.grouped(least), "unit": unit}
        if least is None:
            return _("at most %(number)s %(unit)s") % {"number": units.grouped(most), "unit": unit}
        return f"{units.grouped(least)}—{units.grouped(most)} {unit}".strip()


@dataclass(frozen=True)
class YesNo(Filter):
    """A single question that is on or off: `YesNo("late", _("Overdue only"), where=Q(...))`."""

    where: Q | None = field(default=None, kw_only=True)
    test: Callable[[Any], bool] | None = field(default=None, kw_only=True)
    kind = "yes"

    def read(self, address: QueryDict) -> Condition | None:
        """Return the condition when it is on."""
        if address.get(self.name) != "1":
            return None
        test = self.test or (lambda row: bool(value_at(row, self.name)))
        return Condition(label="", value=str(self.label), names=self.names,
                         narrow=lambda rows: narrowed(rows, where=self.where, test=test))
