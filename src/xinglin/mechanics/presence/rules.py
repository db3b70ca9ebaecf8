"""The rules of presence in force on a date, read once and passed on as values."""

from dataclasses import dataclass
from datetime import date

from xinglin.kernel.regulations import value


@dataclass(frozen=True, kw_only=True)
class Rules:
    """How often a page reports, when it is asked whether somebody is there, what a missing scan means."""

    beat_seconds: int  # a page reports this often
    late_seconds: int  # after this long the time since the last report counts nothing
    checks_hour: int  # presence checks an hour
    check_seconds: int  # time for the answer to one
    watched_percent: int  # of a recording, for it to count as watched
    out_scan: str  # "session_end", "capped" or "none"
    out_minutes: int  # the cap
    least_minutes: int  # of watching a day, for a person-time online

    @property
    def least_seconds(self) -> float:
        """Reports that come faster than this earn nothing and change nothing."""
        return self.beat_seconds / 12


def rules_on(*, on: date) -> Rules:
    """Return the rules of a date."""
    return Rules(
        beat_seconds=value("E7.beat_seconds", on=on), late_seconds=value("E7.late_seconds", on=on),
        checks_hour=value("E7.checks_hour", on=on), check_seconds=value("E7.check_seconds", on=on),
        watched_percent=value("E7.watched", on=on), out_scan=value("E7.out_scan", on=on),
        out_minutes=value("E7.out_minutes", on=on), least_minutes=value("K9.least_minutes", on=on),
    )
