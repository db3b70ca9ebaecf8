"""Judge each quantity and date: a target, a figure, or nothing."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from xinglin.plans.reading.clauses import Clauses, clauses_of
from xinglin.plans.reading.deadlines import DueDate, due_dates_in
from xinglin.plans.reading.decoys import decoy_reason
from xinglin.plans.reading.editions import FoundEdition, editions_in
from xinglin.plans.reading.model import Edition, Figure, Judgement, Target, Vague
from xinglin.plans.reading.modes import FUTURE, PAST, Sections, Tense, tenses_of, year_looked_back_on
from xinglin.plans.reading.objects import object_of
from xinglin.plans.reading.outline import Outline
from xinglin.plans.reading.quantities import Quantity, quantities_in
from xinglin.plans.reading.rejoin import Passage
from xinglin.plans.reading.tables import Row
from xinglin.plans.reading.vagueness import vague_in

_STRIVE = re.compile("力争|争取|努力(?:实现|达到)")
_SURE = re.compile("确保|必须")
_LIST_HEAD = re.compile("以下|如下|下列|下述")
_LIST_THINGS = re.compile("(?:个方面|项|件|大)?(?:重点|主要|具体)?(?:工作|任务|举措|措施|方面|实事|行动|活动)")
_CHANGE = re.compile("提高|提升|增长|增加|增|扩大|扩充|扩|下降|降低|降|缩短|压缩|减|上升|升")
_START_VALUE = re.compile(r"[由从](?:(?:20\d\d年|去年|上年|目前|现在)(?:度|年?[底末])?的?)?$")
_SET_FOR = re.compile("(?:安排在|定于|定在|放在|拟于|拟在|计划于|计划在|预计于|预定于)$")
_REACH = 160  # how far from its number a thing is looked for, in characters
_FREQUENT = re.compile("每(?:个)?[月季周日年]")
_DEED_START = re.compile(
    r"^[，,]?(?:.{0,6}?)(?:完成|召开|举办|开展|组织|启动|提交|印发|发布|建成|"
    r"形成|实现|上线|制定|修订|组建|成立|举行|做好|报送|出台|推出|筹备|落实|总结|"
    r"开通|投入|试运行|基本|全面|全部|实施|编制|开工|竣工|验收|交付|承办|评选|"
    r"决赛|复赛|初赛|开赛|开幕|揭晓|启用|公布|迎接|参加|出席|开始|进行|通过|接受)"
)


@dataclass(slots=True)
class Findings:
    """What has been found so far."""

    targets: list[Target] = field(default_factory=list)
    figures: list[Figure] = field(default_factory=list)
    editions: list[Edition] = field(default_factory=list)
    vague: list[Vague] = field(default_factory=list)


@dataclass(slots=True)
class Bench:
    """One passage on the bench, with all that judging it needs."""

    passage: Passage
    clauses: Clauses
    tenses: list[Tense]
    due: list[DueDate]
    text: str
    outline: Outline
    plan_year: int
    findings: Findings
    numbers: list[Quantity] = field(default_factory=list)  # decoys included
    row: Row | None = None

    def path_at(self, position: int) -> tuple[str, ...]:
        """Return the outline path at a character of the passage."""
        return self.outline.path_at(self.passage.places[min(position, len(self.passage.places) - 1)])

    def quote(self, start: int, end: int) -> tuple[int, int, str]:
        """Return start, end and words of a stretch of the passage in the text."""
        first, last = self.passage.span(start, end)
        return first, last, self.text[first:last]


def judge_passage(
    *, index: int, passage: Passage, text: str, outline: Outline, sections: Sections, plan_year: int,
    findings: Findings, row: Row | None = None,
) -> None:
    """Add a passage's targets, figures, editions and vague commitments to the findings."""
    clauses = clauses_of(
        passage.characters, passage.cells if passage.kind == "row" else (), outline.labels.get(index, ())
    )
    section = sections.at(passage.start)
    tenses = tenses_of(clauses, section, plan_year)
    due = list(due_dates_in(clauses.text, plan_year, passage.cells)) if plan_year else []
    numbers = sorted(_numbers(clauses.text, passage.cells), key=lambda each: each.start)
    bench = Bench(passage, clauses, tenses, due, text, outline, plan_year, findings, numbers, row)
    editions = list(editions_in(clauses))
    quantities = _counting(numbers, clauses, editions)
    for position, quantity in enumerate(quantities):
        following = quantities[position + 1] if position + 1 < len(quantities) else None
        _judge_quantity(bench, quantity, following)
    for edition in editions:
        _add_edition(bench, edition)
    if passage.kind != "row":
        _judge_dates(bench, quantities)
    for start, end, at in vague_in(clauses):
        if tenses[clauses.index_at(at)].mode == FUTURE:
            first, last, words = bench.quote(start, end)
            findings.vague.append(Vague(bench.path_at(at), words, first, last))


