"""Keeps numbered series: opens them, plans the next edition, cancels one."""

from datetime import date

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from xinglin.kernel.actors import Actor
from xinglin.kernel.acts import act, new_key, state
from xinglin.kernel.policy import Refusal, require
from xinglin.kernel.refs import Code, Ref

from ..editions import Proposal, propose, reason_against
from ..facts import EditionCancelled, EditionPlanned, SeriesChanged, SeriesOpened
from ..policy import may_keep_series
from ..saying import series_said
from ..words import Edition, Kind, Series

EDITIONS = "WL3.editions"


class SeriesTaken(Refusal):
    """A series with this title exists."""

    field = "title"


class NotNumbered(Refusal):
    """This kind of work has no editions."""

    field = "kind"


class SeriesUnchanged(Refusal):
    """The change says what the register says already."""


class WrongEdition(Refusal):
    """The number is a repeat or leaves a gap, or the year does not follow."""

    field = "edition"
    regulation = EDITIONS


class EditionHeld(Refusal):
    """What was held cannot be cancelled."""


@act
def open_series(*, by: Actor, on: date, title: str, kind: Kind, organisation: str, aliases: tuple[str, ...] = (),
                per_year: int = 1) -> Series:
    """Register a numbered series such as a yearly forum."""
    require(may_keep_series(actor=by, organisation=organisation))
    if not kind.numbered:
        raise NotNumbered(_("“%(kind)s” is not counted in editions.") % {"kind": kind})
    if Series.objects.filter(title=title).exists():
        raise SeriesTaken(_("A series “%(title)s” exists.") % {"title": title})
    series = Series(title=title, kind=kind, organisation=organisation, aliases=list(aliases), per_year=per_year)
    series.save()
    state(SeriesOpened(**series_said(series)))
    return series


@act
def change_series(*, by: Actor, on: date, series: Series, title: str, aliases: tuple[str, ...], organisation: str,
                  per_year: int = 1) -> Series:
    """Give a series another title, other aliases, another keeper or rhythm."""
    require(may_keep_series(actor=by, organisation=series.organisation))
    require(may_keep_series(actor=by, organisation=organisation))
    before = series_said(series)
    if Series.objects.filter(title=title).exclude(pk=series.pk).exists():
        raise SeriesTaken(_("A series “%(title)s” exists.") % {"title": title})
    series.title, series.aliases, series.organisation = title, list(aliases), organisation
    series.per_year = per_year
    if series_said(series) == before:
        raise SeriesUnchanged(_("Nothing was changed."))
    series.save()
    state(SeriesChanged(**series_said(series)))
    return series


@act
def plan_edition(*, by: Actor, on: date, series: Series, year: int, role: str, number: int | None = None,
                 host: str = "", host_name: str = "") -> Edition:
    """Register the next edition of a series; a gap or a repeat is refused with the reason.

    One of a year that is over counts as held, though no entry tells of it.
    """
    require(may_keep_series(actor=by, organisation=series.organisation))
    return register_edition(series=series, year=year, role=role, number=number, host=host, host_name=host_name,
                            known=year < on.year)


def register_edition(*, series: Series, year: int, role: str, number: int | None = None, host: str = "",
                     host_name: str = "", known: bool = False) -> Edition:
    """Write the row and state the fact of one edition inside a running act."""
    series = Series.objects.select_for_update().get(pk=series.pk)
    number = number if number is not None else propose(series=series, year=year).number
    if reason := reason_against(series=series, number=number, year=year):
        raise WrongEdition(reason.message, field=reason.field, instead=_instead(propose(series=series, year=year)))
    state_ = Edition.State.HELD if known else Edition.State.PLANNED
    edition = Edition(series=series, number=number, year=year, role=role, host=host, host_name=host_name,
                      planned_key=new_key(), state=state_)
    edition.save()
    edition.planned_key = state(EditionPlanned(
        edition=edition.ref, series=series.ref, number=number, year=year, role=Code(role),
        host=Ref(host) if host else None, known=known, host_name=host_name))
    edition.save(update_fields=["planned_key"])
    return edition


def _instead(proposal: Proposal) -> str:
    return gettext("Next is edition %(number)d, from %(year)d on.") % {
        "number": proposal.number, "year": proposal.earliest}


@act
def cancel_edition(*, by: Actor, on: date, edition: Edition, reason: str) -> Edition:
    """Cancel a planned edition; the next one takes its number."""
    require(may_keep_series(actor=by, organisation=edition.series.organisation))
    if edition.state == Edition.State.HELD and edition.entry_id:
        raise EditionHeld(_("Edition %(number)d was held; withdraw its entry first.") % {"number": edition.number})
    if edition.state == Edition.State.CANCELLED:
        raise EditionHeld(_("Edition %(number)d is already cancelled.") % {"number": edition.number})
    later = edition.series.editions.exclude(state=Edition.State.CANCELLED).filter(number__gt=edition.number)
    if later.exists():
        raise WrongEdition(_("Edition %(number)d comes after it; cancelling would leave a gap.") % {
            "number": later.order_by("number").first().number})
    edition.state = Edition.State.CANCELLED
    edition.save(update_fields=["state"])
    state(EditionCancelled(edition=edition.ref, series=edition.series.ref, number=edition.number, reason=reason),
          corrects=edition.planned_key)
    return edition
