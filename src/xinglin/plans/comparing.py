"""Compares a new draft's proposals with the sentences of the draft before and what the office made of them."""

import dataclasses
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz, process

from .commitments import Commitment
from .proposing import Proposed

_FIGURES = re.compile(r"[0-9０-９]+(?:[.,，][0-9０-９]+)*")
ALIKE = 78  # below this two sentences are different promises (percent of characters in common)


@dataclass(frozen=True, kw_only=True)
class Difference:
    """What a draft did to one commitment: same, changed, new or gone.

    `parted` says that the office made several of one sentence or one of several: the figures are its own then.
    """

    what: str
    commitment: Commitment | None
    proposed: Proposed | None
    parted: bool = False


@dataclass(frozen=True, kw_only=True)
class _Sentence:
    """A place of the draft before with all that came of it: one commitment, parts of a split, discarded ones."""

    quote: str
    start: int
    members: tuple[Commitment, ...]

    @property
    def living(self) -> list[Commitment]:
        """Return what is still on the table."""
        return [one for one in self.members if one.state != Commitment.State.DISCARDED]


def compare(*, commitments: Iterable[Commitment], proposals: Iterable[Proposed], text: str) -> list[Difference]:
    """Pair each proposal with the sentence it continues: the same words first, then the most alike.

    `commitments` are all of the plan, discarded ones too: what the office threw out, split or merged stays so as
    long as the draft says it in the same words.
    """
    read = [one for one in commitments if one.origin == Commitment.Origin.READ]
    open_, every = _sentences(read), list(proposals)
    rest = list(every)
    answer = _verbatim(open_, rest) + _merged(open_, rest, text)
    open_ = [one for one in open_ if one.living]
    answer += _alike(open_, rest, read, every, text)
    answer += [Difference(what="new", commitment=None, proposed=one) for one in rest]
    return answer + [
        Difference(what="gone", commitment=one, proposed=None) for sentence in open_ for one in sentence.living
    ]


def _sentences(read: Iterable[Commitment]) -> list[_Sentence]:
    places: dict[tuple[int | None, int, str], list[Commitment]] = defaultdict(list)
    for one in read:
        # What a draft no longer holds has no place of its own.
        start = one.start if one.start is not None else -one.pk
        places[one.document_id, start, one.quote].append(one)
    return [_Sentence(quote=quote, start=start, members=tuple(rows)) for (_d, start, quote), rows in places.items()]


def _verbatim(open_: list[_Sentence], rest: list[Proposed]) -> list[Difference]:
    """Take out the sentences that the draft repeats word by word, with everything that came of them."""
    places: dict[tuple[str, int], list[Proposed]] = defaultdict(list)
    for one in rest:
        places[one.quote, one.start].append(one)
    by_quote: dict[str, list[list[Proposed]]] = defaultdict(list)
    for (quote, _start), members in sorted(places.items(), key=lambda place: place[0][1]):
        by_quote[quote].append(members)
    answer = []
    for quote, found in by_quote.items():
        known = sorted((one for one in open_ if one.quote == quote), key=lambda one: one.start)
        if len(known) > len(found):
            known.sort(key=lambda one: not one.living)  # a repeated sentence that went took a discarded one with it
        for sentence, there in zip(known, found, strict=False):
            answer += _continued(sentence, there, rest)
            open_.remove(sentence)
    return answer


def _continued(sentence: _Sentence, there: Sequence[Proposed], rest: list[Proposed]) -> list[Difference]:
    answer = []
    left = sorted(sentence.members, key=lambda one: one.state == Commitment.State.DISCARDED)
    for proposal in there:
        chosen = next((one for one in left if one.kind == proposal.kind), left[0] if left else None)
        if chosen is not None:
            left.remove(chosen)
            rest.remove(proposal)
            answer.append(Difference(what="same", commitment=chosen, proposed=proposal))
    return answer + [Difference(what="same", commitment=one, proposed=there[0]) for one in left]


