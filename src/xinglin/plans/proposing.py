"""Turns a reading into proposed commitments: every number, date and edition, and the sentences without any."""

import re
from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from .reading.front import is_summary_heading
from .reading.model import OutlineEntry, Reading

_PLAN_PART = re.compile(r"计划|要点|安排|打算|重点工作")
_SENTENCE_END = re.compile(r"[。；!！?？]")
_DEED = re.compile(
    "开展|举办|召开|举行|完成|组织|做好|推进|加强|完善|建立|健全|制定|制订|修订|提升|提高|深化|落实|探索|筹备|编制|承办|"
    "发布|培养|举荐|推荐|贯彻|规范|拓展|拓宽|支持|巩固|扩大|发展|实施|优化|强化|持续|继续|发挥|营造|弘扬|参加|推广|打造"
)


@dataclass(frozen=True, kw_only=True)
class Proposed:
    """One commitment as the reader proposes it; positions index the whitespace-free text."""

    chapter: str
    chapter_title: str
    chapter_order: int
    path: tuple[str, ...]
    quote: str
    text: str
    object: str
    kind: str
    start: int
    end: int
    value_min: Decimal | None = None
    value_max: Decimal | None = None
    unit: str = ""
    modality: str = "must"
    deadline: date
    deadline_printed: bool = False
    edition: int | None = None
    confidence: Decimal = Decimal("0.20")
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class _Chapter:
    number: str
    title: str
    order: int
    start: int
    end: int


def propose(*, reading: Reading, year: int) -> list[Proposed]:
    """Return the proposed commitments of the document's plan part, in the order of the text."""
    start = _plan_start(reading)
    chapters = _chapters(reading, start)
    found = [
        *_targets(reading, chapters, start, year),
        *_editions(reading, chapters, start, year),
        *_vague(reading, chapters, start, year),
    ]
    found = _without_nested(_with_dates(sorted(found, key=lambda one: (one.start, one.end))))
    found += _words(reading, chapters, start, year, taken=[(one.start, one.end) for one in found])
    return sorted(found, key=lambda one: (one.start, one.end))


def _plan_start(reading: Reading) -> int:
    """Return where the plan begins: after the chapters that look back."""
    tops = [one for one in reading.outline if one.level == 1]
    looking_back = [at for at, one in enumerate(tops) if is_summary_heading(one.title)]
    if looking_back and reading.doc_type == "plan":
        tops = tops[looking_back[-1] + 1 :]
        return tops[0].start if looking_back[0] == 0 and tops else 0
    if reading.doc_type != "summary+plan":
        return 0
    parts = [one for one in tops if _PLAN_PART.search(one.title) and not is_summary_heading(one.title)]
    return parts[-1].start if parts else 0


def _chapters(reading: Reading, start: int) -> list[_Chapter]:
    inside = [one for one in reading.outline if one.start >= start and one.role == "heading"]
    if not inside:
        return [_Chapter(number="", title="", order=0, start=start, end=len(reading.text))]
    parts = [one for one in inside if one.label.startswith("第") and "部分" in one.label]
    rest = [one for one in inside if one not in parts] or inside
    top = min(one.level for one in rest)
    heads = [one for one in rest if one.level == top]
    ends = [one.start for one in heads[1:]] + [len(reading.text)]
    return [
        _Chapter(number=one.number or "", title=one.title, order=order, start=one.start, end=end)
        for order, (one, end) in enumerate(zip(heads, ends, strict=True), start=1)
    ]


def _chapter(chapters: list[_Chapter], position: int) -> _Chapter:
    index = bisect_right([one.start for one in chapters], position) - 1
    return chapters[index] if index >= 0 else _Chapter(number="", title="", order=0, start=0, end=0)


def _made(chapters: list[_Chapter], entry: Any, year: int, **given: Any) -> Proposed:
    chapter = _chapter(chapters, entry.start)
    given.setdefault("deadline", date(year, 12, 31))
    return Proposed(
        chapter=chapter.number,
        chapter_title=chapter.title,
        chapter_order=chapter.order,
        path=tuple(entry.path),
        quote=entry.quote,
        start=entry.start,
        end=entry.end,
        **given,
    )


def _targets(reading: Reading, chapters: list[_Chapter], start: int, year: int) -> Iterable[Proposed]:
    for one in reading.targets:
        if one.start < start:
            continue
        printed = one.deadline_source == "explicit" and one.deadline
        yield _made(
            chapters,
            one,
            year,
            text=_clean(one.quote),
            object=one.object,
            kind=one.kind,
            unit=one.unit or "",
            value_min=_decimal(one.value_min),
            value_max=_decimal(one.value_max),
            modality=one.modality,
            deadline=date.fromisoformat(one.deadline) if one.deadline else date(year, 12, 31),
            deadline_printed=bool(printed),
            confidence=Decimal(str(round(one.confidence, 2))),
            reasons=tuple(one.reasons),
        )


