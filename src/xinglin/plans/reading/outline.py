"""Build the outline: which opening stands under which, what its title is, and what it is for."""

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from xinglin.plans.reading.markers import RANKS
from xinglin.plans.reading.model import OutlineEntry
from xinglin.plans.reading.openings import Opening, openings_of
from xinglin.plans.reading.rejoin import Passage

_TITLE_STOP = re.compile(r"[，。；：、,;:!！?？]")
_SENTENCE = re.compile(r"[。；;！!？?]")
_TRAILING = "。；;：:，,、.　"
_LONGEST_HEADING = 60


@dataclass(frozen=True, slots=True)
class Outline:
    """The entries and, for every place in the text, the path that holds there."""

    entries: tuple[OutlineEntry, ...]
    starts: tuple[int, ...]
    paths: tuple[tuple[str, ...], ...]
    labels: dict[int, tuple[tuple[int, int], ...]]  # places of the labels, by passage

    def path_at(self, position: int) -> tuple[str, ...]:
        """Return the path of the innermost entry that holds at a position of the text."""
        index = bisect_right(self.starts, position) - 1
        return self.paths[index] if index >= 0 else ()


def outline_of(passages: Sequence[Passage], skipped: frozenset[int]) -> Outline:
    """Return the outline of the passages; `skipped` are those of the document's own title."""
    openings = openings_of(passages, skipped)
    ranks = _ranks(openings)
    entries: list[OutlineEntry] = []
    changes: list[tuple[int, tuple[str, ...]]] = []
    stack: list[tuple[float, str]] = []
    for position, opening in enumerate(openings):
        passage = passages[opening.passage]
        rank = _rank(opening, ranks)
        while stack and stack[-1][0] >= rank:
            stack.pop()
        entry = _entry(opening, passage, stack, _goes_on(openings, position, passages))
        stack.append((rank, entry.path[-1]))
        entries.append(entry)
        changes.append((entry.start, entry.path))
        last_inside = position + 1 == len(openings) or openings[position + 1].passage != opening.passage
        if last_inside and opening.inside:
            inner = _inner_ranks(openings, position, ranks)
            while stack and stack[-1][0] in inner:
                stack.pop()
            changes.append((passage.end, tuple(name for _, name in stack)))
    labels: dict[int, tuple[tuple[int, int], ...]] = {}
    for opening in openings:
        if opening.label:
            labels[opening.passage] = (*labels.get(opening.passage, ()), (opening.offset, opening.title_at))
    return Outline(
        tuple(_with_sibling_roles(entries)),
        tuple(at for at, _ in changes),
        tuple(path for _, path in changes),
        labels,
    )


def _inner_ranks(openings: Sequence[Opening], position: int, ranks: dict[str, float]) -> set[float]:
    passage = openings[position].passage
    return {
        _rank(each, ranks)
        for each in openings[max(0, position - 60) : position + 1]
        if each.passage == passage and each.inside
    }


def _rank(opening: Opening, ranks: dict[str, float]) -> float:
    if opening.style == "decimal":
        return ranks.get("arabic", RANKS["arabic"]) + 0.1 * (opening.number or "").count(".")
    if opening.style == "heading":
        return ranks[f"heading{opening.level}"]
    if opening.inside and opening.style in RANKS and not opening.continues:
        return ranks[opening.style] + 100
    return ranks[opening.style]


def _ranks(openings: Sequence[Opening]) -> dict[str, float]:
    """Rank the styles by custom, corrected by how this document nests them and by its heading styles."""
    order = sorted(RANKS, key=lambda style: RANKS[style])
    votes = _nesting_votes([opening for opening in openings if opening.style in RANKS and not opening.inside])
    for _ in order:
        for at in range(len(order) - 1):
            above, below = order[at], order[at + 1]
            if votes[below, above] > votes[above, below]:
                order[at], order[at + 1] = below, above
    ranks = {style: float(rank) for rank, style in enumerate(order)}
    ranks["bold"] = ranks["chinese"] + 0.5
    if not any(opening.style == "chinese" for opening in openings):
        ranks["bold"] = min(ranks["chinese"], ranks["arabic"]) - 0.5
    ranks["part_heading"] = -30.0
    ranks["lead"] = 200.0
    for family in ("is", "want", "its", "nth", "first"):
        ranks[f"words_{family}"] = 300.0
    for level in range(1, 10):
        ranks[f"heading{level}"] = _heading_rank(level, openings, ranks)
    return ranks


