"""Tell whether a clause speaks of what is to be done or of what has been done."""

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from xinglin.plans.reading.clauses import Clauses
from xinglin.plans.reading.front import Front, is_plan_heading, is_summary_heading, names_only_a_plan, years_in
from xinglin.plans.reading.model import OutlineEntry
from xinglin.plans.reading.rejoin import Passage

PAST, FUTURE = "past", "future"

_DEEDS = (
    "举办|召开|开展|组织|举行|完成|培训|发布|建成|成立|吸引|服务|覆盖|发展|新增|"
    "表彰|推荐|接待|收到|获|出版|培养|申报|受理|立项|参加"
)
_PAST = re.compile(
    r"[均都]已|(?<![比较])去年|(?<![比较])上年(?!度?末?相比)|上一年|过去(?:的)?(?:一|\d|两|三)年|以来|截至|截止|现有|目前|已有|已经|曾|"
    rf"(?<![业而])已(?=[建成立开展完举培有达发形覆实获评连在吸累组召]|{_DEEDS})|共(?=有|计|{_DEEDS})|连续[一二两三四五六七八九十\d]+年(?![^，。]{{0,12}}的)|拥有|设有|下设|率[为是](?=\d)|"
    rf"(?:{_DEEDS}|[\u4e00-\u9fff]到|[\u4e00-\u9fff]出)了(?=[\d一二两三四五六七八九十近超逾约上]|[\u4e00-\u9fff]{{0,8}}\d)"
)
# Whom one unites or leans on is a stock that exists; it says nothing of the clauses that follow.
_STOCK = re.compile(r"(?:团结|团结带领|凝聚|依托|带领|面向)[^，。]{0,8}?\d[\d,.万余多]*[个家名位所]")
_WEAK_PAST = re.compile(rf"累计|(?<!一)共(?={_DEEDS})|荣获|获评|被评为")
_FUTURE_IN_PLAN = re.compile(
    r"今年(?!以来)|计划(?!生育|》)|拟(?=[举召开组建定新成发编])|力争|争取|确保|不少于|不低于|至少|明年|新的一年|下一步|再(?=建|新|培|增|扩|举|开|推|创|完)|将(?=在|于|继|举|召|开|组|新|完|推|实|达|建)|"
    r"[须应](?=[在于][^，。]{0,8}[前底内])|要(?=[举召开组建做抓推完努力达实培])|年底前|年内|到20\d\d年|提升至|提高到|扩大到|扩大至|增至"
)
_FUTURE_IN_SUMMARY = re.compile(
    r"明年|下一年|来年|新的一年|下一步|预计|下步|下阶段|力争|拟(?=[举召开组建定新成发编于])|(?<!按照|年度|年初|工作|既定|原定|行动)计划(?=于|在|今年|20\d\d年|\d{1,2}月|开展|举办|召开|新|培|到|完成|组织)|"
    r"将(?=于|在|把|继续|举办|召开|开展|组织|进一步|新|完成|推出|实现|达|力争|争取|全面|启动|建)"
)
# 在已建成9个基地的基础上: what the new work starts from, and only that.
_GROUND = re.compile(
    r"\d.*基础上|(?:现有|已有|原有)[^，。]{1,20}基础上|[一二三四五六七八九十百]{1,4}[个家场项期].*基础上"
)
_PAST_YEAR = "a past year in its clause"
_OPENS_LAST_YEAR = re.compile("去年|上年|上一年|过去一年")
# 2025年的3件鉴定，均已办结: what follows tells that these are done
_LOOKS_BACK = re.compile(r"(?:20\d\d年|去年|上年)[^，。；]{2,40}，(?:[均都]已|已全部|已经全部)")
_STOCK_REASON = "a stock that exists"
_LASTING = re.compile(r"明年|下一年|来年|新的一年|下一步|下阶段|今年(?!以来)")  # holds to the end of the paragraph
_NEWS = re.compile(r"本报讯|记者|通讯员|会议召开|\d{1,2}月\d{1,2}日.{0,40}会议.{0,20}召开")
_CALL = re.compile(r"(?:会议|报告|主任|书记|同志)?(?:强调|要求|部署|明确|提出).{0,40}?(?:今年|要|抓好|做好|推进)")
_REPORT = re.compile(r"^(?:会上|会前|会后|据悉|据了解|记者|参加会议|出席会议|会议期间)")
_ADVERBIAL_YEAR = re.compile(
    r"(?:^|在|自|于|至|到|回顾)(20\d{2})(?:年(?=[，,为\d全上下初底末一二三四五六七八九十共已协学医我省市本各]|将|拟|要|计划|力争|着重|"
    r"(?:接到|收到|接待|办[理结]|受理|处理|发生|完成|举办|召开|开展|组织|举行|培训|发布|吸引)(?=[^，。；的]{0,12}\d))|年度[，,])"
)
_CONTEXT_YEAR = re.compile(
    r"^(?:回顾|在)?(20\d{2})年(?:度)?[，,]|^[^。]{0,30}?[，,](20\d{2})年(?:度)?[，"
    r",是]|^(?:去年|过去一年|一年来|上一?年度?)"
)


