"""Words commitments and their figures as an office writes them: the summary is a Chinese paper in any interface."""

import re
from datetime import date
from decimal import Decimal

from ..commitments import Commitment
from ..measures import Measure
from ..progress import Standing
from .paper import Mark, Piece, Sentence, said

LIGHT = {"done": "已完成", "ok": "按期", "warn": "黄灯", "bad": "红灯", "off": "已取消", "none": "未设统计口径"}
# Only verbs that read well before “what, how many”; a sentence without one says 共.
_VERBS = (
    "举办|召开|举行|开展|组织|完成|承办|主办|协办|发布|编写|编制|出版|制定|修订|申报|推荐|举荐|培训|培养|走访|慰问|服务|覆盖|"
    "新增|发展|建立|建设|评选|表彰|接待|办理|受理|派出|选派|资助|立项|结题|发表|刊发|推送|撰写|提交|检查|督导"
)
_VERB_BEFORE = re.compile(f"({_VERBS})[^，,；;。、]{{0,12}}$")
_STARTS_WITH_VERB = re.compile(f"^({_VERBS})")
_ON_SITE, _ONLINE = "线下", "线上"
_NOTHING = "尚无核实记录"


def number(value: Decimal) -> str:
    """Return 9,846 or 92.3: grouped, without trailing zeros."""
    plain = value.normalize() if value != value.to_integral_value() else value.quantize(Decimal(1))
    return f"{plain:,f}"


def amount(value: Decimal, unit: str) -> str:
    """Return a figure with its measure word: 31 场, 92.3%."""
    return f"{number(value)}{unit}" if unit == "%" else f"{number(value)} {unit}".strip()


def ended(words: str) -> str:
    """Return words that end with a full stop, whatever they ended with."""
    return f"{words.rstrip('。；;，, ')}。"


def object_of(commitment: Commitment) -> str:
    """Return what is counted, without the verb the reader left in front of it."""
    words = (commitment.object or commitment.text).strip()
    if len(words) < 2 or words == commitment.unit:
        words = _before_figure(commitment) or words
    bare = _STARTS_WITH_VERB.sub("", words)
    return bare if len(bare) >= 2 else words


def _before_figure(commitment: Commitment) -> str:
    """Return the words before the figure in its part of the sentence: 常务理事会 of 理事会 1 次、常务理事会 2 次."""
    figure = commitment.value_min if commitment.value_min is not None else commitment.value_max
    if figure is None:
        return ""
    for part in re.split("[，,、；;]", commitment.text):
        found = re.search(rf"(?<!\d){number(figure).replace(',', '')}\s*{re.escape(commitment.unit)}", part)
        if found:
            return part[: found.start()].strip(" 各共约超近")
    return ""


def is_deed(commitment: Commitment, measure: Measure | None) -> bool:
    """Say whether a commitment is done or not, whatever number of facts show it."""
    kinds = {Commitment.Kind.DATE, Commitment.Kind.EDITION, Commitment.Kind.WORDS}
    return measure is not None and (measure.how == Measure.How.MET or commitment.kind in kinds)


def verb_of(commitment: Commitment) -> str:
    """Return the verb that stands before the object in the commitment's own words, or nothing."""
    words = commitment.object.strip()
    if words and (leading := _STARTS_WITH_VERB.match(words)) and len(words) - len(leading[0]) >= 2:
        return leading[0]
    place = commitment.text.find(words) if words else -1
    found = _VERB_BEFORE.search(commitment.text[:place]) if place > 0 else None
    return found[1] if found else ""


def target_words(commitment: Commitment) -> str:
    """Return the target as a table says it: 不少于 30 场, 力争 5 项, 2026-06-30 前."""
    low, high, unit = commitment.value_min, commitment.value_max, _unit(commitment)
    kinds = Commitment.Kind
    if commitment.kind == kinds.DATE:
        return f"{commitment.deadline.isoformat()} 前"
    if commitment.kind == kinds.EDITION:
        return f"第 {commitment.edition} 届" if commitment.edition else "举办"
    if commitment.kind == kinds.WORDS or (low is None and high is None):
        return "—"
    if low is not None and high is not None:
        words = amount(low, unit) if low == high else f"{number(low)}—{amount(high, unit)}"
    elif low is not None:
        words = f"不少于 {amount(low, unit)}"
    else:
        words = f"不超过 {amount(high or Decimal(0), unit)}"
    before = {Commitment.Modality.STRIVE: "力争 ", Commitment.Modality.APPROX: "约 "}
    return before.get(Commitment.Modality(commitment.modality), "") + words


def _unit(commitment: Commitment) -> str:
    return "%" if commitment.kind == Commitment.Kind.PERCENT else commitment.unit


def actual_words(standing: Standing, *, reached_on: date | None = None) -> str:
    """Return the actual figure as a table says it."""
    if standing.measure is None:
        return "—"
    if is_deed(standing.commitment, standing.measure):
        return (reached_on.isoformat() if reached_on else "已完成") if standing.value else "未完成"
    return amount(standing.value, _unit(standing.commitment))


