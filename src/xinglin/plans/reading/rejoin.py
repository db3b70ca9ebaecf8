"""Put hard-wrapped and page-broken lines back together as paragraphs, keeping every position."""

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from xinglin.plans.reading.furniture import furniture_of
from xinglin.plans.reading.lines import Line, Source
from xinglin.plans.reading.markers import marker_at

_FINISHED = re.compile(r"[。！？；：!?;:][”’」』）)》\"]*$")
_SENTENCE_END = re.compile(r"[。！？!?][”’」』）)》\"]*$")
_CLOSING = frozenset("，。、；：！？）》」』】%％,;)”’")
_HASHES = re.compile(r"(#{1,6})(?=\s)")
_LEAD_MARK = re.compile(r"(?:[-*+•●◆■▪◇○]|>)(?=\s)|[•●◆■▪◇►➢]")
_RULE = re.compile(r"[-*_=]{3,}$")
_TABLE_RULE = re.compile(r"\|?[\s:|-]*-{2,}[\s:|-]*\|?$")
_BRACKETED = re.compile(r"[（(][^（()）]*[）)]")
_TOKEN = re.compile(r"[A-Za-z0-9.,%+\-/]+")
_LONG = 60  # width from which an unfinished line in an unwrapped text is a broken sentence, not a heading


@dataclass(slots=True)
class Piece:
    """One line without white space: its readable characters and where each stands in the text."""

    line: Line
    start: int
    end: int
    characters: str
    places: list[int]
    bold: list[tuple[int, int]] = field(default_factory=list)
    cells: list[tuple[int, int]] = field(default_factory=list)
    gaps: frozenset[int] = frozenset()
    kind: str = ""  # "", heading, title, toc, row, furniture
    level: int = 0
    width: int = 0
    blanks_before: int = 0
    breaks_before: bool = False  # a page ended, or furniture was printed, before this line


