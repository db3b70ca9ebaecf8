"""Opens the yearly windows in which projects are applied for."""

from datetime import date

from django.utils.translation import gettext_lazy as _

from xinglin.kernel.actors import Actor
from xinglin.kernel.acts import act, state
from xinglin.kernel.policy import Refusal, require
from xinglin.kernel.refs import Code

from ..facts import BatchOpened
from ..policy import may_keep
from ..projects import Batch, State, Step


class BatchThere(Refusal):
    """The year and level have a batch."""

    field = "year"


class WrongWindow(Refusal):
    """The window closes before it opens."""

    field = "closes_on"
    regulation = "E6.window_national"


@act
def open_batch(*, by: Actor, on: date, year: int, level: str, opens_on: date, closes_on: date) -> Batch:
    """Open the window of a year and level, or move it; what was filed in it stays within it."""
    require(may_keep(actor=by, on=on))
    if closes_on < opens_on:
        raise WrongWindow(_("It closes before it opens."))
    row = Batch.objects.filter(year=year, level=level).first()
    if row and (row.opens_on, row.closes_on) == (opens_on, closes_on):
        raise BatchThere(_("This batch has that window already."))
    if row:
        _keep_in(row, opens_on, closes_on)
    row, _new = Batch.objects.update_or_create(
        year=year, level=level, defaults={"opens_on": opens_on, "closes_on": closes_on})
    state(BatchOpened(batch=row.ref, year=year, level=Code(level), opens_on=opens_on, closes_on=closes_on))
    return row


def _keep_in(batch: Batch, opens_on: date, closes_on: date) -> None:
    """Refuse a window that leaves out a day on which a project of the batch was filed."""
    filed = Step.objects.filter(project__batch=batch, after=State.FILED)
    out = filed.exclude(happened_on__range=(opens_on, closes_on)).select_related("project").first()
    if out:
        raise WrongWindow(_("“%(title)s” was filed on %(day)s; the window keeps that day.") % {
            "title": out.project.title, "day": out.happened_on},
            field="opens_on" if out.happened_on < opens_on else "closes_on")
