"""Judges whether a commitment that is behind can still be reached, and until when somebody must act."""

import calendar
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_CEILING, Decimal

from .choosing import SHARES
from .measures import Measure
from .progress import Standing

WEEK = Decimal(7)


@dataclass(frozen=True, kw_only=True)
class Outlook:
    """What is left of one commitment; paces are in its own unit a week."""

    standing: Standing
    ends_on: date  # the deadline, or the year's last day once the deadline has passed
    left_days: int
    overdue_days: int
    needed: Decimal | None  # a week, to arrive in time; None for a single deed or a percentage
    held: Decimal | None  # a week, on average so far
    best: Decimal | None  # a week, in the fastest month so far; None while nothing has happened
    most: Decimal | None  # what the best pace still reaches by the end
    act_by: date

    @property
    def reachable(self) -> bool:
        """Say whether the rest can be done by the end at the best pace held so far; a ceiling passed stays passed."""
        if self.standing.reason == "exceeded":
            return False
        return self.left_days >= 0 and self.act_by >= self.ends_on - timedelta(days=self.left_days)


def outlook(*, standing: Standing, on: date) -> Outlook:
    """Return what is left, from the sealed months alone: the fastest month says what this house can do."""
    commitment = standing.commitment
    overdue = max((on - commitment.deadline).days, 0)
    ends_on = commitment.deadline if not overdue else max(date(commitment.plan.year, 12, 31), commitment.deadline)
    left = (ends_on - on).days
    kept = {"standing": standing, "ends_on": ends_on, "left_days": left, "overdue_days": overdue}
    if not _adds_up(standing):
        return Outlook(**kept, needed=None, held=None, best=None, most=None, act_by=ends_on)
    best = _best_month(standing, on)
    # While nothing has happened, the plan's own pace is the only one known.
    pace = best or _plan_pace(standing)
    days = int((standing.missing / pace).to_integral_value(ROUND_CEILING))
    elapsed = max((on - commitment.starts_on).days + 1, 1)
    reach = standing.value + (pace * max(left, 0)).to_integral_value()
    return Outlook(
        **kept,
        needed=_a_week(standing.missing / left) if left > 0 else None,
        held=_a_week(standing.value / elapsed),
        best=_a_week(best) if best else None,
        most=min(reach, standing.target or reach),
        act_by=ends_on - timedelta(days=days),
    )


def _adds_up(standing: Standing) -> bool:
    measured = standing.measure is not None and standing.measure.how not in {*SHARES, Measure.How.MET}
    return bool(measured and standing.target and standing.target > 1 and not standing.commitment.at_most)


def _a_week(a_day: Decimal) -> Decimal:
    return a_day * WEEK


def _best_month(standing: Standing, on: date) -> Decimal:
    before, best = Decimal(0), Decimal(0)
    for month, value in standing.by_month:
        last = calendar.monthrange(month.year, month.month)[1]
        days = on.day if (month.year, month.month) == (on.year, on.month) else last
        # Half a month is the least that says something about a pace.
        best, before = max(best, (value - before) / max(days, 15)), value
    return best


def _plan_pace(standing: Standing) -> Decimal:
    commitment = standing.commitment
    return (standing.target or Decimal(1)) / max((commitment.deadline - commitment.starts_on).days + 1, 1)
