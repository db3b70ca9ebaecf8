"""The register of events as a list."""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from xinglin.shell.tables import Choice, Column, Dates, Table

from ..kinds import choices
from ..meetings import Event, Format, State
from ..policy import events_seen

LIGHTS = {State.DRAFT: "off", State.PROPOSED: "warn", State.APPROVED: "ok", State.OPEN: "ok", State.CLOSED: "ok",
          State.HELD: "warn", State.SETTLED: "done", State.CANCELLED: "off", State.REFUSED: "bad"}
GRADES = {"1": _("First grade"), "2": _("Second grade"), "3": _("Third grade")}
STATES = {state.value: (light, state.label) for state, light in LIGHTS.items()}


class Events(Table):
    """Every event the reader looks after or may read."""

    code, unit = "events.events", "个"
    title = _("Events")
    columns = (
        Column("title", _("Event"), at="name", sub="organisation.label", sort=True,
               link=lambda row: row.get_absolute_url()),
        Column("kind", _("Sort of event"), value="sort"),
        Column("series", _("Series"), value=lambda row: _edition(row), hidden=True),
        Column("grade", _("Grade"), value=lambda row: GRADES.get(row.grade, "")),
        Column("from_on", _("Event begins on"), kind="date", sort=True),
        Column("format", _("Format"), value="get_format_display"),
        Column("heads", _("Expected"), kind="number", unit="人", value=lambda row: row.heads + row.heads_online),
        Column("state", _("State"), kind="status", words=STATES, at="status", sort=True),
    )
    search = ("title", "organisation__name", "series__title", "filing_number")
    search_hint = _("Title, organisation, series, filing number")
    filters = (
        Choice("state", _("State"), options=State.choices),
        Choice("kind", _("Sort of event"), options=choices),
        Choice("grade", _("Grade"), options=tuple(GRADES.items())),
        Choice("format", _("Format"), options=Format.choices),
        Dates("from_on", _("Event begins on")),
    )
    order = ("-from_on", "title")
    empty = (_("No events yet"), _("A branch, a department or the office proposes them."), "", "")

    def rows(self) -> QuerySet[Event]:
        """Return the events with what a line shows of them."""
        return events_seen(actor=self.actor).select_related("organisation", "series")


def _edition(row: Any) -> str:
    if row.series is None:
        return ""
    return f"{row.series} {row.edition}" if row.edition else str(row.series)
