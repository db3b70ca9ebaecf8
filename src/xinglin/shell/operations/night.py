"""How night work and interval work do: last run, nights missed, what went wrong."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from xinglin.kernel.scheduler import Schedule, ScheduleState, latest_night, schedules

from .sealing import Found

PULSE = "kernel.jobs"  # runs every minute: as long as it does, the worker is alive
GRACE = timedelta(minutes=10)  # after the hour of the night, or beyond three intervals

# What a schedule is called; the app that owns it may add its own.
LABELS: dict[str, Any] = {
    "kernel.jobs": gettext_lazy("Look for lost jobs"),
    "kernel.files": gettext_lazy("Clear forsaken files"),
    "kernel.queue": gettext_lazy("Clear the queue"),
    "directory.forget_import_files": gettext_lazy("Forget files of imports"),
    "shell.forms_sent": gettext_lazy("Forget the marks of sent forms"),
    "security.log_keeping": gettext_lazy("Keep the security log to its term"),
}


@dataclass(frozen=True, kw_only=True)
class Run:
    """One schedule: when it runs, how far it is, how many nights are missing."""

    name: str
    label: str
    when: str
    done_on: date | None
    done_at: datetime | None
    missed: int
    late: bool
    trouble: str
    tries: int
    held: bool

    @property
    def light(self) -> str:
        """Return the status of the schedule."""
        if self.trouble:
            return "bad"
        if self.missed or self.late:
            return "warn"
        return "ok" if self.done_at else "off"

    @property
    def word(self) -> str:
        """Return the status in a word or two."""
        if self.trouble:
            return ngettext("Failed %(n)d time", "Failed %(n)d times", self.tries) % {"n": self.tries}
        if self.held:
            return _("Running now")
        if self.missed:
            return ngettext("%(n)d night missed", "%(n)d nights missed", self.missed) % {"n": self.missed}
        return _("Late") if self.late else _("Done") if self.done_at else _("Not yet")


def runs(*, now: datetime) -> list[Run]:
    """Look at every schedule."""
    states = {one.name: one for one in ScheduleState.objects.all()}
    return [_run(one, states.get(name), now) for name, one in schedules().items()]


def _run(one: Schedule, state: ScheduleState | None, now: datetime) -> Run:
    missed = 0
    if one.at and state:
        missed = max((latest_night(at=one.at, local=timezone.localtime(now - GRACE)) - state.done_on).days, 0)
    last = state.done_at if state else None
    late = bool(one.every and last and now - last > max(one.every * 3, timedelta(minutes=3)))
    return Run(
        name=one.name, label=str(LABELS.get(one.name, one.name)), when=_when(one),
        done_on=state.done_on if state and state.done_at else None, done_at=last, missed=missed, late=late,
        trouble=state.trouble if state else "", tries=state.tries if state else 0,
        held=bool(state and state.held_until and state.held_until > now and not state.trouble))


def _when(one: Schedule) -> str:
    if one.at:
        return _("nightly %(time)s") % {"time": one.at.strftime("%H:%M")}
    minutes = one.every.total_seconds() / 60 if one.every else 0
    return _("every minute") if minutes == 1 else _("every %(n)g minutes") % {"n": minutes}


def wrongs(found: list[Run]) -> list[Found]:
    """Return what is wrong with the schedules: light, words, anchor."""
    answer: list[Found] = []
    pulse = next((one for one in found if one.name == PULSE), None)
    if pulse and (pulse.late or pulse.done_at is None):
        answer.append(("bad", _("the worker does not run"), "schedules"))
    if troubled := sum(1 for one in found if one.trouble):
        answer.append(("bad", ngettext("%(n)d schedule fails", "%(n)d schedules fail", troubled) % {"n": troubled},
                       "schedules"))
    behind = sum(1 for one in found if one.missed and not one.trouble)
    if behind:
        answer.append(("warn", ngettext("%(n)d schedule missed nights", "%(n)d schedules missed nights", behind)
                       % {"n": behind}, "schedules"))
    return answer
