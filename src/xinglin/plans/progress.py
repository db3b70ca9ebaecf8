"""Where each commitment stands on a day: actual against planned, and its light."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

from xinglin.kernel import regulations

from .commitments import Commitment, Milestone
from .documents import Plan
from .measures import Measure, Tally, TallyKey
from .measuring import advance, figure

HUNDRED = Decimal(100)


@dataclass(frozen=True, kw_only=True)
class Rules:
    """The parameters of regulation W3 that hold on a day."""

    green: Decimal
    yellow: Decimal
    due_days: int
    due_share: Decimal

    @classmethod
    def on(cls, day: date) -> "Rules":
        """Read the parameters in force."""
        return cls(
            green=Decimal(str(regulations.value("W3.green", on=day))),
            yellow=Decimal(str(regulations.value("W3.yellow", on=day))),
            due_days=int(regulations.value("W3.due_days", on=day)),
            due_share=Decimal(str(regulations.value("W3.due_share", on=day))),
        )


@dataclass(frozen=True, kw_only=True)
class Standing:
    """One commitment on one day: figures in its own unit, shares in percent, the light and its reason."""

    commitment: Commitment
    measure: Measure | None
    value: Decimal
    target: Decimal | None
    actual: Decimal  # percent of the target, at most 100
    planned: Decimal  # percent that should be done today
    light: str  # done ok warn bad off none
    reason: str  # why, as a code: reached on_pace behind due_soon overdue within exceeded cancelled unbound
    by_month: tuple[tuple[date, Decimal], ...] = field(default=())  # cumulative value

    @property
    def missing(self) -> Decimal:
        """Return how much is still to do, in the commitment's unit."""
        return max((self.target or Decimal(0)) - self.value, Decimal(0))


def planned_share(*, commitment: Commitment, milestones: Iterable[Milestone], on: date, rules: Rules) -> Decimal:
    """Return the percent that should be done on a day: by milestones, else elapsed over duration; all at the deadline.

    Nothing is planned of a single deed before its last weeks, because its light expects nothing of it either.
    """
    if on >= commitment.deadline:
        return HUNDRED
    if _date_ahead(commitment, on, rules):
        return Decimal(0)
    table = () if commitment.at_most else tuple(milestones)  # a ceiling does not rise step by step
    if table:
        return max((one.share for one in table if one.due_on <= on), default=Decimal(0))
    whole = (commitment.deadline - commitment.starts_on).days + 1
    passed = (on - commitment.starts_on).days + 1
    return max(Decimal(0), HUNDRED * passed / whole).quantize(Decimal("0.1"))


def light_of(
    *, commitment: Commitment, actual: Decimal, planned: Decimal, on: date, rules: Rules, bound: bool
) -> tuple[str, str]:
    """Return light and reason by regulation W3; a commitment that only strives never turns red for being late."""
    if commitment.cancelled_on:
        return "off", "cancelled"
    if not bound:
        return "none", "unbound"
    striving = commitment.modality == Commitment.Modality.STRIVE
    if commitment.at_most and actual < planned:
        return ("warn" if striving else "bad"), "exceeded"
    if commitment.at_most and on <= commitment.deadline:
        return "ok", "within"
    if actual >= HUNDRED:
        return "done", "reached"
    if on > commitment.deadline:
        return ("warn", "strive_missed") if striving else ("bad", "overdue")
    pace = actual / planned if planned else Decimal(1)
    if pace < rules.yellow and not _date_ahead(commitment, on, rules):
        return ("warn" if striving else "bad"), "behind"
    if commitment.deadline - on <= timedelta(days=rules.due_days) and actual < rules.due_share * HUNDRED:
        return "warn", "due_soon"
    if pace < rules.green and not _date_ahead(commitment, on, rules):
        return "warn", "behind"
    return "ok", "on_pace"


def _date_ahead(commitment: Commitment, on: date, rules: Rules) -> bool:
    """A single deed is done or not: it is not behind a straight line before its last weeks."""
    single = commitment.target is None or (commitment.target <= 1 and commitment.kind != Commitment.Kind.PERCENT)
    return single and not commitment.at_most and commitment.deadline - on > timedelta(days=rules.due_days)


def judged_on(*, plan: Plan, on: date) -> date:
    """Return the day by which lights are judged: for a closed plan the morning after it was closed, for ever."""
    if plan.state != Plan.State.CLOSED or plan.closed_on is None:
        return on
    return min(on, plan.closed_on + timedelta(days=1))