@dataclass(slots=True)
class Passage:
    """A paragraph put back together; `places` maps its readable characters to the text."""

    characters: str
    places: list[int]
    start: int
    end: int
    kind: str
    level: int = 0
    bold: tuple[tuple[int, int], ...] = ()
    cells: tuple[tuple[int, int], ...] = ()
    gaps: frozenset[int] = frozenset()
    table: int = 0

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Return where characters start..end of the passage stand in the text."""
        return self.places[start], self.places[end - 1] + 1


def passages_of(source: Source) -> tuple[str, list[Passage]]:
    """Return the text without white space and its paragraphs in order."""
    pieces, text = _pieces(source)
    furniture_of(pieces)
    wrap = _wrap_width(pieces, printed=source.kind == "pdf")
    spaced = _blank_means_paragraph(pieces, wrap)
    passages: list[Passage] = []
    group: list[Piece] = []
    broken = False
    for piece in pieces:
        if piece.kind == "furniture":
            passages.append(_passage([piece]))
            broken = True
            continue
        piece.breaks_before = broken or bool(group and group[-1].line.page != piece.line.page)
        broken = False
        if group and not _joins(group, piece, wrap, spaced):
            passages.append(_passage(group))
            group = []
        group.append(piece)
    if group:
        passages.append(_passage(group))
    passages.sort(key=lambda passage: passage.start)
    return text, passages


def _pieces(source: Source) -> tuple[list[Piece], str]:
    pieces, texts, offset, blanks = [], [], 0, 0
    marked = source.kind == "text"
    for line in source.lines:
        bare = "".join(line.text.split())
        if not bare:
            blanks += 1
            continue
        piece = _piece(line, offset, marked)
        piece.blanks_before, blanks = blanks, 0
        pieces.append(piece)
        texts.append(bare)
        offset += len(bare)
    return pieces, "".join(texts)


def _piece(line: Line, offset: int, marked: bool) -> Piece:
    raw = line.text
    hidden, bold, cells, kind, level = _marks(raw) if marked else (set(), list(line.bold), [], "", 0)
    cells = cells or list(line.cells)
    characters: list[str] = []
    places: list[int] = []
    gaps: set[int] = set()
    index_of: dict[int, int] = {}
    place, space = offset, False
    for index, character in enumerate(raw):
        index_of[index] = len(characters)
        if character.isspace():
            space = True
            continue
        if index not in hidden:
            if space and characters:
                gaps.add(len(characters))
            characters.append(character)
            places.append(place)
            space = False
        place += 1
    index_of[len(raw)] = len(characters)
    clean = "".join(characters)
    return Piece(
        line=line,
        start=offset,
        end=place,
        characters=clean,
        places=places,
        bold=[(index_of[a], index_of[b]) for a, b in bold if index_of[a] < index_of[b]],
        cells=[(index_of[a], index_of[b]) for a, b in cells],
        gaps=frozenset(gaps),
        kind=kind or line.style or ("furniture" if not clean else ""),
        level=level or line.level,
        width=_width(raw.strip()) + _first_indent(raw),
    )


Marks = tuple[set[int], list[tuple[int, int]], list[tuple[int, int]], str, int]


def _marks(raw: str) -> Marks:
    """Find the markdown marks of a line: hidden characters, bold spans, cells, kind and heading level."""
    hidden: set[int] = set()
    bare = raw.strip()
    start = len(raw) - len(raw.lstrip())
    if _RULE.match(bare) or ("|" in bare and _TABLE_RULE.match(bare)):
        return set(range(len(raw))), [], [], "furniture", 0
    kind, level = "", 0
    hashes = _HASHES.match(raw, start)
    lead = _LEAD_MARK.match(raw, start)
    if hashes:
        kind, level = "heading", len(hashes[1])
        hidden.update(range(*hashes.span()))
    elif lead:
        hidden.update(range(*lead.span()))
    bold = _bold_spans(raw, hidden)
    cells: list[tuple[int, int]] = []
    if (bare.startswith("|") and bare.count("|") >= 2) or raw.strip().count("\t") >= 2:
        kind = "row"
        cells = _cells(raw, "|" if bare.startswith("|") else "\t", hidden)
    return hidden, bold, cells, kind, level


def _bold_spans(raw: str, hidden: set[int]) -> list[tuple[int, int]]:
    spans, opened = [], -1
    for match in re.finditer(r"\*\*|__", raw):
        hidden.update(range(*match.span()))
        if opened < 0:
            opened = match.end()
        else:
            spans.append((opened, match.start()))
            opened = -1
    return spans


def _cells(raw: str, separator: str, hidden: set[int]) -> list[tuple[int, int]]:
    cells, start = [], 0
    for index, character in enumerate(raw + separator):
        if character == separator:
            if index < len(raw) and separator == "|":
                hidden.add(index)
            if raw[start:index].strip():
                cells.append((start, index))
            start = index + 1
    return cells


def _width(text: str) -> int:
    return sum(1 if unicodedata.east_asian_width(character) in "NaH" else 2 for character in text)


def _wrap_width(pieces: Sequence[Piece], *, printed: bool) -> int:
    """Return the width at which lines were broken, or 0 when lines are paragraphs; a PDF always breaks lines."""
    prose = [piece for piece in pieces if not piece.kind and not piece.line.whole]
    if len(prose) < 8 and not printed:
        return 0
    counts = Counter(piece.width for piece in prose if piece.width >= 24)
    if not counts:
        return 0
    best = max(counts, key=lambda width: sum(counts[each] for each in range(width - 6, width + 1)))
    if printed:
        return best
    full = [piece for piece in prose if best - 6 <= piece.width <= best + 2]
    longer = sum(1 for piece in prose if piece.width > best + 6)
    unfinished = sum(1 for piece in full if not _FINISHED.search(piece.characters))
    is_wrapped = len(full) >= 0.3 * len(prose) and unfinished >= 0.5 * len(full) and longer <= 0.05 * len(prose)
    return best if is_wrapped and best <= 140 else 0


def _blank_means_paragraph(pieces: Sequence[Piece], wrap: int) -> bool:
    """Tell whether blank lines separate paragraphs rather than all lines."""
    pairs = [
        after.blanks_before
        for before, after in pairwise(pieces)
        if wrap and before.width >= wrap - 4 and not _FINISHED.search(before.characters)
    ]
    return bool(pairs) and sum(1 for blanks in pairs if blanks) < 0.2 * len(pairs)


def _joins(group: Sequence[Piece], piece: Piece, wrap: int, spaced: bool) -> bool:
    last = group[-1]
    if last.line.whole or piece.line.whole or last.kind or piece.kind:
        return False
    if piece.characters[:1] in _CLOSING:
        return True
    if _is_remnant(piece) and "，" in last.characters and not _FINISHED.search(last.characters):
        return True
    if _is_bare_label(last) and len(group) == 1:
        return True
    if _BRACKETED.fullmatch(last.characters):
        return False
    finished = bool(_FINISHED.search(last.characters))
    full = bool(wrap) and _is_full(last, piece, wrap)
    if marker_at(piece.characters) and not _is_accidental(piece, full and not finished):
        return False
    if spaced and not piece.blanks_before and full:
        return not (_is_indented(piece) and finished)
    if finished:
        return full and not _SENTENCE_END.search(last.characters) and not _is_indented(piece)
    if wrap:
        running = "，" in last.characters and not (len(group) == 1 and _is_heading_like(last))
        return full or (last.width > wrap * 0.6 and (running or (piece.breaks_before and last.width > wrap * 0.8)))
    return last.width >= _LONG and not _is_all_bold(last) and not (len(group) == 1 and _is_heading_like(last))


def _is_remnant(piece: Piece) -> bool:
    """Tell whether a line holds only the last few characters of a sentence, which is no paragraph of its own."""
    text = piece.characters
    return len(text) <= 6 and bool(re.search("[。；]$", text)) and marker_at(text) is None


def _is_heading_like(piece: Piece) -> bool:
    text = piece.characters
    return marker_at(text) is not None and len(text) <= 60 and not re.search("[。；：]", text)


def _is_accidental(piece: Piece, runs_on: bool) -> bool:
    # A line that runs on may put “2.5万” or “（2024年）” first; true markers stand after a full stop.
    marker = marker_at(piece.characters)
    return runs_on and marker is not None and marker.style in ("letter", "arabic_half")


def _is_bare_label(piece: Piece) -> bool:
    marker = marker_at(piece.characters)
    return marker is not None and marker.label == piece.characters


def _first_indent(raw: str) -> int:
    """Return the indent of a paragraph's first line, which counts towards the width; a centred line's does not."""
    indent = _width(raw[: len(raw) - len(raw.lstrip())])
    return indent if indent <= 8 else 0


def _is_full(last: Piece, piece: Piece, wrap: int) -> bool:
    token = _TOKEN.match(piece.characters)
    next_width = len(token[0]) if token else 2
    return last.width + next_width + 4 >= wrap


def _is_indented(piece: Piece) -> bool:
    raw = piece.line.text
    return _width(raw[: len(raw) - len(raw.lstrip())]) >= 4


def _is_all_bold(piece: Piece) -> bool:
    return bool(piece.bold) and piece.bold[0][0] == 0 and piece.bold[-1][1] >= len(piece.characters) - 1


def _passage(group: Sequence[Piece]) -> Passage:
    characters, places = "", list[int]()
    bold, gaps = list[tuple[int, int]](), set[int]()
    for piece in group:
        shift = len(characters)
        bold.extend((a + shift, b + shift) for a, b in piece.bold)
        gaps.update(gap + shift for gap in piece.gaps)
        characters += piece.characters
        places.extend(piece.places)
    first = group[0]
    return Passage(
        characters=characters,
        places=places,
        start=first.start,
        end=group[-1].end,
        kind=first.kind or "para",
        level=first.level,
        bold=tuple(bold),
        cells=tuple(first.cells),
        gaps=frozenset(gaps),
        table=first.line.table,
    )