def _editions(reading: Reading, chapters: list[_Chapter], start: int, year: int) -> Iterable[Proposed]:
    for one in reading.editions:
        if one.start >= start:
            yield _made(
                chapters,
                one,
                year,
                text=_clean(one.quote),
                object=one.name,
                kind="edition",
                edition=one.edition,
                value_min=Decimal(1),
                unit="届",
                confidence=Decimal("0.90"),
                reasons=("edition",),
            )


def _vague(reading: Reading, chapters: list[_Chapter], start: int, year: int) -> Iterable[Proposed]:
    for one in reading.vague:
        if one.start >= start:
            yield _made(
                chapters,
                one,
                year,
                text=_clean(one.quote),
                object="",
                kind="words",
                confidence=Decimal("0.40"),
                reasons=("vague",),
            )


def _with_dates(found: list[Proposed]) -> list[Proposed]:
    """Give an edition the date printed beside it: 5月召开第三届年会 is one task, not two."""
    dates = [one for one in found if one.kind == "date"]
    kept = [one for one in found if one.kind != "date"]
    for at, one in enumerate(kept):
        if one.kind != "edition" or one.deadline_printed:
            continue
        for day in dates:
            if day.start < one.end and one.start < day.end:
                kept[at] = replace(one, deadline=day.deadline, deadline_printed=True)
    editions = [one for one in kept if one.kind == "edition"]
    free = [day for day in dates if not any(day.start < one.end and one.start < day.end for one in editions)]
    return sorted([*kept, *free], key=lambda one: (one.start, one.end))


def _without_nested(found: list[Proposed]) -> list[Proposed]:
    """Drop what repeats a span: an edition or a vague phrase that a target already covers exactly."""
    kept: list[Proposed] = []
    for one in found:
        twin = next(
            (old for old in kept if old.start <= one.start and one.end <= old.end and old.kind == one.kind == "words"),
            None,
        )
        if twin is None:
            kept.append(one)
    return kept


def _words(
    reading: Reading,
    chapters: list[_Chapter],
    start: int,
    year: int,
    taken: list[tuple[int, int]],
) -> Iterable[Proposed]:
    """Propose the sentences that promise something without number or date, one a leaf of the outline."""
    entries = [one for one in reading.outline if one.start >= start]
    for index, entry in enumerate(entries):
        end = entries[index + 1].start if index + 1 < len(entries) else _body_end(reading, entry)
        if entry.role == "heading":
            yield from _sentences(reading, chapters, entry, entry.end, end, year, taken)
        elif not _overlaps(entry.start, end, taken) and not _has_children(entries, index):
            stop = _first_stop(reading.text, entry.end, end)
            yield _sentence(reading, chapters, entry, entry.start + len(entry.label), stop, year)


def _body_end(reading: Reading, entry: OutlineEntry) -> int:
    """Return where the last entry's own paragraph ends, so that a closing appeal is no promise."""
    following = [one.end for one in reading.paragraphs if one.end > entry.end]
    if entry.role != "heading":
        return following[0] if following else len(reading.text)
    return len(reading.text)


def _has_children(entries: list[OutlineEntry], index: int) -> bool:
    return index + 1 < len(entries) and entries[index + 1].level > entries[index].level


def _overlaps(start: int, end: int, taken: list[tuple[int, int]]) -> bool:
    return any(one_start < end and start < one_end for one_start, one_end in taken)


def _first_stop(text: str, start: int, end: int) -> int:
    stop = _SENTENCE_END.search(text, start, end)
    return stop.start() if stop else end


def _sentences(
    reading: Reading,
    chapters: list[_Chapter],
    entry: OutlineEntry,
    start: int,
    end: int,
    year: int,
    taken: list[tuple[int, int]],
) -> Iterable[Proposed]:
    while start < end:
        stop = _first_stop(reading.text, start, end)
        words = reading.text[start:stop]
        if 8 <= len(words) <= 160 and _DEED.search(words) and not _overlaps(start, stop, taken):
            yield _sentence(reading, chapters, entry, start, stop, year)
        start = stop + 1


def _sentence(
    reading: Reading,
    chapters: list[_Chapter],
    entry: OutlineEntry,
    start: int,
    end: int,
    year: int,
) -> Proposed:
    chapter = _chapter(chapters, start)
    quote = reading.text[start:end]
    return Proposed(
        chapter=chapter.number,
        chapter_title=chapter.title,
        chapter_order=chapter.order,
        path=tuple(entry.path),
        quote=quote,
        text=_clean(quote),
        object="",
        kind="words",
        start=start,
        end=end,
        deadline=date(year, 12, 31),
        reasons=("words",),
    )


def _clean(quote: str) -> str:
    """Return the sentence as the office would write it: without marks of the document's typesetting."""
    return quote.replace("**", "").strip("，,；;。 ")


def _decimal(value: int | float | None) -> Decimal | None:
    return None if value is None else Decimal(str(value))
