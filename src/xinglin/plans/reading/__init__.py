"""Read plans and summaries of medical associations: outline, targets, figures and editions with their places."""

from pathlib import Path

from xinglin.plans.reading.front import front_of, title_passages
from xinglin.plans.reading.judging import Findings, judge_passage
from xinglin.plans.reading.lines import Source
from xinglin.plans.reading.model import (
    Edition,
    Figure,
    Judgement,
    OutlineEntry,
    Paragraph,
    Reading,
    Target,
    Vague,
)
from xinglin.plans.reading.modes import plan_year_of, sections_of
from xinglin.plans.reading.outline import Outline, outline_of
from xinglin.plans.reading.refusals import (
    DamagedFile,
    EmptyDocument,
    FileTooLarge,
    NotADocument,
    OldWordFile,
    PasswordProtected,
    Refusal,
    ScannedPdf,
    UndecodableText,
    ZipBomb,
)
from xinglin.plans.reading.rejoin import Passage, passages_of
from xinglin.plans.reading.rows import judge_rows
from xinglin.plans.reading.sources import DEFAULT_LIMIT, lines_of, lines_of_text
from xinglin.plans.reading.tables import rows_of

__all__ = [
    "DEFAULT_LIMIT",
    "DamagedFile",
    "Edition",
    "EmptyDocument",
    "Figure",
    "FileTooLarge",
    "Judgement",
    "NotADocument",
    "OldWordFile",
    "OutlineEntry",
    "Paragraph",
    "PasswordProtected",
    "Reading",
    "Refusal",
    "ScannedPdf",
    "Target",
    "UndecodableText",
    "Vague",
    "ZipBomb",
    "read_bytes",
    "read_file",
    "read_text",
]


def read_file(*, path: Path, limit: int = DEFAULT_LIMIT) -> Reading:
    """Read a .docx, text .pdf, .txt or .md file; raises a Refusal that says what would be right."""
    size = path.stat().st_size
    if size > limit:
        raise FileTooLarge(size_mb=size / 1048576, limit_mb=limit / 1048576)
    return read_bytes(content=path.read_bytes(), name=path.name, limit=limit)


def read_bytes(*, content: bytes, name: str, limit: int = DEFAULT_LIMIT) -> Reading:
    """Read the bytes of an upload; the name serves messages only, the type is judged by content."""
    return _read(lines_of(content=content, name=name, limit=limit))


def read_text(*, text: str) -> Reading:
    """Read text that was pasted or is already decoded."""
    return _read(lines_of_text(text=text))


def _read(source: Source) -> Reading:
    text, passages = passages_of(source)
    title, title_block = title_passages(passages)
    outline = outline_of(passages, title_block)
    front = front_of(title=title, entries=outline.entries, passages=passages)
    sections = sections_of(front=front, entries=outline.entries, passages=passages, text=text)
    plan_year = plan_year_of(front)
    findings, rows = Findings(), {row.passage: row for row in rows_of(passages)}
    for index, passage in enumerate(passages):
        if passage.kind == "furniture" or index in title_block:
            continue
        judge_passage(
            index=index,
            passage=passage,
            text=text,
            outline=outline,
            sections=sections,
            plan_year=plan_year,
            findings=findings,
            row=rows.get(index),
        )
    judge_rows(
        rows=rows.values(), passages=passages, text=text, outline=outline, sections=sections, plan_year=plan_year,
        findings=findings)
    return Reading(
        title=front.title,
        organisation=front.organisation,
        years=front.years,
        doc_type=front.doc_type,
        text=text,
        outline=outline.entries,
        targets=tuple(sorted(findings.targets, key=lambda each: each.start)),
        figures=tuple(sorted(findings.figures, key=lambda each: each.start)),
        editions=tuple(sorted(findings.editions, key=lambda each: each.start)),
        vague=tuple(sorted(findings.vague, key=lambda each: each.start)),
        paragraphs=tuple(_paragraphs(passages, title_block, outline)),
    )


def _paragraphs(passages: list[Passage], title_block: frozenset[int], outline: Outline) -> list[Paragraph]:
    openings = {entry.start: entry for entry in outline.entries}
    shown = []
    for index, passage in enumerate(passages):
        entry = openings.get(passage.places[0]) if passage.places else None
        kind, level = "para", len(outline.path_at(passage.start))
        if passage.kind == "furniture":
            kind, level = "furniture", 0
        elif index in title_block:
            kind, level = "title", 0
        elif passage.kind == "row":
            kind = "table"
        elif entry and entry.role != "run_in":
            kind, level = entry.role, entry.level
        shown.append(Paragraph(passage.start, passage.end, kind, level))
    return shown
