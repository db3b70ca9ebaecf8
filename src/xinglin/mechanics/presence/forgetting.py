"""Night work: the raw evidence of presence is forgotten when its time is over."""

from datetime import date, timedelta

from xinglin.kernel.regulations import value
from xinglin.kernel.scheduler import nightly

from .models import Check, Scan, Sitting
from .spans import next_midnight

BATCH = 5_000


@nightly("presence.forget", at="03:50")
def forget(*, on: date) -> int:
    """Forget sittings, checks and scans older than E7.kept_days and return how many."""
    before = next_midnight(on - timedelta(days=value("E7.kept_days", on=on) + 1))
    gone = 0
    for rows in (Sitting.objects.filter(beat_at__lt=before), Check.objects.filter(limit_at__lt=before),
                 Scan.objects.filter(at__lt=before)):
        while keys := list(rows.values_list("pk", flat=True)[:BATCH]):
            rows.model.objects.filter(pk__in=keys).delete()
            gone += len(keys)
    return gone
