"""Read the front of a document: its title, whose it is, which years it speaks of, and what it is."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from xinglin.lib.numerals import read_numeral
from xinglin.plans.reading.markers import marker_at
from xinglin.plans.reading.model import OutlineEntry
from xinglin.plans.reading.rejoin import Passage

YEAR = re.compile(r"(?<![\d.])(20\d{2})(?=年|[-—–~～/至]|工作|重点|$)|(二[〇零○Ｏ]二?[〇零一二三四五六七八九]{1,2})年")
_GENRE = re.compile(
    r"(工作|年度)?(总结|小结|计划|要点|重点|安排|思路|打算|设想|报告|方案|规划|任务|部署|目标|清单|回顾)"
)
_PLAN = re.compile(
    r"计划|要点|安排|思路|打算|设想|方案|规划|部署|展望|重点工作|工作重点|重点任务|任务清单|目标任务|工作目标|下一步"
)
_SUMMARY = re.compile(r"总结|小结|回顾|工作报告|工作情况|述职|年报|年度报告|完成情况|盘点|成效")
_ORGANISATION = re.compile(
    r"([\u4e00-\u9fff（）()]{2,30}(?:协会|学会|研究会|联合会|促进会|基金会|委员会|卫生健康委|卫健委|卫生局|医院|医学院|大学医学部|医学部|大学|学院"
    r"|中心|集团|分会|总会|商会|红十字会|疾控|医务处|联盟|局|厅|院))"
)
_NAME_IN_TEXT = re.compile(
    r"(?<![\u4e00-\u9fff])([\u4e00-\u9fff]{2,16}?(?:协会|学会|卫生健康委员会|卫生健康委|卫健委|医院|医学院|医科大学))"
)
_NOTICE = re.compile(r"^关于(?:印发|下发|转发)[《<]?(.+?)[》>]?的通知$")
_LEAD = re.compile(r"^(?:在(?=.*[会议]上的)|关于|附件\d*[：:]?|印发|发布)[《<]?")
_IS_CHINESE = re.compile("[\u4e00-\u9fff]")
_LONGEST_TITLE = 60
_SHORTCOMINGS = re.compile("不足|问题|短板|差距|困难")


@dataclass(frozen=True, slots=True)
class Front:
    """What the head of the document says about the whole."""

    title: str
    organisation: str
    years: tuple[int, ...]
    doc_type: str


def title_passages(passages: Sequence[Passage]) -> tuple[str, frozenset[int]]:
    """Return the title and the passages of the title block, which are no outline entries."""
    block: list[int] = []
    for index, passage in enumerate(passages):
        if passage.kind == "furniture":
            continue
        if len(block) >= 6 or not _may_be_title(passage, bool(block)):
            break
        block.append(index)
        if passage.kind in ("heading", "title") and _GENRE.search(passage.characters):
            break
    block = _trimmed(block, passages)
    if not block:
        first = next((p.characters for p in passages if p.kind != "furniture"), "")
        marker = marker_at(first)
        return (first[len(marker.label) :] if marker else ""), frozenset()
    texts = [_printed(passages[index]) for index in block]
    return _title(texts), frozenset(block)


def _printed(passage: Passage) -> str:
    """Return the words with the spaces that stand between Chinese words, as in a headline of two halves."""
    text = passage.characters
    return "".join(
        " " + character
        if at in passage.gaps and _IS_CHINESE.match(text[at - 1]) and _IS_CHINESE.match(character)
        else character
        for at, character in enumerate(text)
    )


def _may_be_title(passage: Passage, has_title: bool) -> bool:
    text = passage.characters
    if passage.kind == "row" or len(text) > _LONGEST_TITLE or marker_at(text):
        # （四届四次理事会审议通过） is a subtitle; a bracketed number is a heading
        return False
    if passage.kind == "title":
        return True
    if passage.kind == "heading":
        return not has_title
    return not re.search(r"[。；;！]$", text) and not (has_title and re.search(r"[：:]$", text))


def _trimmed(block: list[int], passages: Sequence[Passage]) -> list[int]:
    """Keep the lines up to the last that can belong to a title; a short line after it may be a heading."""
    genre = [at for at, index in enumerate(block) if _GENRE.search(passages[index].characters)]
    if not genre:
        return block[:1]
    end = genre[-1] if passages[block[genre[-1]]].kind in ("title", "heading") else genre[0]
    while end + 1 < len(block) and _is_subtitle(passages[block[end + 1]].characters):
        end += 1
    return block[: end + 1]


def _is_subtitle(text: str) -> bool:
    return bool(re.match(r"[（(—]|20\d\d年\d{1,2}月|\d{4}-\d", text)) or bool(
        re.search(r"(发布时间|来源|作者|浏览|日期)[：:]|^(征求意见稿|草案|讨论稿|送审稿)$", text)
    )


def _title(texts: Sequence[str]) -> str:
    at = next((index for index, text in enumerate(texts) if _GENRE.search(text)), 0)
    title = texts[at]
    if at and _ORGANISATION.fullmatch(texts[at - 1]) and not _ORGANISATION.search(title):
        title = texts[at - 1] + title
    if re.fullmatch(r"[（(].*", title) and len(texts) > 1:
        title = texts[0]
    return title


def years_in(text: str) -> list[int]:
    """Return the calendar years printed in a text, in order."""
    years = []
    for match in YEAR.finditer(text):
        year = int(match[1]) if match[1] else int(read_numeral(text=match[2].replace("○", "〇")) or 0)
        if 1990 <= year <= 2100:
            years.append(year)
    return years


def front_of(*, title: str, entries: Sequence[OutlineEntry], passages: Sequence[Passage]) -> Front:
    """Judge organisation, years and kind of document from the title, the top headings and the opening."""
    tops = [entry.title for entry in entries if entry.role == "heading" and entry.level <= 2]
    doc_type = _doc_type(title, tops, passages)
    return Front(
        title=title,
        organisation=_organisation(title, passages),
        years=_years(title, tops, passages, doc_type),
        doc_type=doc_type,
    )


def _doc_type(title: str, tops: Sequence[str], passages: Sequence[Passage]) -> str:
    # 存在不足与下一步打算 closes a summary and makes no plan of it
    parts = [top for top in tops if (years_in(top) or len(top) <= 16) and not _SHORTCOMINGS.search(top)]
    plans = bool(_PLAN.search(title))
    summarises = bool(_SUMMARY.search(title))
    if summarises:
        plans = plans or any(is_plan_heading(top) for top in parts)
    elif plans:
        return "plan"
    if plans or summarises:
        return "summary+plan" if plans and summarises else "plan" if plans else "summary"
    plans = any(is_plan_heading(top) for top in parts)
    summarises = any(is_summary_heading(top) for top in parts)
    if plans or summarises:
        return "summary+plan" if plans and summarises else "plan" if plans else "summary"
    opening = "".join(p.characters for p in passages if p.kind != "furniture")[:400]
    return (
        "plan"
        if re.search(r"(重点|着力)(做好|抓好|推进)|工作计划如下|工作要点如下|计划如下|将重点", opening)
        else "other"
    )


def names_only_a_plan(title: str) -> bool:
    """Tell whether a title promises a plan and no summary beside it."""
    return bool(_PLAN.search(title)) and not _SUMMARY.search(title)


def is_part_heading(text: str) -> bool:
    """Tell whether a short line without a number opens the year looked back on or the year planned: 2026年工作打算."""
    bare = len(text) <= 24 and not re.search("[，。；：、！？]", text) and bool(years_in(text))
    return bare and (is_plan_heading(text) or is_summary_heading(text))


def is_plan_heading(title: str) -> bool:
    """Tell whether a heading opens a part about what is to be done."""
    if re.search(r"(执行|完成|落实|推进|进展)情况|[总小]结|回顾|^(去|上一?|过去一?)年", title):
        return False
    return bool(
        re.search(
            r"(工作|年|年度|下一步|下步)(的)?(重点|主要|中心)?(计划|打算|安排|思路|要点|部署|展望|"
            r"任务|目标|设想|重点)",
            title,
        )
    ) or bool(re.search(r"下一步|明年|下一年|来年|展望", title))


def is_summary_heading(title: str) -> bool:
    """Tell whether a heading opens a part about what has been done."""
    return bool(
        re.search(
            r"(工作|年|年度|主要)(的)?([总小]结|回顾|情况|成效|成绩|完成情况|盘点)|(计划|"
            r"目标|任务)完成情况|回顾|上年度?工作",
            title,
        )
    )


def _years(title: str, tops: Sequence[str], passages: Sequence[Passage], doc_type: str) -> tuple[int, ...]:
    years = set(years_in(title))
    if doc_type == "summary+plan" or not years:
        years |= {year for top in tops if is_plan_heading(top) or is_summary_heading(top) for year in years_in(top)}
    if not years:
        text = "".join(p.characters for p in passages if p.kind != "furniture")
        counts = Counter(years_in(text[:3000]))
        years = {each for each, _ in counts.most_common(1)}
        for year in tuple(years) if doc_type == "summary+plan" else ():
            if counts[year - 1] > counts[year + 1]:  # a report given in the year that it plans
                years.add(year - 1)
    if doc_type == "summary+plan" and len(years) == 1 and "半年" not in title:
        years.add(next(iter(years)) + 1)
    return tuple(sorted(years))


def _organisation(title: str, passages: Sequence[Passage]) -> str:
    inner = _NOTICE.match(title)
    bare = _LEAD.sub("", inner[1] if inner else title)
    head = re.split(r"20\d{2}|二[〇零○]|十[四五六]五|年度|工作|第[一二三四五六七八九十]+届", bare)[0]
    found = list(_ORGANISATION.finditer(head))
    if found:
        return head[: found[-1].end()].lstrip("《")
    text = "".join(p.characters for p in passages if p.kind != "furniture")
    names = Counter(match[1] for match in _NAME_IN_TEXT.finditer(text))
    akin = [name for name in names if name[:2] == title[:2]]
    return max(akin or names, key=lambda name: names[name], default="")