@dataclass(frozen=True, slots=True)
class Tense:
    """Whether a stretch speaks of the past or the future, of which year, and how that was seen."""

    mode: str
    year: int | None
    reason: str
    printed: bool = False  # the words of the clause or sentence say so, not only the section


@dataclass(frozen=True, slots=True)
class Sections:
    """The tense of each section, by where it starts."""

    starts: tuple[int, ...]
    tenses: tuple[Tense, ...]

    def at(self, position: int) -> Tense:
        """Return the tense of the section at a position of the text."""
        return self.tenses[max(bisect_right(self.starts, position) - 1, 0)]


def sections_of(*, front: Front, entries: Sequence[OutlineEntry], passages: Sequence[Passage], text: str) -> Sections:
    """Give every section a tense from the kind of document and from its headings."""
    if _NEWS.search(text[:300]):
        return _sections_of_news(front, passages)
    base = _base(front, text)
    starts, tenses = [0], [base]
    stack: list[tuple[int, Tense]] = []
    for entry in entries:
        if entry.role == "run_in":
            continue
        while stack and stack[-1][0] >= entry.level:
            stack.pop()
        around = stack[-1][1] if stack else base
        tense = _heading_tense(entry, front) if entry.role == "heading" or entry.level == 1 else None
        if tense and entry.level > 1 and tense.mode != around.mode and not (years_in(entry.title) or entry.level == 2):
            tense = None
        stack.append((entry.level, tense or around))
        starts.append(entry.start)
        tenses.append(tense or around)
    return Sections(tuple(starts), tuple(tenses))


def _sections_of_news(front: Front, passages: Sequence[Passage]) -> Sections:
    """A news report tells of a meeting; what the meeting asks for is the future, until the report goes on."""
    plan_year = plan_year_of(front) or None
    tense = told = Tense(PAST, plan_year, "the document is a news report")
    asked = Tense(FUTURE, plan_year, "the meeting asks for it")
    starts, tenses = [0], [tense]
    for passage in passages:
        if _REPORT.match(passage.characters):
            tense = told
        starts.append(passage.start)
        tenses.append(tense)
        call = _CALL.search(passage.characters)
        if call and passage.kind == "para":
            tense = asked
            starts.append(passage.places[call.start()])
            tenses.append(asked)
    return Sections(tuple(starts), tuple(tenses))


def plan_year_of(front: Front) -> int:
    """Return the year the document plans for: the last one it speaks of, or the year after a summary's."""
    if not front.years:
        return 0
    return front.years[-1] + (1 if front.doc_type == "summary" else 0)


def _summary_year(front: Front) -> int | None:
    if not front.years:
        return None
    return front.years[-1] - 1 if front.doc_type == "plan" else front.years[0]


def _base(front: Front, text: str) -> Tense:
    plan, summary = plan_year_of(front) or None, _summary_year(front)
    if front.doc_type == "plan":
        return Tense(FUTURE, plan, "the document is a plan")
    if names_only_a_plan(front.title):
        return Tense(FUTURE, plan, "the document is a plan that looks back first")
    if front.doc_type in ("summary", "summary+plan"):
        return Tense(PAST, summary, "the document opens with a summary")
    past = len(re.findall(r"了|已|共", text))
    future = len(re.findall(r"将|要|力争|推进|加强", text))
    if past >= future:
        return Tense(PAST, front.years[-1] if front.years else None, "the document tells what happened")
    return Tense(FUTURE, plan, "the document tells what is to be done")


def _heading_tense(entry: OutlineEntry, front: Front) -> Tense | None:
    title = entry.title
    years = years_in(title)
    plan_year = plan_year_of(front)
    if len(title) > 40:
        return None
    if is_summary_heading(title) and not (is_plan_heading(title) and plan_year in years):
        return Tense(PAST, years[0] if years else _summary_year(front), "its section is a summary")
    if is_plan_heading(title):
        return Tense(FUTURE, years[-1] if years else plan_year, "its section is a plan")
    if years and front.doc_type != "summary" and years[-1] < plan_year and title.startswith("20"):
        return Tense(PAST, years[-1], "its heading names a past year")
    return None