def _merged(open_: list[_Sentence], rest: list[Proposed], text: str) -> list[Difference]:
    """Take out the sentences that stand in the draft though the reader takes them apart again."""
    answer = []
    for sentence in sorted(open_, key=lambda one: not one.living):
        at = text.find(sentence.quote) if sentence.quote else -1
        end = at + len(sentence.quote)
        inside = [one for one in rest if at <= one.start and one.end <= end] if at >= 0 else []
        if inside:
            place = dataclasses.replace(inside[0], start=at, end=end)
            answer += [Difference(what="same", commitment=one, proposed=place) for one in sentence.members]
            open_.remove(sentence)
            rest[:] = [one for one in rest if one not in inside]
    return answer


def _alike(
    open_: list[_Sentence], rest: list[Proposed], read: Sequence[Commitment], every: Sequence[Proposed], text: str
) -> list[Difference]:
    """Take out the sentences that the draft says differently; a piece of a merged one changes the whole."""
    answer: list[Difference] = []
    folded = {place: rows for place, one in enumerate(open_) if (rows := _folded_into(one, read))}
    merged = {place: _without_figures(open_[place].quote) for place in folded}
    homes = {place: _home(open_[place], quote, every) for place, quote in merged.items()}
    left = {place: _without_figures(one.quote) for place, one in enumerate(open_)}
    sentences = list(open_)
    for proposal in list(rest):
        if proposal not in rest:
            continue
        words = _without_figures(proposal.quote)
        whole = next(
            (place for place, quote in merged.items() if words in quote and proposal.path == homes[place]), None)
        # A new figure in the same words is the same promise changed, however short the sentence.
        best = process.extractOne(words, left, scorer=fuzz.ratio, score_cutoff=ALIKE) if whole is None else None
        place = best[2] if best else whole
        if place is None:
            continue
        if place not in left:
            rest.remove(proposal)  # further pieces of one that was merged change nothing more
            continue
        del left[place]
        open_.remove(sentences[place])
        if place in folded:
            pieces = [one for one in every if one.path == proposal.path
                      and _without_figures(one.quote) in merged[place]] or [proposal]
            answer += _torn(sentences[place], folded[place], pieces, text)
            rest.remove(proposal)
        else:
            answer += _changed(sentences[place], proposal, rest)
    return answer


def _home(sentence: _Sentence, quote: str, every: Sequence[Proposed]) -> tuple[str, ...] | None:
    """Return where most pieces of a merged sentence stand now; the same words elsewhere are another promise."""
    pieces = Counter(one.path for one in every if _without_figures(one.quote) in quote)
    own = tuple(sentence.members[0].path)
    return max(pieces, key=lambda path: (pieces[path], path == own), default=None)


def _changed(sentence: _Sentence, proposal: Proposed, rest: list[Proposed]) -> list[Difference]:
    there = [one for one in rest if (one.quote, one.start) == (proposal.quote, proposal.start)]
    parted = len(sentence.living) > len(there)
    answer = []
    for one in sentence.living:
        chosen = next((other for other in there if other.kind == one.kind), proposal)
        answer.append(Difference(what="changed", commitment=one, proposed=chosen, parted=parted))
    used = [one.proposed for one in answer]
    rest[:] = [one for one in rest if one not in used]
    return answer


def _torn(
    sentence: _Sentence, folded: Sequence[Commitment], pieces: Sequence[Proposed], text: str
) -> list[Difference]:
    start, end = min(one.start for one in pieces), max(one.end for one in pieces)
    place = dataclasses.replace(pieces[0], start=start, end=end, quote=text[start:end])
    return [
        *(Difference(what="changed", commitment=one, proposed=place, parted=True) for one in sentence.living),
        *(Difference(what="same", commitment=one, proposed=place) for one in folded),
    ]


def _folded_into(sentence: _Sentence, read: Sequence[Commitment]) -> list[Commitment]:
    """Return the discarded commitments whose words stand within a merged one's."""
    first, end = sentence.members[0], sentence.start + len(sentence.quote)
    return [
        one for one in read
        if one.state == Commitment.State.DISCARDED and one.document_id == first.document_id
        and one.quote != first.quote and one.start is not None and sentence.start <= one.start and (one.end or 0) <= end
    ]


def _without_figures(quote: str) -> str:
    return _FIGURES.sub("#", quote)
