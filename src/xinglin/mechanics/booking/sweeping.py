"""The sweep: takes back what ran out, opens and closes windows, makes offers, forgets who is no longer needed."""

import logging
from datetime import date, datetime, timedelta

from django.db.models import Q
from django.utils import timezone

from xinglin.kernel import clock
from xinglin.kernel.scheduler import every, nightly

from .models import Arrival, Hold, Pool, Waiting
from .settling import settle
from .values import Offer, Swept

log = logging.getLogger(__name__)
KEPT_DAYS = 90  # names of those who got nothing are forgotten after this


def sweep(*, at: datetime) -> Swept:
    """Settle every pool in which something is due. Nobody depends on it: whoever asks settles first."""
    expired, offers = 0, list[Offer]()
    for pool in Pool.objects.filter(due_at__lte=at).order_by("pk").values_list("pk", flat=True):
        if not Pool.objects.filter(pk=pool, due_at__lte=at).exists():
            continue  # settled with one before
        try:
            scene = settle(pools=[pool], at=at)
        except Exception:  # what is wrong with one pool keeps nobody waiting for another
            log.exception("sweep: pool %s", pool)
            continue
        expired, offers = expired + scene.expired, [*offers, *scene.offers]
    return Swept(expired=expired, offers=tuple(offers))


@every("booking.sweep", minutes=1)
def sweep_now() -> Swept:
    """Take back what ran out and offer it to those who wait."""
    return sweep(at=clock.now())


@nightly("booking.forgetting", at="03:20")
def forget(*, on: date) -> int:
    """Forget people who held, waited or queued a season ago and got nothing."""
    before = timezone.make_aware(datetime.combine(on, datetime.min.time())) - timedelta(days=KEPT_DAYS)
    waiting = Waiting.objects.filter(ended_at__lt=before).exclude(state="served").delete()[0]
    ended = Hold.objects.filter(Q(state="released") | Q(state="expired"), ended_at__lt=before, waiting=None)
    return waiting + ended.delete()[0] + Arrival.objects.filter(arrived_at__lt=before).delete()[0]
