"""Finds the term of the vocabulary that a figure of a draft speaks of, from its words and from its sentence."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from xinglin.kernel.vocabulary import COUNT, DISTINCT, SUM, Term

from ..binding import fit
from ..commitments import Commitment
from ..documents import Plan
from ..measures import Measure
from ..reading.model import Figure, Reading
from .wording import object_of

SINCE_EVER = date(1949, 10, 1)
# How many there are by now, not how many came this year.
_STOCK = re.compile("总数|现有|在册|在库")
# Verbs that make another thing of the same noun, and hold for the rest of the sentence: 申报……项目 16 个，……项目 23 个.
_VERBS = ("申报", "推荐", "举荐", "立项", "结题")
# What was wished for or is missing is no claim about what happened; nor is how many promises a chapter holds.
_NO_CLAIM = re.compile("年度目标|力争目标|目标为|尚差|应有进度|实际进度|^(?:不少于|不超过)|控制在目标以内|超出上限")
_MARK = re.compile(r"\[\d+\]")  # the marks of our own papers
_OPENING = re.compile("本章任务|项重点任务中")
ENOUGH = Decimal("0.45")
PLAN_FIRST = Decimal("0.05")  # the plan's own measures win over equal words
_STOP = re.compile(r"[。！？!?\n]")
_HOW = {"count": Measure.How.COUNT, "sum": Measure.How.SUM, "distinct": Measure.How.DISTINCT}
# What a figure without a noun of its own counts, beside the figure before it: words of the draft → label of the term.
_FOLLOWS = (
    ("线上", re.compile("线上|网络|在线|直播|云端")),
    ("线下", re.compile("线下|现场|到会|参会|参加|参训|培训|学员|师资|听课")),
    ("服务", re.compile("服务|患者|群众|居民|惠及|受益|问诊|诊疗|义诊")),
    ("地市", re.compile("地市|地区|市|地$")),
    ("县", re.compile("县|区")),
    ("单位", re.compile("单位|医院|社区|学校|企业|机构|家$")),
)


@dataclass(frozen=True, kw_only=True)
class Claim:
    """One figure of a draft as words to be matched; it looks like a commitment to the fitting of words."""

    figure: Figure
    sentence: str
    sentence_start: int
    object: str
    text: str
    unit: str
    kind: str
    period: tuple[date, date]

    @property
    def low(self) -> Decimal | None:
        """Return the lower bound."""
        return None if self.figure.value_min is None else Decimal(str(self.figure.value_min))

    @property
    def high(self) -> Decimal | None:
        """Return the upper bound."""
        return None if self.figure.value_max is None else Decimal(str(self.figure.value_max))


@dataclass(frozen=True, kw_only=True)
class Matched:
    """A claim with its term, or none when the vocabulary has no word for it."""

    claim: Claim
    term: Term | None
    how: str = ""
    verb: str = ""  # that stood before the object and holds for the figures after it


def claims_of(*, reading: Reading, year: int) -> list[Claim]:
    """Return the figures of a document's summary part, each with its sentence and its period."""
    end = _own_end(reading)
    claims = [_claim(one, reading.text, year) for one in reading.figures if one.start < end]
    return [one for one in claims if not _wished(one, reading.text) and not _OPENING.search(one.sentence)]


def _wished(claim: Claim, text: str) -> bool:
    """Say whether a figure is a target or what is missing: 年度目标 30 场，尚差 2 场；完成年度目标（30 场）."""
    start = claim.figure.start
    return bool(_NO_CLAIM.search(_part_with(claim.figure)) or text[max(start - 4, 0) : start].endswith("目标（"))


def _own_end(reading: Reading) -> int:
    """Return where the claims of a summary end that this house drafted itself: its tables and annex claim nothing."""
    if "附录数字依据" not in reading.text:
        return len(reading.text)
    place = reading.text.find("部分任务完成情况")
    return place if place > 0 else len(reading.text)


def _claim(figure: Figure, text: str, year: int) -> Claim:
    start = max((one.end() for one in _STOP.finditer(text, 0, figure.start)), default=0)
    stop = _STOP.search(text, figure.end)
    end = stop.start() if stop else len(text)
    from_on, until_on = _period(figure.period, year)
    return Claim(
        figure=figure, sentence=text[start:end], sentence_start=start, object=_object(figure), text=figure.quote,
        unit=figure.unit or "", kind=figure.kind,
        period=(SINCE_EVER if _STOCK.search(_part_with(figure)) else from_on, until_on),
    )


def _object(figure: Figure) -> str:
    """Return what is counted; where the reader kept only a measure word, the words before the figure in its clause."""
    words = _MARK.sub("", figure.object.replace("*", ""))
    if len(words) > 1 and words != figure.unit:
        return words
    before = re.split(r"\d", _part_with(figure), maxsplit=1)[0]
    return before or words


def _part_with(figure: Figure) -> str:
    """Return the part of the quote between commas in which the figure stands."""
    value = figure.value_min if figure.value_min is not None else figure.value_max
    quote = _MARK.sub("", figure.quote)
    parts = re.split(r"[，,、；;](?!\d{3})", quote)
    return next((one for one in parts if re.search(rf"(?<!\d){value}(?!\d)", one.replace(",", ""))), quote)


