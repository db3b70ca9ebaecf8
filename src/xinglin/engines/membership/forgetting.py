"""Forgets at night what applicants wrote whose application was refused or withdrawn long enough ago."""

from contextlib import suppress
from datetime import date, timedelta

from django.utils.translation import gettext_lazy as _

from xinglin.kernel import regulations
from xinglin.kernel.actors import house
from xinglin.kernel.scheduler import nightly
from xinglin.shell.operations.night import LABELS

from .actions.erasing import StillNeeded, erase_application
from .applications import TURNED_DOWN, Application

NIGHT = "membership.applications"
LABELS[NIGHT] = _("Delete the words of applications turned down")


def erases_on(application: Application, *, on: date) -> date | None:
    """Return the day on which the words of an application turned down are deleted, None while it is needed."""
    if application.state not in TURNED_DOWN:
        return None
    return application.moved_on + timedelta(days=int(regulations.value("M2.keep_days", on=on)))


@nightly(NIGHT, at="02:55")
def forget_applications(*, on: date) -> int:
    """Delete the words of applications refused or withdrawn M2.keep_days ago and return how many."""
    until = on - timedelta(days=int(regulations.value("M2.keep_days", on=on)))
    rows = Application.objects.filter(state__in=TURNED_DOWN, moved_on__lte=until)
    done = 0
    for key in rows.values_list("key", flat=True):
        with suppress(StillNeeded):  # the applicant asked for it at this very moment
            erase_application(by=house("membership"), on=on, key=key)
            done += 1
    return done
