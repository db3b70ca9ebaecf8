"""Scans at doors become spans in the hall; pure."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta

from xinglin.kernel.refs import Ref

from .rules import Rules
from .spans import Span, local_day, next_midnight
from .values import Kind, Sat, Scanned, Session, Way


def spans_on_site(
    *, scans: Iterable[Scanned], sessions: Sequence[Session], rules: Mapping[date, Rules],
) -> list[Sat]:
    """Return when each person was in which place, one place at a time, by the rules of the day.

    Who is scanned into another room has left the first. Without a scan out the rule of the day decides (E7.out_scan):
    until the end of the session, a number of minutes at most, or nothing. No stay goes past midnight.
    """
    days: dict[tuple[Ref, date], list[Scanned]] = defaultdict(list)
    for one in scans:
        days[one.person, local_day(one.at)].append(one)
    found: list[Sat] = []
    for (_person, day), them in sorted(days.items()):
        found += _day(sorted(them, key=lambda one: (one.at, one.way, one.place)), sessions, rules[day])
    return found


def _day(scans: Sequence[Scanned], sessions: Sequence[Session], rules: Rules) -> Iterable[Sat]:
    for number, one in enumerate(scans):
        if one.way != Way.IN:
            continue
        after = scans[number + 1] if number + 1 < len(scans) else None
        limit = after.at if after else next_midnight(local_day(one.at))
        left = after is not None and after.way == Way.OUT and after.place == one.place
        until_at = limit if left else min(limit, _without_scan(one, sessions, rules))
        if one.at < until_at:
            yield Sat(person=one.person, place=one.place, kind=Kind.ON_SITE, span=Span(one.at, until_at))


def _without_scan(one: Scanned, sessions: Sequence[Session], rules: Rules) -> datetime:
    """Return until when a scan in counts that no scan out follows."""
    if rules.out_scan == "none":
        return one.at
    if rules.out_scan == "capped":
        return one.at + timedelta(minutes=rules.out_minutes)
    ends = [span.until_at for session in sessions if session.is_at(one.place) for span in session.spans
            if span.until_at > one.at and local_day(span.from_at) == local_day(one.at)]
    return min(ends, default=one.at)
