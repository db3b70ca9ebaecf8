"""Reads a timetable that somebody typed or pasted: a line a session, what is wrong is said by line."""

import re
from collections.abc import Iterable
from datetime import date, time

from django.utils.translation import gettext as _

from xinglin.directory.models import Person
from xinglin.kernel.policy import Problem, Refusals

from .actions.stages import Slot
from .projects import Session

_LINE = re.compile(r"(\d{4}-\d{1,2}-\d{1,2})\s+(\d{1,2})[:：](\d{2})\s*[-–—~至]\s*(\d{1,2})[:：](\d{2})\s*(.*)")
_CEREMONY = ("报到", "开幕", "闭幕", "开班", "结业", "合影", "仪式", "签到", "注册")
_TEST = ("考核", "考试", "测试")


def read(text: str, *, teachers: Iterable[Person]) -> list[Slot]:
    """Return the lines of a timetable: day, hours, topic, and last the name of one of the teachers (Refusals)."""
    names = {one.name: one for one in teachers}
    slots, wrong = [], []
    for row, line in enumerate(text.splitlines(), start=1):
        if not line.strip():
            continue
        try:
            slots.append(_slot(line, names))
        except ValueError:
            wrong.append(Problem(field="timetable", row=row, message=_(
                "Line %(row)d: write day, hours, topic: 2026-05-15 08:00-12:00 心衰指南 沈知微.") % {"row": row}))
    if wrong:
        raise Refusals(wrong)
    return slots


def _slot(line: str, names: dict[str, Person]) -> Slot:
    found = _LINE.fullmatch(line.strip())
    if found is None:
        raise ValueError(line)
    day = date(*map(int, found[1].split("-")))
    words = found[6].split()
    lecturer = names.get(words[-1]) if words else None
    topic = " ".join(words[:-1] if lecturer else words)
    kind = Session.Kind.TEACHING
    if any(one in topic for one in _TEST):  # first: 结业考核 is no ceremony
        kind = Session.Kind.TEST
    elif any(one in topic for one in _CEREMONY):
        kind = Session.Kind.CEREMONY
    return Slot(day=day, from_at=time(int(found[2]), int(found[3])), until_at=time(int(found[4]), int(found[5])),
                kind=kind, topic=topic[:120], lecturer=lecturer)


def written(sessions: Iterable[Session]) -> str:
    """Return a timetable as it would be typed."""
    return "\n".join(_written(one) for one in sessions)


def _written(one: Session) -> str:
    words = (str(one.day), f"{one.from_at:%H:%M}-{one.until_at:%H:%M}", one.topic, one.lecturer and one.lecturer.name)
    return " ".join(word for word in words if word)
