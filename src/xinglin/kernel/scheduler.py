"""Runs night work and interval work, catching up every missed night once and in order."""

import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db import models
from django.utils import timezone

from . import clock

log = logging.getLogger(__name__)
LEASE = timedelta(hours=1)  # a killed worker keeps others waiting no longer than this
PAUSE = timedelta(minutes=5)  # after a failure


class ScheduleState(models.Model):
    """How far one schedule has come, who holds it until when, and what went wrong last."""

    name = models.CharField(max_length=80, primary_key=True)
    done_on = models.DateField()
    done_at = models.DateTimeField(null=True)
    held_until = models.DateTimeField(null=True)
    trouble = models.TextField(blank=True)
    tries = models.PositiveIntegerField(default=0)

    class Meta:
        app_label = "kernel"


@dataclass(frozen=True, kw_only=True)
class Schedule:
    """A named piece of work: nightly at a local time, or every so often."""

    name: str
    run: Callable[..., Any]
    at: time | None = None
    every: timedelta | None = None


_schedules: dict[str, Schedule] = {}


def nightly(name: str, *, at: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Run the function once for each date, `run(on=date)`, at a local time such as "02:10".

    A worker killed half-way runs the same date again, so the function must do nothing the second time.
    """
    return _register(name, at=time.fromisoformat(at))


def every(name: str, *, minutes: float) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Run the function, `run()`, every so many minutes; what was missed is not made up."""
    return _register(name, every=timedelta(minutes=minutes))


def _register(name: str, **when: Any) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    def register(run: Callable[..., Any]) -> Callable[..., Any]:
        if name in _schedules and _schedules[name].run.__qualname__ != run.__qualname__:
            raise ValueError(f"there are two schedules named {name}")
        _schedules[name] = Schedule(name=name, run=run, **when)
        return run

    return register


def schedules() -> dict[str, Schedule]:
    """Return every schedule by its name."""
    return dict(sorted(_schedules.items()))


def run_due(*, now: datetime) -> int:
    """Run all that is due and return how many runs succeeded; a failing schedule stops only itself."""
    return sum(1 for one in schedules().values() for ran in _run(one, now) if ran)


def _run(one: Schedule, now: datetime) -> Iterator[bool]:
    local = timezone.localtime(now)
    state, _new = ScheduleState.objects.get_or_create(
        pk=one.name, defaults={"done_on": local.date() - timedelta(days=1)})
    while True:
        if one.every and (state.done_at is None or state.done_at + one.every <= now):
            arguments, done = {}, {"done_at": now, "done_on": local.date()}
        elif one.at and (night := state.done_on + timedelta(days=1)) <= latest_night(at=one.at, local=local):
            arguments, done = {"on": night}, {"done_at": now, "done_on": night}
        else:
            return
        if not (_claim(one, state) and _carry_out(one, arguments, done)):
            yield False
            return
        yield True
        state.refresh_from_db()


def latest_night(*, at: time, local: datetime) -> date:
    """Return the last night whose hour has come."""
    return local.date() if local.time() >= at else local.date() - timedelta(days=1)


def _claim(one: Schedule, state: ScheduleState) -> bool:
    """Take the lease with one conditional UPDATE; it also fails when another worker was faster."""
    now = clock.now()
    free = models.Q(held_until=None) | models.Q(held_until__lte=now)
    return bool(ScheduleState.objects.filter(free, pk=one.name, done_on=state.done_on, done_at=state.done_at)
                .update(held_until=now + LEASE))


def _carry_out(one: Schedule, arguments: dict[str, Any], done: dict[str, Any]) -> bool:
    row = ScheduleState.objects.filter(pk=one.name)
    try:
        one.run(**arguments)
    except Exception as trouble:
        log.exception("schedule %s failed %s", one.name, arguments)
        row.update(held_until=clock.now() + PAUSE, tries=models.F("tries") + 1,
                   trouble=f"{type(trouble).__name__}: {trouble}")
        return False
    row.update(held_until=None, trouble="", tries=0, **done)
    return True
