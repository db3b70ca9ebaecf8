"""Proposes from which facts a commitment could be counted: words of the sentence against the ledger's vocabulary."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from urllib.parse import urlencode

from xinglin.kernel.vocabulary import DISTINCT, Term

from .choosing import Choice, edition_of, edition_said, names_its_series
from .commitments import Commitment
from .happened import total_kept
from .measures import Measure
from .spoken import spoken

_HOW = {"count": Measure.How.COUNT, "sum": Measure.How.SUM, "distinct": Measure.How.DISTINCT}
_DEEDS = {Commitment.Kind.DATE, Commitment.Kind.EDITION}
SURE = Decimal("0.60")  # from this fit on, and this far ahead of the next, a proposal is ticked
AHEAD = Decimal("0.10")
# Verbs that say nothing about what is counted: 举办论坛 counts what 论坛 counts.
_IDLE = re.compile(
    "全年|年内|计划|力争|争取|累计|每年|组织|举办|召开|举行|开展|完成|承办|主办|协办|执行|实施|制定|修订|制作|发布|编写|"
    "出版|印发|撰写|推送|提交|参加|讲授|签订|发展|大型|各类|系列|活动|工作|不少于|不低于|至少|超过|以上|左右|约|达到|共|近|各|等|的"
)
# Verbs whose object is not what is counted: 培训医师 counts no 医师 of another kind of work.
_DONE_TO = re.compile(
    "培训|培养|选派|引进|服务|惠及|覆盖|接待|资助|帮扶|指导|招募|回访|解决|受理|处理|压减|精简|减少|监测|建设|建立|新建|更新|采购|评选|遴选"
)
_TRAILING = re.compile("(?:不少于|不低于|至少|超过|以上|左右|约|达到|共|近|各)+$")
_PEOPLE = {"人", "名", "位"}
_CUT = re.compile("[，,、；;。]")


@dataclass(frozen=True, kw_only=True)
class Proposal:
    """One way to count a commitment, how well its words fit (0–1), and what it would have counted."""

    choice: Choice
    fit: Decimal = Decimal(0)
    sure: bool = False  # clearly good and clearly ahead of every other: ticked beforehand
    last_year: Decimal | None = None
    this_year: Decimal | None = None

    @property
    def term(self) -> Term:
        """Return the term."""
        return self.choice.term

    @property
    def key(self) -> str:
        """Return the term's key, as a form sends it."""
        return self.choice.term.key

    @property
    def how(self) -> str:
        """Return how it is counted."""
        return self.choice.how

    @property
    def unit(self) -> str:
        """Return the measure word of its figures."""
        if self.how == Measure.How.RATIO:
            return "%"
        return self.term.units[0] if self.term.units else ""

    @property
    def query(self) -> str:
        """Return the address's part by which the facts it would count are listed."""
        parts = [("term", self.key), ("how", self.how), *(("narrow", "=".join(one)) for one in self.choice.extra)]
        return urlencode(parts + ([("base", self.choice.base.key)] if self.choice.base else []))


@dataclass(frozen=True, kw_only=True)
class Fitted:
    """A term with the noun found in a sentence: how well it fits and whether the sentence says no more than it."""

    term: Term
    noun: str
    score: Decimal
    whole: bool


def propose_measures(
    *, commitment: Commitment, on: date, known: Iterable[Term] | None = None, most: int = 3
) -> list[Proposal]:
    """Return the best-fitting measures, best first, each with last year's and this year's figure.

    Of `known` terms, which somebody looked for by name, those the sentence does not mention are kept too. An edition
    is counted by its series only; a percentage waits for the whole of which it is a share.
    """
    asked = spoken(on=on) if known is None else list(known)
    if commitment.kind == Commitment.Kind.EDITION:
        asked = [one for one in asked if names_its_series(term=one)]
    fitted = best_of(commitment=commitment, known=asked)
    chosen = sure_of(commitment=commitment, fitted=fitted)
    if known is not None:
        fitting = {one.term.key for one in fitted}
        fitted += [Fitted(term=one, noun="", score=Decimal(0), whole=False)
                   for one in asked if one.key not in fitting and _shareable(commitment, one)]
    return [
        proposal_of(commitment=commitment, choice=_chosen(commitment, one.term), fit=one.score, sure=one is chosen)
        for one in fitted[:most]
    ]


def _chosen(commitment: Commitment, term: Term) -> Choice:
    how = _HOW[term.measure]
    if commitment.kind in _DEEDS:
        how = Measure.How.MET  # one such fact is enough, however much it says was done
    if commitment.kind == Commitment.Kind.PERCENT:
        how = Measure.How.RATIO
    extra = edition_of(commitment=commitment, term=term)
    return Choice(term=term, how=how, extra=extra, said=edition_said(extra))


def proposal_of(
    *, commitment: Commitment, choice: Choice, fit: Decimal = Decimal(0), sure: bool = False
) -> Proposal:
    """Return a choice with what it would have counted; a share without its whole counts nothing yet."""
    if choice.how == Measure.How.RATIO and choice.base is None:
        return Proposal(choice=choice, fit=fit)
    year = commitment.plan.year
    last, this = (total_kept(asked=choice.asked(year=one)) for one in (year - 1, year))
    return Proposal(choice=choice, fit=fit, sure=sure, last_year=last, this_year=this)


