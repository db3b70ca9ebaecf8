"""Night work: the raw evidence of presence is forgotten when its time is over."""

from datetime import date, timedelta
from typing import Any

from django.db.models import QuerySet

from xinglin.kernel.regulations import value
from xinglin.kernel.scheduler import nightly

from .models import Check, Scan, Sitting
from .spans import next_midnight

BATCH = 5_000


@nightly("presence.forget", at="03:50")
def forget(*, on: date) -> int:
    """Forget sittings, checks and scans older than E7.kept_days and return how many."""
    before = next_midnight(on - timedelta(days=value("E7.kept_days", on=on) + 1))
    sets: tuple[QuerySet[Any], ...] = (
        Sitting.objects.filter(beat_at__lt=before), Check.objects.filter(limit_at__lt=before),
        Scan.objects.filter(at__lt=before))
    gone = 0
    for rows in sets:
        while keys := list(rows.values_list("pk", flat=True)[:BATCH]):
            rows.filter(pk__in=keys).delete()
            gone += len(keys)
    return gone
