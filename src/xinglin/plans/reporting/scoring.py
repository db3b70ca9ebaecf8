"""Scores departments and leaders by regulation W5; every point is traceable to one commitment."""

import calendar
import dataclasses
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_DOWN, Decimal

from xinglin.kernel import regulations
from xinglin.kernel.refs import shown

from ..appraisal import Quality
from ..commitments import Commitment
from ..documents import Plan
from ..measures import Measure
from ..measuring import Asked, advance, counted, total
from ..progress import Standing, judged_on, standings

ONE, HUNDRED = Decimal(1), Decimal(100)
_STEP = 10  # days


@dataclass(frozen=True, kw_only=True)
class Rules:
    """The parameters of regulation W5 that hold on a day."""

    cap: Decimal
    late_share: Decimal
    late_floor: Decimal
    begun: bool  # a step of ten days counts once it has begun
    strive_bonus: bool  # what one only strives for counts only when reached
    top_share: Decimal
    a_from: Decimal
    b_from: Decimal

    @classmethod
    def on(cls, day: date) -> "Rules":
        """Read the parameters in force."""
        def figure(key: str) -> Decimal:
            return Decimal(str(regulations.value(f"W5.{key}", on=day)))

        return cls(
            cap=figure("cap"), late_share=figure("late_share"), late_floor=figure("late_floor"),
            begun=regulations.value("W5.late_step", on=day) == "begun",
            strive_bonus=regulations.value("W5.strive", on=day) == "bonus",
            top_share=figure("top_share"), a_from=figure("a_from"), b_from=figure("b_from"),
        )


@dataclass(frozen=True, kw_only=True)
class Score:
    """The points of one commitment: weight × ratio × timeliness × quality, or why it is not scored."""

    standing: Standing
    ratio: Decimal
    late_days: int
    timeliness: Decimal
    quality: Decimal
    reason: str  # of the quality factor
    points: Decimal
    left_out: str  # "" cancelled unmeasured not_due strive

    @property
    def weight(self) -> Decimal:
        """Return the weight that counts."""
        return Decimal(0) if self.left_out else self.standing.commitment.weight


@dataclass(frozen=True, kw_only=True)
class Account:
    """The points of one unit or one leader over all their commitments."""

    ref: str
    label: str
    scores: tuple[Score, ...]
    points: Decimal
    weight: Decimal
    mark: Decimal | None  # points of 100 for each unit of weight; None when nothing is scored
    grade: str  # A B C or nothing

    @property
    def counted(self) -> int:
        """Return how many commitments are scored."""
        return sum(1 for one in self.scores if not one.left_out)


@dataclass(frozen=True, kw_only=True)
class Performance:
    """All scores of a plan on a day."""

    plan: Plan
    on: date
    rules: Rules
    departments: tuple[Account, ...]
    leaders: tuple[Account, ...]
    most_a: int  # how many units may get an A


def performance(*, plan: Plan, on: date) -> Performance:
    """Return the scores of all leading units and leaders of a plan, best first; the rules are those of its year."""
    on, rules = judged_on(plan=plan, on=on), Rules.on(min(on, date(plan.year, 12, 31)))
    rows = standings(plan=plan, on=on, commitments=plan.commitments.accepted().select_related("plan"))
    qualities = {one.commitment_id: one for one in Quality.objects.filter(commitment__plan=plan)}
    upto = advance(plan=plan)
    scores = [score_of(standing=one, quality=qualities.get(one.commitment.pk), on=on, rules=rules, upto=upto)
              for one in rows]
    names = shown({ref for one in rows for ref in (one.commitment.lead, one.commitment.leader)})
    departments = _accounts(scores, "lead", {key: one.label for key, one in names.items()})
    leaders = _accounts(scores, "leader", {key: one.label for key, one in names.items()})
    most = int((rules.top_share * len(departments)).to_integral_value(ROUND_DOWN))
    return Performance(
        plan=plan, on=on, rules=rules, departments=tuple(graded(accounts=departments, most_a=most, rules=rules)),
        leaders=tuple(leaders), most_a=most,
    )


def score_of(
    *, standing: Standing, quality: Quality | None, on: date, rules: Rules, upto: int | None = None
) -> Score:
    """Return the points of one commitment on a day, from the first `upto` facts of the ledger (W5)."""
    commitment = standing.commitment
    factor, reason = (quality.factor, quality.reason) if quality else (ONE, "")
    left_out = _left_out(standing, on, rules)
    ratio = _ratio(standing, rules)
    late = 0 if left_out else late_days(standing=standing, on=on, upto=upto)
    timeliness = _timeliness(late, rules)
    points = Decimal(0) if left_out else (commitment.weight * ratio * timeliness * factor).quantize(Decimal("0.001"))
    return Score(standing=standing, ratio=ratio, late_days=late, timeliness=timeliness, quality=factor, reason=reason,
                 points=points, left_out=left_out)