def wholes_of(*, term: Term, known: Iterable[Term]) -> list[Term]:
    """Return the terms of which this one can be a share: the same figure of the same sort of facts."""
    same = (term.fact, term.measure, term.field)
    return [one for one in known if (one.fact, one.measure, one.field) == same]


def best_of(*, commitment: Commitment, known: Iterable[Term]) -> list[Fitted]:
    """Return the terms that fit at all, best first; of equal ones that with the longer noun."""
    words = own_words(commitment=commitment)
    found = [_fitted(commitment, one, words) for one in known]
    fitting = [one for one in found if one.score > 0]
    return sorted(fitting, key=lambda one: (-one.score, one.term.general, -len(one.noun), one.term.key))


def sure_of(*, commitment: Commitment, fitted: list[Fitted]) -> Fitted | None:
    """Return the one that is clearly meant: its noun is all the sentence names, its unit fits, nothing else is near."""
    if commitment.kind != Commitment.Kind.COUNT or not fitted:
        return None
    best, rest = fitted[0], fitted[1:]
    if best.score < SURE or not best.whole or commitment.unit not in best.term.units:
        return None
    near = [one for one in rest if best.score - one.score < AHEAD and _rivals(best, one, commitment.unit)]
    return None if near else best


def _rivals(best: Fitted, other: Fitted, unit: str) -> bool:
    """Say whether another term could be meant as well."""
    if other.term.general and not best.term.general:
        return False
    if other.noun != best.noun and other.noun in best.noun:
        return False  # 继续医学教育项目 is only a part of 国家级继续医学教育项目
    if (other.term.fact, other.term.filter) != (best.term.fact, best.term.filter) or unit not in other.term.units:
        return True
    # Of two figures of the same facts that one is meant whose measure word this is: 义诊 20 场 counts no 件.
    return best.term.units.index(unit) >= other.term.units.index(unit)


def own_words(*, commitment: Commitment) -> str:
    """Return the part of the sentence that speaks of this figure: its neighbours' nouns would claim it."""
    text = commitment.text.replace(" ", "")
    figure = commitment.value_min if commitment.value_min is not None else commitment.value_max
    if figure is None:
        return text
    said = f"{figure.normalize():f}"
    marked = re.compile(rf"(?<![\d.]){said}(?![\d.])[余多]?{re.escape(commitment.unit)}")
    part = next((one for one in _CUT.split(text) if marked.search(one)), "")
    return _TRAILING.sub("", marked.sub("", part)) or commitment.object or text


def fit(*, commitment: Commitment, term: Term, sentence: str) -> Decimal:
    """Return how well a term fits (0–1): by its longest noun found, where that stands, and its unit."""
    return _fitted(commitment, term, sentence).score


def _fitted(commitment: Commitment, term: Term, sentence: str) -> Fitted:
    words = sentence.lower()
    # A measure word (人次) is no noun, even where a vocabulary calls a quantity by it.
    said = (one for one in term.nouns if one and one != commitment.unit and one.lower() in words)
    noun = max(said, key=len, default="")
    score = _score(commitment, term, noun, sentence) if noun else Decimal(0)
    return Fitted(term=term, noun=noun, score=score, whole=bool(noun) and _is_whole(commitment, noun, sentence))


def _score(commitment: Commitment, term: Term, noun: str, sentence: str) -> Decimal:
    percent = commitment.kind == Commitment.Kind.PERCENT
    if not _shareable(commitment, term):
        return Decimal(0)
    if term.measure != "count" and commitment.unit not in term.units and not percent:
        return Decimal(0)  # sums and distinct counts are proposed only for their own measure words
    object_ = commitment.object or commitment.text
    score = Decimal(min(len(noun), 8)) / Decimal(16)
    if object_.endswith(noun) or sentence.endswith(noun) or _deed_to_people(commitment, noun, sentence):
        score += Decimal("0.20")
    elif noun in object_:
        score += Decimal("0.10")
    if commitment.unit and term.units and not percent:
        score += Decimal("0.30") if commitment.unit in term.units else Decimal("-0.25")
    elif commitment.kind in _DEEDS and term.measure == "count":
        score += Decimal("0.10")
    if (verb := _DONE_TO.search(sentence)) and verb[0] not in noun and sentence.find(noun) >= verb.end():
        score -= Decimal("0.25")  # the noun is what something else is done to
    return max(Decimal(0), min(Decimal(1), score)).quantize(Decimal("0.01"))


def _is_whole(commitment: Commitment, noun: str, sentence: str) -> bool:
    """Say whether the sentence names nothing besides the noun; a deed done to people may name them."""
    before, _noun, after = sentence.partition(noun)
    rest = "" if _deed_to_people(commitment, noun, sentence) else after
    return not _IDLE.sub("", before) and not _IDLE.sub("", rest)


def _deed_to_people(commitment: Commitment, noun: str, sentence: str) -> bool:
    """Say whether the noun is a deed and people follow it: 慰问一线医师 300 人."""
    before, found, after = sentence.partition(noun)
    return bool(found and after) and commitment.unit in _PEOPLE and not _IDLE.sub("", before)


def _shareable(commitment: Commitment, term: Term) -> bool:
    """Say whether a term can count this: a share of things counted apart is no share of facts."""
    return commitment.kind != Commitment.Kind.PERCENT or term.measure != DISTINCT