def achieved(
    *, standing: Standing, mark: int, extras: tuple[tuple[str, Decimal, str, int], ...] = (),
    reached_on: date | None = None,
) -> Sentence:
    """Return what was done for one measured commitment, with the marks of its figures.

    `extras` are sums over the same facts: label, value, unit and the number of their figure.
    """
    commitment, measure = standing.commitment, standing.measure
    if is_deed(commitment, measure):
        return _met(standing, mark, reached_on)
    if not standing.value:
        found = _NOTHING if measure is not None and measure.how == Measure.How.RATIO else _figure(standing)
        return said(f"{object_of(commitment)}：", Mark(text=found, number=mark), "，", ended(_compared(standing)))
    pieces: list[Piece] = [f"{verb_of(commitment)}{object_of(commitment)}{_join(commitment)}",
                           Mark(text=_figure(standing), number=mark)]
    for label, value, unit, its in extras:
        pieces += [f"，{_extra(label)} ", Mark(text=amount(value, unit), number=its)]
    return said(*pieces, ended(f"；{_compared(standing)}"))


def _figure(standing: Standing) -> str:
    return amount(standing.value, _unit(standing.commitment))


def _join(commitment: Commitment) -> str:
    return " " if verb_of(commitment) else "共 " if commitment.kind != Commitment.Kind.PERCENT else " "


def _extra(label: str) -> str:
    """Return how a sum of people is said; on site and online stay apart (K9)."""
    if label.startswith(_ON_SITE):
        return "到会"
    if label.startswith(_ONLINE):
        return "线上参加"
    return label.removesuffix("人次") or "参加"


def _met(standing: Standing, mark: int, reached_on: date | None) -> Sentence:
    commitment = standing.commitment
    words = f"“{commitment.text.rstrip('。；;，, ')}”"
    if commitment.kind == Commitment.Kind.EDITION and commitment.object:
        words = commitment.object if "届" in commitment.object else f"第 {commitment.edition} 届{commitment.object}"
    if not standing.value:
        return said(f"{words}：", Mark(text=_not_met(standing), number=mark), "。")
    verb = "举办" if commitment.kind == Commitment.Kind.EDITION else "完成"
    when = reached_on.isoformat() if reached_on else ""
    late = reached_on is not None and reached_on > commitment.deadline
    tail = f"，迟于完成时限 {commitment.deadline.isoformat()}" if late else ""
    return said(f"{words}已于 ", Mark(text=when, number=mark), f" {verb}", ended(tail))


def _not_met(standing: Standing) -> str:
    commitment = standing.commitment
    if commitment.modality == Commitment.Modality.STRIVE:
        return "力争事项，尚在推进"
    if standing.reason == "overdue":
        return _NOTHING
    return f"完成时限 {commitment.deadline.isoformat()}，{_NOTHING}"


def _compared(standing: Standing) -> str:
    """Return how the figure stands to its target; who only strives never misses (R21)."""
    commitment, target = standing.commitment, standing.target
    words, unit = target_words(commitment).removeprefix("力争 ").removeprefix("约 "), _unit(commitment)
    if target is None:
        return "未设数字目标"
    if commitment.at_most:
        return f"控制在目标以内（{words}）" if standing.value <= target else f"超出上限（{words}）"
    if standing.actual >= 100:
        over = standing.value > (commitment.value_max or target)
        name = "力争目标" if commitment.modality == Commitment.Modality.STRIVE else "年度目标"
        return f"{'超额完成' if over else '完成'}{name}（{words}）"
    if commitment.modality == Commitment.Modality.STRIVE:
        return f"力争目标 {words}，已达 {number(standing.actual)}%"
    if commitment.modality == Commitment.Modality.APPROX:
        return f"计划约 {words}，已达 {number(standing.actual)}%"
    gap = f"{number(standing.missing)} 个百分点" if unit == "%" else amount(standing.missing, unit)
    return f"年度目标{' ' if words[:1].isdigit() else ''}{words}，尚差 {gap}"


def why(standing: Standing, *, on: date) -> str:
    """Return why a commitment is red, in words with numbers."""
    commitment = standing.commitment
    paces = f"实际进度 {number(standing.actual)}%，应有进度 {number(standing.planned)}%"
    if standing.reason == "overdue":
        late = (on - commitment.deadline).days
        return f"{commitment.deadline.isoformat()} 到期，{f'已逾期 {late} 天' if late > 0 else '未完成'}；{paces}"
    if standing.reason == "exceeded":
        return f"已超出上限：{actual_words(standing)}，{target_words(commitment)}"
    if standing.reason == "strive_missed":
        return f"力争事项，未列为必成；{paces}"
    if standing.reason == "due_soon":
        return f"{commitment.deadline.isoformat()} 到期，临期；{paces}"
    return paces
