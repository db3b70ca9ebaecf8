"""Find numbered editions of recurring things."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from xinglin.lib.numerals import read_numeral
from xinglin.plans.reading.clauses import Clauses, clauses_of

_N = r"[一二三四五六七八九十百〇零]{1,5}|\d{1,3}"
_YEAR = r"(?:[（(](?P<{0}>20\d{{2}})年?(?:度)?[）)])?"
_EDITION = re.compile(
    rf"(?:第(?P<number>{_N})(?P<unit>届|期|次|季(?!度)|回)|(?P<first>首届|首期|首季))" + _YEAR.format("year")
)
_BRACKETED = re.compile(r"[）)]")
_YEAR_BEFORE = re.compile(r"(20\d{2})年?[（(]?$")
# What meets once a term is no recurring event, and its ordinal counts the term.
_TERM = re.compile(
    r"(?:[一二三四五六七八九十]{1,3}次)?(?:\S{0,14}?)?(?:理事会|监事会|常务理事|会员代表大会|会员大会|代表大会|常委会|委员会(?!.{0,8}(?:年会|论坛|大赛|研讨会|学术会议|学术大会|培训班))|"
    r"主任委员|会长|董事|[一二三四五六七八九十]中全会|全会|人大|政协|党代会|职代会|团代会|领导班子|班子|毕业生|学员|学生|"
    r"委员(?!会)|理事|换届|任期|支部|工会|全体会议|主席团|党委|总支|专委会换届|候选人)"
)
_EVENT = (
    "高峰论坛|论坛|年会|大会|学术会议|会议|知识竞赛|竞赛|大赛|比赛|比武|挑战赛|邀请赛|争霸赛|擂台赛|公开赛|联赛|演讲赛|赛|研讨会|研讨班|研修班|"
    "培训班|学习班|讲习班|提高班|高级班|训练营|夏令营|冬令营|营|报告会|交流会|推进会|座谈会|座谈|博览会|进博会|服贸会|展览会|展览|成果展|展会|"
    "峰会|奖项|奖|征集|评选|评选活动|活动|讲坛|大讲堂|讲堂|沙龙|课堂|学术周|宣传周|周|文化节|艺术节|科普节|节|运动会|晚会|杯|班|培训|"
    "课程|讲座|项目|专题|(?<![发开进拓扩伸施])展(?![开示现望位出播])|学术月|宣传月|展演|选拔|评比|表彰|对话|论坛暨|学术交流|年度盘点|辩论|健步走|义诊|巡讲|茶座|读书会|工作坊|学院|高端论坛|联谊会|专项|会"
)
_NAME_END = re.compile(
    rf"(?:{_EVENT})(?=$|[，。；：、（(）)”“’》和与及暨并等的申评表获参组]|开幕|"
    rf"闭幕|圆满|成功|顺利|落幕|启动|举办|举行|召开|筹备|工作|在|于|将|共|吸引|"
    rf"颁奖)"
)
_ANY_EVENT = re.compile(rf"(?:{_EVENT})")
_NO_EVENT = re.compile(r"(?:理事会|监事会|委员会|协会|学会|研究会|联合会|工会|分会|总会|常委会|全会|商会)$")
_LONGEST_NAME = 60
_TWIN = re.compile(rf"[、和及与]第(?:{_N})(?:[届期]|季(?!度))")
_JOINED = re.compile(rf"第(?P<first>{_N})、(?=(?P<second>{_N})(?P<unit>[届期]|季(?!度)))")
_STRONG_EVENT = re.compile("论坛|年会|大赛|竞赛|研讨会|研讨班|培训班|学术会议|学术大会|评选|征集|奖")
# 第二十次全国…学术会议 recurs; 第二次会议, 第三次会员代表大会 and 第五次党代会 are sittings
_TIMES = re.compile(
    "(?:(?!会议|理事|监事|代表|常委|党|会员大会|全体|委员会[全第])[^，。；、]){2,40}?"
    "(?:学术会议|年会|(?:学术|医学|药学|病学|[内外妇儿]科学?|护理|医师|科技|科学)大会|学术交流|论坛|研讨会)"
)
_STOP = re.compile(r"[，。；：！？]")
_ISSUE = re.compile(r"(?:《[^》]{2,20}》|杂志|刊|简报|通讯)(?:20\d\d年)?$")
_SUFFIX_OWNER = re.compile(r"([^，。；：（(）)“”]{2,40}(?:[（(](?!第)[^（()）]{1,12}[）)][^，。；：（(）)“”]{1,20})?)$")
_PHASE = re.compile(r"工程|建设|临床(?:试验|研究)|扩建|改造|试验|鉴定|间|限")


@dataclass(frozen=True, slots=True)
class FoundEdition:
    """An edition at a place in a passage."""

    start: int
    end: int
    edition: int
    year: int | None
    name: str


def editions_in(clauses: Clauses) -> Iterator[FoundEdition]:
    """Yield the editions named in a passage; sessions, terms and cohorts are passed over."""
    text = clauses.text
    for match in _JOINED.finditer(text):  # 第六、七期: both have the name of the second
        rest = "第" + text[match.end() : match.end() + _LONGEST_NAME]
        last = _EDITION.match(rest)
        named = _name(clauses_of(rest), last) if last else None
        if named:
            for number in (match["first"], match["second"]):
                value = int(read_numeral(text=number) or 0)
                yield FoundEdition(match.start(), match.end() + named[1] - 1, value, None, named[2])
    for match in _EDITION.finditer(text):
        value = 1 if match["first"] else int(read_numeral(text=match["number"]) or 0)
        if not value or (match.start() and text[match.start() - 1] in "上本历"):
            continue
        name_span = _name(clauses, match)
        if name_span is None:
            continue
        start, end, name = name_span
        year = _year(text, match)
        yield FoundEdition(min(start, match.start()), max(end, match.end()), value, year, name)


def _year(text: str, match: re.Match[str]) -> int | None:
    if match["year"]:
        return int(match["year"])
    before = _YEAR_BEFORE.search(text[max(0, match.start() - 8) : match.start()])
    if before:
        return int(before[1])
    after = re.match(r"[（(]?(20\d{2})年?[）)]?", text[match.end() : match.end() + 8])
    return int(after[1]) if after else None


def _name(clauses: Clauses, match: re.Match[str]) -> tuple[int, int, str] | None:
    text, at = clauses.text, match.end()
    twin = _TWIN.match(text, at)
    at = twin.end() if twin else at  # 第一期、第二期骨干医师研修班
    year = re.match(r"(20\d{2})年(?:度)?", text[at : at + 8])
    at += year.end() if year else 0
    unit = match["unit"] or match["first"][1]
    if unit == "期":
        return _phase_name(clauses, match, at)
    if text[match.start() - 1 : match.start()] in ("（", "(") and _BRACKETED.match(text, at):
        at += 1  # 2025年（第三届）…论坛
    following = text[at : at + 60]
    if not following or following[0] in "，。；、）)":
        return None
    if unit == "次" and not _TIMES.match(following):
        return None
    stop = _name_end(clauses, match.start(), at)
    name = text[at:stop]
    if not name or _is_term(name):
        return None
    return match.start(), stop, _bare(name)


def _is_term(name: str) -> bool:
    term = _TERM.match(name)
    return bool(term) and not _STRONG_EVENT.search(name, term.end())  # type: ignore[union-attr]


def _name_end(clauses: Clauses, start: int, at: int) -> int:
    text = clauses.text
    around = clauses.name_around(start)
    limit = around[1] - 1 if around else None
    if text[at : at + 1] in ("“", "《"):
        inner = clauses.name_from(at)
        if inner and inner[0] == at:
            return _after_quoted(text, inner[1])
    if limit is None:
        stop = _STOP.search(text, at)
        while stop and clauses.is_named(stop.start()):
            stop = _STOP.search(text, stop.end())
        limit = stop.start() if stop else len(text)
    limit = min(limit, at + _LONGEST_NAME)
    segment = text[at:limit]
    for event in _NAME_END.finditer(segment):
        if not _NO_EVENT.search(segment[: event.end()]):
            return at + event.end()
    last = None
    for event in _ANY_EVENT.finditer(segment):
        if not _NO_EVENT.search(segment[: event.end()]):
            last = event
    if last:
        return at + last.end()
    quoted = clauses.name_from(at)
    return min(quoted[1], limit) if quoted and quoted[0] < limit else at


def _after_quoted(text: str, end: int) -> int:
    """A quoted theme is part of a longer name (“…”案例征集); a quoted name is the name (“…奖”评选)."""
    tail = re.match(rf"[\u4e00-\u9fff]{{0,8}}?(?:{_EVENT})", text[end : end + 24])
    inside = _ANY_EVENT.search(text[max(0, end - 5) : end - 1])
    if tail and not (inside and re.search(r"奖|赛|论坛|会|节|班", inside[0])):
        return end + tail.end()
    return end


def _bare(name: str) -> str:
    if name[:1] in "“《" and name[-1:] in "”》" and name.count(name[-1]) == 1:
        return name[1:-1]
    return name.strip("，、")


def _phase_name(clauses: Clauses, match: re.Match[str], at: int) -> tuple[int, int, str] | None:
    """第九期 counts a training or a series, before its name or in brackets after it; an issue of a journal is none."""
    text = clauses.text
    bracketed = match.start() and text[match.start() - 1] in "（(" and text[at : at + 1] in ("）", ")")
    if bracketed:
        before = max(0, match.start() - 1 - _LONGEST_NAME)
        owner = _SUFFIX_OWNER.search(text[before : match.start() - 1])
        if not owner or _ISSUE.search(owner[1]):
            return None
        clause = clauses.clause_starts[clauses.index_at(match.start())]
        owned = owner[1][max(0, clause - before - owner.start(1)) :]
        name = re.sub(r"^(?:、|完成|开展|举办|组织|和|及|与|做好|包括|继续|实施)+", "", owned)
        return match.start() - 1 - len(name), at + 1, name
    if _PHASE.match(text, at) or _ISSUE.search(text[max(0, match.start() - 40) : match.start()]):
        return None
    stop = _name_end(clauses, match.start(), at)
    name = text[at:stop]
    if not name or not (_ANY_EVENT.search(name) or name[0] in "“《"):
        return None
    return match.start(), stop, _bare(name)
