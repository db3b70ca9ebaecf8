"""Takes in what was confirmed elsewhere; what cannot be taken in waits for the CME office and stops nobody else."""

from collections.abc import Sequence
from datetime import date

from django.utils.translation import gettext_lazy as _

from xinglin.kernel.actors import Actor
from xinglin.kernel.acts import act, state
from xinglin.kernel.policy import Refusal, require
from xinglin.kernel.refs import Code, Ref

from ..credits import Attendance, Refused
from ..facts import AttendanceRefused, RefusedSettled
from ..policy import may_keep, may_record
from ..projects import ENDED, Project
from .attendance import KnownAlready, NothingToCorrect, NotTakenIn, Presence, take_in


class SettledAlready(Refusal):
    """The CME office decided on it before, or a later version of its source came."""


class WordsNeeded(Refusal):
    """Who leaves minutes out says why."""

    field = "answer"


@act
def carry_attendance(*, by: Actor, on: date, project: Project, presence: Presence,
                     before: Sequence[Ref] = ()) -> Attendance | Refused:
    """Take in one version of an attendance that was confirmed elsewhere, or note why it could not be taken in.

    `before` names its earlier versions, the latest first. KnownAlready: nothing is to be done; NotTakenIn: the project
    ended early and earns nobody anything.
    """
    project = Project.objects.one_locked(pk=project.pk)
    require(may_record(actor=by, project=project, on=on))
    if project.state in ENDED:
        raise NotTakenIn(_("The project ended early: %(state)s.") % {"state": project.get_state_display()})
    standing, last = _known(presence, before)
    late = _supersede(before, on)
    if late and not (standing or presence.minutes):
        return late
    try:
        if standing and last and standing.pk != last.pk:
            raise NothingToCorrect(_("%(n)d minutes were entered by hand instead of what this source said before.") % {
                "n": standing.minutes})
        return take_in(by=by, on=on, project=project, presences=[presence], strict=False,
                       corrects=Ref(standing.source) if standing else None)[0]
    except Refusal as refused:
        return _note(on, project, presence, standing, str(refused))


def _known(presence: Presence, before: Sequence[Ref]) -> tuple[Attendance | None, Attendance | None]:
    """Return the row in force of what came in before, and the latest version that came in (KnownAlready)."""
    if any(model.objects.filter(source=presence.source).exists() for model in (Attendance, Refused)):
        raise KnownAlready(_("This attendance came in before."))
    rows = {row.source: row for row in Attendance.objects.filter(source__in=before)}
    last = next((rows[one] for one in before if one in rows), None)
    waits = Refused.objects.filter(source__in=before, state=Refused.State.WAITING)
    if not presence.minutes and last is None and not waits.exists():
        raise KnownAlready(_("Nothing came in that could be taken back."))
    return (in_force(last) if last else None), last


def in_force(row: Attendance) -> Attendance:
    """Return the attendance that stands now where this one stood."""
    while row.corrected_by_id:
        row = Attendance.objects.get(pk=row.corrected_by_id)
    return row


def _supersede(before: Sequence[Ref], on: date) -> Refused | None:
    """Leave out what waits of an earlier version, for the later one says what it says; return it."""
    row = Refused.objects.filter(source__in=before, state=Refused.State.WAITING).select_related("person").first()
    if row:
        _settle(row, on, accepted=False, answer=str(_("A later version came.")))
    return row


def _note(on: date, project: Project, one: Presence, standing: Attendance | None, reason: str) -> Refused:
    row = Refused.objects.create(
        person=one.person, project=project, day=one.day, minutes=one.minutes, channel=one.channel, role=one.role,
        source=one.source, corrects=standing.source if standing else "", reason=reason[:300], refused_on=on)
    state(AttendanceRefused(
        refused=row.ref, person=one.person.ref, project=project.ref, day=one.day, minutes=one.minutes,
        channel=Code(one.channel), role=Code(one.role), source=one.source, reason=row.reason,
        corrects=Ref(standing.source) if standing else None))
    return row


@act
def settle_refused(*, by: Actor, on: date, refused: Refused, accepted: bool, answer: str = "") -> Refused:
    """Take an attendance in after all, in place of what stands there, or leave it out for good."""
    require(may_keep(actor=by, on=on))
    project = Project.objects.one_locked(pk=refused.project_id)
    row = Refused.objects.select_related("person").get(pk=refused.pk)
    if row.state != Refused.State.WAITING:
        raise SettledAlready(_("It was settled on %(day)s: %(state)s.") % {
            "day": row.settled_on, "state": row.get_state_display()})
    if accepted:
        old = Attendance.objects.filter(source=row.corrects).first() if row.corrects else None
        take_in(by=by, on=on, project=project, presences=[Presence(
            person=row.person, day=row.day, minutes=row.minutes, source=Ref(row.source), channel=row.channel,
            role=row.role)], strict=False, corrects=Ref(in_force(old).source) if old else None)
    elif not answer.strip():
        raise WordsNeeded(_("Say why it is left out."))
    _settle(row, on, accepted=accepted, answer=answer)
    return row


def _settle(row: Refused, on: date, *, accepted: bool, answer: str) -> None:
    row.state = Refused.State.TAKEN if accepted else Refused.State.LEFT
    row.settled_on, row.answer = on, answer
    row.save(update_fields=["state", "settled_on", "answer"])
    state(RefusedSettled(refused=row.ref, person=row.person.ref, accepted=accepted, answer=answer))
