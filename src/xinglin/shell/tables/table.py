"""The list every register starts from: declared once, read from the address, shown and exported."""

from functools import cached_property
from typing import Any, ClassVar

from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from xinglin.kernel.actors import Actor
from xinglin.kernel.policy import Verdict

from .. import units
from ..naming import named
from ..policy import may_export_list
from . import around
from .address import Address
from .columns import Column
from .exporting import export
from .filters import Condition, Filter
from .rows import counted, ordered, searched
from .segments import Bulk, Segment
from .shown import Chip, Page, Row, chips_of, page_of, tabs_of

PER_PAGE = (25, 50, 100)


class Table:
    """A list: subclass it, name `code` and `columns`, and hand rows to it or override `rows`."""

    code: ClassVar[str] = ""
    title: str | Promise = ""
    unit: str = "条"
    columns: tuple[Column, ...] = ()
    # Database paths that the search box looks into; empty for lists of values: every column is searched.
    search: tuple[str, ...] = ()
    search_hint: str | Promise = _("Search this list")
    filters: tuple[Filter, ...] = ()
    segments: tuple[Segment, ...] = ()
    bulk: tuple[Bulk, ...] = ()
    order: tuple[str, ...] = ()
    per_page: int = 25
    exports: bool = True
    # Whether readers may save conditions under a name.
    saves: bool = True
    # What an empty list says: headline, sentence, url name of the first step, its label.
    empty: tuple[Any, ...] = (_("Nothing here yet"), "", "", "")
    # Set when two lists share a page.
    prefix: str = ""

    def __init__(self, request: HttpRequest, rows: Any = None, **given: Any) -> None:
        self.request, self.given = request, given
        self.address = Address(request=request, prefix=self.prefix)
        self._rows = rows

    # What there is ------------------------------------------------------------------------------

    def rows(self) -> Any:
        """Return all rows this actor may see: override it, or hand rows to the constructor."""
        if self._rows is None:
            raise NotImplementedError(f"{type(self).__name__}: give rows= or override rows()")
        return self._rows

    def may_export(self, *, actor: Actor) -> Verdict:
        """Say whether this actor may take the list out."""
        return may_export_list(actor=actor)

    @property
    def actor(self) -> Actor:
        """Today's actor."""
        return self.request.actor

    @property
    def id(self) -> str:
        """The id of the list in the page, which htmx replaces as a whole."""
        return "t-" + (self.code + self.prefix).replace(".", "-").replace("_", "-")

    # What the address asks for ---------------------------------------------------------------------

    @cached_property
    def everything(self) -> Any:
        """All rows before any condition."""
        return self.rows()

    @cached_property
    def text(self) -> str:
        """What stands in the search box."""
        return self.address.own.get("q", "").strip()[:100]

    @cached_property
    def segment(self) -> Segment | None:
        """The chosen list; the first one unless the address names another."""
        wanted = self.address.own.get("list", "")
        return next((one for one in self.segments if one.name == wanted), self.segments[0] if self.segments else None)

    @cached_property
    def conditions(self) -> list[Condition]:
        """The active conditions."""
        return [found for one in self.filters if (found := one.read(self.address.own))]

    @cached_property
    def narrowed(self) -> Any:
        """Rows after search and conditions, before the chosen list."""
        rows = self.everything
        for one in self.conditions:
            rows = one.narrow(rows)
        return searched(rows, fields=self.search, columns=self.columns, text=self.text) if self.text else rows

    @cached_property
    def selected(self) -> Any:
        """Rows after all that the address says, in order."""
        rows = self.segment.narrow(self.narrowed) if self.segment else self.narrowed
        column, down = self.sorting
        return ordered(rows, column=column, down=down, default=self.order)

    @cached_property
    def sorting(self) -> tuple[Column | None, bool]:
        """The column rows are sorted by and whether downwards."""
        wanted = self.address.own.get("sort", "")
        name = wanted.removeprefix("-")
        column = next((one for one in self.columns if one.name == name and one.sort), None)
        return column, column is not None and wanted.startswith("-")

    @cached_property
    def counts(self) -> dict[str, Any]:
        """Counts of the segments and of the rows selected, and sums, in one pass where that is possible."""
        rows = self.narrowed
        if isinstance(rows, QuerySet):
            wheres = {one.name: one.where for one in self.segments} or {"": None}
            here = self.segment.narrow(rows) if self.segment else rows
            sums = {one.name: one.total for one in self.columns if one.total}
            return counted(rows, wheres=wheres, sums={}) | (counted(here, wheres={}, sums=sums) if sums else {})
        return {f"n_{one.name}": len(one.narrow(rows)) for one in self.segments} or {"n_": len(rows)}

    @cached_property
    def count(self) -> int:
        """How many rows are selected."""
        return int(self.counts[f"n_{self.segment.name}" if self.segment else "n_"])

    # What is shown ------------------------------------------------------------------------------------

    @cached_property
    def visible(self) -> list[Column]:
        """The columns shown: the reader's choice, else those not hidden by default."""
        kept = self.request.COOKIES.get(f"cols-{self.code}", "")
        names = {one.name for one in self.columns} & set(kept.split("."))
        if names:
            return [one for one in self.columns if one.name in names]
        return [one for one in self.columns if not one.hidden]

    @cached_property
    def page(self) -> Page:
        """The page asked for; beyond the last one the last."""
        return page_of(address=self.address, count=self.count, per=self.per, choices=PER_PAGE)

    @cached_property
    def per(self) -> int:
        """Rows on a page."""
        asked = self.address.own.get("per", "")
        return int(asked) if asked.isdigit() and int(asked) in PER_PAGE else self.per_page

    @cached_property
    def shown_rows(self) -> list[Row]:
        """The rows of the page with their cells drawn; labels of refs are asked for at once."""
        rows = list(self.selected[self.page.start:self.page.start + self.per]) if self.count else []
        self.prepare(rows)
        return [Row(key=str(self.key(row)), cells=[(one, one.cell(row)) for one in self.visible],
                    name=self.name_of(row)) for row in rows]

    def prepare(self, rows: list[Any]) -> None:
        """Ask at once for what the cells of a page need; a table whose cells name more than refs adds its own."""
        for column in self.visible:
            if column.kind == "ref":
                named(value for row in rows if (value := column.raw(row)))

    def key(self, row: Any) -> Any:
        """Return what identifies a row when it is picked."""
        return row.pk if isinstance(row, Model) else getattr(row, "key", id(row))

    def name_of(self, row: Any) -> str:
        """Return what a row is called for readers of the checkbox."""
        column = next((one for one in self.columns if one.at == "name"), self.columns[0])
        return str(column.plain(row))

    @property
    def chips(self) -> list[Chip]:
        """One chip per condition, each with the address without it."""
        return chips_of(conditions=self.conditions, text=self.text, address=self.address)

    @property
    def tabs(self) -> list[Any]:
        """The segments with counts and addresses."""
        return tabs_of(segments=self.segments, current=self.segment, counts=self.counts, address=self.address)

    @cached_property
    def heads(self) -> list[around.Head]:
        """The column heads."""
        return around.heads_of(table=self)

    @property
    def controls(self) -> list[around.Control]:
        """The controls of the condition form."""
        return around.controls_of(table=self)

    @cached_property
    def totals(self) -> list[Any]:
        """The total line."""
        return around.totals_of(table=self)

    @cached_property
    def saved(self) -> list[around.Saved]:
        """The reader's own lists."""
        return around.saved_of(table=self)

    @property
    def saved_current(self) -> around.Saved | None:
        """The saved list whose conditions these are."""
        return next((one for one in self.saved if one.current), None)

    @property
    def saves_now(self) -> bool:
        """Whether these conditions can be saved under a name."""
        return self.saves and bool(self.actor.roles) and self.is_narrowed and not self.saved_current

    @property
    def counted(self) -> str:
        """How many rows, with the measure word."""
        return around.counted_of(table=self)

    @property
    def unit_word(self) -> str:
        """The measure word of the rows."""
        return units.unit_word(self.unit)

    @property
    def empty_shown(self) -> Any:
        """What an empty list says."""
        return around.empty_of(table=self)

    @property
    def loosened(self) -> list[str]:
        """What each condition costs."""
        return around.loosened_of(table=self)

    @property
    def first(self) -> int:
        """The number of the first row of the page."""
        return self.page.start + 1

    @property
    def segment_narrows(self) -> bool:
        """Whether another segment than the first is chosen."""
        return self.segment is not None and self.segment is not self.segments[0]

    @property
    def cleared(self) -> str:
        """The address without search and conditions."""
        return self.address.with_(without=("q", *(name for one in self.filters for name in one.names)))

    @property
    def search_name(self) -> str:
        """The name of the search box."""
        return self.address.name("q")

    @property
    def search_others(self) -> list[tuple[str, str]]:
        """What the search form keeps."""
        return self.address.others(without=("q",))

    @property
    def filter_others(self) -> list[tuple[str, str]]:
        """What the condition form keeps."""
        return self.address.others(without=tuple(name for one in self.filters for name in one.names))

    @property
    def bulk_shown(self) -> list[tuple[Bulk, str]]:
        """Bulk actions this actor may use, the destructive ones last."""
        mine = [(one, reverse(one.url_name)) for one in self.bulk if one.when(self.actor)]
        return sorted(mine, key=lambda pair: pair[0].danger)

    @property
    def export_verdict(self) -> Verdict:
        """Whether the actor may export, with the reason when not."""
        return self.may_export(actor=self.actor)

    @property
    def has_sensitive(self) -> bool:
        """Whether any column is sensitive."""
        return any(one.sensitive for one in self.columns)

    @property
    def is_narrowed(self) -> bool:
        """Whether conditions or search narrow the list."""
        return bool(self.conditions or self.text)

    # Answers ------------------------------------------------------------------------------------------

    def render(self, request: HttpRequest | None = None) -> str:
        """Return the list as markup."""
        return render_to_string("shell/table/table.html", {"table": self}, request or self.request)

    def response(self, template: str, context: dict[str, Any] | None = None) -> HttpResponse:
        """Answer a view: the page, the list alone for htmx, or the export when one was asked for."""
        if self.request.method == "POST" and self.request.POST.get("export"):
            return export(table=self, form=self.request.POST["export"], picked=self.picked_keys)
        if self.request.headers.get("HX-Target") == self.id:
            return HttpResponse(self.render())
        return render(self.request, template, {"table": self, **(context or {})})

    @property
    def picked_keys(self) -> list[str]:
        """The keys of the rows picked; empty means all rows of the list."""
        if self.request.POST.get("everything") == "1":
            return []
        return self.request.POST.getlist("picked")

    def picked(self) -> Any:
        """Return the rows picked in the bulk bar, or all that its conditions select."""
        if self.request.POST.get("everything") == "1":
            return self.selected
        keys = self.request.POST.getlist("picked")
        if isinstance(self.everything, QuerySet):
            return self.everything.filter(pk__in=[key for key in keys if key])
        return [row for row in self.everything if str(self.key(row)) in keys]
