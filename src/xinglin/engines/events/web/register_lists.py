"""The register of events, and of visits of care, as lists."""

from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from xinglin.shell.tables import Choice, Column, Dates, Segment, Table

from ..caring import Care
from ..kinds import choices
from ..meetings import Event, Format, State
from ..policy import events_seen
from ..regions import region_name

LIGHTS = {State.DRAFT: "off", State.PROPOSED: "warn", State.APPROVED: "ok", State.OPEN: "ok", State.CLOSED: "ok",
          State.HELD: "warn", State.SETTLED: "done", State.CANCELLED: "off", State.REFUSED: "bad"}
GRADES = {"1": _("First grade"), "2": _("Second grade"), "3": _("Third grade")}
STATES = {state.value: (light, state.label) for state, light in LIGHTS.items()}
RUNNING = (State.APPROVED, State.OPEN, State.CLOSED)


def _years() -> list[tuple[int, str]]:
    return [(one.year, str(one.year)) for one in Event.objects.dates("from_on", "year", order="DESC")]


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
        Column("region", _("City or county"), value=lambda row: region_name(row.region), hidden=True),
        Column("heads", _("Expected"), kind="number", unit="人", value=lambda row: row.heads + row.heads_online),
        Column("filing_number", _("Filing number"), hidden=True),
        Column("state", _("State"), kind="status", words=STATES, at="status", sort=True),
    )
    search = ("title", "organisation__name", "series__title", "filing_number")
    search_hint = _("Title, organisation, series, filing number")
    segments = (
        Segment("all", _("All")),
        Segment("before", _("Drafted and proposed"), where=Q(state__in=[State.DRAFT, State.PROPOSED])),
        Segment("coming", _("Agreed to and open"), where=Q(state__in=RUNNING)),
        Segment("after", _("To report and settle"), where=Q(state=State.HELD)),
        Segment("closed", _("File closed"), where=Q(state=State.SETTLED)),
        Segment("off", _("Called off or refused"), where=Q(state__in=[State.CANCELLED, State.REFUSED])),
    )
    filters = (
        Choice("year", _("Year of the event"), options=_years, lookup="from_on__year"),
        Choice("state", _("State"), options=State.choices),
        Choice("kind", _("Sort of event"), options=choices),
        Choice("grade", _("Grade"), options=tuple(GRADES.items())),
        Choice("format", _("Format"), options=Format.choices),
        Choice("planned", _("Yearly programme"), options=(("1", _("In the programme")), ("0", _("Additions"))),
               apply=lambda rows, values: rows.filter(planned__in=[one == "1" for one in values])),
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


def _years_of_care() -> list[tuple[int, str]]:
    return [(one.year, str(one.year)) for one in Care.objects.dates("given_on", "year", order="DESC")]


class Visits(Table):
    """Every visit of care."""

    code, unit = "events.care", "次"
    title = _("Visits of care")
    columns = (
        Column("who", _("Who was visited"), at="name", value="label",
               link=lambda row: reverse("events:correct_visit", args=[row.pk])),
        Column("reason", _("Why visited"), value="get_reason_display"),
        Column("given_on", _("Visited on"), kind="date", sort=True),
        Column("people", _("People reached"), kind="number", unit="人", total="people"),
        Column("money", _("Money given"), kind="money", total="money"),
        Column("gift", _("Gift or letter")),
        Column("voucher", _("Voucher")),
    )
    search = ("name", "unit", "person__name", "organisation__name", "voucher", "gift")
    search_hint = _("Name, unit, voucher, gift")
    segments = (Segment("all", _("All")),
                *(Segment(code, label, where=Q(reason=code)) for code, label in Care.Reason.choices[:4]))
    filters = (Choice("reason", _("Why visited"), options=Care.Reason.choices),
               Choice("year", _("Year of the visit"), options=_years_of_care),
               Dates("given_on", _("Visited on")))
    order = ("-given_on",)
    empty = (_("No visit yet"), _("Visits of care are written down here, once for a reason to a recipient."), "", "")

    def rows(self) -> QuerySet[Care]:
        """Return every visit."""
        return Care.objects.select_related("person", "organisation")


