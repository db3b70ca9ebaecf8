"""Says where a year stands: lights by chapter, days ahead or behind, plan against actual by month."""

import calendar
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from .commitments import Milestone
from .documents import Plan
from .outlook import Outlook, outlook
from .progress import HUNDRED, Rules, Standing, done_share, judged_on, milestones_of, planned_share, standings

LIGHTS = ("done", "ok", "warn", "bad", "off", "none")


@dataclass(frozen=True, kw_only=True)
class Chapter:
    """The commitments of one chapter, how many are done, and the weighted shares."""

    number: str
    title: str
    order: int
    standings: tuple[Standing, ...]
    done: int
    total: int  # without cancelled ones
    actual: Decimal
    planned: Decimal
    light: str

    def count(self, light: str) -> int:
        """Return how many stand at a light."""
        return sum(1 for one in self.standings if one.light == light)


@dataclass(frozen=True, kw_only=True)
class Month:
    """What should have been done and what was, at the end of a month (percent, weighted)."""

    first: date
    planned: Decimal
    actual: Decimal | None  # None for months ahead


@dataclass(frozen=True, kw_only=True)
class Due:
    """A deadline or milestone that falls into a span."""

    on: date
    standing: Standing
    milestone: str


@dataclass(frozen=True, kw_only=True)
class Overview:
    """One plan on one day."""

    plan: Plan
    on: date
    standings: tuple[Standing, ...]
    chapters: tuple[Chapter, ...]
    actual: Decimal
    planned: Decimal
    days_behind: int  # negative when ahead
    months: tuple[Month, ...]
    reds: tuple[Outlook, ...]  # by the last day to act
    due: tuple[Due, ...]
    week: tuple[date, date]  # Monday to Sunday

    def count(self, light: str) -> int:
        """Return how many commitments stand at a light."""
        return sum(1 for one in self.standings if one.light == light)

    @property
    def reachable(self) -> int:
        """Return how many reds can still be reached this year."""
        return sum(1 for one in self.reds if one.reachable)


def overview(*, plan: Plan, on: date) -> Overview:
    """Return where a plan stands on a day, computed from its standings and milestones in a handful of queries."""
    rows = tuple(standings(plan=plan, on=on, commitments=plan.commitments.accepted().select_related("plan")))
    on = judged_on(plan=plan, on=on)
    milestones = milestones_of(commitments=[one.commitment.pk for one in rows])
    counted = [one for one in rows if one.light not in {"off", "none"}]
    rules = Rules.on(on)
    actual, planned = weighted(rows=counted)
    week = (on - timedelta(days=on.weekday()), on + timedelta(days=6 - on.weekday()))
    return Overview(
        plan=plan,
        on=on,
        standings=rows,
        chapters=tuple(_chapters(rows, rules)),
        actual=actual,
        planned=planned,
        days_behind=_days_behind(counted, milestones, actual, on, rules),
        months=tuple(months_of(year=plan.year, rows=counted, milestones=milestones, on=on)),
        reds=tuple(
            sorted(
                (outlook(standing=one, on=on) for one in rows if one.light == "bad"),
                key=lambda one: (one.act_by, one.standing.commitment.chapter_order, one.standing.commitment.order),
            )
        ),
        due=tuple(_due(rows, milestones, week)),
        week=week,
    )


def weighted(*, rows: Iterable[Standing]) -> tuple[Decimal, Decimal]:
    """Return what is done and what should be, in percent, each commitment with its weight."""
    chosen = list(rows)
    weight = sum((one.commitment.weight for one in chosen), Decimal(0))
    if not weight:
        return Decimal(0), Decimal(0)
    actual = sum((one.commitment.weight * one.actual for one in chosen), Decimal(0)) / weight
    planned = sum((one.commitment.weight * one.planned for one in chosen), Decimal(0)) / weight
    return actual.quantize(Decimal("0.1")), planned.quantize(Decimal("0.1"))