def standings(*, plan: Plan, on: date, commitments: Iterable[Commitment] | None = None) -> list[Standing]:
    """Return where every accepted commitment of a plan stands, from sealed facts, in the plan's order.

    A closed plan stands as it stood when it was closed.
    """
    advance(plan=plan)
    on = judged_on(plan=plan, on=on)
    chosen = list(commitments if commitments is not None else plan.commitments.accepted())
    keys = [one.pk for one in chosen]
    measures = {
        one.commitment_id: one
        for one in Measure.objects.filter(commitment__in=keys, main=True).exclude(confirmed_on=None)
    }
    milestones, months = milestones_of(commitments=keys), _months([one.pk for one in measures.values()])
    rules = Rules.on(on)
    return [
        standing_of(commitment=one, measure=measures.get(one.pk), milestones=milestones[one.pk], on=on, rules=rules,
                    months=months[measures[one.pk].pk] if one.pk in measures else ())
        for one in chosen
    ]


def milestones_of(*, commitments: Iterable[int]) -> dict[int, list[Milestone]]:
    """Return the milestones of commitments by their keys; an empty list for one without any."""
    found: dict[int, list[Milestone]] = defaultdict(list)
    for one in Milestone.objects.filter(commitment__in=commitments):
        found[one.commitment_id].append(one)
    return found


def _months(keys: list[int]) -> dict[int, list[tuple[date, Decimal, Decimal]]]:
    months: dict[int, list[tuple[date, Decimal, Decimal]]] = defaultdict(list)
    for measure, month, value, base in (
        Tally.objects.filter(measure__in=keys).order_by("month").values_list("measure", "month", "value", "base")
    ):
        months[measure].append((month, value, base))
    first: dict[tuple[int, str], date] = {}
    for measure, key, month in (
        TallyKey.objects.filter(measure__in=keys, seen__gt=0).order_by("month").values_list("measure", "key", "month")
    ):
        first.setdefault((measure, key), month)
    for (measure, _), month in sorted(first.items(), key=lambda one: one[1]):
        months[measure].append((month, Decimal(1), Decimal(0)))
    return months


def standing_of(
    *,
    commitment: Commitment,
    measure: Measure | None,
    months: Sequence[tuple[date, Decimal, Decimal]],
    milestones: Iterable[Milestone],
    on: date,
    rules: Rules,
) -> Standing:
    """Return where one commitment stands on a day, from what each month added: value and base."""
    value = figure(how=measure.how, months=[(one, base) for _, one, base in months]) if measure else Decimal(0)
    planned = planned_share(commitment=commitment, milestones=milestones, on=on, rules=rules)
    actual = done_share(commitment=commitment, value=value, planned=planned) if measure else Decimal(0)
    light, reason = light_of(
        commitment=commitment, actual=actual, planned=planned, on=on, rules=rules, bound=measure is not None
    )
    return Standing(
        commitment=commitment,
        measure=measure,
        value=value,
        target=commitment.target,
        actual=actual,
        planned=planned,
        light=light,
        reason=reason,
        by_month=_cumulative(measure, months),
    )


def done_share(*, commitment: Commitment, value: Decimal, planned: Decimal) -> Decimal:
    """Return the percent that is done; a ceiling that holds is as far as its time, for only its end fulfils it."""
    reached = share(value=value, target=commitment.target, at_most=commitment.at_most)
    return min(reached, planned) if commitment.at_most else reached


def share(*, value: Decimal, target: Decimal | None, at_most: bool = False) -> Decimal:
    """Return the percent of a target reached, 0–100; a ceiling is kept as long as it is not passed."""
    if at_most:
        return HUNDRED if target is None or value <= target else Decimal(0)
    if not target:
        return HUNDRED if value > 0 else Decimal(0)
    return min(HUNDRED, HUNDRED * value / target).quantize(Decimal("0.1"))


def _cumulative(
    measure: Measure | None, months: Sequence[tuple[date, Decimal, Decimal]]
) -> tuple[tuple[date, Decimal], ...]:
    if measure is None:
        return ()
    upto: list[tuple[Decimal, Decimal]] = []
    line: dict[date, Decimal] = {}
    for month, value, base in months:
        upto.append((value, base))
        line[month] = figure(how=measure.how, months=upto)
    return tuple(line.items())
