"""Composes the year's summary from the ledger: every sentence from a commitment's words and its counted facts."""

import dataclasses
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from xinglin.directory.answers import association
from xinglin.kernel.facts import fact_type
from xinglin.kernel.policy import Refusal
from xinglin.kernel.refs import shown

from ..commitments import Commitment
from ..documents import Plan
from ..measures import Measure
from ..measuring import Asked
from ..overview import months_of, weighted
from ..progress import Standing, milestones_of
from ..running import Supervision
from .counting import Count, count_all
from .figures import CAP, Figure, cut, evidence_of
from .paper import Bars, Mark, Sentence, said
from .report import Carry, Chapter, Issue, Report, Row
from .standing import Seal, confirmed, seal_of, standings_at
from .wording import (
    LIGHT,
    achieved,
    actual_words,
    amount,
    ended,
    is_deed,
    number,
    object_of,
    target_words,
    verb_of,
    why,
)

PEOPLE = "人次"
HEADLINES = 6
_OVERALL = (
    ("done", "完成"), ("ok", "按期推进"), ("warn", "黄灯"), ("bad", "红灯"), ("off", "取消"), ("none", "未设统计口径"),
)


class NoCheckpoint(Refusal):
    """No checkpoint seals the ledger yet, so no figure can be proven."""


class NothingPromised(Refusal):
    """The plan has no accepted commitment to report on."""


def compose(*, plan: Plan, on: date, size: int | None = None, cap: int = CAP, annex: bool = True) -> Report:
    """Return the plan's summary on a day, from the facts under the latest checkpoint or the one of this size.

    Without `annex` the facts behind each figure are left out: a page opens them one by one.
    """
    seal = seal_of(plan=plan, size=size)
    if seal is None:
        raise NoCheckpoint(_("No checkpoint seals the ledger yet. The summary rests on one."))
    counts = count_all(questions=_questions(plan, on), size=seal.size)
    standings = standings_at(plan=plan, on=on, size=seal.size, counts=counts)
    if not standings:
        raise NothingPromised(_("This plan has no accepted commitment yet. Correct the reading first."))
    return _Composer(plan=plan, on=on, seal=seal, standings=standings, counts=counts).report(cap, annex)


def _questions(plan: Plan, on: date) -> list[Asked]:
    """Return everything a summary asks the ledger: each measure, and the people who came to what it counts."""
    found = []
    for one in confirmed(plan=plan).values():
        asked = cut(asked=Asked.of(one), on=on)
        found += [asked, *(people for _name, people in people_of(asked=asked))]
    return found


def people_of(*, asked: Asked) -> list[tuple[str, Asked]]:
    """Return the sums of people over the same facts with their labels, on site and online apart (K9)."""
    if asked.how not in {Measure.How.COUNT, Measure.How.SUM}:
        return []
    people = [one for one in fact_type(asked.fact_type).VOCABULARY.quantities if PEOPLE in one.units]
    # A commitment that counts people itself says nothing more about them.
    if asked.how == Measure.How.SUM and asked.field in {one.field for one in people}:
        return []
    return [(one.zh, dataclasses.replace(asked, how=Measure.How.SUM.value, field=one.field)) for one in people]


