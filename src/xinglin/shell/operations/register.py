"""The register of document numbers: series with their next number and their gaps, and the list of numbers given."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from xinglin.kernel.numbering import IssuedNumber, NumberSeries

from ..tables import Choice, Column, Dates, Segment, Table
from ..units import marks

# Why a number is voided; the code stands in the ledger for ever.
REASONS: dict[str, Any] = {
    "not_sent": _("The document was not sent"),
    "wrong_document": _("Given to the wrong document"),
    "given_twice": _("Given twice to one document"),
    "withdrawn": _("The document was withdrawn"),
    "trial": _("Given for a trial"),
}
SHOWN_GAPS = 8


@dataclass(frozen=True, kw_only=True)
class SeriesLine:
    """One series this year: what comes next, how many were given and voided, which numbers are missing."""

    series: NumberSeries
    following: str
    given: int
    voided: int
    gaps: list[int]

    @property
    def gaps_said(self) -> str:
        """The missing numbers as words."""
        more = "……" if len(self.gaps) > SHOWN_GAPS else ""
        return "、".join(str(one) for one in self.gaps[:SHOWN_GAPS]) + more


def gaps_in(serials: Iterable[int]) -> list[int]:
    """Return the numbers missing between 1 and the highest one given."""
    given = set(serials)
    return [number for number in range(1, max(given, default=0)) if number not in given]


def series_lines(*, on: date) -> list[SeriesLine]:
    """Return every series as it stands this year."""
    rows = list(NumberSeries.objects.order_by("code"))
    numbers = IssuedNumber.objects.filter(year__in=(0, on.year)).values_list("series", "year", "serial", "voided_on")
    given: dict[str, list[tuple[int, bool]]] = {}
    years = {row.pk: on.year if "{year}" in row.pattern else 0 for row in rows}
    for series, year, serial, voided_on in numbers:
        if years[series] == year:
            given.setdefault(series, []).append((serial, voided_on is not None))
    return [_line(row, given.get(row.pk, []), years[row.pk]) for row in rows]


def _line(row: NumberSeries, given: list[tuple[int, bool]], year: int) -> SeriesLine:
    serials = [serial for serial, _void in given]
    return SeriesLine(
        series=row, following=row.pattern.format(year=year, serial=max(serials, default=0) + 1), given=len(given),
        voided=sum(void for _serial, void in given), gaps=gaps_in(serials))


def summary(lines: list[SeriesLine]) -> str:
    """Return the answer of the page: how many were given this year, how many are void, whether any is missing."""
    given, voided, gaps = (sum(counts) for counts in zip(*(
        (one.given, one.voided, len(one.gaps)) for one in lines), strict=True)) if lines else (0, 0, 0)
    words = ngettext("%(n)d number given this year, %(void)d of them void",
                     "%(n)d numbers given this year, %(void)d of them void", given) % {"n": given, "void": voided}
    rest = ngettext("%(n)d number is missing", "%(n)d numbers are missing", gaps) % {"n": gaps} if gaps else gettext(
        "none is missing")
    between, stop = marks()
    return f"{words}{between}{rest}{stop}"


def reason_word(code: str) -> str:
    """Return why a number was voided, in words."""
    return str(REASONS.get(code, code))


def _series() -> list[tuple[str, str]]:
    return list(NumberSeries.objects.order_by("code").values_list("pk", "label"))


def _years() -> list[tuple[int, str]]:
    years = IssuedNumber.objects.exclude(year=0).values_list("year", flat=True).distinct().order_by("-year")
    return [(year, str(year)) for year in years]


def _state(row: IssuedNumber) -> tuple[str, Any]:
    return ("off", _("Void")) if row.voided_on else ("ok", _("Counts"))


class Numbers(Table):
    """Every number given, voided ones among them."""

    code, unit = "operations.numbers", "个"
    title = _("Register of document numbers")
    columns = (
        Column("text", _("Number"), at="name", link=lambda row: reverse("operations:number", args=[row.pk])),
        Column("series", _("Number series"), value="series.label", sort="series__label"),
        Column("serial", _("Serial"), kind="number", sort=True),
        Column("about", _("Given to"), kind="ref"),
        Column("issued_on", _("Given on"), kind="date", sort=True),
        Column("voided_on", _("Voided on"), kind="date", sort=True),
        Column("reason", _("Why void"), value=lambda row: reason_word(row.reason) if row.reason else ""),
        Column("state", _("State"), value=lambda row: "", kind="status", words=_state, at="status"),
    )
    search = ("text",)
    segments = (Segment("all", _("All")), Segment("counting", _("Counts"), where=Q(voided_on=None)),
                Segment("void", _("Void"), where=Q(voided_on__isnull=False)))
    filters = (Choice("series", _("Number series"), options=_series), Choice("year", _("Year"), options=_years),
               Dates("issued_on", _("Given on")))
    order = ("-year", "series", "-serial")
    empty = (_("No number has been given yet"),
             _("Numbers are given one after the other; a voided one stays here and is never given again."))

    def rows(self) -> QuerySet[IssuedNumber]:
        """Return all numbers."""
        return IssuedNumber.objects.select_related("series")