def _heading_rank(level: int, openings: Sequence[Opening], ranks: dict[str, float]) -> float:
    """Rank an unnumbered heading beside the numbered ones that share its heading style."""
    numbered = Counter((each.level, each.style) for each in openings if each.level and each.style in RANKS)
    by_level: dict[int, str] = {}
    for (at, style), _ in numbered.most_common():
        by_level.setdefault(at, style)
    if level in by_level:
        return ranks[by_level[level]]
    above = [at for at in by_level if at < level]
    if above:
        return ranks[by_level[max(above)]] + 0.05 * (level - max(above))
    below = [at for at in by_level if at > level]
    return ranks[by_level[min(below)]] - 0.05 * (min(below) - level) if below else -20.0 + level


def _nesting_votes(openings: Sequence[Opening]) -> Counter[tuple[str, str]]:
    """Count how often a style starts again at one between two neighbours of another style."""
    votes: Counter[tuple[str, str]] = Counter()
    last: dict[str, tuple[int, int]] = {}
    starts: dict[str, int] = {}
    for position, opening in enumerate(openings):
        value, at = last.get(opening.style, (0, -1))
        if value and opening.value == value + 1:
            for style, start in starts.items():
                if style != opening.style and start > at:
                    votes[opening.style, style] += 1
        last[opening.style] = (opening.value, position)
        if opening.value == 1:
            starts[opening.style] = position
    return votes


def _goes_on(openings: Sequence[Opening], position: int, passages: Sequence[Passage]) -> bool:
    """Tell whether the next paragraph is plain text, which makes a lone clause a heading."""
    at = openings[position].passage + 1
    while at < len(passages) and passages[at].kind == "furniture":
        at += 1
    following = position + 1
    while following < len(openings) and openings[following].passage < at:
        following += 1
    opens = following < len(openings) and openings[following].passage == at
    return at < len(passages) and not opens and passages[at].kind == "para"


def _entry(opening: Opening, passage: Passage, stack: Sequence[tuple[float, str]], goes_on: bool) -> OutlineEntry:
    role = _role(opening, passage, goes_on)
    end = opening.title_end or _title_end(opening, passage, role)
    text = passage.characters
    while end > opening.title_at + 1 and text[end - 1] in _TRAILING:
        end -= 1
    title = text[opening.title_at : end]
    if title.startswith("【") and title.endswith("】"):
        title = title[1:-1]
    name = opening.number if opening.number is not None else title
    if opening.style == "part":
        name = f"第{opening.number}部分"
    start, stop = passage.span(opening.offset, max(end, opening.offset + 1))
    path = (*(each for _, each in stack), name)
    return OutlineEntry(len(path), opening.number, opening.label, title, path, role, start, stop)


def _role(opening: Opening, passage: Passage, goes_on: bool) -> str:
    if opening.inside:
        return "run_in"
    body = passage.characters[opening.title_at :]
    if passage.kind == "heading" or opening.style in ("bold", "heading", "part_heading", "part", "chapter"):
        return "heading" if len(body) <= 2 * _LONGEST_HEADING else "item"
    if opening.title_end:
        return "item"
    bare = body.rstrip(_TRAILING)
    if _SENTENCE.search(bare) or len(bare) > _LONGEST_HEADING or re.search("[：:]", bare):
        return "item"
    if body[-1:] in "。；;":
        return "heading" if goes_on and "，" not in bare and "、" not in bare else "item"
    return "heading"


def _title_end(opening: Opening, passage: Passage, role: str) -> int:
    text = passage.characters
    if role == "heading":
        return len(text)
    stop = _TITLE_STOP.search(text, opening.title_at + 1)
    return stop.start() if stop else len(text)


def _with_sibling_roles(entries: list[OutlineEntry]) -> list[OutlineEntry]:
    """Turn a childless heading among items into an item: its full stop was forgotten."""
    parents = Counter(entry.path[:-1] for entry in entries)
    items = Counter(entry.path[:-1] for entry in entries if entry.role == "item")
    turned = []
    for index, entry in enumerate(entries):
        siblings = items[entry.path[:-1]]
        childless = entry.path not in parents
        followed = index + 1 < len(entries) and entries[index + 1].path[:-1] == entry.path[:-1]
        if entry.role == "heading" and entry.level > 1 and entry.number and childless and followed:
            others = parents[entry.path[:-1]] - 1
            if siblings > others / 2 and entries[index + 1].start - entry.end <= len(entries[index + 1].label) + 2:
                entry = replace(entry, role="item")
        turned.append(entry)
    return turned