def _period(printed: str | None, year: int) -> tuple[date, date]:
    """Return the half-open span of a period as the reader prints it: 2020, 2020-05, 2020-03-01, 2019/2020."""
    whole = (date(year, 1, 1), date(year + 1, 1, 1))
    parts = re.findall(r"\d{4}(?:-\d{2}){0,2}", printed or "")
    if not parts:
        return whole
    return _span(parts[0])[0], _span(parts[-1])[1]


def _span(part: str) -> tuple[date, date]:
    numbers = [int(one) for one in part.split("-")]
    if len(numbers) == 1:
        return date(numbers[0], 1, 1), date(numbers[0] + 1, 1, 1)
    if len(numbers) == 2:
        year, month = numbers
        return date(year, month, 1), date(year + month // 12, month % 12 + 1, 1)
    day = date(*numbers)
    return day, date.fromordinal(day.toordinal() + 1)


def terms_of_plan(*, plan: Plan) -> list[Term]:
    """Return the plan's confirmed measures as terms: the office has said already what its words mean."""
    measures = Measure.objects.filter(commitment__plan=plan, main=True).exclude(confirmed_on=None)
    counted = {Measure.How.COUNT: COUNT, Measure.How.SUM: SUM, Measure.How.DISTINCT: DISTINCT}
    return [
        Term(
            fact=one.fact_type, measure=counted[Measure.How(one.how)], field=one.field or None,
            filter=tuple((name, str(value)) for name, value in one.filter), nouns=(object_of(one.commitment),),
            units=(one.commitment.unit,), zh=one.label, en=one.label,
        )
        for one in measures.select_related("commitment")
        if len(object_of(one.commitment)) > 1 and one.how in counted
        and all(isinstance(value, str) for _, value in one.filter)
    ]


def match(*, claims: Sequence[Claim], known: Iterable[Term], own: Iterable[Term] = ()) -> list[Matched]:
    """Return each claim with its best term; a figure without a noun follows the one before it in the paragraph."""
    vocabulary, plan = list(known), list(own)
    answer: list[Matched] = []
    for claim in claims:
        verb = _verb(claim, answer)
        best = _direct(claim, vocabulary, plan, verb)
        # Words that fit several kinds alike (患者, 人次) speak of the kind named just before.
        unsure = len({one.filter for one in best}) > 1
        found = _inherited(claim, answer, vocabulary) if unsure or not best else None
        if unsure and found is None:
            best = _like_the_last(claim, best, answer)
        if found is None and best:
            found = Matched(claim=claim, term=best[0], how=_HOW[best[0].measure], verb=verb)
        answer.append(found or Matched(claim=claim, term=None))
    return answer


def _verb(claim: Claim, before: list[Matched]) -> str:
    """Return the verb that makes the object another thing, from the figure's own words or from the one before."""
    own = _part_with(claim.figure)
    if found := next((one for one in _VERBS if f"{one}{claim.object}" in own), ""):
        return found
    last = before[-1] if before else None
    return last.verb if last is not None and _beside(claim, last.claim) else ""


def _direct(claim: Claim, vocabulary: list[Term], plan: list[Term], verb: str) -> list[Term]:
    """Return the terms that fit the figure's own words best: none, one, or several alike."""
    if claim.kind not in {Commitment.Kind.COUNT, Commitment.Kind.LIST}:
        return []
    scored = [(_fit(claim, one, verb) + PLAN_FIRST, one) for one in plan]
    scored += [(_fit(claim, one, verb), one) for one in vocabulary]
    most = max((score for score, _ in scored), default=Decimal(0))
    if most < ENOUGH:
        return []
    best = sorted((one for score, one in scored if score == most), key=lambda one: one.key)
    # What is counted at its source goes before the same written down by hand.
    return [one for one in best if not one.general] or best


def _like_the_last(claim: Claim, best: list[Term], before: list[Matched]) -> list[Term]:
    """Put first, of terms that fit alike, the one over the same facts as the figure before in this section."""
    last = next((one for one in reversed(before) if one.term is not None), None)
    if last is None or last.term is None or last.claim.figure.path != claim.figure.path:
        return best
    wanted = last.term.filter
    return sorted(best, key=lambda one: one.filter != wanted)


def _fit(claim: Claim, term: Term, verb: str) -> Decimal:
    # The sentence stays out: a noun of its other half would claim this figure.
    words = f"{verb}{claim.object} {_part_with(claim.figure)}"
    if verb and f"{verb}{claim.object}" in term.nouns:
        return Decimal(1) if claim.unit in term.units else Decimal("0.90")
    score = fit(commitment=claim, term=term, sentence=words)  # type: ignore[arg-type]
    return min(score, Decimal("0.95"))  # below what the verb settles


def _inherited(claim: Claim, before: list[Matched], vocabulary: list[Term]) -> Matched | None:
    last = next((one for one in reversed(before) if one.term is not None), None)
    if last is None or last.term is None or not _beside(claim, last.claim):
        return None
    words = f"{claim.object}{_part_with(claim.figure)}"
    same = [one for one in vocabulary if one.fact == last.term.fact and one.filter == last.term.filter
            and claim.unit in one.units and one.key != last.term.key]
    for label, said in _FOLLOWS:
        for one in same:
            if label in one.zh.rpartition("：")[2] and said.search(words):
                return Matched(claim=claim, term=one, how=_HOW[one.measure])
    return None


def _beside(claim: Claim, last: Claim) -> bool:
    return claim.figure.path == last.figure.path and claim.sentence_start == last.sentence_start