def _numbers(text: str, cells: tuple[tuple[int, int], ...]) -> Iterator[Quantity]:
    """Yield every number with a measure, decoys included; digits of two table cells are never one number."""
    for start, end in cells or ((0, len(text)),):
        for quantity in quantities_in(text[start:end]):
            yield replace(quantity, start=quantity.start + start, end=quantity.end + start)


def _counting(numbers: list[Quantity], clauses: Clauses, editions: list[FoundEdition]) -> list[Quantity]:
    """Return the numbers that count something."""
    spans = sorted((edition.start, edition.end) for edition in editions)
    return [number for number in numbers if decoy_reason(number, clauses) is None and not _within(spans, number.start)]


def _within(spans: list[tuple[int, int]], position: int) -> bool:
    """Tell whether a position lies in one of some sorted spans."""
    at = bisect_right(spans, (position, position + 10**9)) - 1
    return at >= 0 and position < spans[at][1]


def _judge_quantity(bench: Bench, quantity: Quantity, following: Quantity | None) -> None:
    start, end = bench.clauses.clause_at(quantity.start)
    start, end = max(start, quantity.start - _REACH), min(max(end, quantity.end), quantity.end + _REACH)
    characters = bench.clauses.text
    next_at = following.start - quantity.end if following and following.start < end else None
    thing = object_of(
        before=characters[_after_previous(bench, start, quantity) : quantity.start],
        after=characters[quantity.end : min(end, quantity.end + _REACH)],
        unit=quantity.unit,
        is_percent=quantity.is_percent,
        next_quantity=next_at,
    )
    kind = "percent" if quantity.is_percent else "count"
    if kind == "count" and _lists_itself(characters, start, end, quantity):
        kind = "list_count"
    elif kind == "count" and quantity.is_chinese and _LIST_THINGS.match(characters, quantity.end):
        return  # 三个方面, 八项任务 without the list is only a manner of speaking
    if kind == "list_count" and not re.match("[\u4e00-\u9fff]{2}", characters[quantity.end : quantity.end + 2]):
        thing = quantity.unit
    tense = bench.tenses[bench.clauses.index_at(quantity.start)]
    noted = bench.clauses.is_noted(quantity.start) and tense.mode == FUTURE
    if noted and (year := year_looked_back_on(characters[start : quantity.start], bench.plan_year)):
        tense = Tense(PAST, year, "its note names the year before", True)
    if tense.mode == FUTURE and _is_starting_point(characters, quantity):
        tense = Tense(PAST, (tense.year or bench.plan_year) - 1, "the value before the change", True)
    if bench.row and (name := bench.row.name) and name.end <= quantity.start:  # 举办学术会议 | 全年不少于30场
        start, thing = min(start, name.start), name.text if thing == quantity.unit else thing
    add_quantity(bench, quantity, (start, end), thing, kind, tense)


def _is_starting_point(text: str, quantity: Quantity) -> bool:
    """Tell 65% in 由65%提高到75% and in 由2024年的65%提高到75%: it is the value today."""
    before = text[max(0, quantity.start - 12) : quantity.start]
    return bool(_START_VALUE.search(before) and _CHANGE.match(text, quantity.end))


def _after_previous(bench: Bench, start: int, quantity: Quantity) -> int:
    """Return where the words that belong to this quantity start: after an earlier number of the clause."""
    start = max(start, quantity.start - _REACH)
    at = bisect_left(bench.numbers, quantity.start, key=lambda each: each.start) - 1
    noted = bench.clauses.is_noted(quantity.start)
    while at >= 0 and bench.numbers[at].start >= start:
        last = bench.numbers[at]
        if noted or not bench.clauses.is_noted(last.start):
            joint = re.search("[、和及与并]", bench.clauses.text[last.end : quantity.start])
            return last.end + (joint.end() if joint else 0)
        at -= 1
    return start


