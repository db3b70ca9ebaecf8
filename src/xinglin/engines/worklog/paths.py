"""The critical path through milestones: when each can finish, and which chain decides the end."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from .registers import Item, ItemOrder


@dataclass(frozen=True, kw_only=True)
class Finish:
    """When a milestone can finish, the one that holds it up, and how many days it could slip."""

    item: int
    starts_on: date
    finishes_on: date
    held_by: int | None
    slack: int = 0

    @property
    def critical(self) -> bool:
        """Say whether a day lost here is a day lost at the end."""
        return self.slack == 0


def finishes(items: Iterable[Item], *, on: date) -> dict[int, Finish]:
    """Return when each milestone can finish, in calendar days, given what is finished on a date.

    A finished one stands at the day it was done; what has not begun cannot begin before `on`. A
    milestone begins the day after the last of those before it; its work takes `days` days.
    """
    rows = {one.pk: one for one in items}
    befores = _befores(rows)
    found: dict[int, Finish] = {}

    def finish(key: int) -> Finish:
        if key not in found:
            found[key] = _finish(rows[key], [finish(one) for one in befores[key]], on)
        return found[key]

    for key in rows:
        finish(key)
    return _with_slack(found, befores, rows)


def _befores(rows: dict[int, Item]) -> dict[int, list[int]]:
    answer: dict[int, list[int]] = {key: [] for key in rows}
    for before, after in ItemOrder.objects.filter(after__in=rows, before__in=rows).values_list("before_id", "after_id"):
        answer[after].append(before)
    return answer


def _finish(item: Item, before: list[Finish], on: date) -> Finish:
    last = max(before, key=lambda one: (one.finishes_on, one.item), default=None)
    length = timedelta(days=max((item.days or 0) - 1, 0))
    if item.done_on:
        return Finish(item=item.pk, starts_on=item.done_on - length, finishes_on=item.done_on,
                      held_by=last.item if last else None)
    begun = item.from_on or item.track.from_on
    running = item.stage != item.track.stage_list[0].code
    start = item.stage_on if running else max(begun, on)
    if last:
        start = max(start, last.finishes_on + timedelta(days=1))
    held = last.item if last and start == last.finishes_on + timedelta(days=1) else None
    return Finish(item=item.pk, starts_on=start, finishes_on=max(start + length, on), held_by=held)


def _with_slack(found: dict[int, Finish], befores: dict[int, list[int]], rows: dict[int, Item]) -> dict[int, Finish]:
    if not found:
        return {}
    end = max(one.finishes_on for one in found.values())
    latest = dict.fromkeys(found, end)
    # From the last to the first: a milestone may finish the day before its follower must begin.
    for key in sorted(found, key=lambda one: (found[one].starts_on, found[one].finishes_on), reverse=True):
        length = found[key].finishes_on - found[key].starts_on
        for before in befores[key]:
            latest[before] = min(latest[before], latest[key] - length - timedelta(days=1))
    return {key: Finish(item=key, starts_on=one.starts_on, finishes_on=one.finishes_on, held_by=one.held_by,
                        slack=0 if rows[key].done_on else max((latest[key] - one.finishes_on).days, 0))
            for key, one in found.items()}


def goes_round(*, track: int, item: int, after: Iterable[int]) -> bool:
    """Say whether an item would, by these predecessors, have to wait for itself."""
    befores: dict[int, set[int]] = {}
    for before, later in ItemOrder.objects.filter(after__track=track).values_list("before_id", "after_id"):
        befores.setdefault(later, set()).add(before)
    befores[item] = set(after)
    seen, waiting = set(), list(befores[item])
    while waiting:
        one = waiting.pop()
        if one == item:
            return True
        if one not in seen:
            seen.add(one)
            waiting += befores.get(one, ())
    return False
