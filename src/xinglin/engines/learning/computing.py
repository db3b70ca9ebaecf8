"""Reckons who earns which credits in a project and why: minutes day by day, what is cut off, by which rule."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, time
from decimal import Decimal
from typing import NamedTuple

from django.utils.translation import gettext as _

from xinglin.directory.models import Person

from .credits import Attendance, Kind, Role, TestResult
from .projects import Project, Session
from .rules import Rules, rules_of


class Cut(NamedTuple):
    """Minutes of a day that do not count, and the rule that says so."""

    day: date
    minutes: int
    why: str
    regulation: str


class Day(NamedTuple):
    """What somebody attended on a day, and what of it counts."""

    day: date
    attended: int
    counted: int


@dataclass(kw_only=True)
class Reckoned:
    """What one person earns in one role: minutes, cuts, credits, or the reason why none."""

    person: Person
    role: str
    days: list[Day] = field(default_factory=list)
    cuts: list[Cut] = field(default_factory=list)
    per_credit: int = 0
    credits: Decimal = Decimal(0)
    capped: Decimal | None = None  # what it would have been without the cap
    score: Decimal | None = None
    refused: str = ""
    regulation: str = ""

    @property
    def kind(self) -> str:
        """Return the kind of the award."""
        return Kind.LECTURING if self.role == Role.LECTURER else Kind.LEARNING

    @property
    def attended(self) -> int:
        """Return all minutes that came in."""
        return sum(one.attended for one in self.days)

    @property
    def counted(self) -> int:
        """Return the minutes that count."""
        return sum(one.counted for one in self.days)


@dataclass(kw_only=True)
class Ground:
    """What reckoning a project needs, read once."""

    project: Project
    rules: Rules
    teaching: dict[date, int] = field(default_factory=dict)
    lectures: dict[tuple[int, date], int] = field(default_factory=dict)
    windows: dict[tuple[int, date], tuple[time, time]] = field(default_factory=dict)
    others: dict[tuple[int, date], list[Attendance]] = field(default_factory=dict)
    scores: dict[int, Decimal] = field(default_factory=dict)

    @property
    def offered(self) -> int:
        """Return the minutes of teaching in the timetable, else those that were filed."""
        return sum(self.teaching.values()) or self.project.planned_minutes


def completed_on(project: Project) -> date:
    """Return the day that decides rule and year: the last one of the project (E7.year)."""
    return project.until_on or date(project.year, 12, 31)


def reckon(project: Project) -> list[Reckoned]:
    """Return what everybody who attended earns, by name; nothing is written."""
    rows = list(Attendance.objects.filter(project=project, corrected_by=None).select_related("person").order_by("pk"))
    ground = _ground(project, rows)
    mine: dict[tuple[int, str], list[Attendance]] = defaultdict(list)
    for row in rows:
        mine[row.person_id, row.role].append(row)
    found = [_lecturer(ground, held) if role == Role.LECTURER else _learner(ground, held)
             for (_person, role), held in mine.items()]
    return sorted(found, key=lambda one: (one.person.sort_key, one.person.pk, one.role))


def _ground(project: Project, rows: list[Attendance]) -> Ground:
    ground = Ground(project=project, rules=rules_of(completed_on(project)))
    people, days = {row.person_id for row in rows}, {row.day for row in rows}
    others = Attendance.objects.filter(day__in=days, corrected_by=None).exclude(project=project).order_by("pk")
    for one in others:
        if one.person_id in people:
            ground.others.setdefault((one.person_id, one.day), []).append(one)
    projects = {project.pk} | {one.project_id for found in ground.others.values() for one in found}
    for session in Session.objects.filter(project__in=projects):
        key = (session.project_id, session.day)
        first, last = ground.windows.get(key, (session.from_at, session.until_at))
        ground.windows[key] = (min(first, session.from_at), max(last, session.until_at))
        if session.project_id == project.pk and session.kind == Session.Kind.TEACHING:
            ground.teaching[session.day] = ground.teaching.get(session.day, 0) + session.minutes
            if session.lecturer_id:
                own = (session.lecturer_id, session.day)
                ground.lectures[own] = ground.lectures.get(own, 0) + session.minutes
    for result in TestResult.objects.filter(project=project).order_by("score"):
        ground.scores[result.person_id] = result.score
    return ground


def _learner(ground: Ground, held: list[Attendance]) -> Reckoned:
    rules, project = ground.rules, ground.project
    found = Reckoned(person=held[0].person, role=Role.LEARNER, per_credit=rules.minutes[project.level],
                     score=ground.scores.get(held[0].person_id))
    for day in sorted({row.day for row in held}):
        _day(ground, found, day, [row for row in held if row.day == day])
    offered = max(1, ground.offered - sum(minutes for (person, _day_), minutes in ground.lectures.items()
                                          if person == found.person.pk))
    if found.counted * 100 < rules.percent * offered:
        found.refused, found.regulation = _("Attended %(share)d %%, %(want)d %% are needed.") % {
            "share": found.counted * 100 // offered, "want": rules.percent}, "E7.attendance_percent"
    elif project.tested and (found.score is None or found.score < rules.test_pass):
        said = _("no test was taken") if found.score is None else _("the test gave %(score)s") % {"score": found.score}
        found.refused, found.regulation = _("At least %(want)d in the test is needed; %(said)s.") % {
            "want": rules.test_pass, "said": said}, "E7.test_pass"
    else:
        _credit(found, rules)
    return found


def _day(ground: Ground, found: Reckoned, day: date, rows: list[Attendance]) -> None:
    """Count one day: without one's own lecture, within the timetable, not in two places, at most eight hours."""
    person, attended = found.person.pk, sum(row.minutes for row in rows)
    left = attended

    def cut(to: int, why: str, regulation: str) -> None:
        nonlocal left
        if to < left:
            found.cuts.append(Cut(day, left - max(0, to), why, regulation))
            left = max(0, to)

    if ground.teaching:
        own = ground.lectures.get((person, day), 0)
        offered = ground.teaching.get(day, 0)
        cut(offered, _("beyond the teaching of that day; ceremonies do not count"), "E5.ceremonies")
        cut(offered - own, _("own lecture"), "E7.own_lecture")
    elsewhere = ground.others.get((person, day), [])
    earlier = [one for one in elsewhere if one.pk < min(row.pk for row in rows) or ground.rules.overlap == "both"]
    if any(clash(row, one, windows=ground.windows) for row in rows for one in earlier):
        cut(0, _("in two places in the same hours"), "E7.overlap")
    before = sum(one.minutes for one in elsewhere if one.pk < min(row.pk for row in rows) and one.role == Role.LEARNER)
    cut(ground.rules.day_minutes - before, _("more than eight hours that day"), "E5.day_minutes")
    found.days.append(Day(day, attended, left))


