"""The fictional plan: read, corrected, bound, assigned and adopted, then run with changes and supervision."""

import hashlib
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from xinglin.engines.events.series import Series as EventSeries
from xinglin.engines.worklog.words import Series
from xinglin.kernel.vocabulary import Term
from xinglin.plans.actions.assigning import assign_commitment, bind_commitment, bind_to_evidence
from xinglin.plans.actions.correcting import accept_commitments, discard_commitments
from xinglin.plans.actions.documents import adopt_plan, read_document
from xinglin.plans.actions.evidence import submit_evidence, verify_evidence
from xinglin.plans.actions.running import answer_supervision, ask_change, comment_on, decide_change, send_supervision
from xinglin.plans.commitments import Commitment
from xinglin.plans.documents import Plan
from xinglin.plans.progress import standings
from xinglin.plans.reading import read_text

from . import gatherings
from .houses import House
from .people import Cast
from .year import introduce_kinds, open_all_series, script, share

SHARED = {"rule_issued", "survey", "system_built", "topic_meeting"}
WORK = "worklog.work.verified"
UNIT_OF_CHAPTER = {
    1: "party",
    2: "organisation",
    3: "academic",
    4: "cme",
    5: "research",
    6: "quality",
    7: "publicity",
    8: "membership",
    9: "office",
}


def promise(*, house: House, cast: Cast, today: date) -> Plan:
    """Read the plan, accept and bind it, give every commitment a lead, and adopt it on 10 January."""
    read_on, year = date(today.year, 1, 5), today.year
    introduce_kinds(on=read_on, from_on=date(year - 10, 1, 1))  # work of past years may be entered, too
    open_all_series(house=house, on=read_on)
    gatherings.open_programmes(house=house, on=read_on)
    office = cast.actor("shenzhiwei", read_on)
    text = Path(__file__).with_name("plan.txt").read_text("utf-8").replace("{year}", str(year))
    plan = read_document(
        by=office,
        on=read_on,
        reading=read_text(text=text),
        name=f"{year} 年工作要点（送审稿）.txt",
        year=year,
        sha256=hashlib.sha256(text.encode()).hexdigest(),
        organisation=house.association,
    )
    rows = list(plan.commitments.all())
    vague = [one for one in rows if one.kind == Commitment.Kind.WORDS and one.order % 2]
    if vague:
        discard_commitments(by=office, on=read_on, commitments=vague)
    kept = list(plan.commitments.waiting())
    accept_commitments(by=office, on=read_on, commitments=kept)
    for one in plan.commitments.accepted():
        _bind(one, house, office, read_on)
        _assign(one, house, cast, office, read_on)
    adopt_plan(by=office, on=date(year, 1, 10), plan=plan, adopted_by="第四届理事会第三次会议")
    return plan


def _bind(one: Commitment, house: House, office: Any, on: date) -> None:
    for words, given in script()["promises"].items():
        if words in one.quote.replace(" ", "") and given.get("object", "") in one.object and _fits(one, given):
            if "fact" in given:
                _bind_to_fact(one, given, office, on)
            else:
                _bind_to_stream(one, given, house, office, on)
            return
    bind_to_evidence(by=office, on=on, commitment=one)


def _bind_to_fact(one: Commitment, given: dict[str, Any], office: Any, on: date) -> None:
    """Count the facts of an engine under a filter: members admitted, events of a series held, visits made."""
    where = dict(given["where"])
    if "series" in where:  # any other forum would not be the twelfth
        where["series"] = str(EventSeries.objects.get(title=where["series"]).ref)
    field, how = given.get("sum") or given.get("distinct") or "", "count"
    if field:
        how = "distinct" if "distinct" in given else "sum"
    elif one.kind in {Commitment.Kind.DATE, Commitment.Kind.EDITION}:
        how = "met"
    term = Term(fact=given["fact"], measure="count" if how in {"count", "met"} else how, field=field,
                filter=tuple(where.items()), zh=given["label"], en="")
    bind_commitment(by=office, on=on, commitment=one, term=term, how=how)


