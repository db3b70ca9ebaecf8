"""How flows do: how far each has read the ledger, and at which fact it stands still and why."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q
from django.utils.translation import gettext_lazy as _

from xinglin.kernel.flows import FlowCursor, flows, run_flow
from xinglin.kernel.ledger.models import SealedFact
from xinglin.kernel.policy import Refusal

from ..naming import fact_label


class UnknownFlow(Refusal):
    """The house has no flow of this name any more."""


@dataclass(frozen=True, kw_only=True)
class Stream:
    """One flow: what it waits for, what it does then, how many facts lie before it."""

    name: str
    trigger: str
    act: str
    position: int
    stuck_at: int | None
    trouble: str
    tries: int
    tried_at: datetime | None
    waiting: int
    known: bool


def streams() -> list[Stream]:
    """Return every flow, stuck ones first, and those that stand still though their file is gone."""
    cursors = {one.name: one for one in FlowCursor.objects.all()}
    known = flows()
    gone = [name for name, one in cursors.items() if one.stuck_at and name not in known]
    waiting = _waiting(cursors)
    found = [_stream(name, cursors.get(name), waiting.get(name, 0)) for name in (*known, *gone)]
    return sorted(found, key=lambda one: (one.stuck_at is None, one.name))


def _waiting(cursors: dict[str, FlowCursor]) -> dict[str, int]:
    """Count the sealed facts before each flow that stands still; those that run have none worth counting."""
    stuck = {name: one for name, one in flows().items() if name in cursors and cursors[name].stuck_at}
    if not stuck:
        return {}
    asked = {f"n{number}": Count("pk", filter=Q(type=one.trigger.TYPE, position__gt=cursors[name].position))
             for number, (name, one) in enumerate(stuck.items())}
    least = min(cursors[name].position for name in stuck)
    counts = SealedFact.objects.filter(position__gt=least).aggregate(**asked)
    return {name: counts[f"n{number}"] for number, name in enumerate(stuck)}


def _stream(name: str, cursor: FlowCursor | None, waiting: int) -> Stream:
    flow = flows().get(name)
    return Stream(
        name=name, trigger=fact_label(flow.trigger.TYPE) if flow else "",
        act=flow.act.rpartition(".")[2] if flow else "",
        position=cursor.position if cursor else 0, stuck_at=cursor.stuck_at if cursor else None,
        trouble=cursor.trouble if cursor else "", tries=cursor.tries if cursor else 0,
        tried_at=cursor.tried_at if cursor else None, waiting=waiting, known=flow is not None)


def try_again(*, name: str) -> FlowCursor:
    """Carry the one fact a flow is stuck at and return how the flow stands; the worker carries the rest.

    No act of its own: what the flow does is an act caused by its fact, and the worker tries the same all the time.
    """
    if name not in flows():
        raise UnknownFlow(_("There is no flow named %(name)s.") % {"name": name})
    run_flow(name=name, limit=1)
    return FlowCursor.objects.get(pk=name)
