"""The quarterly supervision bulletin: where each chapter stands, what is behind and why, who answered."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from xinglin.directory.answers import association
from xinglin.kernel.policy import Refusal
from xinglin.kernel.refs import shown

from ..documents import Plan
from ..progress import Standing
from ..running import Supervision
from ..supervising import end_of
from .composing import NoCheckpoint, NothingPromised, charts_of
from .laying import number_of
from .paper import Block, Grid, Heading, Paper, para
from .standing import Seal, seal_of, standings_at
from .wording import LIGHT, actual_words, ended, number, target_words, why

_QUARTERS = "一二三四"


class NotOver(Refusal):
    """The quarter is not over yet."""


@dataclass(frozen=True, kw_only=True)
class Bulletin:
    """What the bulletin of a quarter says."""

    plan: Plan
    issuer: str
    quarter: date
    on: date  # the last day of the quarter
    seal: Seal
    standings: tuple[Standing, ...]
    notices: tuple[Supervision, ...]
    names: dict[str, str]

    @property
    def title(self) -> str:
        """Return the title of the paper."""
        return f"{self.plan.year} 年第{_QUARTERS[(self.quarter.month - 1) // 3]}季度工作要点督办通报"

    def behind(self, light: str) -> list[Standing]:
        """Return the commitments at a light."""
        return [one for one in self.standings if one.light == light]


def compose_bulletin(*, plan: Plan, quarter: date, on: date, size: int | None = None) -> Bulletin:
    """Return the bulletin of a quarter as its last day left it, from the facts under a checkpoint."""
    last = end_of(quarter=quarter)
    if last > on:
        raise NotOver(_("This quarter is not over yet. Its bulletin can be written from %(day)s on.") % {
            "day": last + timedelta(days=1)}, regulation="W4")
    seal = seal_of(plan=plan, size=size)
    if seal is None:
        raise NoCheckpoint(_("No checkpoint seals the ledger yet. The bulletin rests on one."))
    rows = standings_at(plan=plan, on=last, size=seal.size, over=True)
    if not rows:
        raise NothingPromised(_("This plan has no accepted commitment yet. Correct the reading first."))
    house = association(on=on)
    names = shown({ref for one in rows for ref in (one.commitment.lead, one.commitment.leader)} | {plan.organisation})
    labels = {key: one.label for key, one in names.items()}
    return Bulletin(
        plan=plan, issuer=labels.get(plan.organisation, "") or (house.name if house else ""), quarter=quarter, on=last,
        seal=seal, standings=tuple(rows), names=labels,
        notices=tuple(Supervision.objects.filter(commitment__plan=plan, quarter=quarter).select_related("commitment")),
    )


def bulletin_paper(*, bulletin: Bulletin) -> Paper:
    """Return the bulletin as a paper."""
    blocks: list[Block] = [*_answer(bulletin), *_chapters(bulletin), *_charts(bulletin)]
    for light, words in (("bad", "红灯事项"), ("warn", "黄灯事项")):
        blocks += _behind(bulletin, light, words)
    blocks += _notices(bulletin)
    seal = bulletin.seal
    rests = f"数字取自账本 {seal.origin} 的前 {number_of(seal.size)} 条事实，截至 {bulletin.on.isoformat()}，"
    blocks.append(para(f"{rests}检查点根 {seal.root}。", quiet=True))
    return Paper(title=f"{bulletin.issuer}{bulletin.title}", issuer=bulletin.issuer, on=bulletin.on,
                 blocks=tuple(blocks))


def _answer(bulletin: Bulletin) -> Iterable[Block]:
    counts = {code: len(bulletin.behind(code)) for code in LIGHT}
    told = "，".join(f"{LIGHT[code]} {count} 项" for code, count in counts.items() if count)
    yield Heading(level=1, text="一、总体情况")
    yield para(f"截至 {bulletin.on.isoformat()}，工作要点列入重点任务 {len(bulletin.standings)} 项：{told}。")
    if bulletin.seal.waiting:
        yield para(f"另有 {bulletin.seal.waiting} 条事实尚未封入检查点，未计入。", quiet=True)


def _chapters(bulletin: Bulletin) -> Iterable[Block]:
    groups: dict[int, list[Standing]] = defaultdict(list)
    for one in bulletin.standings:
        groups[one.commitment.chapter_order].append(one)
    codes = ("done", "ok", "warn", "bad", "off", "none")
    rows = tuple(
        (_chapter(members), str(len(members)), *(str(sum(1 for one in members if one.light == code)) for code in codes))
        for _order, members in sorted(groups.items())
    )
    yield Grid(columns=("章", "重点任务", *(LIGHT[code] for code in codes)), rows=rows,
               widths=(30, 10, 10, 10, 10, 10, 10, 12), numeric=frozenset(range(1, 8)))


def _chapter(members: Sequence[Standing]) -> str:
    one = members[0].commitment
    return f"{one.chapter}、{one.chapter_title}" if one.chapter else one.chapter_title or "其他工作"


def _charts(bulletin: Bulletin) -> Iterable[Block]:
    for chart in charts_of(standings=bulletin.standings, on=bulletin.on, year=bulletin.plan.year)[:1]:
        yield chart
        yield chart.twin()


def _behind(bulletin: Bulletin, light: str, words: str) -> Iterable[Block]:
    rows = bulletin.behind(light)
    yield Heading(level=1, text=f"{'二' if light == 'bad' else '三'}、{words}")
    if not rows:
        yield para(f"本季没有{words}。")
        return
    yield Grid(
        columns=("编号", "重点任务", "牵头", "目标", "实际", "原因"),
        rows=tuple(
            (one.commitment.no, one.commitment.text.rstrip("。；; "), bulletin.names.get(one.commitment.lead) or "—",
             target_words(one.commitment), actual_words(one), why(one, on=bulletin.on)) for one in rows),
        widths=(7, 28, 13, 13, 10, 29),
    )


def _notices(bulletin: Bulletin) -> Iterable[Block]:
    yield Heading(level=1, text="四、督办回复")
    if not bulletin.notices:
        yield para("本季尚未发督办单。")
        return
    answered = [one for one in bulletin.notices if one.replied_on]
    late = [one for one in answered if one.replied_on and one.replied_on > one.reply_due_on]
    share = number((Decimal(100) * len(answered) / len(bulletin.notices)).quantize(Decimal("0.1")))
    yield para(f"本季发督办单 {len(bulletin.notices)} 件，已回复 {len(answered)} 件（{share}%），"
               f"其中逾期回复 {len(late)} 件；提请约谈 {sum(1 for one in bulletin.notices if one.escalated_on)} 件。")
    yield Grid(
        columns=("编号", "重点任务", "发出", "应复", "回复"),
        rows=tuple(
            (one.commitment.no, one.commitment.text.rstrip("。；; "), one.sent_on.isoformat(),
             one.reply_due_on.isoformat(), ended(one.reply) if one.reply else "未回复") for one in bulletin.notices),
        widths=(7, 34, 12, 12, 35),
    )
