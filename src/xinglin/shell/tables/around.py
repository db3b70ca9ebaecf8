"""What stands around the rows of a list: heads, controls, totals, hints; read by its templates."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import QuerySet
from django.urls import NoReverseMatch, reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from .. import drawing, units
from ..models import SavedList
from .columns import Column
from .filters import Filter

if TYPE_CHECKING:
    from .table import Table


@dataclass(frozen=True, kw_only=True)
class Head:
    """One column head: where sorting leads, how it is sorted now."""

    column: Column
    url: str
    sorted: str


@dataclass(frozen=True, kw_only=True)
class Control:
    """One filter in the condition form, with what is chosen now."""

    kind: str
    name: str
    names: tuple[str, ...]
    label: Any
    chosen: list[str]
    offered: list[tuple[str, str]]


@dataclass(frozen=True, kw_only=True)
class Saved:
    """A list the reader saved under a name."""

    name: str
    url: str
    current: bool


def heads_of(*, table: "Table") -> list[Head]:
    """Return the heads: a first click sorts upwards, the next downwards, the third not at all."""
    current, down = table.sorting
    heads = []
    for column in table.visible:
        state = ("descending" if down else "ascending") if column is current else ""
        following = {"": column.name, "ascending": f"-{column.name}", "descending": ""}[state]
        url = table.address.with_(sort=following) if column.sort else ""
        heads.append(Head(column=column, url=url, sorted=state))
    return heads


def controls_of(*, table: "Table") -> list[Control]:
    """Return the controls of the condition form."""
    own, address = table.address.own, table.address
    return [
        Control(
            kind=one.kind, label=one.label, name=address.name(one.name),
            names=tuple(address.name(name) for name in one.names), offered=_offered(one),
            chosen=own.getlist(one.name) if one.kind in ("choice", "yes") else [own.get(n, "") for n in one.names],
        )
        for one in table.filters
    ]


def _offered(one: Filter) -> list[tuple[str, str]]:
    return one.offered() if hasattr(one, "offered") else []


def totals_of(*, table: "Table") -> list[tuple[Column, Any]]:
    """Return the total line, empty when no column is summed."""
    if not any(one.total for one in table.visible) or not isinstance(table.narrowed, QuerySet):
        return []
    return [(one, one._number(table.counts.get(f"s_{one.name}") or 0) if one.total else None)
            for one in table.visible]


def saved_of(*, table: "Table") -> list[Saved]:
    """Return the lists this reader saved."""
    user = getattr(table.request, "user", None)
    if user is None or not user.is_authenticated or not table.saves:
        return []
    mine = SavedList.objects.filter(account=user, table=table.code)[:20]
    return [Saved(name=one.name, url=f"{table.address.path}?{one.address}", current=table.address.matches(one.address))
            for one in mine]


def counted_of(*, table: "Table") -> str:
    """Return the number of rows with its measure word."""
    word = units.unit_word(table.unit, table.count)
    gap = "" if word in ("", "%") else " "
    return f"{units.grouped(table.count)}{gap}{word}".strip()


def empty_of(*, table: "Table") -> SafeString:
    """Return why the list is empty and its first step."""
    title, text, url_name, label = (*table.empty, "", "", "", "")[:4]
    try:
        url = reverse(url_name) if url_name else ""
    except NoReverseMatch:
        url = ""
    return drawing.empty(title=title, text=text, url=url, label=label)


def loosened_of(*, table: "Table") -> list[str]:
    """Return what each condition costs: without it, how many rows there would be."""
    hints = []
    for gone in table.conditions[:4]:
        rows = table.everything
        for one in table.conditions:
            if one is not gone:
                rows = one.narrow(rows)
        rows = table.segment.narrow(rows) if table.segment else rows
        number = rows.count() if isinstance(rows, QuerySet) else len(rows)
        hints.append(_("Without “%(value)s”: %(count)s.") % {
            "value": gone.value, "count": f"{units.grouped(number)} {units.unit_word(table.unit, number)}"})
    return hints
