"""The register of commitments: all years, with the lists people return to."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from xinglin.kernel import clock
from xinglin.shell.tables import Choice, Column, Dates, Segment, Table

from ..commitments import Commitment
from ..documents import Plan
from ..progress import Standing, standings
from .doors import reads_plans
from .telling import figure_text, light_word

# Words by which the association's own wording tells what a commitment tracks.
BRANDED = ("品牌会议", "“东方”", "东方系列", "品牌学术")
MEETINGS = {"场", "个", "次"}  # what meetings are counted in; 人次 of the same sentence is no meeting
BUILT = (
    "中心建设",
    "护理中心",
    "康复中心",
    "服务站点",
    "支持中心",
    "医学中心",
    "重点专科",
    "双中心",
    "校区",
    "搬迁",
    "工程",
    "实验室",
    "竣工",
    "新建",
    "示范性",
)
EXCHANGED = ("考察", "长三角", "兄弟省市", "协作", "对口", "援")
PILOTED = ("试点", "示范", "创建")


_ENTRUSTING = re.compile(r"(?:完成|承接|承办|做好|受|按照|根据|配合)?([\u4e00-\u9fff]{2,14}?)(?:委托|交办)")


@dataclass(frozen=True, kw_only=True)
class Line:
    """One commitment in the register: a value, so that lights can be filtered and exported."""

    standing: Standing

    @property
    def commitment(self) -> Commitment:
        """Return the row."""
        return self.standing.commitment

    @property
    def key(self) -> int:
        """Return the key by which the line is picked."""
        return self.commitment.pk

    @property
    def light(self) -> str:
        """Return the light's code."""
        return self.standing.light

    @property
    def deadline(self) -> date:
        """Return the deadline, by which the address filters."""
        return self.commitment.deadline

    @property
    def chapter(self) -> str:
        """Return the chapter's number, by which the address filters."""
        return str(self.commitment.chapter_order)

    @property
    def year(self) -> str:
        """Return the plan's year as the address writes it."""
        return str(self.commitment.plan.year)

    @property
    def entrusted_by(self) -> str:
        """Return who entrusted it: as entered, else as the sentence says."""
        found = _ENTRUSTING.search(self.commitment.text)
        return self.commitment.entrusted_by or (found[1] if found else "")

    def says(self, words: Iterable[str]) -> bool:
        """Say whether the sentence or its object uses one of the words."""
        text = f"{self.commitment.text}{self.commitment.object}"
        return any(word in text for word in words)


LIGHT_WORDS = (
    ("done", _("Done")),
    ("ok", _("On schedule")),
    ("warn", _("Behind")),
    ("bad", _("At risk")),
    ("off", _("Cancelled")),
    ("none", _("No measure")),
)


def _years() -> list[tuple[str, str]]:
    return [(str(year), str(year)) for year in Plan.objects.values_list("year", flat=True).distinct().order_by("-year")]


