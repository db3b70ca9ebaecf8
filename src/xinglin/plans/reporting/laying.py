"""Lays the summary out as a paper: overview, chapters, table of commitments, charts, problems, carry-over, annex."""

from collections.abc import Iterable
from datetime import date

from xinglin.kernel.facts import fact_type
from xinglin.kernel.refs import shown

from .figures import Evidence
from .paper import Block, Grid, Heading, Paper, Para, para, said
from .report import Report
from .wording import amount, ended, number

_PARTS = "一二三四五六七八九"
_TOGETHER = 4  # sentences of a paragraph


def paper_of(*, report: Report) -> Paper:
    """Return the summary as a paper; its parts are numbered, the chapters keep the plan's own numbers."""
    parts = (_overview(report), _chapters(report), _table(report), _charts(report), _issues(report), _carries(report))
    blocks: list[Block] = []
    for numeral, part in zip(_PARTS, parts, strict=False):
        heading, *rest = part
        words = heading.text if isinstance(heading, Heading) else ""
        blocks += [Heading(level=1, text=f"第{numeral}部分　{words}"), *rest]
    blocks += _annex(report)
    return Paper(title=f"{report.issuer}{report.title}", issuer=report.issuer, on=report.on, blocks=tuple(blocks),
                 remark=_waiting(report))


def _waiting(report: Report) -> str:
    if not report.seal.waiting:
        return ""
    return (f"注意：本计划所计的事实中，另有 {report.seal.waiting} 条尚未封入检查点，未计入本稿。"
            "签发新检查点后重新起草即可计入。")


def _overview(report: Report) -> Iterable[Block]:
    yield Heading(level=1, text="总体情况")
    if words := _waiting(report):
        yield para(words, quiet=True)
    yield Para(sentences=report.overview)


def _chapters(report: Report) -> Iterable[Block]:
    yield Heading(level=1, text="主要工作")
    for chapter in report.chapters:
        yield Heading(level=2, text=chapter.heading)
        said_first = (said(chapter.opening), *chapter.sentences)
        for at in range(0, len(said_first), _TOGETHER):
            yield Para(sentences=said_first[at : at + _TOGETHER])
        if chapter.unmeasured:
            words = "；".join(chapter.unmeasured)
            yield para(ended(f"以下工作未设统计口径，请责任部门补写：{words}"), quiet=True)


def _table(report: Report) -> Iterable[Block]:
    yield Heading(level=1, text="任务完成情况")
    rows = tuple(
        (one.no, one.text, one.lead or "—", one.target, one.actual,
         f"{number(one.share)}%" if one.share is not None else "—", one.word)
        for one in report.rows
    )
    yield Grid(columns=("编号", "重点任务", "牵头", "目标", "实际", "完成度", "状态"), rows=rows,
               widths=(6, 30, 12, 14, 14, 8, 8), numeric=frozenset({5}))


def _charts(report: Report) -> Iterable[Block]:
    yield Heading(level=1, text="进度")
    for chart in report.charts:
        yield chart
        yield chart.twin()


def _issues(report: Report) -> Iterable[Block]:
    yield Heading(level=1, text="存在的问题")
    if not report.issues:
        yield para("年内没有红灯任务。")
        return
    yield para(f"红灯 {len(report.issues)} 项。")
    for one in report.issues:
        row = one.row
        words = f"{row.no}　{row.text}：目标{_apart(row.target)}，实际"
        space = " " if row.actual.text[:1].isdigit() else ""
        explained = f"责任部门说明：{one.said}" if one.said else "责任部门尚未说明原因"
        yield Para(sentences=(said(words, space, *row.actual.pieces, ended(f"；{one.why}")), said(ended(explained))))


def _apart(words: str) -> str:
    """Return words with a space before a leading figure, as Chinese papers set it."""
    return f" {words}" if words[:1].isdigit() else words


