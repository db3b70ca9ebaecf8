"""Withdraws at night what was returned and never corrected; forgets what was refused or withdrawn long enough ago."""

from contextlib import suppress
from datetime import date, timedelta

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from xinglin.kernel import regulations
from xinglin.kernel.actors import house
from xinglin.kernel.scheduler import nightly
from xinglin.shell.operations.night import LABELS

from .actions.applications import NotOpen, withdraw_application
from .actions.erasing import StillNeeded, erase_application
from .applications import TURNED_DOWN, Application, State

NIGHT = "membership.applications"
LABELS[NIGHT] = _("Delete the words of applications turned down")


def erases_on(application: Application, *, on: date) -> date | None:
    """Return the day on which the words of an application turned down are deleted, None while it is needed."""
    if application.state not in TURNED_DOWN:
        return None
    return application.moved_on + timedelta(days=int(regulations.value("M2.keep_days", on=on)))


def withdraws_on(application: Application, *, on: date) -> date | None:
    """Return the day on which a returned application that nobody corrects is withdrawn, None for any other."""
    if application.state != State.RETURNED:
        return None
    return application.moved_on + timedelta(days=int(regulations.value("M2.draft_days", on=on)))


@nightly(NIGHT, at="02:55")
def forget_applications(*, on: date) -> int:
    """Withdraw what was returned M2.draft_days ago, delete the words of what was refused or withdrawn M2.keep_days ago,
    and return how many were deleted."""
    _withdraw(on=on)
    until = on - timedelta(days=int(regulations.value("M2.keep_days", on=on)))
    rows = Application.objects.filter(state__in=TURNED_DOWN, moved_on__lte=until)
    done = 0
    for key in rows.values_list("key", flat=True):
        with suppress(StillNeeded):  # the applicant asked for it at this very moment
            erase_application(by=house("membership"), on=on, key=key)
            done += 1
    return done


def _withdraw(*, on: date) -> None:
    days = int(regulations.value("M2.draft_days", on=on))
    rows = Application.objects.filter(state=State.RETURNED, moved_on__lte=on - timedelta(days=days))
    with translation.override(settings.LANGUAGE_CODE):
        why = gettext("Not corrected within %(days)d days.") % {"days": days}
    for key in rows.values_list("key", flat=True):
        with suppress(NotOpen):  # handed in again at this very moment
            withdraw_application(by=house("membership"), on=on, key=key, abandoned=why)
