"""Cut a passage into sentences and clauses, and mark the stretches that only name things."""

import re
from bisect import bisect_right
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

    def index_at(self, position: int) -> int:
        """Return the number of the clause that holds a position."""
        return max(bisect_right(self.clause_starts, position) - 1, 0)

    def clause_at(self, position: int) -> tuple[int, int]:
        """Return the clause at a position, or the bracketed note when the position is inside one."""
        for start, end in self.notes:
            if start < position < end:
                return self._inside_note(start, end, position)
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
        return any(start < position < end for start, end in self.names)


def plain(text: str) -> str:
    """Write full-width digits and Chinese years the Arabic way; no character is added or lost."""
    return _CHINESE_YEAR.sub(lambda year: year[0].translate(_YEAR_DIGITS), text.translate(_PLAIN))


def clauses_of(
    text: str, cells: tuple[tuple[int, int], ...] = (), labels: tuple[tuple[int, int], ...] = ()
) -> Clauses:
    """Cut a text at its punctuation, except inside titles, quotations and notes; cells are clauses of their own.

    `labels` are the places of outline labels; they separate clauses and belong to none.
    """
    text = plain(text)
    names = tuple(match.span() for match in _PAIRED.finditer(text))
    notes = tuple(match.span() for match in _NOTE.finditer(text))
    closed = names + notes
    starts, ends, sentences = [0], [], [0]
    borders = {match.start(): match.end() for match in _CLAUSE_END.finditer(text)}
    borders.update((start, start) for start, _ in cells if start)
    borders.update((start, end) for start, end in labels if start)
    starts[0] = next((end for start, end in labels if start == 0), 0)
    for at in sorted(borders):
        if any(start < at < end - 1 for start, end in closed):
            continue
        if at < starts[-1]:
            continue
        ends.append(at)
        starts.append(borders[at])
        if borders[at] == at or _SENTENCE_END.match(text[at]):
            sentences.append(borders[at])
    ends.append(len(text))
    return Clauses(text, tuple(starts), tuple(ends), tuple(sentences), names, notes)
