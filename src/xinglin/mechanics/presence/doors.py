"""Takes scans at doors, and takes back wrong ones."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from xinglin.kernel.refs import Ref

from . import models
from .values import Scanned, Way


def scan(*, key: str, person: Ref, place: Ref, way: Way, at: datetime) -> bool:
    """Keep a scan and say whether it is new; the gate's key makes the same scan sent twice one."""
    _row, new = models.Scan.objects.get_or_create(
        key=key, defaults={"person": person, "place": place, "way": Way(way), "at": at})
    return new


def scan_many(*, scans: Mapping[str, Scanned]) -> None:
    """Keep many scans by their keys; those that are known stay as they are."""
    models.Scan.objects.bulk_create(
        [models.Scan(key=key, person=one.person, place=one.place, way=one.way, at=one.at)
         for key, one in scans.items()],
        batch_size=500, ignore_conflicts=True)


def unscan(*, keys: Iterable[str]) -> int:
    """Take scans back that were mistakes or proved to be somebody else's, and return how many there were."""
    gone: int = models.Scan.objects.filter(key__in=list(keys)).delete()[0]
    return gone