def add_quantity(
    bench: Bench, quantity: Quantity, clause: tuple[int, int], thing: str, kind: str, tense: Tense
) -> None:
    """Add a judged quantity as a target when its tense is future, else as a figure."""
    first, last, words = bench.quote(*clause)
    path = bench.path_at(quantity.start)
    judgement = _judgement(quantity, tense, thing)
    low, high, unit = quantity.value_min, quantity.value_max, quantity.unit
    if tense.mode == PAST:
        period = _period(bench, quantity, tense)
        figure = Figure(path, words, thing, low, high, unit, period, kind, first, last, judgement)
        bench.findings.figures.append(figure)
        return
    deadline, source = _deadline(bench, quantity, tense)
    modality = _modality(bench, quantity)
    bench.findings.targets.append(
        Target(path, words, thing, low, high, unit, modality, deadline, source, kind, first, last, judgement)
    )


def _judgement(quantity: Quantity, tense: Tense, thing: str) -> Judgement:
    confidence, reasons = 0.95, [f"reads “{quantity.printed}”", tense.reason]
    if quantity.is_chinese:
        confidence -= 0.15
        reasons.append("written in Chinese numerals, which slogans share")
    if not tense.printed:
        confidence -= 0.05
    if thing == quantity.unit:
        confidence -= 0.2
        reasons.append("the thing counted is not named in the clause")
    if quantity.unit in "人个地市县区" and not quantity.bounded:
        confidence -= 0.05
    return Judgement(round(confidence, 2), tuple(reasons))


def _modality(bench: Bench, quantity: Quantity) -> str:
    index = bench.clauses.index_at(quantity.start)
    sentence = bench.clauses.sentence_at(quantity.start)
    before = bench.clauses.text[max(sentence, quantity.start - _REACH) : quantity.start]
    start = max(bench.clauses.clause_starts[index], quantity.start - _REACH)
    own = bench.clauses.text[start : min(bench.clauses.clause_ends[index], quantity.end + _REACH)]
    strives = list(_STRIVE.finditer(before))
    if _STRIVE.search(own) or (strives and not re.search(r"\d", before[strives[-1].end() :]) and not _SURE.search(own)):
        return "strive"
    return "approx" if quantity.about else "must"


def _deadline(bench: Bench, quantity: Quantity, tense: Tense) -> tuple[str | None, str]:
    """Return the date of the clause, else of what precedes it in the sentence or of the row, else year's end."""
    start, end = bench.clauses.clause_at(quantity.start)
    sentence = bench.clauses.sentence_at(quantity.start)
    index = bench.clauses.index_at(quantity.start)
    start, end = min(start, bench.clauses.clause_starts[index]), max(end, bench.clauses.clause_ends[index])
    first = bisect_left(bench.due, sentence, key=lambda due: due.start)
    last = bisect_left(bench.due, end, key=lambda due: due.start)
    near = [due for due in bench.due[max(first, last - 20) : last] if due.year >= bench.plan_year]
    if bench.passage.kind == "row":
        near = [due for due in bench.due if due.year >= bench.plan_year]
    own = [due for due in near if due.start >= start]
    before = [due for due in (own or near) if due.start < quantity.start]
    chosen = before[-1:] or own[:1] or near[:1]
    if chosen:
        return chosen[0].iso, "explicit"
    year = tense.year or bench.plan_year
    return (f"{year}-12-31" if year else None), "inherited"


def _period(bench: Bench, quantity: Quantity, tense: Tense) -> str | None:
    start, end = bench.clauses.clause_at(quantity.start)
    clause = bench.clauses.text[max(start, quantity.start - _REACH) : min(end, quantity.end + _REACH)]
    year = re.search(r"(20\d{2})年", clause)
    when = int(year[1]) if year else tense.year
    if when is None:
        return None
    if re.search("上半年", clause):
        return f"{when}-01-01/{when}-06-30"
    if re.search("下半年", clause):
        return f"{when}-07-01/{when}-12-31"
    day = re.search(r"(?<!\d)(\d{1,2})月(\d{1,2})日", clause)
    if day and 1 <= int(day[1]) <= 12 and 1 <= int(day[2]) <= 31:
        return f"{when}-{int(day[1]):02d}-{int(day[2]):02d}"
    return str(when)


