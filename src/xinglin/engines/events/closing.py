"""What ends by itself: orders nobody paid, and every place of an event that was cancelled; never lost, never twice."""

import logging
from datetime import datetime, timedelta

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
ENDING, EMPTYING = "events.end_unpaid", "events.empty_cancelled"
LABELS[ENDING] = _("End orders of events that nobody paid")
LABELS[EMPTYING] = _("Give back the places of cancelled events")


def end_unpaid(*, at: datetime) -> int:
    """End orders whose term and days of grace are over, each by an act of its own, and return how many."""
    on, ended = timezone.localdate(at), 0
    before = at - timedelta(days=int(regulations.value("K2.grace_days", on=on)))
    for order in Order.objects.owing().filter(due_at__lt=before).order_by("pk").iterator(chunk_size=200):
        try:
            cancel_unpaid(by=house("events"), on=on, at=at, order=order, before=before)
            ended += 1
        except Refusal as refusal:  # paid or given more time this very moment
            log.info("order %s stays: %s", order.number, refusal)
    return ended


def empty_cancelled(*, at: datetime) -> int:
    """Give back every place of cancelled events, each by an act of its own; the whole fee goes back (K2)."""
    on, ended = timezone.localdate(at), 0
    rows = Registration.objects.live().filter(event__state=EventState.CANCELLED).order_by("order", "pk")
    for row in rows.iterator(chunk_size=200):
        try:
            cancel_registration(by=house("events"), on=on, at=at, registration=row, why="event")
            ended += 1
        except Refusal as refusal:
            log.info("registration %s stays: %s", row.pk, refusal)
    return ended


@every(ENDING, minutes=10)
def end_unpaid_now() -> int:
    """End orders that nobody paid in time."""
    return end_unpaid(at=clock.now())


@every(EMPTYING, minutes=5)
def empty_cancelled_now() -> int:
    """Give back the places of events that were cancelled."""
    return empty_cancelled(at=clock.now())
