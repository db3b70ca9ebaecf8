"""What ends by itself: orders nobody paid, and every place of an event that was cancelled; never lost, never twice."""

import logging
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import TypeVar

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from xinglin.kernel import clock, regulations
from xinglin.kernel.actors import house
from xinglin.kernel.policy import Refusal
from xinglin.kernel.scheduler import every
from xinglin.shell.operations.night import LABELS

from .actions.orders import cancel_unpaid
from .actions.registrations import cancel_registration
from .meetings import State as EventState
from .orders import Order
from .registrations import Registration

log = logging.getLogger(__name__)
Row = TypeVar("Row", Order, Registration)
ENDING, EMPTYING = "events.end_unpaid", "events.empty_cancelled"
LABELS[ENDING] = _("End orders of events that nobody paid")
LABELS[EMPTYING] = _("Give back the places of cancelled events")


def end_unpaid(*, at: datetime) -> int:
    """End orders whose term and days of grace are over, each by an act of its own, and return how many."""
    on = timezone.localdate(at)
    before = at - timedelta(days=int(regulations.value("K2.grace_days", on=on)))
    rows = Order.objects.owing().filter(due_at__lt=before).order_by("pk").iterator(chunk_size=200)
    return _each(rows, lambda order: cancel_unpaid(by=house("events"), on=on, at=at, order=order, before=before))


def empty_cancelled(*, at: datetime) -> int:
    """Give back every place of cancelled events, each by an act of its own; the whole fee goes back (K2)."""
    on = timezone.localdate(at)
    rows = Registration.objects.live().filter(event__state=EventState.CANCELLED).order_by("order", "pk")
    return _each(rows.iterator(chunk_size=200), lambda row: cancel_registration(
        by=house("events"), on=on, at=at, registration=row, why="event"))


def _each(rows: Iterable[Row], end: Callable[[Row], object]) -> int:
    """End each row by an act of its own and return how many ended; one that cannot be ended keeps nobody waiting."""
    ended = 0
    for row in rows:
        try:
            end(row)
            ended += 1
        except Refusal as refusal:  # paid, given back or given more time this very moment
            log.info("%s stays: %s", row.ref, refusal)
        except Exception:
            log.exception("%s could not be ended", row.ref)
    return ended


@every(ENDING, minutes=10)
def end_unpaid_now() -> int:
    """End orders that nobody paid in time."""
    return end_unpaid(at=clock.now())


@every(EMPTYING, minutes=5)
def empty_cancelled_now() -> int:
    """Give back the places of events that were cancelled."""
    return empty_cancelled(at=clock.now())