class CommitmentTable(Table):
    """Commitments with their lights."""

    code = "plans.commitments"
    title = _("Commitments")
    unit = "项"
    columns = (
        Column("no", _("Number in the plan"), value="commitment.no", kind="id"),
        Column(
            "text",
            _("Commitment"),
            value="commitment.text",
            at="name",
            sort=True,
            link=lambda one: reverse("plans:commitment", args=[one.key]),
            sub=lambda one: one.commitment.chapter_title,
        ),
        Column("figure", _("Reached / target"), value=lambda one: figure_text(one.standing)),
        Column(
            "actual",
            _("Progress"),
            value=lambda one: one.standing.actual if one.standing.measure else None,
            kind="percent",
            sort=True,
        ),
        Column("deadline", _("Deadline"), value="commitment.deadline", kind="date", sort=True),
        Column("lead", _("Lead"), value="commitment.lead", kind="ref"),
        Column("entrusted_by", _("Entrusted by"), value="entrusted_by", hidden=True),
        Column("edition", _("Edition"), value="commitment.edition", kind="number", unit="届", hidden=True),
        Column("year", _("Year"), value="year", kind="id", hidden=True),
        Column(
            "light",
            _("Light"),
            kind="status",
            at="status",
            words=lambda one: ("off" if one.light == "none" else one.light, light_word(one.light)),
        ),
    )
    filters = (
        Choice("light", _("Light"), options=LIGHT_WORDS),
        Choice("year", _("Year"), options=_years),
        Choice("chapter", _("Chapter"), options=lambda: CommitmentTable.chapters()),
        Choice(
            "kind",
            _("Kind"),
            options=Commitment.Kind.choices,
            apply=lambda rows, kinds: [one for one in rows if one.commitment.kind in kinds],
        ),
        Dates("deadline", _("Deadline")),
    )
    segments = (
        Segment("all", _("All"), test=lambda one: True),
        Segment(
            "entrusted",
            _("Entrusted"),
            test=lambda one: bool(one.commitment.entrusted_by) or one.says(("委托", "交办")),
        ),
        Segment("branded", _("Branded meetings"), test=lambda one: one.says(BRANDED)),
        Segment("editions", _("Editions"), test=lambda one: one.commitment.kind == "edition"),
        Segment("built", _("Facilities and centres"), test=lambda one: one.says(BUILT)),
        Segment("pilots", _("Pilots and creation"), test=lambda one: one.says(PILOTED)),
        Segment("exchange", _("Exchange"), test=lambda one: one.says(EXCHANGED)),
        Segment("unowned", _("Without a lead"), test=lambda one: not one.commitment.lead),
        Segment("carried", _("Carried over"), test=lambda one: one.commitment.origin == "carried"),
    )
    empty = (
        _("No commitment is accepted yet"),
        _("Read a plan, then accept what it promises."),
        "plans:plans",
        _("To the plans"),
    )

    @staticmethod
    def chapters() -> list[tuple[str, str]]:
        """Return the chapters of the newest plan."""
        plan = Plan.objects.exclude(commitments=None).first()
        rows = (
            plan.commitments.accepted().values_list("chapter_order", "chapter", "chapter_title").distinct()
            if plan
            else ()
        )
        return [(str(order), f"{number}　{title}") for order, number, title in sorted(set(rows))]

    def rows(self) -> list[Line]:
        """Return every accepted commitment with its standing today, newest year first."""
        lines = []
        for plan in Plan.objects.all():
            rows = plan.commitments.accepted().select_related("plan")
            lines += [Line(standing=one) for one in standings(plan=plan, on=clock.today(), commitments=rows)]
        return lines


@reads_plans
def commitments(request: HttpRequest) -> HttpResponse:
    """Show the register."""
    table = CommitmentTable(request)
    context: dict[str, Any] = {"branded": _counter(table)}
    return table.response("plans/commitments.html", context)


def _counter(table: CommitmentTable) -> dict[str, Any] | None:
    """Return the counter of branded meetings held against one adopted plan's target: this year's, else the newest."""
    if table.segment is None or table.segment.name != "branded":
        return None
    lines = [one for one in table.segment.narrow(table.narrowed) if _counts_meetings(one.commitment)]
    years = {one.commitment.plan.year for one in lines}
    if not years:
        return None
    year = clock.today().year if clock.today().year in years else max(years)
    own = [one.standing for one in lines if one.commitment.plan.year == year]
    return {"year": year, "held": sum(one.value for one in own), "target": sum(one.target or 0 for one in own)}


def _counts_meetings(one: Commitment) -> bool:
    """Say whether a commitment promises a number of meetings, by a plan that binds, and still stands."""
    promised = one.kind == Commitment.Kind.COUNT and one.unit in MEETINGS and one.target
    return bool(promised) and one.plan.state != Plan.State.DRAFT and one.cancelled_on is None
