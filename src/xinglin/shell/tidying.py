"""Night work of the shell: tokens of forms sent long ago are of no more use."""

from datetime import date, datetime, time, timedelta

from django.utils import timezone

from xinglin.kernel.scheduler import nightly

from .models import Sent

KEPT = timedelta(days=14)


@nightly("shell.forms_sent", at="03:40")
def forget_forms_sent(*, on: date) -> int:
    """Forget tokens older than two weeks and return how many; no browser sends a form again after so long."""
    before = timezone.make_aware(datetime.combine(on, time.min)) - KEPT
    deleted, _rows = Sent.objects.filter(sent_at__lt=before).delete()
    return deleted
