"""The rules of credits as they hold on a day: that of 2006 and that of 2024 side by side, read from regulations."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from xinglin.kernel import regulations

from .projects import Level


@dataclass(frozen=True, kw_only=True)
class Rules:
    """What is asked when credits of a day are reckoned; minutes of 0 mean that the rule gives none."""

    on: date
    minutes: dict[str, int]
    lecturing: dict[str, int]
    cap: int
    steps: int
    day_minutes: int
    percent: int
    test_pass: int
    overlap: str
    classes: bool


def rules_of(on: date) -> Rules:
    """Return the rules that bind what was completed on a day."""

    def say(key: str) -> Any:
        return regulations.value(key, on=on)

    return Rules(
        on=on, minutes={one.value: int(say(f"E2.minutes_{one.value}")) for one in Level},
        lecturing={"national": int(say("E2.lecturer_national")), "provincial": int(say("E2.lecturer_provincial")),
                   "municipal": int(say("E2.lecturer_provincial"))},
        cap=int(say("E2.project_cap")), steps=int(say("E7.steps")), day_minutes=int(say("E5.day_minutes")),
        percent=int(say("E7.attendance_percent")), test_pass=int(say("E7.test_pass")), overlap=str(say("E7.overlap")),
        classes=bool(say("E2.classes")))
