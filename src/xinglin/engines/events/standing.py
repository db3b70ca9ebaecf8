"""Says what each scan is worth once several gates have told what they saw: nobody is admitted twice."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q

from xinglin.kernel.refs import Ref
from xinglin.mechanics.presence.door import Scanned, Way, scan_many, unscan

from . import judging
from .doors import CROWDED, DoorScan, Standing
from .gate_lists import midnight, millis, places_of
from .holders import holders_of
from .meetings import Event
from .registrations import Registration

COUNTING = {Standing.ADMITTED: Way.IN, Standing.LEFT: Way.OUT}  # what presence is told of, and taken back


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """What a scan is worth, and which one came first when it was the second."""

    standing: str
    against: int | None = None


def settle(*, event: Event, registrations: Iterable[int], at: datetime) -> int:
    """Judge all scans of some registrations anew, by time and whatever order they came in; return how many changed."""
    rows = list(DoorScan.objects.filter(event=event, registration__in=list(registrations))
                .order_by("at", "device", "counter"))
    verdicts, changed = weigh(event, rows), []
    holders = holders_of(Registration.objects.filter(pk__in={row.registration_id for row in rows}).select_related(
        "person"))
    gone: list[str] = []
    come: dict[str, Scanned] = {}
    for row in rows:
        new = verdicts[row.pk]
        if (row.standing, row.against_id) != (new.standing, new.against):
            if row.standing in COUNTING:
                gone.append(row.key)
            if way := COUNTING.get(Standing(new.standing)):
                holder = holders[row.registration_id, row.turn]
                come[row.key] = Scanned(person=holder.name, place=Ref(row.place), way=way, at=row.at)
            row.standing, row.against_id, row.changed_at = new.standing, new.against, at
            changed.append(row)
    unscan(keys=gone)
    scan_many(scans=come)
    DoorScan.objects.bulk_update(changed, ["standing", "against", "changed_at"], batch_size=200)
    return len(changed)


def weigh(event: Event, rows: Sequence[DoorScan]) -> dict[int, Verdict]:
    """Return what each scan is worth; the answer depends on their times alone, never on which gate came in first."""
    periods, found = _Periods(event), {}
    grouped: dict[tuple[int | None, int, str, str], list[DoorScan]] = defaultdict(list)
    for row in rows:
        if row.way == "undo" or row.told not in ("in", "out"):
            found[row.pk] = Verdict(standing=Standing.UNDONE if row.way == "undo" else Standing.REFUSED)
        elif row.undone:
            found[row.pk] = Verdict(standing=Standing.UNDONE)
        elif row.doubt and row.chosen is not True and (row.doubt not in CROWDED or row.chosen is False):
            found[row.pk] = Verdict(standing=Standing.DOUBTED)
        else:
            grouped[row.registration_id, row.turn, row.place, periods.of(row)].append(row)
    for them in grouped.values():
        found |= _weigh_period(them)
    return found


def _weigh_period(rows: Sequence[DoorScan]) -> dict[int, Verdict]:
    """Go through one person's scans at one place in one period: in, then out, then in again."""
    found: dict[int, Verdict] = {}
    inside: DoorScan | None = None
    stands = next((row for row in rows if row.chosen and row.way == "in" and not row.doubt), None)
    for row in rows:
        if row.way == "out":
            found[row.pk] = Verdict(standing=Standing.LEFT)
            inside = None
        elif row.chosen is False:
            found[row.pk] = Verdict(standing=Standing.TWICE, against=stands.pk if stands else None)
        elif inside is None:
            found[row.pk], inside = Verdict(standing=Standing.ADMITTED), row
        else:
            found[row.pk] = Verdict(standing=Standing.TWICE, against=inside.pk)
    return found


class _Periods:
    """In which period of its place a scan falls."""

    def __init__(self, event: Event) -> None:
        days = [event.from_on, *event.days, event.until_on]
        self.known: dict[str, Any] = {
            "midnights": [[str(day), millis(midnight(day))] for day in days],
            "places": {str(place): {"often": often, "blocks": [[millis(a), millis(b)] for a, b in blocks]}
                       for place, (often, blocks) in places_of(event).items()}}

    def of(self, row: DoorScan) -> str:
        return judging.period_of(self.known, place=row.place, at=millis(row.at))


@transaction.atomic
def choose(*, row: DoorScan, stands: bool, by: str, at: datetime) -> int:
    """Say by hand whether a doubtful or second scan stands; of two, the other one falls."""
    mine = DoorScan.objects.select_for_update().get(pk=row.pk)
    # The whole group of the conflict: the one that came first and all that came after it.
    head = mine.against_id or mine.pk
    group = DoorScan.objects.filter(Q(pk=head) | Q(against=head) | Q(pk=mine.pk), event=mine.event)
    others = group.exclude(pk=mine.pk)
    if stands and mine.standing == Standing.TWICE:
        others.update(chosen=False, chosen_by=by, changed_at=at)
    DoorScan.objects.filter(pk=mine.pk).update(chosen=stands, chosen_by=by, changed_at=at)
    return settle(event=mine.event, registrations=[mine.registration_id] if mine.registration_id else [], at=at)
