"""Opens series of events: brands and numbered forums."""

import json
from collections.abc import Sequence
from datetime import date

from django.utils.translation import gettext_lazy as _

from xinglin.directory.models import Organisation
from xinglin.kernel.actors import Actor
from xinglin.kernel.acts import act, state
from xinglin.kernel.policy import Refusal, require

from ..facts import SeriesOpened
from ..policy import may_keep_series
from ..series import Series


class SeriesTaken(Refusal):
    """A series bears this title."""

    field = "title"


@act
def open_series(
    *, by: Actor, on: date, title: str, organisation: Organisation, branded: bool = False, numbered: bool = True,
    aliases: Sequence[str] = (), known_edition: int = 0, known_year: int | None = None
) -> Series:
    """Register a branded programme or a numbered forum, with the last edition held before this register."""
    require(may_keep_series(actor=by, organisation=organisation.ref))
    if Series.objects.filter(title=title).exists():
        raise SeriesTaken(_("A series “%(title)s” exists.") % {"title": title})
    series = Series.objects.create(
        title=title, organisation=organisation, branded=branded, numbered=numbered, aliases=list(aliases),
        known_edition=known_edition if numbered else 0, known_year=known_year if numbered else None)
    state(SeriesOpened(
        series=series.ref, organisation=organisation.ref, branded=branded, numbered=numbered,
        known_edition=series.known_edition, known_year=series.known_year, title=title,
        aliases=json.dumps(list(aliases), ensure_ascii=False)))
    return series