class _Composer:
    """Numbers the figures in the order of the text while the sentences are written."""

    def __init__(
        self, *, plan: Plan, on: date, seal: Seal, standings: Sequence[Standing], counts: Mapping[Asked, Count]
    ) -> None:
        self.plan, self.on, self.seal, self.standings, self.counts = plan, on, seal, standings, counts
        self.figures: dict[Asked, Figure] = {}
        refs = {one.commitment.lead for one in standings} | {plan.organisation}
        self.names = {key: one.label for key, one in shown(refs).items()}
        house = None if plan.organisation else association(on=on)
        self.issuer = self.names.get(plan.organisation, "") or (house.name if house else "")

    def report(self, cap: int, annex: bool) -> Report:
        overview = self._overview()
        chapters = tuple(self._chapters())
        rows = tuple(self._row(one) for one in self.standings)
        figures = tuple(self.figures.values())
        return Report(
            plan=self.plan, issuer=self.issuer, on=self.on, seal=self.seal,
            overview=overview, chapters=chapters, rows=rows, charts=charts_of(standings=self.standings, on=self.on,
                                                                              year=self.plan.year),
            issues=issues_of(rows=rows, on=self.on), carries=carries_of(rows=rows), figures=figures,
            annex=tuple(evidence_of(figures=figures, counts=self.counts, cap=cap)) if annex else (),
        )

    # Figures ------------------------------------------------------------------------------------

    def _mark(self, asked: Asked, label: str, value: Decimal, unit: str) -> int:
        figure = self.figures.get(asked)
        if figure is None:
            figure = Figure(number=len(self.figures) + 1, label=label, value=value, unit=unit, asked=asked,
                            size=self.seal.size)
            self.figures[asked] = figure
        return figure.number

    def _asked(self, measure: Measure) -> Asked:
        return cut(asked=Asked.of(measure), on=self.on)

    def _mark_of(self, standing: Standing) -> int:
        commitment, measure = standing.commitment, standing.measure
        assert measure is not None
        unit = "%" if commitment.kind == Commitment.Kind.PERCENT else commitment.unit
        label = commitment.text[:40] if is_deed(commitment, measure) else object_of(commitment)
        return self._mark(self._asked(measure), label, standing.value, unit)

    def _extras(self, standing: Standing) -> tuple[tuple[str, Decimal, str, int], ...]:
        """Return the people who came to what a commitment counts: label, sum, unit, number of the figure."""
        if standing.measure is None or not standing.value or is_deed(standing.commitment, standing.measure):
            return ()
        found = []
        for name, asked in people_of(asked=self._asked(standing.measure)):
            value = self.counts[asked].value(asked.how)
            if value:
                label = f"{object_of(standing.commitment)}：{name}"
                found.append((name, value, PEOPLE, self._mark(asked, label, value, PEOPLE)))
        return tuple(found)

    def _reached_on(self, standing: Standing) -> date | None:
        if standing.measure is None or not is_deed(standing.commitment, standing.measure) or not standing.value:
            return None
        first = self.counts[self._asked(standing.measure)].first
        return first[0].on if first else None

    # Sentences ------------------------------------------------------------------------------------

    def _overview(self) -> tuple[Sentence, ...]:
        lights = defaultdict(int)
        for one in self.standings:
            lights[one.light] += 1
        whole = len(self.standings)
        parts = [f"{word} {lights[code]} 项" for code, word in _OVERALL if lights[code]]
        opening = said(f"截至 {self.on.isoformat()}，{self.issuer}{self.plan.year} 年工作要点列入的 ",
                       f"{whole} 项重点任务中，", ended("，".join(parts)))
        heads = [one for one in self.standings if self._heads(one)]
        heads = sorted(heads, key=lambda one: -one.commitment.weight)[:HEADLINES]
        heads.sort(key=lambda one: (one.commitment.chapter_order, one.commitment.order))
        if not heads:
            return (opening,)
        pieces: list[str | Mark] = ["全年"]
        for at, one in enumerate(heads):
            unit = one.commitment.unit
            pieces += [("、" if at else "") + f"{verb_of(one.commitment)}{object_of(one.commitment)} ",
                       Mark(text=amount(one.value, unit), number=self._mark_of(one))]
        return opening, said(*pieces, "。")

    @staticmethod
    def _heads(one: Standing) -> bool:
        measured = one.measure is not None and one.measure.how != Measure.How.RATIO
        counted = measured and not is_deed(one.commitment, one.measure) and not one.commitment.at_most
        return bool(counted and one.light == "done" and one.value)

    def _chapters(self) -> Iterable[Chapter]:
        groups: dict[int, list[Standing]] = defaultdict(list)
        for one in self.standings:
            groups[one.commitment.chapter_order].append(one)
        for order, members in sorted(groups.items()):
            first = members[0].commitment
            standing = [one for one in members if one.light != "off"]
            done = sum(1 for one in standing if one.light == "done")
            yield Chapter(
                number=first.chapter, title=first.chapter_title, order=order,
                opening=f"本章任务 {len(standing)} 项，完成 {done} 项。",
                sentences=tuple(self._sentence(one) for one in standing if one.measure is not None),
                unmeasured=tuple(one.commitment.text.rstrip("。；; ") for one in standing if one.measure is None),
            )

    def _sentence(self, standing: Standing) -> Sentence:
        # The figure itself is numbered before the sums that follow it in the sentence.
        mark = self._mark_of(standing)
        return achieved(standing=standing, mark=mark, extras=self._extras(standing),
                        reached_on=self._reached_on(standing))

    def _row(self, standing: Standing) -> Row:
        commitment = standing.commitment
        words = actual_words(standing, reached_on=self._reached_on(standing))
        marked = standing.measure is not None
        return Row(
            standing=standing, no=commitment.no, chapter=commitment.chapter_title,
            text=commitment.text.rstrip("。；; "), lead=self.names.get(commitment.lead, ""),
            target=target_words(commitment),
            actual=said(Mark(text=words, number=self._mark_of(standing))) if marked else said(words),
            share=standing.actual if marked else None, light=standing.light, word=LIGHT[standing.light],
        )