def _lecturer(ground: Ground, held: list[Attendance]) -> Reckoned:
    per = ground.rules.lecturing[ground.project.level]
    found = Reckoned(person=held[0].person, role=Role.LECTURER, per_credit=per)
    for row in held:
        offered = ground.lectures.get((row.person_id, row.day), row.minutes if not ground.teaching else 0)
        counted = min(row.minutes, offered)
        if counted < row.minutes:
            found.cuts.append(Cut(row.day, row.minutes - counted, _("not in the timetable as a lecture"),
                                  "E5.ceremonies"))
        found.days.append(Day(row.day, row.minutes, counted))
    if not per:
        found.refused = _("The rule of that day gives no credits for lecturing; it can be claimed as self-study.")
        found.regulation = "E2.lecturer_national" if ground.project.level == "national" else "E2.lecturer_provincial"
    else:
        _credit(found, ground.rules)
    return found


def _credit(found: Reckoned, rules: Rules) -> None:
    """Turn minutes into steps of credits, rounded down, within the cap; whole numbers until the end."""
    steps = found.counted * rules.steps // found.per_credit
    credits = Decimal(steps) / rules.steps
    if rules.cap and credits > rules.cap:
        found.capped, credits = credits, Decimal(rules.cap)
    found.credits = credits.quantize(Decimal("0.1"))
    if not credits:
        found.refused, found.regulation = _("Too few minutes for the smallest step."), "E7.steps"


def clash(one: Attendance, other: Attendance, *, windows: dict[tuple[int, date], tuple[time, time]]) -> bool:
    """Say whether two attendances of a day cannot both be true.

    With hours on both sides they may not overlap; else their minutes must find room in the hours of both timetables.
    """
    mine, theirs = _span(one, windows), _span(other, windows)
    if mine is None or theirs is None:
        return False
    if one.from_at and other.from_at:
        return mine[0] < theirs[1] and theirs[0] < mine[1]
    return one.minutes + other.minutes > _length([mine, theirs])


def _span(row: Attendance, windows: dict[tuple[int, date], tuple[time, time]]) -> tuple[int, int] | None:
    hours = (row.from_at, row.until_at) if row.from_at and row.until_at else windows.get((row.project_id, row.day))
    return tuple(at.hour * 60 + at.minute for at in hours) if hours else None  # type: ignore[return-value]


def _length(spans: Iterable[tuple[int, int]]) -> int:
    """Return how many minutes the spans cover together."""
    total, end = 0, 0
    for first, last in sorted(spans):
        total += max(0, last - max(first, end))
        end = max(end, last)
    return total
