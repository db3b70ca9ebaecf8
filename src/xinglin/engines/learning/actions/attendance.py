"""Takes in who attended which project for how many valid minutes, and what tests gave; corrections are later facts."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from xinglin.directory.models import Person
from xinglin.kernel import regulations
from xinglin.kernel.actors import Actor
from xinglin.kernel.acts import act, state
from xinglin.kernel.policy import Refusal, require
from xinglin.kernel.refs import Code, Ref, ref

from ..computing import clash, minute_of, windows_of
from ..credits import Attendance, Channel, Refused, Role, TestResult
from ..facts import AttendanceRecorded, TestRecorded
from ..policy import keeps, may_record
from ..projects import ENDED, ISSUED, Project, Session, State
from ..stale import lock_shared, lock_writing, mark_stale, refs_of, shared


class KnownAlready(Refusal):
    """This source has said this very thing before; nothing is to be done."""

    field = "source"


class SourceSaysOtherwise(Refusal):
    """This source has said something else before; a correction names what it corrects."""

    field = "source"


class NothingToCorrect(Refusal):
    """What is to be corrected never came in, or was corrected before."""

    field = "corrects"


class OutsideTheProject(Refusal):
    """The day is none of the project, or has not come."""

    field = "day"


class TwoPlaces(Refusal):
    """Nobody is in two places in the same hours."""

    field, regulation = "minutes", "E7.overlap"


class TooLong(Refusal):
    """More than the hours of a day that count."""

    field, regulation = "minutes", "E5.day_minutes"


class OwnEntry(Refusal):
    """Nobody enters their own attendance."""

    field = "person"


class NotTakenIn(Refusal):
    """The project ended early: nothing comes in for it any more."""


class OfficeDecided(Refusal):
    """Credits were taken back by a decision; what would earn them again is entered or accepted by the CME office."""


@dataclass(frozen=True, kw_only=True)
class Presence:
    """Valid minutes of a person on a day of a project; `source` names what vouches for them, once for ever.

    `entry`: as whom they came, if that entry gave way to the person; a correction has that of what it corrects.
    """

    person: Person
    day: date
    minutes: int
    source: Ref
    channel: str = Channel.ON_SITE
    role: str = Role.LEARNER
    from_at: time | None = None
    until_at: time | None = None
    entry: Person | None = None


@act
def credit_attendance(*, by: Actor, on: date, project: Project, presence: Presence, corrects: Ref | None = None,
                      strict: bool = True) -> Attendance:
    """Take in one attendance; a later one corrects an earlier by naming its source.

    `strict` refuses what cannot be true (two places, more than the hours of a day), for people who type. A flow takes
    in what was confirmed elsewhere and leaves the cuts to the reckoning. KnownAlready: the same came in before.
    """
    project = locked(by, on, project, [presence])
    [row] = take_in(by=by, on=on, project=project, presences=[presence], strict=strict, corrects=corrects)
    return row


@act
def credit_attendances(*, by: Actor, on: date, project: Project, presences: Sequence[Presence]) -> list[Attendance]:
    """Take in many attendances of a project at once, all or none; those that came in before are left aside."""
    project = locked(by, on, project, presences)
    known = dict(Attendance.objects.filter(source__in=[one.source for one in presences]).values_list("source", "pk"))
    fresh = [one for one in presences if one.source not in known]
    if not fresh:
        raise KnownAlready(_("All of these came in before."))
    return take_in(by=by, on=on, project=project, presences=fresh, strict=False)


def locked(by: Actor, on: date, project: Project, presences: Collection[Presence | Attendance | Refused]) -> Project:
    """Lock a project with those that share people and days, and return it for who may record there (NotAllowed)."""
    row = lock_shared(people={one.person.pk for one in presences}, days={one.day for one in presences},
                      projects=[project.pk])[project.pk]
    lock_writing(one.person for one in presences if isinstance(one, Presence))
    require(may_record(actor=by, project=row, on=on))
    return row


def take_in(*, by: Actor, on: date, project: Project, presences: Sequence[Presence], strict: bool,
            corrects: Ref | None = None) -> list[Attendance]:
    """Write attendances inside an act that has locked what they share and asked the policy of the project (Refusal)."""
    if project.state in ENDED:
        raise NotTakenIn(_("The project ended early: %(state)s.") % {"state": project.get_state_display()})
    _leave_decided(by, on, project, presences)
    corrected = _corrected(project, presences[0], corrects) if corrects else None
    rows = []
    for one in presences:
        _check(by, on, project, one)
        _known(project, one)
        row = Attendance(person=one.person, entry=corrected.entry if corrected else one.entry or one.person,
                         project=project, day=one.day, minutes=one.minutes, channel=one.channel, role=one.role,
                         from_at=one.from_at, until_at=one.until_at, source=one.source)
        if strict and one.minutes:
            _believe(row, on, but=corrected)
        rows.append(row)
    rows = Attendance.objects.bulk_create(rows)
    beside = shared(people={row.person_id for row in rows}, days={row.day for row in rows})
    stale = mark_stale(key for row in rows for key in beside[row.person_id, row.day])
    project.stale = project.stale or project.pk in stale
    for row in rows:
        row.said_key = state(_said(row, beside[row.person_id, row.day] & stale), happened_on=row.day,
                             corrects=corrected.said_key if corrected else None)
    Attendance.objects.bulk_update(rows, ["said_key"], batch_size=500)
    if corrected:
        corrected.corrected_by = rows[0]
        corrected.save(update_fields=["corrected_by"])
    return rows


def _leave_decided(by: Actor, on: date, project: Project, presences: Sequence[Presence]) -> None:
    """Refuse what would give back by itself the credits that somebody decided to take back."""
    if project.state not in ISSUED or (not by.has("house") and keeps(actor=by, on=on)):
        return
    people = [one.person for one in presences]
    if award := project.awards.filter(person__in=people).exclude(revoked_key=None).first():
        raise OfficeDecided(_("Credits were taken back on %(day)s: %(reason)s. The CME office decides.") % {
            "day": award.revoked_on, "reason": award.revoked_for})


def _said(row: Attendance, stale: set[int]) -> AttendanceRecorded:
    return AttendanceRecorded(
        attendance=row.ref, person=row.person.ref, came_as=row.entry.ref, project=row.project.ref, day=row.day,
        minutes=row.minutes, channel=Code(row.channel), role=Code(row.role), source=Ref(row.source),
        from_minute=minute_of(row.from_at) if row.from_at else None,
        until_minute=minute_of(row.until_at) if row.until_at else None,
        stale=refs_of(stale))


def _corrected(project: Project, one: Presence, source: Ref) -> Attendance:
    """Return the row that is corrected: of this person, project and day, and not corrected before."""
    row = Attendance.objects.standing().select_related("entry").filter(
        source=source, project=project, person=one.person, day=one.day).first()
    if row is None:
        raise NothingToCorrect(_("Nothing under this source is left to correct."))
    return row


def _known(project: Project, one: Presence) -> None:
    row = Attendance.objects.filter(source=one.source).first()
    if row is None:
        return
    same = (row.person_id, row.project_id, row.day, row.minutes, row.channel, row.role) == (
        one.person.pk, project.pk, one.day, one.minutes, one.channel, one.role)
    if same:
        raise KnownAlready(_("This attendance came in before."))
    raise SourceSaysOtherwise(_("This source said %(minutes)d minutes on %(day)s before.") % {
        "minutes": row.minutes, "day": row.day}, instead=_("Enter it as a correction of the earlier one."))


def _check(by: Actor, on: date, project: Project, one: Presence) -> None:
    if by.person == one.person.ref:
        raise OwnEntry(_("Nobody enters their own attendance. Ask a colleague."))
    if project.from_on is None or project.until_on is None:
        raise OutsideTheProject(_("The project has no days yet; file its timetable first."))
    if not project.from_on <= one.day <= project.until_on:
        raise OutsideTheProject(_("The project is from %(first)s to %(last)s.") % {
            "first": project.from_on, "last": project.until_on})
    if one.day > on:
        raise OutsideTheProject(_("That day has not come yet."))
    if not 0 <= one.minutes <= 24 * 60:
        raise TooLong(_("A day has 24 hours."))


def _believe(row: Attendance, on: date, *, but: Attendance | None) -> None:
    """Refuse what cannot be true beside what is known of the day."""
    others = Attendance.objects.present().filter(person=row.person, day=row.day).exclude(project__state__in=ENDED)
    others = list((others.exclude(pk=but.pk) if but else others).select_related("project"))
    windows = windows_of(Session.objects.filter(day=row.day, project__in=[row.project_id, *(
        one.project_id for one in others)]))
    for other in others:
        if (other.project_id != row.project_id or row.from_at) and clash(row, other, windows=windows):
            raise TwoPlaces(_("%(name)s was in “%(title)s” in the same hours of %(day)s.") % {
                "name": row.person.name, "title": other.project.title, "day": row.day})
    here = [one for one in others if one.project_id == row.project_id and one.role == row.role]
    first, last = windows.get((row.project_id, row.day), (time(), time(23, 59)))
    if (total := row.minutes + sum(one.minutes for one in here)) > minute_of(last) - minute_of(first):
        raise TooLong(_("With what came in before that is %(n)d minutes; the project meets from %(first)s to %(last)s.")
                      % {"n": total, "first": f"{first:%H:%M}", "last": f"{last:%H:%M}"})
    most = int(regulations.value("E5.day_minutes", on=row.day))
    total = row.minutes + sum(one.minutes for one in others if one.role == row.role)
    if row.role == Role.LEARNER and total > most:
        raise TooLong(_("That day would come to %(n)d minutes; at most %(most)d count.") % {"n": total, "most": most})


@act
def record_test(*, by: Actor, on: date, project: Project, person: Person, score: Decimal, taken_on: date) -> TestResult:
    """Enter the score of a test; of several the best counts."""
    return record_tests(by=by, on=on, project=project, scores={person: score}, taken_on=taken_on)[0]


@act
def record_tests(*, by: Actor, on: date, project: Project, scores: Mapping[Person, Decimal],
                 taken_on: date) -> list[TestResult]:
    """Enter the scores of all who took a test on a day, all or none."""
    lock_writing(scores)
    project = Project.objects.one_locked(pk=project.pk)
    require(may_record(actor=by, project=project, on=on))
    if by.person in {one.ref for one in scores}:
        raise OwnEntry(_("Nobody enters their own score. Ask a colleague."))
    if not all(0 <= score <= 100 for score in scores.values()):
        raise Refusal(_("A score is from 0 to 100."), field="score", regulation="E7.test_pass")
    if project.state in ENDED or project.state == State.DRAFT:
        raise NotTakenIn(_("No test of this project can be entered now."))
    if taken_on > on or TestResult.objects.filter(person__in=scores, project=project, taken_on=taken_on).exists():
        raise Refusal(_("There is a result of that day already, or the day has not come."), field="taken_on")
    rows = TestResult.objects.bulk_create([
        TestResult(person=one, project=project, score=score, taken_on=taken_on) for one, score in scores.items()])
    stale = refs_of(mark_stale([project.pk]))
    for row in rows:
        state(TestRecorded(person=row.person.ref, project=project.ref, score=row.score, taken_on=taken_on,
                           stale=stale), happened_on=taken_on)
    return rows


@act
def enter_attendance(*, by: Actor, on: date, project: Project, presence: Presence, corrects: Ref | None = None,
                     score: Decimal | None = None) -> Attendance:
    """Enter an attendance that somebody types, with the score of the test where there is one: both or neither."""
    row = credit_attendance(by=by, on=on, project=project, presence=presence, corrects=corrects)
    if score is not None:
        record_test(by=by, on=on, project=project, person=presence.person, score=score, taken_on=presence.day)
    return row


def by_hand(person: Person, project: Project, day: date, number: int) -> Ref:
    """Return the source of an attendance that somebody typed."""
    return ref("learning.typed", f"{project.pk}-{person.pk}-{day:%Y%m%d}-{number}")
