"""What happened to a thing, from the ledger: what was said, by whom, when, and where its proof is."""

import json
from dataclasses import dataclass
from datetime import date, datetime

from django.urls import reverse
from django.utils.translation import get_language

from xinglin.kernel.facts import fact_types
from xinglin.kernel.ledger.models import Annex, Mention, SealedFact, UnsealedFact


@dataclass(frozen=True, kw_only=True)
class Said:
    """One fact about a thing."""

    label: str
    actor: str
    recorded_at: datetime
    happened_on: date
    reason: str
    position: int
    proof: str
    countable: bool


def timeline(ref: str, *, limit: int = 60) -> list[Said]:
    """Return the sealed facts that name a thing, newest first."""
    positions = Mention.objects.filter(ref=ref).order_by("-position").values_list("position", flat=True)[:limit]
    facts = list(SealedFact.objects.filter(position__in=list(positions)).order_by("-position"))
    words = {one.key: json.loads(one.text) for one in Annex.objects.filter(key__in=[fact.key for fact in facts])}
    return [_said(fact, words.get(fact.key, {})) for fact in facts]


def _said(fact: SealedFact, words: dict[str, str]) -> Said:
    known = fact_types().get(fact.type)
    chinese = (get_language() or "zh").startswith("zh")
    label = (known.VOCABULARY.zh if chinese else known.VOCABULARY.en) if known else fact.type
    return Said(
        label=label, actor=fact.actor, recorded_at=fact.recorded_at, happened_on=fact.happened_on,
        reason=words.get("reason", ""), position=fact.position, countable=bool(known and known.VOCABULARY.countable),
        proof=reverse("ledger:fact", args=[fact.position]))


def waiting(ref: str) -> int:
    """Return how many facts about a thing the sealer has not reached yet."""
    return UnsealedFact.objects.filter(content__contains=f'"{ref}"').count()