def issues_of(*, rows: Sequence[Row], on: date) -> tuple[Issue, ...]:
    """Return the reds with their reasons; what only strives is never among them (R21)."""
    reds = [one for one in rows if one.light == "bad"]
    replies: dict[int, str] = {}
    keys = [one.standing.commitment.pk for one in reds]
    for one in Supervision.objects.filter(commitment__in=keys).exclude(reply="").order_by("quarter"):
        replies[one.commitment_id] = one.reply
    return tuple(
        Issue(row=one, why=why(one.standing, on=on),
              said=replies.get(one.standing.commitment.pk, "") or one.standing.commitment.problem)
        for one in reds
    )


def carries_of(*, rows: Sequence[Row]) -> tuple[Carry, ...]:
    """Return what is not finished: missing amount, or that it is merely continued."""
    answer = []
    for one in rows:
        standing, commitment = one.standing, one.standing.commitment
        if one.light in {"done", "off"} or commitment.at_most:
            continue
        if standing.measure is None:
            words = "补设统计口径后继续"
        elif commitment.modality == Commitment.Modality.STRIVE:
            words = "继续力争"
        elif standing.target is None or standing.target <= 1:
            words = "继续办理"
        elif commitment.kind == Commitment.Kind.PERCENT:
            words = f"尚差 {number(standing.missing)} 个百分点"
        else:
            words = f"尚差 {amount(standing.missing, commitment.unit)}"
        answer.append(Carry(row=one, words=words))
    return tuple(answer)


def charts_of(*, standings: Sequence[Standing], on: date, year: int) -> tuple[Bars, ...]:
    """Return the two charts of a plan: by chapter, and by month."""
    counted = [one for one in standings if one.light not in {"off", "none"}]
    if not counted:
        return ()
    groups: dict[int, list[Standing]] = defaultdict(list)
    for one in counted:
        groups[one.commitment.chapter_order].append(one)
    chapters = sorted(groups)
    shares = [weighted(rows=groups[order]) for order in chapters]
    by_chapter = Bars(
        title="各章完成情况",
        labels=tuple(_chapter_label(groups[order][0].commitment) for order in chapters),
        actual=tuple(actual for actual, _planned in shares),
        planned=tuple(planned for _actual, planned in shares),
    )
    milestones = milestones_of(commitments=[one.commitment.pk for one in counted])
    months = tuple(months_of(year=year, rows=counted, milestones=milestones, on=on))
    by_month = Bars(
        title="逐月进度", labels=tuple(f"{one.first.month}月" for one in months), lying=False,
        actual=tuple(one.actual for one in months), planned=tuple(one.planned for one in months),
    )
    return by_chapter, by_month


def _chapter_label(commitment: Commitment) -> str:
    words = commitment.chapter_title or "其他"
    return f"{commitment.chapter}、{words}" if commitment.chapter else words