def _chapters(rows: Sequence[Standing], rules: Rules) -> Iterable[Chapter]:
    groups: dict[int, list[Standing]] = defaultdict(list)
    for one in rows:
        groups[one.commitment.chapter_order].append(one)
    rank = {light: at for at, light in enumerate(LIGHTS)}
    for order, members in sorted(groups.items()):
        first = members[0].commitment
        actual, planned = weighted(rows=[one for one in members if one.light not in {"off", "none"}])
        yield Chapter(
            number=first.chapter,
            title=first.chapter_title,
            order=order,
            standings=tuple(sorted(members, key=lambda one: rank[one.light])),
            done=sum(1 for one in members if one.light == "done"),
            total=sum(1 for one in members if one.light != "off"),
            actual=actual,
            planned=planned,
            light=_pace_light(actual, planned, rules),
        )


def _pace_light(actual: Decimal, planned: Decimal, rules: Rules) -> str:
    pace = actual / planned if planned else Decimal(1)
    if actual >= HUNDRED:
        return "done"
    return "ok" if pace >= rules.green else "warn" if pace >= rules.yellow else "bad"


def _planned_on(rows: Sequence[Standing], milestones: dict[int, list[Milestone]], day: date, rules: Rules) -> Decimal:
    weight = sum((one.commitment.weight for one in rows), Decimal(0))
    if not weight:
        return Decimal(0)
    shares = []
    for one in rows:
        steps = milestones.get(one.commitment.pk, ())
        planned = planned_share(commitment=one.commitment, milestones=steps, on=day, rules=rules)
        shares.append(one.commitment.weight * planned)
    return (sum(shares, Decimal(0)) / weight).quantize(Decimal("0.1"))


def _days_behind(
    rows: Sequence[Standing], milestones: dict[int, list[Milestone]], actual: Decimal, on: date, rules: Rules
) -> int:
    """Return how many days lie between today and the day for which the plan foresaw today's actual share.

    Where the plan stands still, nobody is behind or ahead: the nearest of the days with that share is meant.
    """
    if not rows:
        return 0
    first = min(one.commitment.starts_on for one in rows)
    last = max(one.commitment.deadline for one in rows)
    today = min(on, last)
    planned = _planned_on(rows, milestones, today, rules)
    if planned == actual:
        return 0
    behind = planned > actual
    low, high = (first, today) if behind else (today, last)
    while low < high:  # the plan only rises, so halving finds the first day that passes, or reaches, the actual share
        middle = low + (high - low) // 2
        share = _planned_on(rows, milestones, middle, rules)
        if share > actual or (share == actual and not behind):
            high = middle
        else:
            low = middle + timedelta(days=1)
    return (today - low).days + behind


def months_of(
    *, year: int, rows: Sequence[Standing], milestones: dict[int, list[Milestone]], on: date
) -> Iterable[Month]:
    """Return what should be and what is done by the end of each month of a year, as it is known on a day."""
    rules = Rules.on(on)
    weight = sum((one.commitment.weight for one in rows), Decimal(0))
    for number in range(1, 13):
        first = date(year, number, 1)
        last = date(year, number, calendar.monthrange(year, number)[1])
        actual = None
        if first <= on and weight:
            done = sum((one.commitment.weight * share_by(one, last, rules) for one in rows), Decimal(0))
            actual = (done / weight).quantize(Decimal("0.1"))
        yield Month(first=first, planned=_planned_on(rows, milestones, last, rules), actual=actual)


def share_by(standing: Standing, last: date, rules: Rules) -> Decimal:
    """Return the percent of a target reached by the end of a month."""
    value = Decimal(0)
    for month, upto in standing.by_month:
        if month > last:
            break
        value = upto
    commitment = standing.commitment
    planned = planned_share(commitment=commitment, milestones=(), on=last, rules=rules)
    return done_share(commitment=commitment, value=value, planned=min(planned, standing.planned))


def _due(rows: Sequence[Standing], milestones: dict[int, list[Milestone]], week: tuple[date, date]) -> Iterable[Due]:
    found = [
        Due(on=one.commitment.deadline, standing=one, milestone="")
        for one in rows
        if week[0] <= one.commitment.deadline <= week[1] and one.light != "off"
    ]
    for one in rows:
        found += [
            Due(on=step.due_on, standing=one, milestone=step.title)
            for step in milestones.get(one.commitment.pk, ())
            if week[0] <= step.due_on <= week[1] and step.due_on != one.commitment.deadline and one.light != "off"
        ]
    return sorted(found, key=lambda one: (one.on, one.standing.commitment.chapter_order, one.standing.commitment.order))
