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
# A topic is no teaching when nothing else is left of it: 报到与开班仪式, but not 临床试验注册与伦理. What begins or
# ends with such a word and says more may be either: 开幕式及领导致辞, 考试改革与命题. Its writer says which.
_TEST = ("结业考核", "考核", "考试", "测试", "测验")
_CEREMONY = ("报到", "注册", "签到", "开幕", "闭幕", "开班", "结业", "典礼", "仪式", "合影", "致辞", "讲话", "颁奖",
             "茶歇", "休息", "午餐", "午休", "晚餐")
_JOINTS = "与和及、，,暨式 　·/"
# Or the writer says what it is, in brackets before the topic.
_MARKS = {"授课": Session.Kind.TEACHING, "仪式": Session.Kind.CEREMONY, "考核": Session.Kind.TEST}
_MARKED = re.compile(rf"[【\[]({'|'.join(_MARKS)})[】\]]\s*(.*)")


class Unsure(ValueError):
    """A topic that may be teaching or none, without a mark."""


def read(text: str, *, teachers: Iterable[Person]) -> list[Slot]:
    """Return the lines of a timetable: day, hours, topic, and last the name of one of the teachers (Refusals)."""
    names = {one.name: one for one in teachers}
    slots, wrong = [], []
    for row, line in enumerate(text.splitlines(), start=1):
        if not line.strip():
            continue
        try:
            slots.append(_slot(line, names))
        except Unsure:
            wrong.append(Problem(field="timetable", row=row, message=_(
                "Line %(row)d: say which it is, 【授课】, 【仪式】 or 【考核】 before the topic.") % {"row": row}))
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
    kind, topic = _kind(topic)
    return Slot(day=day, from_at=time(int(found[2]), int(found[3])), until_at=time(int(found[4]), int(found[5])),
                kind=kind, topic=topic[:120], lecturer=lecturer)


def _kind(topic: str) -> tuple[str, str]:
    """Return what a line is spent on and its topic without the mark: by the mark, else by all its words (Unsure)."""
    if marked := _MARKED.fullmatch(topic):
        return _MARKS[marked[1]], marked[2]
    left = topic
    for word in (*_TEST, *_CEREMONY):
        left = left.replace(word, "")
    if not topic or left.strip(_JOINTS):
        edges = topic.strip(_JOINTS)
        if edges.startswith((*_TEST, *_CEREMONY)) or edges.endswith((*_TEST, *_CEREMONY)):
            raise Unsure(topic)
        return Session.Kind.TEACHING, topic
    return Session.Kind.TEST if any(one in topic for one in _TEST) else Session.Kind.CEREMONY, topic


def _plain(one: Session) -> bool:
    """Say whether the topic alone is read as what the line is."""
    try:
        return _kind(one.topic) == (one.kind, one.topic)
    except Unsure:
        return False


def written(sessions: Iterable[Session]) -> str:
    """Return a timetable as it would be typed."""
    return "\n".join(_written(one) for one in sessions)


def _written(one: Session) -> str:
    marks = {kind: f"【{word}】" for word, kind in _MARKS.items()}
    topic = one.topic if _plain(one) else f"{marks[one.kind]}{one.topic}"
    words = (str(one.day), f"{one.from_at:%H:%M}-{one.until_at:%H:%M}", topic, one.lecturer and one.lecturer.name)
    return " ".join(word for word in words if word)
