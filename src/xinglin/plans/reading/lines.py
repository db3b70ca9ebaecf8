"""The lines of a document as its file holds them, before anything is put back together."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the file with what the file says about its form."""

    text: str
    page: int = 0
    style: str = ""  # "", title, heading, toc, row
    level: int = 0  # of a heading style, from 1
    whole: bool = False  # a paragraph of its own, never to be joined to a neighbour
    bold: tuple[tuple[int, int], ...] = ()  # spans of characters in `text`
    cells: tuple[tuple[int, int], ...] = ()  # spans of the cells of a table row in `text`
    table: int = 0  # rows with the same number stand in one table


@dataclass(frozen=True, slots=True)
class Source:
    """All lines of a file and the kind of file they come from."""

    kind: str  # docx | pdf | text
    lines: tuple[Line, ...]
