"""Dates as the house writes them: 2026-11-21, ranges 11-16 至 11-22, weekdays where people plan."""

from datetime import date, datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from xinglin.kernel import clock

from .units import speaks_chinese

_ZH = "一二三四五六日"
_EN = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


def as_date(value: date | datetime | str | None) -> date | None:
    """Return the local date of a date, a moment or ISO text."""
    if isinstance(value, datetime):
        return timezone.localtime(value).date() if timezone.is_aware(value) else value.date()
    if isinstance(value, str):
        return date.fromisoformat(value[:10]) if value else None
    return value


def day(value: date | datetime | str | None, *, short: bool = False) -> str:
    """Return 2026-11-21, or 11-21 when asked short and the year is the current one."""
    on = as_date(value)
    if on is None:
        return "—"
    if short and on.year == clock.today().year:
        return f"{on:%m-%d}"
    return on.isoformat()


def weekday(value: date | datetime | str | None) -> str:
    """Return 周六 or Sat."""
    on = as_date(value)
    if on is None:
        return ""
    return f"周{_ZH[on.weekday()]}" if speaks_chinese() else _EN[on.weekday()]


def span(start: date | str | None, end: date | str | None) -> str:
    """Return a range of dates, both days included; the year once where both share it and it is not this one."""
    first, last = as_date(start), as_date(end)
    if first is None and last is None:
        return "—"
    if first is None:
        return _("until %(day)s") % {"day": day(last)}
    if last is None:
        return _("from %(day)s") % {"day": day(first)}
    if first == last:
        return day(first, short=True)
    this = clock.today().year
    head = f"{first:%m-%d}" if first.year == last.year == this else first.isoformat()
    tail = f"{last:%m-%d}" if first.year == last.year else last.isoformat()
    return _("%(from)s to %(until)s") % {"from": head, "until": tail}
