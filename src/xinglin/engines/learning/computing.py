"""Reckons who earns which credits in a project and why: minutes day by day, what is cut off, by which rule."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, time
from decimal import Decimal
from typing import NamedTuple

from django.utils.translation import gettext as _

from xinglin.directory.models import Person
from xinglin.kernel import regulations

from .credits import Attendance, Award, Kind, Role, TestResult
from .projects import ENDED, Project, Session
from .rules import Rules, rules_of

Windows = dict[tuple[int, date], tuple[time, time]]


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
    windows: Windows = field(default_factory=dict)
    others: dict[tuple[int, date], list[Attendance]] = field(default_factory=dict)
    corrected: dict[int, int] = field(default_factory=dict)  # a correction → what it corrects
    scores: dict[int, Decimal] = field(default_factory=dict)

    @property
    def offered(self) -> int:
        """Return the minutes of teaching in the timetable, else those that were filed."""
        return sum(self.teaching.values()) or self.project.planned_minutes

    def place(self, row: Attendance) -> int:
        """Return an attendance's place in time: a correction has that of what came in first."""
        key = row.pk
        while key in self.corrected:
            key = self.corrected[key]
        return key

    def earlier(self, rows: list[Attendance]) -> list[Attendance]:
        """Return what came in earlier of the same person and day in other projects."""
        first = min((self.place(row) for row in rows if row.minutes), default=0)  # who was withdrawn was never first
        return [one for one in self.elsewhere(rows) if self.place(one) < first]

    def elsewhere(self, rows: list[Attendance]) -> list[Attendance]:
        """Return all that came in of the same person and day in other projects."""
        return self.others.get((rows[0].person_id, rows[0].day), [])

    def in_two_places(self, rows: list[Attendance]) -> bool:
        """Say whether somebody was elsewhere in the same hours, by what counts against them (E7.overlap)."""
        against = self.elsewhere(rows) if self.rules.overlap == "both" else self.earlier(rows)
        return any(clash(row, one, windows=self.windows) for row in rows if row.minutes for one in against)


def completed_on(project: Project) -> date:
    """Return the day that decides which rule binds: the last one of the project."""
    return project.until_on or date(project.year, 12, 31)


def year_of(project: Project) -> int:
    """Return the year to which the credits of a project belong: that of its last day, or of its first (E7.year)."""
    last = completed_on(project)
    begins = project.from_on and regulations.value("E7.year", on=last) == "start"
    return (project.from_on if begins and project.from_on else last).year


def reckon(project: Project) -> list[Reckoned]:
    """Return what everybody who attended earns, by name; nothing is written."""
    rows = list(Attendance.objects.standing().filter(project=project).select_related("person").order_by("pk"))
    ground = _ground(project, rows)
    mine: dict[tuple[int, str], list[Attendance]] = defaultdict(list)
    for row in rows:
        mine[row.person_id, row.role].append(row)
    found = []
    for (_person, role), held in mine.items():
        one = Reckoned(person=held[0].person, role=role, score=ground.scores.get(held[0].person_id))
        (_lecturer if role == Role.LECTURER else _learner)(ground, one, held)
        found.append(one)
    _hold_back(project, found, mine)
    return sorted(found, key=lambda one: (one.person.sort_key, one.person.pk, one.role))


def _hold_back(project: Project, found: list[Reckoned], mine: dict[tuple[int, str], list[Attendance]]) -> None:
    """Give nothing for what was taken back by a decision, until an attendance of that person is newer than it."""
    decided = {(one.person_id, one.kind): one for one in
               Award.objects.filter(project=project).exclude(revoked_key=None).order_by("pk")}
    for one in found:
        last = decided.get((one.person.pk, str(one.kind)))
        if last and not any(row.said_key and row.said_key > last.revoked_key
                            for row in mine[one.person.pk, one.role]):
            one.credits, one.refused, one.regulation = Decimal(0), _("Taken back on %(day)s: %(reason)s") % {
                "day": last.revoked_on, "reason": last.revoked_for}, ""


def _ground(project: Project, rows: list[Attendance]) -> Ground:
    ground = Ground(project=project, rules=rules_of(completed_on(project)))
    people, days = {row.person_id for row in rows}, {row.day for row in rows}
    others = Attendance.objects.present().filter(day__in=days).exclude(project=project)
    for one in others.exclude(project__state__in=ENDED).order_by("pk"):
        if one.person_id in people:
            ground.others.setdefault((one.person_id, one.day), []).append(one)
    ground.corrected = dict(Attendance.objects.filter(day__in=days).exclude(corrected_by=None).values_list(
        "corrected_by", "pk"))
    projects = {project.pk} | {one.project_id for found in ground.others.values() for one in found}
    sessions = list(Session.objects.filter(project__in=projects))
    ground.windows = windows_of(sessions)
    for session in sessions:
        if session.project_id == project.pk and session.kind == Session.Kind.TEACHING:
            ground.teaching[session.day] = ground.teaching.get(session.day, 0) + session.minutes
            if session.lecturer_id:
                own = (session.lecturer_id, session.day)
                ground.lectures[own] = ground.lectures.get(own, 0) + session.minutes
    for result in TestResult.objects.filter(project=project).order_by("score"):
        ground.scores[result.person_id] = result.score
    return ground


