"""Read the bare numbers of a table by the heads of its columns."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from xinglin.lib.numerals import read_numeral
from xinglin.plans.reading.rejoin import Passage

_NUMBER = re.compile(
    r"(≥|≤|>|<|不少于|不低于|不超过|约|超|近)?(\d{1,3}(?:[,，]\d{3})+|\d+(?:\.\d+)?)(?:[-—~～至](\d+(?:\.\d+)?))?(万)?"
)
_UNIT_IN_HEAD = re.compile(r"[（(](?:单位[：:])?([\u4e00-\u9fff%％]{1,4})[）)]$")
_UNIT_HEAD = re.compile(r"^(?:计量)?单位$")
_COUNT_HEAD = re.compile(r"(人次|场次|场|期|篇|人|项|家|次|门|万元)(?:数|数量)$|^(人次|场次)$")
_VALUE_HEAD = re.compile(r"数量|目标值|指标值|目标|计划数|计划值|任务数|完成数|完成值|完成情况|实际|合计|20\d\d年")
_NAME_HEAD = re.compile(r"项目|任务|内容|指标|名称|活动|工作|事项|类别|会议|培训")
_DATE_HEAD = re.compile(r"时限|时间|期限|日期|节点|进度")
_PAST_HEAD = re.compile(r"完成数|完成值|完成情况|实际|已完成|上年|去年")
_INDEX_HEAD = re.compile(r"序号|编号|^No")


@dataclass(frozen=True, slots=True)
class Cell:
    """A table cell: its text and its place in the row's passage."""

    text: str
    start: int
    end: int
    head: str


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a table below its head."""

    passage: int
    cells: tuple[Cell, ...]

    @property
    def name(self) -> Cell | None:
        """The cell that says what the row is about."""
        named = [cell for cell in self.cells if _NAME_HEAD.search(cell.head) and not _VALUE_HEAD.search(cell.head)]
        named = named or [cell for cell in self.cells if re.search("[\u4e00-\u9fff]{2}", cell.text)]
        return next((cell for cell in reversed(named) if len(cell.text) >= 2), None)

    @property
    def unit(self) -> str:
        """The measure word of a column of its own, or nothing."""
        return next((cell.text for cell in self.cells if _UNIT_HEAD.match(cell.head)), "")


@dataclass(frozen=True, slots=True)
class BareNumber:
    """A number whose measure word stands in the head of its column."""

    cell: Cell
    value_min: int | float | None
    value_max: int | float | None
    unit: str
    is_past: bool
    year: int | None


def rows_of(passages: Sequence[Passage]) -> Iterator[Row]:
    """Yield the rows below the head of every table."""
    head: list[str] = []
    previous, table = -2, 0
    for index, passage in enumerate(passages):
        if passage.kind == "furniture" and previous == index - 1 and head:
            previous = index  # the rule below a markdown head
            continue
        if passage.kind != "row":
            continue
        texts = [passage.characters[a:b] for a, b in passage.cells]
        if previous != index - 1 or passage.table != table:
            head, previous, table = texts, index, passage.table
            continue
        previous = index
        heads = head if len(head) == len(texts) else [""] * len(texts)
        yield Row(
            index,
            tuple(Cell(text, a, b, title) for text, (a, b), title in zip(texts, passage.cells, heads, strict=True)),
        )


def bare_numbers_of(row: Row) -> Iterator[BareNumber]:
    """Yield the cells that hold only a number and whose column counts something."""
    for cell in row.cells:
        match = _NUMBER.fullmatch(cell.text)
        if not match or _INDEX_HEAD.search(cell.head) or _DATE_HEAD.search(cell.head):
            continue
        unit = _unit_of(cell, row)
        if not unit:
            continue
        scale = match[4] or ""
        low = read_numeral(text=match[2] + scale)
        high = read_numeral(text=match[3] + scale) if match[3] else low
        over = match[1] in ("≥", ">", "不少于", "不低于", "超")
        under = match[1] in ("≤", "<", "不超过", "近")
        year = re.search(r"20\d\d", cell.head)
        yield BareNumber(
            cell=cell,
            value_min=None if under else low,
            value_max=None if over else high,
            unit=unit,
            is_past=bool(_PAST_HEAD.search(cell.head)),
            year=int(year[0]) if year else None,
        )


def _unit_of(cell: Cell, row: Row) -> str:
    printed = _UNIT_IN_HEAD.search(cell.head)
    if printed:
        return printed[1].replace("％", "%")
    counted = _COUNT_HEAD.search(cell.head)
    if counted:
        return counted[1] or counted[2]
    return row.unit if _VALUE_HEAD.search(cell.head) else ""
