"""The columns of the decomposition table in Excel: what they are called, how a commitment fills them."""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from xinglin.lib.tables import Cell

from ..commitments import Commitment
from ..progress import Standing
from .wording import LIGHT

KEY = "键"
KINDS = {"count": "数量", "percent": "比例", "date": "日期", "list_count": "清单", "edition": "届次", "words": "文字"}
MODALITIES = {"must": "必须", "strive": "力争", "approx": "约"}
TARGET, ASSIGN, SHOWN = "target", "assign", "shown"


@dataclass(frozen=True, kw_only=True)
class Filled:
    """A commitment with everything a row of the table says about it; names are those of the directory."""

    standing: Standing
    partners: tuple[str, ...]
    milestones: tuple[tuple[date, Decimal, str], ...]
    names: Mapping[str, str]

    @property
    def commitment(self) -> Commitment:
        """Return the commitment."""
        return self.standing.commitment

    def name(self, ref: str) -> str:
        """Return what a ref is called."""
        return self.names.get(ref, ref) if ref else ""

    @property
    def key(self) -> str:
        """Return the row's permanent key with a mark of how the row stood when it was written."""
        parts = (self.commitment.stamp, *sorted(self.partners), *map(str, self.milestones))
        stands = hashlib.blake2s("\x1f".join(parts).encode(), digest_size=5).hexdigest()
        return f"C{self.commitment.pk}-{stands}"


@dataclass(frozen=True, kw_only=True)
class Column:
    """One column: its field, heading, width, who may change it, and its cell."""

    field: str
    title: str
    width: int
    part: str
    cell: Callable[[Filled], Cell]


def milestones_text(steps: Sequence[tuple[date, Decimal, str]]) -> str:
    """Return milestones as they are typed: 2026-06-30 50% 中期检查；2026-12-31 100%."""
    return "；".join(f"{due.isoformat()} {share.normalize():f}% {title}".strip() for due, share, title in steps)


def chapter_text(one: Commitment) -> str:
    """Return the chapter as the table writes it: 三　学术交流."""
    return f"{one.chapter}　{one.chapter_title}".strip("　")


def _figure(value: Decimal | None) -> Cell:
    if value is None:
        return None
    return int(value) if value == value.to_integral_value() else value.normalize()


def _value(one: Filled) -> Cell:
    return _figure(one.standing.value) if one.standing.measure else None


def _share(value: Decimal, one: Filled) -> Cell:
    return _figure(value) if one.standing.measure else None


COLUMNS: tuple[Column, ...] = (
    Column(field="key", title=KEY, width=6, part=SHOWN, cell=lambda one: one.key),
    Column(field="no", title="编号", width=8, part=SHOWN, cell=lambda one: one.commitment.no),
    Column(field="chapter", title="章", width=16, part=SHOWN, cell=lambda one: chapter_text(one.commitment)),
    Column(field="text", title="任务", width=44, part=TARGET, cell=lambda one: one.commitment.text),
    Column(field="object", title="对象", width=16, part=TARGET, cell=lambda one: one.commitment.object),
    Column(field="kind", title="类型", width=8, part=TARGET, cell=lambda one: KINDS[one.commitment.kind]),
    Column(field="value_min", title="目标下限", width=10, part=TARGET,
           cell=lambda one: _figure(one.commitment.value_min)),
    Column(field="value_max", title="目标上限", width=10, part=TARGET,
           cell=lambda one: _figure(one.commitment.value_max)),
    Column(field="unit", title="单位", width=8, part=TARGET, cell=lambda one: one.commitment.unit),
    Column(field="modality", title="力度", width=8, part=TARGET, cell=lambda one: MODALITIES[one.commitment.modality]),
    Column(field="deadline", title="完成时限", width=12, part=TARGET, cell=lambda one: one.commitment.deadline),
    Column(field="lead", title="牵头", width=16, part=ASSIGN, cell=lambda one: one.name(one.commitment.lead)),
    Column(field="partners", title="配合", width=20, part=ASSIGN,
           cell=lambda one: "、".join(one.name(each) for each in one.partners)),
    Column(field="leader", title="分管领导", width=12, part=ASSIGN, cell=lambda one: one.name(one.commitment.leader)),
    Column(field="responsible", title="责任人", width=12, part=ASSIGN,
           cell=lambda one: one.name(one.commitment.responsible)),
    Column(field="weight", title="权重", width=8, part=ASSIGN, cell=lambda one: _figure(one.commitment.weight)),
    Column(field="budget_line", title="经费科目", width=14, part=ASSIGN, cell=lambda one: one.commitment.budget_line),
    Column(field="milestones", title="节点", width=30, part=ASSIGN, cell=lambda one: milestones_text(one.milestones)),
    Column(field="problem", title="问题", width=26, part=ASSIGN, cell=lambda one: one.commitment.problem),
    Column(field="duty", title="责任", width=26, part=ASSIGN, cell=lambda one: one.commitment.duty),
    Column(field="value", title="现数", width=10, part=SHOWN, cell=_value),
    Column(field="actual", title="完成度%", width=9, part=SHOWN, cell=lambda one: _share(one.standing.actual, one)),
    Column(field="planned", title="应有%", width=9, part=SHOWN, cell=lambda one: _share(one.standing.planned, one)),
    Column(field="light", title="状态", width=9, part=SHOWN, cell=lambda one: LIGHT[one.standing.light]),
)
BY_FIELD = {one.field: one for one in COLUMNS}
# The three lists show the same items; each has its own columns.
LISTS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("问题清单", ("no", "text", "problem", "lead", "leader", "deadline", "light")),
    ("任务清单", ("no", "chapter", "text", "value_min", "unit", "lead", "partners", "deadline", "milestones", "value",
               "actual", "light")),
    ("责任清单", ("no", "text", "duty", "lead", "partners", "responsible", "leader", "weight", "budget_line", "light")),
)