def windows_of(sessions: Iterable[Session]) -> Windows:
    """Return from when until when each project meets on each of its days."""
    windows: Windows = {}
    for one in sessions:
        first, last = windows.get((one.project_id, one.day), (one.from_at, one.until_at))
        windows[one.project_id, one.day] = (min(first, one.from_at), max(last, one.until_at))
    return windows


def _days(held: list[Attendance]) -> list[tuple[date, list[Attendance]]]:
    """Return attendances by day, the first day first."""
    return [(day, [row for row in held if row.day == day]) for day in sorted({row.day for row in held})]


def _learner(ground: Ground, found: Reckoned, held: list[Attendance]) -> None:
    rules, project = ground.rules, ground.project
    found.per_credit = rules.minutes[project.level]
    for day, rows in _days(held):
        _day(ground, found, day, rows)
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


def _day(ground: Ground, found: Reckoned, day: date, rows: list[Attendance]) -> None:
    """Count one day: without one's own lecture, within the timetable, not in two places, at most eight hours."""
    left = _Left(found, day, rows)
    if ground.teaching:
        own = ground.lectures.get((found.person.pk, day), 0)
        offered = ground.teaching.get(day, 0)
        left.cut(offered, _("beyond the teaching of that day; ceremonies do not count"), "E5.ceremonies")
        left.cut(offered - own, _("own lecture"), "E7.own_lecture")
    if ground.in_two_places(rows):
        left.cut(0, _("in two places in the same hours"), "E7.overlap")
    before = _once([one for one in ground.earlier(rows) if one.role == Role.LEARNER])
    left.cut(ground.rules.day_minutes - before, _("more than eight hours that day"), "E5.day_minutes")
    left.note()


class _Left:
    """What is left of a day's minutes while they are cut; those of two entries of one person are no sum."""

    def __init__(self, found: Reckoned, day: date, rows: list[Attendance]) -> None:
        self.found, self.day = found, day
        self.attended = self.minutes = sum(row.minutes for row in rows)
        self.cut(_once(rows), _("came in under two entries of one person"), "E7.overlap")

    def cut(self, to: int, why: str, regulation: str) -> None:
        """Leave at most so many minutes, and say why."""
        if to < self.minutes:
            self.found.cuts.append(Cut(self.day, self.minutes - max(0, to), why, regulation))
            self.minutes = max(0, to)

    def note(self) -> None:
        """Count what is left."""
        self.found.days.append(Day(self.day, self.attended, self.minutes))


def _once(rows: list[Attendance]) -> int:
    """Return the minutes of a day: of two entries that turned out to be one person, in each project the greater."""
    found: dict[int, dict[int, int]] = defaultdict(lambda: defaultdict(int))
    for row in rows:
        found[row.project_id][row.entry_id] += row.minutes
    return sum(max(entries.values()) for entries in found.values())


def _lecturer(ground: Ground, found: Reckoned, held: list[Attendance]) -> None:
    found.per_credit = ground.rules.lecturing[ground.project.level]
    for day, rows in _days(held):
        left = _Left(found, day, rows)
        if ground.teaching:
            left.cut(ground.lectures.get((found.person.pk, day), 0), _("not in the timetable as a lecture"),
                     "E5.ceremonies")
        if ground.in_two_places(rows):
            left.cut(0, _("in two places in the same hours"), "E7.overlap")
        left.note()
    if not found.per_credit:
        found.refused = _("The rule of that day gives no credits for lecturing; it can be claimed as self-study.")
        found.regulation = "E2.lecturer_national" if ground.project.level == "national" else "E2.lecturer_provincial"
    else:
        _credit(found, ground.rules)


def _credit(found: Reckoned, rules: Rules) -> None:
    """Turn minutes into steps of credits, rounded down, within the cap; whole numbers until the end."""
    steps = found.counted * rules.steps // found.per_credit
    credits = Decimal(steps) / rules.steps
    if rules.cap and credits > rules.cap:
        found.capped, credits = credits, Decimal(rules.cap)
    found.credits = credits.quantize(Decimal("0.1"))
    if not credits:
        found.refused, found.regulation = _("Too few minutes for the smallest step."), "E7.steps"


def clash(one: Attendance, other: Attendance, *, windows: Windows) -> bool:
    """Say whether two attendances of a day cannot both be true.

    With hours on both sides they may not overlap; else their minutes must find room in the hours of both timetables.
    """
    mine, theirs = _span(one, windows), _span(other, windows)
    if mine is None or theirs is None:
        return False
    if one.from_at and other.from_at:
        return mine[0] < theirs[1] and theirs[0] < mine[1]
    return one.minutes + other.minutes > _length([mine, theirs])


def _span(row: Attendance, windows: Windows) -> tuple[int, int] | None:
    hours = (row.from_at, row.until_at) if row.from_at and row.until_at else windows.get((row.project_id, row.day))
    return (minute_of(hours[0]), minute_of(hours[1])) if hours else None


def minute_of(at: time) -> int:
    """Return which minute of the day it is."""
    return at.hour * 60 + at.minute


def _length(spans: Iterable[tuple[int, int]]) -> int:
    """Return how many minutes the spans cover together."""
    total, end = 0, 0
    for first, last in sorted(spans):
        total += max(0, last - max(first, end))
        end = max(end, last)
    return total
