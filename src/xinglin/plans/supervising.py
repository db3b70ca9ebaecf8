"""Reads regulation W4: how a quarter stood, until when to answer, and whom the leader talks to."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import date, timedelta

from xinglin.kernel import regulations
from xinglin.kernel.calendar import deadline
from xinglin.lib.days import UncoveredYear, Unit

from .documents import Plan
from .measuring import advance
from .progress import Standing, standings
from .reporting.standing import standings_at
from .running import Supervision


def quarter_of(*, day: date) -> date:
    """Return the first day of a day's quarter."""
    return date(day.year, (day.month - 1) // 3 * 3 + 1, 1)


def quarter_before(*, quarter: date) -> date:
    """Return the quarter before."""
    return quarter_of(day=quarter - timedelta(days=1))


def end_of(*, quarter: date) -> date:
    """Return the last day of a quarter."""
    return quarter_of(day=quarter + timedelta(days=95)) - timedelta(days=1)


def spoken_of(*, plan: Plan, on: date) -> date:
    """Return the quarter notices speak of: the last one that ended, but never one before the plan's year."""
    last = quarter_before(quarter=quarter_of(day=on))
    if last.year > plan.year:
        return date(plan.year, 10, 1)
    return max(last, date(plan.year, 1, 1))


def stood(*, plan: Plan, quarter: date, on: date) -> list[Standing]:
    """Return how a plan's commitments stood on the quarter's last day, without those settled since; today's till then.

    What is sealed later counts for the day on which it happened.
    """
    today = standings(plan=plan, on=on, commitments=plan.commitments.accepted().select_related("plan"))
    if end_of(quarter=quarter) >= on:
        return today
    over = _settled(today)
    rows = standings_at(plan=plan, on=end_of(quarter=quarter), size=advance(plan=plan), over=True)
    return [one for one in rows if one.commitment.pk not in over]


def settled(*, plan: Plan, on: date) -> set[int]:
    """Return the keys of the commitments that are done or cancelled: nobody is asked about them any more."""
    return _settled(standings(plan=plan, on=on, commitments=plan.commitments.accepted().select_related("plan")))


def _settled(rows: Iterable[Standing]) -> set[int]:
    return {one.commitment.pk for one in rows if one.light in {"done", "off"}}


def to_be_sent_by(*, quarter: date, on: date) -> date | None:
    """Return the last day for the notices of a quarter, or None while that year's holidays are unknown."""
    days = int(regulations.value("W4.notice_days", on=on))
    try:
        return deadline(event_on=end_of(quarter=quarter), count=days, unit=Unit.WORKING_DAYS).day
    except UncoveredYear:
        return None


def reply_due(*, sent_on: date) -> date:
    """Return the last day to answer a notice, rolled over off days as X5 says where they are known."""
    days = int(regulations.value("W4.reply_days", on=sent_on))
    unit = Unit(regulations.value("W4.reply_unit", on=sent_on))
    try:
        return deadline(event_on=sent_on, count=days, unit=unit).day
    except UncoveredYear:
        return sent_on + timedelta(days=days)


def to_escalate(*, plan: Plan, on: date) -> list[tuple[Supervision, str]]:
    """Return the notices that need the leader, each with its reason: no_reply or red_again."""
    reds: dict[int, set[date]] = defaultdict(set)
    notices = list(Supervision.objects.filter(commitment__plan=plan).select_related("commitment__plan"))
    for one in notices:
        if one.light == "bad":
            reds[one.commitment_id].add(one.quarter)
    pairs = [(one, talk_reason(notice=one, reds=reds[one.commitment_id], on=on)) for one in notices]
    due = [(one, reason) for one, reason in pairs if reason]
    over = settled(plan=plan, on=on) if due else set()
    return [(one, reason) for one, reason in due if one.commitment_id not in over]


def talk_reason(*, notice: Supervision, reds: Collection[date], on: date) -> str:
    """Return why a notice needs the leader now: no_reply, red_again for red quarters in a row, or nothing."""
    if notice.escalated_on or notice.commitment.cancelled_on:
        return ""
    if notice.replied_on is None and notice.reply_due_on < on:
        return "no_reply"
    quarter = notice.quarter
    for _again in range(int(regulations.value("W4.escalate_after", on=on))):
        if quarter not in reds:
            return ""
        quarter = quarter_before(quarter=quarter)
    return "red_again"
