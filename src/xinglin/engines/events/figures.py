"""The figures of events that were held, as their facts say them: what papers and pages show."""

from collections.abc import Iterable, Mapping
from typing import Any

from xinglin.kernel.ledger.models import SealedFact

from .meetings import Event


def figures_of(events: Iterable[Event]) -> dict[int, Mapping[str, Any]]:
    """Return by event what the standing fact of its being held says; one that is not sealed yet is left out."""
    by_fact = {one.held_key: one.pk for one in events if one.held_key}
    rows = SealedFact.objects.filter(key__in=list(by_fact)).values_list("key", "body")
    return {by_fact[key]: body for key, body in rows}


def figures(event: Event) -> Mapping[str, Any]:
    """Return the figures of one event, nothing before it was held."""
    return figures_of([event]).get(event.pk, {})