def _carries(report: Report) -> Iterable[Block]:
    yield Heading(level=1, text="结转事项")
    if not report.carries:
        yield para("没有需要结转的任务。")
        return
    over = report.on >= date(report.plan.year, 12, 31)
    when = "未完成" if over else f"截至 {report.on.isoformat()} 未完成"
    yield para(f"{when}的 {len(report.carries)} 项{'' if over else '，年底仍未完成的'}建议列入 "
               f"{report.plan.year + 1} 年工作要点。")
    rows = tuple((one.row.no, one.row.text, one.row.lead or "—", one.words) for one in report.carries)
    yield Grid(columns=("编号", "重点任务", "牵头", "结转"), rows=rows, widths=(6, 46, 18, 20))


def _annex(report: Report) -> Iterable[Block]:
    seal = report.seal
    yield Heading(level=1, text="附录　数字依据")
    yield para(f"正文数字取自账本 {seal.origin} 的前 {number_of(seal.size)} 条事实，由检查点封存："
               f"根 {seal.root}，{seal.made_at.isoformat(timespec='seconds')}。"
               "持有该检查点的人可离线验证每条事实是否在内。")
    for one in report.annex:
        yield from _evidence(one)


def number_of(size: int) -> str:
    """Return a count of facts with its commas."""
    return f"{size:,}"


def _evidence(one: Evidence) -> Iterable[Block]:
    figure = one.figure
    yield Heading(level=3, text=f"［{figure.number}］{figure.label}", anchor=f"figure-{figure.number}")
    yield para(_counted(one), quiet=True)
    if not one.facts:
        return
    months = "，".join(f"{line.month:%Y-%m} 计 {number(line.amount)}" for line in one.months)
    end = "以最近一次为准" if figure.asked.latest else f"合计 {number(one.amount)}"
    yield para(f"按月：{months}；{end}。", quiet=True)
    lines = tuple(
        (number_of(line.position), line.on.isoformat(), line.what, number(line.amount)) for line in one.lines
    )
    yield Grid(columns=("账本位置", "日期", "事实", "计入"), rows=lines, widths=(14, 14, 58, 10),
               numeric=frozenset({0, 3}))
    if one.rest:
        adds = "" if figure.asked.latest else f"计入 {number(one.rest_amount)}，"
        yield para(f"以上 {number_of(len(one.lines))} 条，其余 {number_of(one.rest)} 条{adds}可在系统中逐条打开。",
                   quiet=True)


def _named(value: object) -> str:
    """Return a filter's value as a reader knows it: the label of a ref, else the code itself."""
    return shown([str(value)])[str(value)].label


def _counted(one: Evidence) -> str:
    figure, asked = one.figure, one.figure.asked
    spoken = fact_type(asked.fact_type).VOCABULARY
    names = {part.field: part.zh for part in (*spoken.dimensions, *spoken.quantities)}
    where = "，".join(f"{names.get(name, name)} {_named(value)}" for name, value in asked.filter)
    field = names.get(asked.field, asked.field)
    how = {
        "count": "逐条计数", "sum": f"{field}求和", "distinct": f"{field}去重计数", "met": "有无",
        "ratio": "占比", "latest": f"{field}取最近一次",
    }[asked.how]
    until = asked.until_on.isoformat()
    words = f"{spoken.zh}{'，' + where if where else ''}；{asked.from_on.isoformat()} 起、{until} 前；{how}；"
    if not one.facts:
        return f"{words}账本中没有符合的事实，数字为 0。"
    if asked.how == "ratio" and one.base is not None:
        return f"{words}{number(one.amount)} ÷ {number(one.base)} = {number(figure.value)}%。"
    if asked.how == "met":
        return f"{words}依据 {number_of(one.facts)} 条，最早一条为准。"
    if asked.latest:
        return f"{words}{amount(figure.value, figure.unit)}，依据 {number_of(one.facts)} 条，最近一条为准。"
    return f"{words}{amount(figure.value, figure.unit)}，出自 {number_of(one.facts)} 条事实。"
