"""Moves projects from stage to stage: filed, reviewed, published, scheduled, held, reported, audited, ended early."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, time
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from xinglin.directory.models import Person
from xinglin.kernel import regulations
from xinglin.kernel.actors import Actor
from xinglin.kernel.acts import act, state
from xinglin.kernel.policy import Problem, Refusal, Refusals, require
from xinglin.kernel.refs import Code

from ..bars import barred
from ..computing import minute_of, windows_of
from ..credits import Attendance, Channel, Role
from ..deadlines import notice_due, report_due
from ..elsewhere import share_of
from ..facts import ProjectFiled, ProjectHeld, ProjectMoved, ProjectPublished, ProjectReported, ProjectScheduled
from ..numbers import WrongNumber, fits, number_of
from ..policy import may_keep, may_run
from ..projects import ENDED, Project, Session, State, Step, batch_of
from ..stale import lock_shared, mark_stale, refs_of, shared
from .projects import Barred

# From where a project may go by a word of the CME office; what needs more than a word has an act of its own.
PATHS: dict[str, tuple[str, ...]] = {
    "province": ("filed",), "expert": ("province",), "draft": ("filed", "province", "expert"),
    "audited": ("credited",), "cancelled": ("draft", "filed", "province", "expert", "published", "scheduled"),
    "not_held": ("published", "scheduled"),
    "revoked": ("published", "scheduled", "held", "reported", "credited", "audited"),
}
NEEDS_WORDS = {"draft", "cancelled", "not_held", "revoked"}


class WrongStage(Refusal):
    """The project stands elsewhere."""


class OutsideWindow(Refusal):
    """Applications of this year and level are taken within the window of the batch."""

    regulation = "E6.window_national"


class Malformed(Refusal):
    """The number is not written, or does not fit, as numbers of projects do."""

    field, regulation = "number", "E6.form"


class NumberTaken(Refusal):
    """Another project bears this number."""

    field, regulation = "number", "E6.form"


class PastItsYear(Refusal):
    """A project is held within its year; afterwards it is filed anew."""

    regulation = "E4.own_year"


class NotOver(Refusal):
    """What is said to have happened has not happened yet."""


class TooManyHeads(Refusal):
    """More people were on site than filed, or than any project may have."""

    regulation = "E5.heads_planned"


class WordsNeeded(Refusal):
    """This step is taken with a reason."""

    field = "note"


@dataclass(frozen=True, kw_only=True)
class Slot:
    """A line of the timetable that is filed."""

    day: date
    from_at: time
    until_at: time
    kind: str = "teaching"
    topic: str = ""
    lecturer: Person | None = None

    @property
    def minutes(self) -> int:
        """Return how long it lasts."""
        return minute_of(self.until_at) - minute_of(self.from_at)


def stand(project: Project, *states: str) -> None:
    """Refuse unless the project stands at one of these stages."""
    if project.state not in states:
        wanted = "、".join(str(State(one).label) for one in states)
        raise WrongStage(_("It stands at “%(now)s”; this is done at “%(wanted)s”.") % {
            "now": project.get_state_display(), "wanted": wanted})


def step(project: Project, after: str, *, by: Actor, on: date, note: str = "", **changed: object) -> None:
    """Write the next stage and how it was reached; the caller states the fact."""
    Step.objects.create(project=project, before=project.state, after=after, happened_on=on, by=by.person or by.ref,
                        note=note)
    project.state = after
    for name, value in changed.items():
        setattr(project, name, value)
    project.save(update_fields=["state", *changed])


def _named(project: Project) -> dict[str, Any]:
    return {"project": project.ref, "level": Code(project.level), "sort": Code(project.sort), "repeat": project.repeat,
            "year": project.year, "specialty": Code(project.subject), "organisation": project.branch.ref}


@act
def file_project(*, by: Actor, on: date, project: Project) -> Project:
    """Approve the application as a unit and send it up, within the window of its batch."""
    project = Project.objects.one_locked(pk=project.pk)
    require(may_run(actor=by, organisation=project.branch, on=on))
    stand(project, State.DRAFT)
    for about in (project.leader, project.branch):
        if bar := barred(about.ref, on=on):
            raise Barred(_("%(name)s may not apply until %(day)s: %(reason)s.") % {
                "name": about.name, "day": bar.until_on, "reason": bar.reason})
    project.batch = batch_of(year=project.year, level=project.level)
    if project.batch is None:
        raise OutsideWindow(_("No batch of %(year)d is open for this level.") % {"year": project.year},
                            instead=_("The CME office opens the batch."))
    if not project.batch.open_on(on):
        raise OutsideWindow(_("Applications are taken from %(first)s to %(last)s.") % {
            "first": project.batch.opens_on, "last": project.batch.closes_on})
    key = state(ProjectFiled(**_named(project), batch=project.batch.ref),
                corrects=project.filed_key)
    step(project, State.FILED, by=by, on=on, filed_key=key, batch=project.batch)
    return project


@act
def move_project(*, by: Actor, on: date, project: Project, after: str, note: str = "") -> Project:
    """Take a project one stage on by a word of the CME office, return it, or end it early.

    What ended early takes no minutes from others any more: those whose credits were issued are reckoned anew.
    """
    came = Attendance.objects.present().filter(project=project) if after in ENDED else Attendance.objects.none()
    pairs = came.values_list("person", "day")
    for _turn in ("as read", "as it stands once nobody else comes in"):
        people, days = {person for person, _day in pairs.all()}, {day for _person, day in pairs.all()}
        project = lock_shared(people=people, days=days, projects=[project.pk])[project.pk]
    require(may_keep(actor=by, on=on))
    stand(project, *PATHS[after])
    if after in NEEDS_WORDS and not note.strip():
        raise WordsNeeded(_("Say why."))
    if after == State.REVOKED and project.awards.standing().exists():
        raise WrongStage(_("Credits of it stand; take them back first."))
    undone, before = project.held_key if after == State.REVOKED else None, Code(project.state)
    step(project, after, by=by, on=on, note=note, **({"stale": False} if after in ENDED else {}))
    beside = shared(people=people, days=days)
    stale = mark_stale(key for pair in pairs.all() for key in beside.get(pair, ()))
    state(ProjectMoved(project=project.ref, before=before, after=Code(after), stale=refs_of(stale), note=note),
          corrects=undone)
    return project


@act
def publish_project(*, by: Actor, on: date, project: Project, number: str) -> Project:
    """Enter the number under which a project was published; a repeat 备案 needs no second review by experts."""
    project = Project.objects.one_locked(pk=project.pk)
    require(may_keep(actor=by, on=on))
    stand(project, *((State.FILED, State.PROVINCE, State.EXPERT) if project.repeat else (State.EXPERT,)))
    try:
        read = number_of(number)
    except WrongNumber as wrong:
        raise Malformed(str(wrong)) from None
    if why := fits(read, year=project.year, subject=project.subject, level=project.level, repeat=project.repeat):
        raise Malformed(why)
    if other := Project.objects.filter(number=read.text).exclude(pk=project.pk).first():
        raise NumberTaken(_("“%(title)s” bears this number.") % {"title": other.title})
    state(ProjectPublished(**_named(project), number=read.text))
    step(project, State.PUBLISHED, by=by, on=on, note=read.text, number=read.text)
    return project


@act
def schedule_project(*, by: Actor, on: date, project: Project, slots: Sequence[Slot], place: str = "") -> Project:
    """File days and timetable of a published project, or file them anew before it begins."""
    project = Project.objects.one_locked(pk=project.pk)
    require(may_run(actor=by, organisation=project.branch, on=on))
    stand(project, State.PUBLISHED, State.SCHEDULED)
    check_slots(project, slots, on=on)
    first, last = min(one.day for one in slots), max(one.day for one in slots)
    before = (project.place, windows_of(project.sessions.all()))
    project.sessions.all().delete()
    rows = [Session(project=project, day=one.day, from_at=one.from_at, until_at=one.until_at, kind=one.kind,
                    topic=one.topic, lecturer=one.lecturer) for one in slots]
    Session.objects.bulk_create(rows)
    minutes = sum(row.minutes for row in rows if row.kind == Session.Kind.TEACHING)
    moved = project.from_on is not None and before != (place, windows_of(rows))
    key = state(ProjectScheduled(project=project.ref, from_on=first, until_on=last, minutes=minutes, sessions=len(rows),
                                 late=max(0, (on - notice_due(first)).days), moved=moved, place_name=place,
                                 timetable=_lines(slots)))
    step(project, State.SCHEDULED, by=by, on=on, from_on=first, until_on=last, place=place,
         moved_key=key if moved else project.moved_key)
    return project


def _lines(slots: Sequence[Slot]) -> str:
    return json.dumps([[str(one.day), f"{one.from_at:%H:%M}", f"{one.until_at:%H:%M}", one.kind, one.topic,
                        one.lecturer.ref if one.lecturer else ""] for one in slots], ensure_ascii=False)


def check_slots(project: Project, slots: Sequence[Slot], *, on: date) -> None:
    """Refuse a timetable that is empty, over, outside the year, in two rooms at once, or longer than a day allows."""
    if not slots:
        raise Refusal(_("The timetable has no lines."), field="timetable")
    wrong: list[Problem] = []
    most = int(regulations.value("E5.day_minutes", on=on))
    days: dict[date, int] = {}
    for row, one in enumerate(slots, start=1):
        if one.until_at <= one.from_at:
            wrong.append(Problem(field="timetable", row=row, message=_("Line %(row)d ends before it begins.") % {
                "row": row}))
        elif one.kind == "teaching":
            days[one.day] = days.get(one.day, 0) + one.minutes
        if one.lecturer and any(other is not one and other.lecturer == one.lecturer and other.day == one.day and
                                one.from_at < other.until_at and other.from_at < one.until_at for other in slots):
            wrong.append(Problem(field="timetable", row=row, message=_(
                "Line %(row)d: %(name)s lectures twice then.") % {"row": row, "name": one.lecturer.name}))
    wrong += [Problem(field="timetable", message=_("%(day)s has %(n)d minutes of teaching; %(most)d are allowed.") % {
        "day": day, "n": minutes, "most": most}) for day, minutes in days.items() if minutes > most]
    if wrong:
        raise Refusals(wrong)
    first = min(one.day for one in slots)
    if first.year != project.year:
        raise PastItsYear(_("The project is of %(year)d and begins on %(day)s.") % {"year": project.year, "day": first},
                          field="timetable", instead=_("File it anew for the later year."))
    if first < on:
        raise NotOver(_("%(day)s is over; a timetable is filed before.") % {"day": first}, field="timetable")


@act
def hold_project(*, by: Actor, on: date, project: Project) -> Project:
    """Note that a project took place as scheduled, after its last day."""
    project = Project.objects.one_locked(pk=project.pk)
    require(may_run(actor=by, organisation=project.branch, on=on))
    stand(project, State.SCHEDULED)
    if project.until_on is None or project.until_on > on:
        raise NotOver(_("It ends on %(day)s.") % {"day": project.until_on})
    minutes = sum(one.minutes for one in project.sessions.filter(kind=Session.Kind.TEACHING))
    hours = (Decimal(minutes) / 60).quantize(Decimal("0.1"))
    key = state(ProjectHeld(**_named(project), hours=hours, noted_on=on), happened_on=project.until_on)
    step(project, State.HELD, by=by, on=on, held_key=key)
    return project


@act
def report_project(*, by: Actor, on: date, project: Project) -> Project:
    """Report the execution: people on site and online as their attendance says, within the figures filed (E5)."""
    project = Project.objects.one_locked(pk=project.pk)
    require(may_run(actor=by, organisation=project.branch, on=on))
    stand(project, State.HELD)
    came = Attendance.objects.present().filter(project=project, role=Role.LEARNER)
    heads = came.filter(channel=Channel.ON_SITE).values("person").distinct().count()
    online = came.filter(channel=Channel.ONLINE).values("person").distinct().count()
    most = int(regulations.value("E5.heads_most", on=on))
    if heads > most:
        raise TooManyHeads(_("%(n)d people were on site; no project may have more than %(most)d.") % {
            "n": heads, "most": most}, regulation="E5.heads_most")
    if regulations.value("E5.heads_planned", on=on) and heads > project.heads:
        raise TooManyHeads(_("%(n)d people were on site, %(most)d were filed.") % {"n": heads, "most": project.heads})
    last = project.until_on or on
    state(ProjectReported(project=project.ref, heads=heads, online=online, elsewhere=share_of(project, on=on).elsewhere,
                          late=max(0, (on - report_due(last)).days)))
    step(project, State.REPORTED, by=by, on=on, reported_on=on, reported_heads=heads)
    return project
