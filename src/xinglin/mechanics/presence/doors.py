"""Takes scans at doors, and takes back wrong ones."""

from datetime import datetime

from xinglin.kernel.refs import Ref

from . import models
from .values import Way


def scan(*, key: str, person: Ref, place: Ref, way: Way, at: datetime) -> bool:
    """Keep a scan and say whether it is new; the gate's key makes the same scan sent twice one."""
    _row, new = models.Scan.objects.get_or_create(
        key=key, defaults={"person": person, "place": place, "way": Way(way), "at": at})
    return new


def unscan(*, key: str) -> bool:
    """Take a scan back that was a mistake or proved to be somebody else's, and say whether there was one."""
    return bool(models.Scan.objects.filter(key=key).delete()[0])
