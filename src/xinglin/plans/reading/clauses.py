"""Cut a passage into sentences and clauses, and mark the stretches that only name things."""

import re
from bisect import bisect_left, bisect_right
from dataclasses import dataclass

_PAIRED = re.compile(r"《[^《》]{1,80}》|“[^“”]{1,80}”|“[^“”]{1,80}’|「[^」]{1,80}」|『[^』]{1,80}』|\"[^\"]{1,60}\"")
_CLAUSE_END = re.compile(r"[，。；：！？;!?]|,(?!\d{3})|:(?!\d)")
_SENTENCE_END = re.compile(r"[。！？!?]|；|;")
_PLAIN = str.maketrans("０１２３４５６７８９％＋－～○Ｏ", "0123456789%+-~〇〇")
_CHINESE_YEAR = re.compile(r"(?<![一二三四五六七八九十])[一二][〇零九][〇零一二三四五六七八九]{2}(?=年)")
_YEAR_DIGITS = str.maketrans("〇零一二三四五六七八九", "00123456789")
_NOTE = re.compile(r"[（(][^（()）]{2,80}[）)]")


@dataclass(frozen=True, slots=True)
class Clauses:
    """The clause and sentence borders of one passage."""

    text: str
    clause_starts: tuple[int, ...]
    clause_ends: tuple[int, ...]
    sentence_starts: tuple[int, ...]
    names: tuple[tuple[int, int], ...]
    notes: tuple[tuple[int, int], ...]
    named: bytes  # 1 for every character inside a title or quotation, so that asking is cheap

    def index_at(self, position: int) -> int:
        """Return the number of the clause that holds a position."""
        return max(bisect_right(self.clause_starts, position) - 1, 0)

    def clause_at(self, position: int) -> tuple[int, int]:
        """Return the clause at a position, or the bracketed note when the position is inside one."""
        at = bisect_right(self.notes, (position, 0)) - 1
        if at >= 0 and self.notes[at][0] < position < self.notes[at][1]:
            return self._inside_note(*self.notes[at], position)
        index = self.index_at(position)
        return self.clause_starts[index], self.clause_ends[index]

    def _inside_note(self, start: int, end: int, position: int) -> tuple[int, int]:
        inner_start, inner_end = start + 1, end - 1
        for match in re.finditer("[，；、;]", self.text[start:end]):
            at = start + match.start()
            if at < position:
                inner_start = at + 1
            else:
                inner_end = min(inner_end, at)
        return inner_start, inner_end

    def sentence_at(self, position: int) -> int:
        """Return where the sentence that holds a position starts."""
        return self.sentence_starts[max(bisect_right(self.sentence_starts, position) - 1, 0)]

    def is_named(self, position: int) -> bool:
        """Tell whether a position stands in a title or in quotation marks."""
        return position < len(self.named) and bool(self.named[position])

    def is_noted(self, position: int) -> bool:
        """Tell whether a position stands in a bracketed note."""
        at = bisect_right(self.notes, (position, 0)) - 1
        return at >= 0 and self.notes[at][0] < position < self.notes[at][1]

    def name_around(self, position: int) -> tuple[int, int] | None:
        """Return the title or quotation that holds a position."""
        at = bisect_right(self.names, (position, 0)) - 1
        return self.names[at] if at >= 0 and self.names[at][0] < position < self.names[at][1] else None

    def name_from(self, position: int) -> tuple[int, int] | None:
        """Return the first title or quotation that starts at or after a position."""
        at = bisect_left(self.names, (position, 0))
        return self.names[at] if at < len(self.names) else None


def plain(text: str) -> str:
    """Write full-width digits and Chinese years the Arabic way; no character is added or lost."""
    return _CHINESE_YEAR.sub(lambda year: year[0].translate(_YEAR_DIGITS), text.translate(_PLAIN))


def clauses_of(text: str, cells: tuple[tuple[int, int], ...] = (), labels: tuple[tuple[int, int], ...] = ()) -> Clauses:
    """Cut a text at its punctuation, except inside titles, quotations and notes; cells are clauses of their own.

    `labels` are the places of outline labels; they separate clauses and belong to none.
    """
    text = plain(text)
    names = tuple(match.span() for match in _PAIRED.finditer(text))
    notes = tuple(match.span() for match in _NOTE.finditer(text))
    named, closed = bytearray(len(text) + 1), bytearray(len(text) + 1)
    for start, end in names:
        named[start + 1 : end] = b"\1" * (end - start - 1)
    closed[:] = named
    for start, end in (*names, *notes):
        closed[start + 1 : end - 1] = b"\1" * (end - start - 2)
    for _, end in names:
        closed[end - 1] = 0
    starts, ends, sentences = [0], [], [0]
    borders = {match.start(): match.end() for match in _CLAUSE_END.finditer(text)}
    borders.update((start, start) for start, _ in cells if start)
    borders.update((start, end) for start, end in labels if start)
    starts[0] = next((end for start, end in labels if start == 0), 0)
    for at in sorted(borders):
        if closed[at]:
            continue
        if at < starts[-1]:
            continue
        ends.append(at)
        starts.append(borders[at])
        if borders[at] == at or _SENTENCE_END.match(text[at]):
            sentences.append(borders[at])
    ends.append(len(text))
    return Clauses(text, tuple(starts), tuple(ends), tuple(sentences), names, notes, bytes(named))
