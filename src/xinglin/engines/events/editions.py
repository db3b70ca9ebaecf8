"""Says which edition of a series comes next, and why another number is refused (C05)."""

from dataclasses import dataclass

from xinglin.kernel.policy import Verdict
from xinglin.kernel.ports.series import follows

from .meetings import Event, State
from .series import Series


@dataclass(frozen=True, kw_only=True)
class Proposal:
    """The number that comes next, and the edition before it with its year, where one is known."""

    number: int
    last: int | None
    last_year: int | None


def proposed(series: Series, *, apart_from: Event | None = None) -> Proposal:
    """Return the next edition: cancelled and refused events have given their number back."""
    rows = series.events.exclude(state__in=[State.CANCELLED, State.REFUSED]).exclude(edition=None)
    if apart_from and apart_from.pk:
        rows = rows.exclude(pk=apart_from.pk)
    last = rows.order_by("-edition").first()
    if last and (last.edition or 0) > series.known_edition:
        return Proposal(number=(last.edition or 0) + 1, last=last.edition, last_year=last.from_on.year)
    known = series.known_edition or None
    return Proposal(number=series.known_edition + 1, last=known, last_year=series.known_year if known else None)


def edition_follows(series: Series, *, number: int, apart_from: Event | None = None) -> Verdict:
    """Say whether a number is the next one; no gap, no repeat."""
    return follows(last=proposed(series, apart_from=apart_from).last, number=number)
