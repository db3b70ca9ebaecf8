"""Where commitments stood at a checkpoint on a day: the same for the same number of facts, however late it is asked."""

import json
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import reduce
from operator import or_

from django.db.models import Q

from xinglin.kernel.ledger.models import Checkpoint, SealedFact, UnsealedFact

from ..documents import Plan
from ..measures import Measure
from ..measuring import Asked, advance, stopped_at
from ..progress import Rules, Standing, milestones_of, standing_of
from .counting import Count, count_all
from .figures import cut


@dataclass(frozen=True, kw_only=True)
class Seal:
    """The checkpoint a paper rests on, and how many facts of the plan came too late for it."""

    origin: str
    size: int
    root: str
    made_at: datetime
    note: str
    waiting: int


def seal_of(*, plan: Plan, size: int | None = None) -> Seal | None:
    """Return the checkpoint of this size, or the latest; None when nothing is sealed under one yet.

    A closed plan rests on the checkpoint made when it was closed: no later one holds its figures.
    """
    rows = Checkpoint.objects.order_by("-size")
    checkpoint = rows.filter(size=size).first() if size is not None else rows.first()
    if size is None and plan.state == Plan.State.CLOSED:
        checkpoint = rows.filter(size__lte=advance(plan=plan)).first()
    if checkpoint is None:
        return None
    lines = checkpoint.note.splitlines()
    return Seal(
        origin=lines[0], size=checkpoint.size, root=lines[2], made_at=checkpoint.made_at, note=checkpoint.note,
        waiting=_waiting(plan=plan, size=checkpoint.size),
    )


def _waiting(*, plan: Plan, size: int) -> int:
    """Return how many facts that this plan counts by kind and day are not under the checkpoint; none past closing."""
    spans: dict[tuple[date, date], set[str]] = defaultdict(set)
    for name, *span in Measure.objects.filter(commitment__plan=plan).values_list("fact_type", "from_on", "until_on"):
        spans[span[0], span[1]].add(name)
    late, upto = SealedFact.objects.filter(position__gt=size), stopped_at(plan=plan)
    if upto is not None:
        late = late.filter(position__lte=upto)
    within = [Q(type__in=types, happened_on__gte=start, happened_on__lt=end) for (start, end), types in spans.items()]
    count = late.filter(reduce(or_, within)).count() if within else 0
    unsealed = UnsealedFact.objects.values_list("content", flat=True) if upto is None else ()
    facts = [(said["type"], date.fromisoformat(said["on"])) for said in map(json.loads, unsealed)]
    return count + sum(
        1 for name, on in facts if any(name in types and start <= on < end for (start, end), types in spans.items())
    )


def confirmed(*, plan: Plan) -> dict[int, Measure]:
    """Return the confirmed main measure of each commitment of a plan, by the commitment's key."""
    rows = Measure.objects.filter(commitment__plan=plan, main=True).exclude(confirmed_on=None)
    return {one.commitment_id: one for one in rows}


def standings_at(
    *, plan: Plan, on: date, size: int, counts: Mapping[Asked, Count] | None = None, over: bool = False
) -> list[Standing]:
    """Return where every accepted commitment stood on a day, among the first `size` facts, in the plan's order.

    Once the day is `over`, what was due on it and is not done is overdue; the year's last day always is.
    """
    chosen = list(plan.commitments.accepted().select_related("plan"))
    measures = confirmed(plan=plan)
    asked = {key: cut(asked=Asked.of(one), on=on) for key, one in measures.items()}
    known = counts if counts is not None else count_all(questions=asked.values(), size=size)
    milestones = milestones_of(commitments=[one.pk for one in chosen])
    rules = Rules.on(on)
    over = over or on >= min(date(plan.year, 12, 31), plan.closed_on or date.max)
    morning = on + timedelta(days=1)
    return [
        standing_of(commitment=one, measure=measures.get(one.pk), milestones=milestones[one.pk], rules=rules,
                    on=morning if over and one.deadline == on else on,
                    months=known[asked[one.pk]].added if one.pk in asked else ())
        for one in chosen
    ]
