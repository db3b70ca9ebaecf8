"""Runs flows: a sealed fact here becomes an act there, once, in order, and a stuck one is never swallowed."""

import logging
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import models, transaction

from . import clock
from .acts import caused_by
from .facts import Fact
from .ledger.models import Head, SealedFact

log = logging.getLogger(__name__)


class FlowCursor(models.Model):
    """How far one flow has read the ledger and, if it is stuck, at which fact and why."""

    name = models.CharField(max_length=80, primary_key=True)
    position = models.BigIntegerField(default=0)
    stuck_at = models.BigIntegerField(null=True)
    trouble = models.TextField(blank=True)
    tries = models.PositiveIntegerField(default=0)
    tried_at = models.DateTimeField(null=True)

    class Meta:
        app_label = "kernel"


@dataclass(frozen=True, kw_only=True)
class Happened:
    """A sealed fact as a flow sees it."""

    position: int
    key: uuid.UUID
    type: str
    happened_on: Any
    body: dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Flow:
    """One sentence: which facts trigger it and the function that acts."""

    name: str
    trigger: type[Fact]
    run: Callable[[Happened], None]
    act: str


_flows: dict[str, Flow] = {}
Carry = Callable[[Happened], None]


def flow(*, on: type[Fact], act: Callable[..., Any]) -> Callable[[Carry], Carry]:
    """Register a flow under its file's name; `act` is the one act it calls."""

    def register(run: Carry) -> Carry:
        name = run.__module__.rpartition(".")[2]
        _flows[name] = Flow(name=name, trigger=on, run=run, act=f"{act.__module__}.{act.__name__}")
        return run

    return register


def flows() -> dict[str, Flow]:
    """Return every flow by its name."""
    return dict(sorted(_flows.items()))


def run_flow(*, name: str, limit: int = 500, pause: Callable[[], object] = lambda: None) -> int:
    """Carry up to `limit` facts through one flow and return how many; stop at the first that fails.

    `pause` is called after each of them.
    """
    one, done = _flows[name], 0
    reach = Head.objects.values_list("size", flat=True).first() or 0
    FlowCursor.objects.get_or_create(pk=name)
    facts = (SealedFact.objects.filter(type=one.trigger.TYPE, position__lte=reach)
             .filter(position__gt=FlowCursor.objects.get(pk=name).position).order_by("position")[:limit])
    for fact in facts:
        if not _carry(one, fact):
            return done
        done += 1
        pause()
    if done < limit:
        FlowCursor.objects.filter(pk=name, position__lt=reach).update(position=reach)
    return done


def _carry(one: Flow, fact: SealedFact) -> bool:
    happened = Happened(
        position=fact.position, key=fact.key, type=fact.type, happened_on=fact.happened_on, body=fact.body)
    try:
        with transaction.atomic(), caused_by(fact.key):
            cursor = FlowCursor.objects.select_for_update().get(pk=one.name)
            if cursor.position >= fact.position:
                return True  # another runner was faster
            one.run(happened)
            cursor.position, cursor.stuck_at, cursor.trouble, cursor.tries = fact.position, None, "", 0
            cursor.save()
    except Exception as trouble:
        log.exception("flow %s is stuck at fact %s", one.name, fact.position)
        FlowCursor.objects.filter(pk=one.name).update(
            stuck_at=fact.position, trouble=f"{type(trouble).__name__}: {trouble}",
            tries=models.F("tries") + 1, tried_at=clock.now())
        return False
    return True


def run_flows(*, pause: Callable[[], object] = lambda: None) -> int:
    """Run every flow once and return how many facts were carried; a stuck flow stops only itself."""
    return sum(run_flow(name=name, pause=pause) for name in flows())
