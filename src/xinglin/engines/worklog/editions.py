"""Editions count up by one: what comes next in a series, and why a number is refused."""

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from xinglin.kernel.policy import Problem

from .words import Edition, Series


@dataclass(frozen=True, kw_only=True)
class Proposal:
    """The next edition of a series: its number, and the first year in which it can be."""

    number: int
    earliest: int
    year: int


def _living(series: Series) -> list[Edition]:
    return list(series.editions.exclude(state=Edition.State.CANCELLED).order_by("number"))


def propose(*, series: Series, year: int) -> Proposal:
    """Return the next number of a series and the year it falls in, at the earliest the one asked for."""
    living = _living(series)
    if not living:
        return Proposal(number=1, earliest=year, year=year)
    last = living[-1]
    full = sum(one.year == last.year for one in living) >= series.per_year
    earliest = last.year + 1 if full else last.year
    return Proposal(number=last.number + 1, earliest=earliest, year=max(year, earliest))


def reason_against(*, series: Series, number: int, year: int) -> Problem | None:
    """Return why a number or year cannot be the next edition, or nothing when it can."""
    if series.closed_on and date(year, 1, 1) >= series.closed_on:
        return Problem(field="series", message=_("This series was closed on %(day)s.") % {"day": series.closed_on})
    if number < 1:
        return Problem(field="edition", message=_("Editions are numbered from 1."))
    living = _living(series)
    if not living:
        return None  # the first edition that is known may bear any number
    next_ = propose(series=series, year=year)
    same = next((one for one in living if one.number == number), None)
    if same:
        return Problem(field="edition", message=_("Edition %(number)d is there already: %(year)d, %(state)s.") % {
            "number": number, "year": same.year, "state": same.get_state_display()})
    if number > next_.number:
        return Problem(field="edition", message=_("Edition %(number)d would leave a gap: the last one is %(last)d.") % {
            "number": number, "last": next_.number - 1})
    if number < next_.number:
        return Problem(field="edition", message=_("The register begins with edition %(first)d.") % {
            "first": living[0].number})
    if year < next_.earliest:
        return Problem(field="year", message=_("%(year)d has its edition already: %(number)d.") % {
            "year": living[-1].year, "number": living[-1].number} if year == living[-1].year else _(
            "Edition %(number)d was in %(year)d; the next one cannot be earlier.") % {
            "number": living[-1].number, "year": living[-1].year})
    return None
