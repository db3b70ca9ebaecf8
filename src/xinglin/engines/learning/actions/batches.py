"""Opens the yearly windows in which projects are applied for."""

from datetime import date

from django.utils.translation import gettext_lazy as _

from xinglin.kernel.actors import Actor
from xinglin.kernel.acts import act, state
from xinglin.kernel.policy import Refusal, require
from xinglin.kernel.refs import Code

from ..facts import BatchOpened
from ..policy import may_keep
from ..projects import Batch


class BatchThere(Refusal):
    """The year and level have a batch."""

    field = "year"


class WrongWindow(Refusal):
    """The window closes before it opens."""

    field = "closes_on"
    regulation = "E6.window_national"


@act
def open_batch(*, by: Actor, on: date, year: int, level: str, opens_on: date, closes_on: date) -> Batch:
    """Open the window of a year and level, or move it while nothing depends on the old one."""
    require(may_keep(actor=by, on=on))
    if closes_on < opens_on:
        raise WrongWindow(_("It closes before it opens."))
    row = Batch.objects.filter(year=year, level=level).first()
    if row and (row.opens_on, row.closes_on) == (opens_on, closes_on):
        raise BatchThere(_("This batch has that window already."))
    row, _new = Batch.objects.update_or_create(
        year=year, level=level, defaults={"opens_on": opens_on, "closes_on": closes_on})
    state(BatchOpened(batch=row.ref, year=year, level=Code(level), opens_on=opens_on, closes_on=closes_on))
    return row