def tenses_of(clauses: Clauses, section: Tense, plan_year: int) -> list[Tense]:
    """Return the tense of every clause of a passage; a clause inherits from its sentence, that from the passage."""
    base = _context(clauses.text, section, plan_year)
    current, sentence = base, -1
    told_of: Tense | None = None  # the past year that a sentence opened with, which holds beyond its semicolons
    tenses = []
    for start, end in zip(clauses.clause_starts, clauses.clause_ends, strict=True):
        own = clauses.sentence_at(start)
        if own != sentence:
            if clauses.text[own - 1 : own] not in ("；", ";"):
                told_of = None
            sentence, current = own, told_of or base
        told = _told(clauses.text[start : end + 1], section, current, plan_year)
        if _LOOKS_BACK.match(clauses.text, start) and current.mode == FUTURE and not told:
            told = Tense(PAST, plan_year - 1, "what follows says that it is done", True)
        if told:
            if told.reason == _STOCK_REASON:
                tenses.append(told)
                continue
            current = told
            if told.mode == FUTURE:
                told_of = None
            elif told.reason == _PAST_YEAR or _OPENS_LAST_YEAR.match(clauses.text, start):
                told_of = told
            if told.reason == "its year" or (told.mode == FUTURE and _LASTING.search(clauses.text[start : end + 1])):
                base = told
        tenses.append(current)
    return tenses


def year_looked_back_on(note: str, plan_year: int) -> int | None:
    """Return the year that a note in brackets compares with: （2025年为81.3%）, （上年28场）."""
    match = re.match(r"(20\d{2})年|去年|上年|目前|现", note)
    year = int(match[1]) if match and match[1] else plan_year - 1
    return year if match and year < plan_year else None


def _context(text: str, section: Tense, plan_year: int) -> Tense:
    match = _CONTEXT_YEAR.match(text)
    if not match:
        return section
    printed = match[1] or match[2]
    year = int(printed) if printed else plan_year - 1
    if section.mode == PAST and printed and section.year and year < section.year:
        return Tense(PAST, year, "its paragraph speaks of an earlier year", True)
    if section.mode == FUTURE and year < plan_year:
        return Tense(PAST, year, "its paragraph speaks of a past year", True)
    if section.mode == PAST and section.year and year > section.year:
        return Tense(FUTURE, year, "its paragraph speaks of a coming year", True)
    return section


def _told(clause: str, section: Tense, current: Tense, plan_year: int) -> Tense | None:
    """Return what the clause's own words say about its tense, or None."""
    if section.mode == PAST:
        return _told_in_summary(clause, section)
    adverbial = _ADVERBIAL_YEAR.search(clause)
    if adverbial and int(adverbial[1]) >= plan_year:
        return Tense(FUTURE, int(adverbial[1]), "its year", True)
    if current.mode == FUTURE and (_STOCK.search(clause) or _GROUND.search(clause)):
        return Tense(PAST, plan_year or None, _STOCK_REASON, True)
    if _FUTURE_IN_PLAN.search(clause):
        return Tense(FUTURE, section.year, "words of intention", True)
    past = _PAST.search(clause)
    if adverbial:
        return Tense(PAST, int(adverbial[1]), _PAST_YEAR, True)
    if past:
        year = re.search(r"(20\d{2})年", clause)
        return Tense(PAST, int(year[1]) if year else plan_year - 1, f"“{past[0]}”", True)
    if current.mode == PAST and _WEAK_PAST.search(clause):
        return current
    return None


def _told_in_summary(clause: str, section: Tense) -> Tense | None:
    report_year = section.year or 0
    adverbial = _ADVERBIAL_YEAR.search(clause)
    if adverbial and report_year and int(adverbial[1]) > report_year:
        return Tense(FUTURE, int(adverbial[1]), "its year", True)
    future = _FUTURE_IN_SUMMARY.search(clause)
    if future and not (future[0] == "计划" and f"{report_year}年" in clause):
        return Tense(FUTURE, report_year + 1 if report_year else None, f"“{future[0]}”", True)
    if adverbial and report_year:
        return Tense(PAST, int(adverbial[1]), "a year in its clause", True)
    if re.search("实际|(?<!业)已", clause):
        return Tense(PAST, section.year, "words of completion", True)
    return None