def _lists_itself(text: str, start: int, end: int, quantity: Quantity) -> bool:
    """Tell whether the number only says how long the text's own list is."""
    clause = text[start:end]
    after = text[quantity.end : quantity.end + _REACH]
    if _LIST_HEAD.search(clause) and _LIST_THINGS.match(after):
        return True
    size = quantity.value_min
    if size is None or size < 2 or quantity.value_max != size:
        return False
    if text[end : end + 1] in ("：", ":"):
        listed = re.split("[；。]", text[end + 1 : end + 1 + 4 * _REACH])[0]
        names = [name for name in re.split("[、，,]", listed) if name]
        if len(names) == size or _LIST_THINGS.match(after):
            return True
    if _LIST_THINGS.match(after) and re.match(
        r"[，：:]?(?:分别是|包括|即|一是|（1）|（一）|1[.、])", text[end : end + 8]
    ):
        return True
    return _follows_its_list(text, quantity, size)


def _follows_its_list(text: str, quantity: Quantity, size: int | float) -> bool:
    """Tell whether the names counted stand before the number: 甲、乙、丙3位医师."""
    before = text[max(0, quantity.start - 240) : quantity.start]
    if before.endswith("等") or "、" not in before:
        return False
    names = re.split("[，。；：]", before)[-1].split("包括")[-1]
    if size in (len(names.split("、")), len(re.split("[、和与及]", names))):
        return True
    listed = re.split("[。；：]", before)[-1]  # a comma may stand for 、 in a long list
    return size > 2 and "、" in listed and len(re.split("[、，]", listed)) == size


def _add_edition(bench: Bench, edition: FoundEdition) -> None:
    start, end = bench.clauses.clause_at(edition.start)
    inside = bench.clauses.name_around(edition.start)
    if inside and (inside[0] < start or inside[1] > end):
        start, end = min(start, inside[0]), max(end, inside[1])
    start, end = min(start, edition.start), max(end, edition.end)
    tense = bench.tenses[bench.clauses.index_at(edition.start)]
    first, last, words = bench.quote(start, end)
    year = edition.year or tense.year or bench.plan_year or None
    bench.findings.editions.append(
        Edition(bench.path_at(edition.start), edition.edition, year, edition.name, words, first, last)
    )


def _judge_dates(bench: Bench, quantities: list[Quantity]) -> None:
    """Add the dated deeds that count nothing: 6月底前完成换届, 5月召开第三届年会."""
    clauses = bench.clauses
    counted = [each.start for each in quantities]
    for due in bench.due:
        index = clauses.index_at(due.start)
        if bench.tenses[index].mode != FUTURE or due.year < bench.plan_year or clauses.is_named(due.start):
            continue
        start, end = clauses.clause_starts[index], clauses.clause_ends[index]
        is_set = bool(_SET_FOR.search(clauses.text[start : due.start]))  # 年会安排在第二季度
        if end - due.end < 2 and not is_set and index + 1 < len(clauses.clause_ends):
            end = clauses.clause_ends[index + 1]
        following = bisect_left(counted, start)
        if (following < len(counted) and counted[following] < end) or _FREQUENT.search(clauses.text[start:end]):
            continue
        deed = clauses.text[due.end : end]
        if not (due.is_bound or is_set) and not _DEED_START.match(deed):
            continue
        if len(deed.strip("，,")) < 2 and due.start - start < 4:
            continue
        _add_date(bench, due, start, end)


def _add_date(bench: Bench, due: DueDate, start: int, end: int) -> None:
    text = bench.clauses.text
    deed = text[due.end : end].strip("，,")
    thing = deed if len(deed) >= 2 else text[start : due.start]
    first, last, words = bench.quote(start, end)
    modality = "strive" if _STRIVE.search(text[start:end]) else "must"
    judgement = Judgement(0.85 if due.is_bound else 0.7, ("a dated deed without a quantity",))
    path = bench.path_at(due.start)
    bench.findings.targets.append(
        Target(path, words, thing, None, None, "", modality, due.iso, "explicit", "date", first, last, judgement)
    )
