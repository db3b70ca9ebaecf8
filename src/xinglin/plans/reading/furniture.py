"""Tell page numbers, running heads and tables of contents from what the document says."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

from xinglin.plans.reading.markers import marker_at

if TYPE_CHECKING:
    from xinglin.plans.reading.rejoin import Piece

_PAGE_NUMBER = re.compile(
    r"[-—–－―·|]*\d{1,3}[-—–－―·|]*|第\d{1,3}页(?:[,，/]?共\d{1,3}页)?|\d{1,3}/\d{1,3}"
    r"|共\d{1,3}页[,，/]?第\d{1,3}页|[Pp]age\d{1,3}(?:of\d{1,3})?|第[一二三四五六七八九十]{1,3}页"
)
_DOTS = re.compile(r"[.．。·…]{4,}[-（(]?\d{1,3}[)）-]?$|…{2,}\d{1,3}$")
_VARYING = re.compile(r"[\d\-—–－―·|/第页共]+")
_TITLE_WORDS = re.compile(r"协会|学会|医院|医学院|大学|委员会|计划|总结|要点|报告|文件|资料|内部")
_TITLE_ENDS = re.compile(r"(?:总结|小结|计划|要点|重点|安排|思路|打算|设想|方案|报告)$")
_ENDS = re.compile(r"[。；：，、！？]$")


def furniture_of(pieces: Sequence[Piece]) -> None:
    """Mark the lines that belong to the page and not to the document."""
    for piece in pieces:
        if piece.kind or piece.line.whole:
            if piece.kind == "toc":
                piece.kind = "furniture"
            continue
        if _PAGE_NUMBER.fullmatch(piece.characters) or _DOTS.search(piece.characters):
            piece.kind = "furniture"
    _mark_contents(pieces)
    _mark_running_heads(pieces)


def _mark_contents(pieces: Sequence[Piece]) -> None:
    for before, after in pairwise(pieces):
        if before.characters in ("目录", "目次") and after.kind == "furniture":
            before.kind = "furniture"


def _mark_running_heads(pieces: Sequence[Piece]) -> None:
    seen: dict[str, list[int]] = defaultdict(list)
    for index, piece in enumerate(pieces):
        text = piece.characters
        if piece.kind or piece.line.whole or len(text) > 40 or _ENDS.search(text) or marker_at(text):
            continue
        key = _VARYING.sub("", text)
        if key:
            seen[key].append(index)
    for indexes in seen.values():
        if len(indexes) > 1 and _run(pieces, indexes):
            for index in indexes:
                # the first printing may be the document's own title, unless the title follows it
                if index > 3 or index != indexes[0] or _title_follows(pieces, index):
                    pieces[index].kind = "furniture"


def _title_follows(pieces: Sequence[Piece], index: int) -> bool:
    """Tell whether the next line is another title of the same body, which makes this one a running head."""
    head, rest = pieces[index].characters, pieces[index + 1 :]
    following = next((piece.characters for piece in rest if piece.kind != "furniture"), "")
    return head[:4] == following[:4] and head != following and bool(_TITLE_ENDS.search(following))


def _run(pieces: Sequence[Piece], indexes: Sequence[int]) -> bool:
    """Tell whether a repeated line is printed by the page: at its edge, or beside its number."""
    edges = sum(1 for index in indexes if _at_edge(pieces, index))
    if edges == len(indexes) or (edges >= 2 and edges >= len(indexes) - 1):
        return True
    return len(indexes) >= 3 and bool(_TITLE_WORDS.search(pieces[indexes[0]].characters))


def _at_edge(pieces: Sequence[Piece], index: int) -> bool:
    for neighbour in (index - 1, index + 1):
        if not 0 <= neighbour < len(pieces):
            continue
        other = pieces[neighbour]
        if other.line.page != pieces[index].line.page:
            return True
        if other.kind == "furniture" and _PAGE_NUMBER.fullmatch(other.characters):
            return True
    return False
