"""Seals the security log of each day into the ledger and drops lines after their time."""

from datetime import date, datetime, time, timedelta

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from xinglin.kernel.actors import Actor
from xinglin.kernel.acts import act, state
from xinglin.kernel.policy import Refusal
from xinglin.kernel.refs import Code
from xinglin.kernel.regulations import value

from ..facts import LogClosed, LogShortened
from ..models import LogEntry


class NothingLogged(Refusal):
    """No line belongs to that day, or none is past its time."""


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


@act
def close_log(*, by: Actor, on: date, day: date) -> None:
    """State how the log stood at the end of a day, so that later changes to it show against the ledger."""
    lines = LogEntry.objects.filter(at__gte=_midnight(day), at__lt=_midnight(day + timedelta(days=1)))
    last = lines.order_by("-number").first()
    if last is None:
        raise NothingLogged(_("Nothing was logged on that day."))
    state(LogClosed(day=day, last=last.number, lines=lines.count(), link=Code(last.link)), happened_on=day)


@act
def shorten_log(*, by: Actor, on: date) -> int:
    """Drop lines older than the time of keeping (SE4.log_days) and say how many."""
    before = _midnight(on - timedelta(days=value("SE4.log_days", on=on)))
    old = LogEntry.objects.filter(at__lt=before)
    last = old.order_by("-number").first()
    if last is None:
        raise NothingLogged(_("No line is past its time."))
    lines, _rows = old.delete()
    state(LogShortened(until=last.number, lines=lines))
    return lines