def _bind_to_stream(one: Commitment, given: dict[str, Any], house: House, office: Any, on: date) -> None:
    stream = script()["streams"][given["stream"]]
    field = given.get("sum") or given.get("distinct") or "count"
    how = "distinct" if "distinct" in given else "sum"
    if one.kind in {Commitment.Kind.DATE, Commitment.Kind.EDITION}:
        how, field = "met", ""
    base = []
    if "of" in given:
        how, base = "ratio", [("kinds", script()["streams"][given["of"]]["kind"])]
    which = ("kinds", stream["kind"])
    if "edition" in stream:  # any other forum would not be the twelfth
        which = ("series", Series.objects.get(title=stream["title"]).ref)
    term = Term(fact=WORK, measure="sum", field=field, filter=(which,), zh=_label(stream, field), en="")
    # Rules and surveys are made by several departments: each promise counts its own department's.
    extra = [("organisation", str(house.units[stream["unit"]]))] if stream["kind"] in SHARED else []
    bind_commitment(by=office, on=on, commitment=one, term=term, how=how, base_filter=base, extra_filter=extra)
    if "due" in given:
        month, day = map(int, str(given["due"]).split("-"))
        assign_commitment(
            by=office, on=on, commitment=one, milestones=[(date(one.plan.year, month, day), Decimal(100), "评审结束")]
        )


def _fits(one: Commitment, given: dict[str, Any]) -> bool:
    """A sentence with two promises: the one about people is summed, the one about places counted apart."""
    if "distinct" in given:
        return one.unit == "个"
    return ("sum" in given) == (one.unit in {"人次", "学时", "小时"})


def _label(stream: dict[str, Any], field: str) -> str:
    said = {
        "people_on_site": "线下人次",
        "people_online": "线上人次",
        "patients": "服务人次",
        "hours": "学时",
        "place": "到过的县",
    }
    name = stream["title"].split("：")[0].split("{")[0].rstrip("第（")
    name = name or stream["title"].rpartition("}")[2]  # {month}维权咨询办结
    return f"{name}{'，' + said[field] if field in said else ''}"


def _assign(one: Commitment, house: House, cast: Cast, office: Any, on: date) -> None:
    unit = UNIT_OF_CHAPTER.get(one.chapter_order, "office")
    head = cast.actor(cast.heads[unit], on)
    assign_commitment(
        by=office,
        on=on,
        commitment=one,
        lead=str(house.units[unit]),
        responsible=str(head.person),
        leader=str(cast.actor("gulinchuan", on).person),
        weight=Decimal(2 if one.kind == Commitment.Kind.COUNT else 1),
        partners=[str(house.units["office" if unit != "office" else "finance"])],
    )


def run(*, plan: Plan, cast: Cast, today: date) -> None:
    """Let happen what a running year brings: evidence, a change asked and one granted, notices, replies, a remark."""
    rows = standings(plan=plan, on=today)
    evidenced = [one for one in rows if one.measure and one.measure.fact_type == "plans.evidence.verified"]
    for index, one in enumerate(evidenced[: round(len(evidenced) * share(today))]):
        unit = UNIT_OF_CHAPTER.get(one.commitment.chapter_order, "office")
        percent = one.commitment.kind == Commitment.Kind.PERCENT
        if index % 3 == 2 and not percent:
            continue
        handed = submit_evidence(
            by=cast.clerk(unit, today),
            on=today,
            commitment=one.commitment,
            words="已按计划办结，材料见附件（演示）。",
            amount=(one.target or Decimal(1)) + (2 if percent else 0),
            happened_on=min(one.commitment.deadline, today),
        )
        if index % 3 == 0 or percent:
            verify_evidence(by=cast.head(unit, today), on=today, evidence=handed)
    red = [one for one in rows if one.light == "bad" and one.value > 1]
    for index, one in enumerate(red[:2]):
        unit = UNIT_OF_CHAPTER.get(one.commitment.chapter_order, "office")
        request = ask_change(
            by=cast.head(unit, today),
            on=today,
            commitment=one.commitment,
            value_min=max(one.value, Decimal(1)),
            reason="场地原因停办数月，年内难以补齐，拟调整目标（演示）。",
        )
        if index == 1:
            decide_change(by=cast.actor("gulinchuan", today), on=today, wish=request, approved=True, decision="同意。")
    quarter = date(today.year, 7, 1) if today.month > 9 else date(today.year, 1, 1)
    notices = send_supervision(by=cast.actor("shenzhiwei", today), on=today, plan=plan, quarter=quarter, standings=rows)
    for notice in notices[::2]:
        unit = UNIT_OF_CHAPTER.get(notice.commitment.chapter_order, "office")
        answer_supervision(
            by=cast.head(unit, today), on=today, supervision=notice, reply="已排出补办计划，按新节点推进（演示）。"
        )
    if red:
        comment_on(by=cast.actor("wenxi", today), on=today, commitment=red[0].commitment, words="请每周报一次进度。")