def _left_out(standing: Standing, on: date, rules: Rules) -> str:
    commitment = standing.commitment
    if commitment.cancelled_on:
        return "cancelled"
    if standing.measure is None:
        return "unmeasured"
    reached = standing.actual >= HUNDRED
    if commitment.modality == Commitment.Modality.STRIVE and rules.strive_bonus and not reached:
        return "strive"
    if standing.reason == "exceeded":
        return ""
    # Before its last day is over nothing is said about a single deed that is not done, or a ceiling that holds.
    single = standing.target is None or standing.target <= 1
    if standing.reason == "within" or (single and not reached and commitment.deadline >= on):
        return "not_due"
    return ""


def _ratio(standing: Standing, rules: Rules) -> Decimal:
    target = standing.target
    if standing.measure is None:
        return Decimal(0)
    if standing.commitment.at_most or not target or target == 1 or standing.measure.how == Measure.How.MET:
        return min(standing.actual / HUNDRED, ONE)  # a ceiling is kept or not, a deed is done or not
    return min(rules.cap, standing.value / target).quantize(Decimal("0.0001"))


def _timeliness(late: int, rules: Rules) -> Decimal:
    steps = -(-late // _STEP) if rules.begun else late // _STEP
    return max(rules.late_floor, ONE - rules.late_share * steps)


def late_days(*, standing: Standing, on: date, upto: int | None = None) -> int:
    """Return how many days after its deadline a commitment was reached, or is overdue; no further than it counts."""
    commitment, measure = standing.commitment, standing.measure
    if measure is None or on <= commitment.deadline or commitment.at_most:
        return 0
    if standing.actual < HUNDRED:
        return (min(on, measure.until_on) - commitment.deadline).days
    reached = reached_on(standing=standing, upto=upto)
    return max((reached - commitment.deadline).days, 0) if reached else 0


def reached_on(*, standing: Standing, upto: int | None = None) -> date | None:
    """Return the day on which the target was reached after the deadline; the deadline when it was reached by then.

    A part of a whole rises and falls with both: it is judged as it stands on the day asked for and is never late.
    """
    commitment, measure = standing.commitment, standing.measure
    target = standing.target or ONE
    if measure is None or measure.how == Measure.How.RATIO:
        return commitment.deadline if standing.actual >= HUNDRED else None
    asked = Asked.of(measure)
    if asked.latest:
        stated = counted(asked=asked, upto=upto).order_by("happened_on", "position").values_list("happened_on", "body")
        first = next((day for day, body in stated if Decimal(str(body.get(asked.field) or 0)) >= target), None)
        return max(first, commitment.deadline) if first and standing.actual >= HUNDRED else None
    month = next((first for first, value in standing.by_month if value >= target), None)
    if month is None:
        return None
    last = month.replace(day=calendar.monthrange(month.year, month.month)[1])
    # Months tell most of it; days are looked at only within the month that reaches the target late.
    if last <= commitment.deadline:
        return commitment.deadline
    if month <= commitment.deadline and _by(asked, commitment.deadline, upto) >= target:
        return commitment.deadline
    late = dataclasses.replace(asked, from_on=max(asked.from_on, month, commitment.deadline + timedelta(days=1)),
                               until_on=min(asked.until_on, last + timedelta(days=1)))
    days = sorted(set(counted(asked=late, upto=upto).values_list("happened_on", flat=True)))
    low, high = 0, len(days)
    while low < high:  # the figure only rises, so halving finds the first day that reaches the target
        middle = (low + high) // 2
        if _by(asked, days[middle], upto) >= target:
            high = middle
        else:
            low = middle + 1
    return days[low] if low < len(days) else None


def _by(asked: Asked, day: date, upto: int | None) -> Decimal:
    until = min(asked.until_on, day + timedelta(days=1))
    if until <= asked.from_on:
        return Decimal(0)
    return total(asked=dataclasses.replace(asked, until_on=until), upto=upto)


def _accounts(scores: Sequence[Score], name: str, names: dict[str, str]) -> list[Account]:
    groups: dict[str, list[Score]] = defaultdict(list)
    for one in scores:
        if ref := getattr(one.standing.commitment, name):
            groups[ref].append(one)
    rows = [_account(ref, names.get(ref, ref), members) for ref, members in groups.items()]
    return sorted(rows, key=lambda one: (one.mark is None, -(one.mark or 0), one.label))


def _account(ref: str, label: str, members: list[Score]) -> Account:
    points = sum((one.points for one in members), Decimal(0))
    weight = sum((one.weight for one in members), Decimal(0))
    mark = (HUNDRED * points / weight).quantize(Decimal("0.1")) if weight else None
    return Account(ref=ref, label=label, scores=tuple(members), points=points, weight=weight, mark=mark, grade="")


def graded(*, accounts: Iterable[Account], most_a: int, rules: Rules) -> list[Account]:
    """Return the accounts with their grades: at most `most_a` get an A, and a tie at the edge gets none."""
    rows = list(accounts)
    good = [one for one in rows if one.mark is not None and one.mark >= rules.a_from]
    edge = good[most_a].mark if len(good) > most_a else None
    return [dataclasses.replace(one, grade=_grade(one, edge, most_a, rules)) for one in rows]


def _grade(one: Account, edge: Decimal | None, most_a: int, rules: Rules) -> str:
    if one.mark is None:
        return ""
    if most_a and one.mark >= rules.a_from and (edge is None or one.mark > edge):
        return "A"
    return "B" if one.mark >= rules.b_from else "C"
