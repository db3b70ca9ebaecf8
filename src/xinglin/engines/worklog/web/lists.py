"""Lists of the worklog: the register, my entries, exchanges, kinds and items."""

from datetime import date
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from xinglin.kernel import clock
from xinglin.shell.tables import Bulk, Choice, Column, Dates, Segment, Table, YesNo

from .. import answers
from ..entries import Entry, Format, State
from ..expecting import flags, grade_of
from ..policy import identity, readable_by
from ..registers import Item
from ..words import Kind
from .choosing import kind_options, region_name

STATES = {
    State.DRAFT.value: ("off", State.DRAFT.label),
    State.SUBMITTED.value: ("warn", State.SUBMITTED.label),
    State.VERIFIED.value: ("done", State.VERIFIED.label),
    State.RETURNED.value: ("bad", State.RETURNED.label),
    State.WITHDRAWN.value: ("off", State.WITHDRAWN.label),
}


def _page(entry: Entry) -> str:
    return reverse("worklog:entry", args=[entry.pk])


def _kinds() -> list[tuple[str, str]]:
    on = clock.today()
    headings = [(one.code, str(one)) for one in Kind.objects.active(on).filter(group=True)]
    return headings + [pair for _group, pairs in kind_options(on=on) for pair in pairs]


def _of_kinds(rows: Any, codes: list[str]) -> Any:
    return rows.filter(kind__in={key for code in codes for key in answers.family(code)})


COUNTED = (
    Column("happened_on", _("Day"), kind="date", sort=True),
    Column("title", _("The work done"), sort=True, at="name", link=_page, sub=lambda entry: str(entry.kind)),
    Column("organisation", _("Organisation"), kind="ref", sort=True),
    Column("count", _("How many"), kind="number", sort=True, total="count"),
    Column("unit", _("Measure word"), at="hide"),
    Column("people_on_site", _("On site"), kind="number", unit="人次", sort=True, total="people_on_site"),
    Column("people_online", _("Online"), kind="number", unit="人次", sort=True, total="people_online"),
    Column("state", _("State"), kind="status", words=STATES, sort=True, at="status"),
)
MORE = (
    Column("patients", _("People served"), kind="number", unit="人次", total="patients", hidden=True),
    Column("hours", _("Hours"), kind="number", unit="学时", total="hours", hidden=True),
    Column("money", _("Money"), kind="money", total="money", hidden=True),
    Column("format", _("Format"), value=lambda entry: entry.get_format_display(), hidden=True),
    Column("region", _("Region"), value=lambda entry: region_name(entry.region), sort="region", hidden=True),
    Column("series", _("Numbered series"), value=lambda entry: str(entry.series or ""), hidden=True),
    Column("edition", _("Edition"), kind="number", hidden=True),
    Column("item", _("Fulfils"), value=lambda entry: str(entry.item or ""), hidden=True),
    Column("logged_by", _("Logged by"), kind="ref", hidden=True),
    Column("verified_by", _("Verified by"), kind="ref", hidden=True),
    Column("verified_on", _("Verified on"), kind="date", sort=True, hidden=True),
)
FILTERS = (
    Choice("kind", _("Kind of work"), options=_kinds, apply=_of_kinds),
    Dates("happened_on", _("Day")),
    Choice("format", _("Format"), options=Format.choices),
    YesNo("series", _("Numbered edition"), where=Q(series__isnull=False)),
)


class Register(Table):
    """Everything the reader may see; what is verified counts."""

    code = "worklog.register"
    title = _("Work done")
    search = ("title", "place_name", "partner_names", "kind__zh")
    search_hint = _("Title, place, partner, kind")
    columns = (*COUNTED, *MORE)
    filters = FILTERS
    segments = (
        Segment("verified", _("Verified and counted"), where=Q(state=State.VERIFIED)),
        Segment("waiting", _("To verify"), where=Q(state=State.SUBMITTED)),
        Segment("open", _("Drafts and returned"), where=Q(state__in=(State.DRAFT, State.RETURNED))),
        Segment("all", _("All"), where=Q()),
    )
    order = ("-happened_on", "-pk")
    empty = (
        _("No work has been logged yet"),
        _("Log the first; a second person verifies it, then it counts."),
        "worklog:report",
        _("Report work"),
    )

    def rows(self) -> Any:
        """Return the entries this actor may read."""
        keys = Entry.objects.filter(readable_by(self.actor)).values("pk")
        return Entry.objects.told().filter(pk__in=keys)


