"""Find where headings, items and run-in headings may open."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from xinglin.lib.numerals import read_numeral
from xinglin.plans.reading.front import is_part_heading
from xinglin.plans.reading.markers import (
    ENUMERATION,
    ENUMERATION_OPENERS,
    RANKS,
    Marker,
    enumeration_value,
    marker_at,
)
from xinglin.plans.reading.rejoin import Passage

_INSIDE = frozenset("。；;：:，")
_INSIDE_STYLES = frozenset(("arabic", "arabic_bracket", "arabic_half", "circled", "chinese_bracket"))
_INSIDE_MARK = re.compile(
    r"[（(]\d{1,2}[）)]|[（(][一二三四五六七八九十]{1,2}[）)]|\d{1,2}[.．、）)](?:(?!\d)|(?=20\d\d年))|"
    r"[\u2460-\u2473]"
)
_LEAD_END = re.compile(r"[：:。，,、.—]|——")
_BRACKETED = re.compile(r"【([^】]{2,30})】")
_SPACED = re.compile(r"\d{1,2}(?:\.\d{1,2}){0,3}|[一二三四五六七八九十]{1,3}")
_LONGEST_LEAD = 40
_PLAIN_LEAD = re.compile(r"([\u4e00-\u9fff、]{2,12})(?<!如下)。(?=[^。]{6})")


@dataclass(slots=True)
class Opening:
    """A place where an outline entry begins."""

    passage: int
    offset: int  # of the label in the passage
    title_at: int
    style: str
    number: str | None
    value: int
    label: str
    inside: bool  # opens within a paragraph, or is a run-in by its nature
    level: int = 0  # of a heading style
    continues: bool = False  # goes on with the series that its paragraph's own number began
    title_end: int = 0  # 0: to be found by punctuation


def openings_of(passages: Sequence[Passage], skipped: frozenset[int]) -> list[Opening]:
    """Return every opening in reading order; numbered ones inside a paragraph only as a series."""
    found: list[Opening] = []
    for index, passage in enumerate(passages):
        if passage.kind in ("furniture", "row") or index in skipped:
            continue
        first = _first_opening(index, passage)
        if first:
            found.append(first)
            lead = _bold_lead(index, passage, first.title_at) if first.style != "lead" else None
            if lead and not first.title_end:
                first.title_end = lead.title_end
        found.extend(_series_inside(index, passage, first))
    if all(opening.style == "part_heading" or (opening.inside and opening.style in RANKS) for opening in found):
        found.extend(_plain_leads(passages, skipped))
    found.extend(_enumerations(passages, skipped))
    found.sort(key=lambda opening: (opening.passage, opening.offset))
    return _believable(found)


def _first_opening(index: int, passage: Passage) -> Opening | None:
    text = passage.characters
    marker = marker_at(text) or _spaced_marker(passage)
    if marker and len(marker.label) < len(text):
        at = len(marker.label)
        return Opening(
            index, 0, at, marker.style, marker.number, marker.value, marker.label, inside=False, level=passage.level
        )
    if passage.kind == "heading":
        return Opening(index, 0, 0, "heading", None, 0, "", False, passage.level, title_end=len(text))
    bracketed = _BRACKETED.match(text)
    if bracketed:
        alone = bracketed.end() == len(text)
        opening = Opening(index, 0, 0, "bold" if alone else "lead", None, 0, "", not alone)
        opening.title_end = bracketed.end()
        return opening
    if ENUMERATION.match(text):
        return None
    if is_part_heading(text):
        return Opening(index, 0, 0, "part_heading", None, 0, "", False, title_end=len(text))
    if passage.bold and passage.bold[0][0] == 0 and passage.bold[-1][1] >= len(text) - 1:
        covered = sum(b - a for a, b in passage.bold) >= len(text) - 1
        if covered and len(text) <= _LONGEST_LEAD and not re.search(r"[。；，]$", text):
            return Opening(index, 0, 0, "bold", None, 0, "", False, title_end=len(text))
    return _bold_lead(index, passage, 0)


def _plain_leads(passages: Sequence[Passage], skipped: frozenset[int]) -> list[Opening]:
    """Return the short leads (队伍建设。上半年…) of prose without numbers, when most of its paragraphs have one."""
    prose = [index for index, each in enumerate(passages) if each.kind == "para" and index not in skipped]
    plain = [index for index in prose if not ENUMERATION.match(passages[index].characters)]
    leads = {index: lead for index in plain if (lead := _PLAIN_LEAD.match(passages[index].characters))}
    if len(leads) < 3 or 2 * len(leads) <= sum(1 for index in prose if index >= min(leads)):
        return []
    return [Opening(index, 0, 0, "lead", None, 0, "", True, title_end=lead.end(1)) for index, lead in leads.items()]


def _spaced_marker(passage: Passage) -> Marker | None:
    """Return the number of 2.1 人才培养 or, in a heading style, of 2 重点任务: nothing but a space ends it."""
    match = _SPACED.match(passage.characters)
    if not match or match.end() not in passage.gaps:
        return None
    number = match[0]
    decimal = "." in number
    if not decimal and passage.kind != "heading":
        return None
    style = "decimal" if decimal else "chinese" if number[0] not in "0123456789" else "arabic"
    value = int(read_numeral(text=number.rpartition(".")[2]) or 0)
    return Marker(style=style, number=number, value=value, label=number)


def _bold_lead(index: int, passage: Passage, at: int) -> Opening | None:
    for start, end in passage.bold:
        if start != at or end - start > _LONGEST_LEAD or end >= len(passage.characters):
            continue
        inner = passage.characters[start:end]
        stopped = _LEAD_END.search(inner[-1]) or _LEAD_END.match(passage.characters, end)
        if stopped and len(inner.rstrip("：:。，,、.")) >= 2:
            return Opening(index, start, start, "lead", None, 0, "", True, title_end=end)
    return None


def _series_inside(index: int, passage: Passage, first: Opening | None) -> Iterator[Opening]:
    """Yield numbers that open inside a paragraph when they make a series 1, 2, …"""
    text = passage.characters
    chains: dict[str, list[Opening]] = {}
    if first and first.value:
        chains[first.style] = [first]
    for match in _INSIDE_MARK.finditer(text, 1):
        at = match.start()
        if text[at - 1] not in _INSIDE and at not in passage.gaps:
            continue
        marker = marker_at(text, at)
        if marker is None or marker.style not in _INSIDE_STYLES or at + len(marker.label) >= len(text):
            continue
        end = at + len(marker.label)
        opening = Opening(index, at, end, marker.style, marker.number, marker.value, marker.label, True)
        chain = chains.setdefault(marker.style, [])
        if (chain and marker.value == chain[-1].value + 1) or (marker.value == 1 and not chain):
            chain.append(opening)
    for chain in chains.values():
        for opening in chain if len(chain) > 1 else ():
            if opening is not first:
                opening.continues = chain[0] is first
                yield opening


def _enumerations(passages: Sequence[Passage], skipped: frozenset[int]) -> Iterator[Opening]:
    """Yield 一是…二是…, 首先…其次… when the series reaches two, within or across paragraphs."""
    chains: dict[str, list[Opening]] = {}
    for index, passage in enumerate(passages):
        if passage.kind in ("furniture", "row", "heading") or index in skipped:
            continue
        text = passage.characters
        for match in ENUMERATION.finditer(text):
            at = match.start()
            if at and text[at - 1] not in ENUMERATION_OPENERS and at not in passage.gaps:
                continue
            family, number, value = enumeration_value(match)
            opening = Opening(index, at, match.end(), f"words_{family}", number, value, match[0], True)
            chain = chains.get(family, [])
            follows = value == chain[-1].value + 1 if chain else False
            if family == "first" and chain:
                follows = value > chain[-1].value
            if follows:
                chain.append(opening)
                continue
            if len(chain) > 1:
                yield from chain
            chains[family] = [opening] if value == 1 else []
    for chain in chains.values():
        if len(chain) > 1:
            yield from chain


def _believable(found: list[Opening]) -> list[Opening]:
    """Drop decimal openings such as 3.15 that continue nothing."""
    kept: list[Opening] = []
    last = ""
    for opening in found:
        if opening.style == "decimal":
            prefix = (opening.number or "").rpartition(".")[0]
            previous = f"{prefix}.{opening.value - 1}"
            if opening.value != 1 and last != previous and not last.startswith(previous + "."):
                continue
            last = opening.number or ""
        kept.append(opening)
    return kept
