"""Compares a new draft's proposals with the commitments of the draft before."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from rapidfuzz import fuzz, process

from .commitments import Commitment
from .proposing import Proposed

_FIGURES = re.compile(r"[0-9０-９]+(?:[.,，][0-9０-９]+)*")
ALIKE = 78  # below this two sentences are different promises (percent of characters in common)


@dataclass(frozen=True, kw_only=True)
class Difference:
    """What a draft did to one commitment: same, changed, new or gone."""

    what: str
    commitment: Commitment | None
    proposed: Proposed | None


def compare(*, commitments: Iterable[Commitment], proposals: Iterable[Proposed]) -> list[Difference]:
    """Pair each proposal with the commitment it continues; exact sentences first, then the most alike."""
    open_ = {one.pk: one for one in commitments if one.origin == Commitment.Origin.READ}
    rest: list[Proposed] = []
    answer: list[Difference] = []
    by_words: dict[tuple[str, str], list[int]] = {}
    for one in open_.values():
        by_words.setdefault((one.quote, one.kind), []).append(one.pk)
    for proposal in proposals:
        keys = by_words.get((proposal.quote, proposal.kind))
        if keys:
            answer.append(Difference(what="same", commitment=open_.pop(keys.pop(0)), proposed=proposal))
        else:
            rest.append(proposal)
    for proposal in rest:
        # A new figure in the same words is the same promise changed, however short the sentence.
        choices = {pk: _without_figures(one.quote) for pk, one in open_.items()}
        best = process.extractOne(_without_figures(proposal.quote), choices, scorer=fuzz.ratio, score_cutoff=ALIKE)
        if best:
            answer.append(Difference(what="changed", commitment=open_.pop(best[2]), proposed=proposal))
        else:
            answer.append(Difference(what="new", commitment=None, proposed=proposal))
    answer += [Difference(what="gone", commitment=one, proposed=None) for one in open_.values()]
    return answer


def _without_figures(quote: str) -> str:
    return _FIGURES.sub("#", quote)