class Mine(Register):
    """What the reader logged."""

    code = "worklog.mine"
    title = _("My entries")
    segments = (
        Segment("all", _("All"), where=Q()),
        Segment("open", _("To finish"), where=Q(state__in=(State.DRAFT, State.RETURNED))),
        Segment("waiting", _("To verify"), where=Q(state=State.SUBMITTED)),
        Segment("verified", _("Verified and counted"), where=Q(state=State.VERIFIED)),
    )
    bulk = (Bulk("worklog:submit", _("Submit"), icon="send"),)

    def rows(self) -> Any:
        """Return the entries this person logged."""
        return Entry.objects.told().filter(logged_by=identity(self.actor))


class Exchanges(Register):
    """Visits and exchanges with the clause each fulfils."""

    code = "worklog.exchange"
    title = _("Exchange log")
    columns = (
        *COUNTED[:3],
        Column("agreement", _("Agreement"), value=lambda entry: str(entry.item.track) if entry.item else ""),
        Column(
            "clause",
            _("Clause fulfilled"),
            value=lambda entry: str(entry.item or ""),
            link=lambda entry: reverse("worklog:item", args=[entry.item_id]) if entry.item_id else "",
        ),
        Column("partner_names", _("Partner organisations"), value=lambda entry: entry.partner_names),
        *COUNTED[5:],
    )
    filters = (FILTERS[1], YesNo("loose", _("Points to no clause"), where=Q(item=None)))
    empty = (
        _("No exchange has been logged yet"),
        _("Each visit or exchange names the clause it fulfils."),
        "worklog:report",
        _("Report work"),
    )

    def rows(self) -> Any:
        """Return the entries of kinds that point to an agreement."""
        return super().rows().filter(kind__pattern="agreement")


def flag_words(item: Item, on: date) -> tuple[str, str]:
    """Return the light of an item and in words why."""
    found = flags(item, on=on)
    if not found:
        return ("done", item.at) if item.at.done else ("off" if item.at.closed else "ok", item.at)
    light = "bad" if any(one.light == "bad" for one in found) else "warn"
    return light, item.at


def flag_text(item: Item) -> str:
    """Return what must be looked at."""
    return " ".join(one.message for one in flags(item, on=clock.today()))


class Items(Table):
    """Items of one register, or of all registers of one pattern."""

    code = "worklog.items"
    search = ("title", "number", "party_name")
    order = ("track", "number", "pk")
    empty = (_("Nothing is listed here yet"), "", "", "")
    filters = (Dates("due_on", _("Due")),)

    def __init__(self, *args: Any, pattern: Any, one: bool, **given: Any) -> None:
        super().__init__(*args, **given)
        self.pattern = pattern
        self.columns = columns_of(pattern, one=one)
        self.unit = "项"
        self.filters = (*self.filters, Choice("stage", _("Stage"), options=[(s.code, s) for s in pattern.stages]))

    @property
    def id(self) -> str:
        """The id of the list in the page."""
        return "t-worklog-items"


# Word of patterns.yaml → the column that shows it.
_ITEM_COLUMNS = {
    "party": Column("party", _("Entrusted by or agreed with"), value=lambda i: i.party_name or i.party_label),
    "subject": Column("subject", _("Site or institution"), kind="ref", sort=True),
    "region": Column("region", _("Region"), value=lambda i: region_name(i.region), sort="region"),
    "grade": Column("grade", _("Grade"), value=lambda i: str(grade_of(i) or "")),
    "parent": Column("parent", _("System"), value=lambda i: str(i.parent or "")),
    "places": Column("places", _("From, to"), value=lambda i: f"{i.from_place} → {i.to_place}"),
    "owner": Column("organisation", _("Owner"), kind="ref"),
    "term": Column("term", _("Term ends"), kind="date", value=lambda i: i.finish_on, sort="until_on"),
    "due": Column("due_on", _("Due"), kind="date", sort=True),
    "evidence": Column("evidence", _("Documents"), kind="number", value=lambda i: i.evidence_count or None),
    "result": Column("result", _("Result"), value=lambda i: i.result),
    "reason": Column("reason", _("Reason given"), value=lambda i: i.reason, hidden=True),
}
_AT = Column("stage", _("Stage"), kind="status", at="status", sort=True, value="stage",
             words=lambda i: flag_words(i, clock.today()))
_FLAG = Column("flag", _("To look at"), value=flag_text)


def columns_of(pattern: Any, *, one: bool) -> tuple[Column, ...]:
    """Return the columns that a pattern's items need."""
    asked = {*pattern.asks, *pattern.listing, *(word for stage in pattern.stages for word in stage.needs)}
    head = Column("title", pattern.noun, sort="title", at="name", value=str,
                  link=lambda i: reverse("worklog:item", args=[i.pk]), sub=None if one else (lambda i: str(i.track)))
    return (head, *(column for word, column in _ITEM_COLUMNS.items() if word in asked), _AT, _FLAG)
