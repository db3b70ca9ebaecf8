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
from ..policy import may_keep
from ..projects import ENDED, Project
from .attendance import KnownAlready, NotTakenIn, Presence, locked, take_in


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
    names = [name for one in before for name in (one, _gone(one))]
    project = locked(by, on, project, [presence, *Attendance.objects.filter(source__in=names).select_related("person")])
    standing, last = _known(presence, names)
    late = _supersede(before, on)
    if late and not (standing or presence.minutes):
        return late
    old, doubt, moved = standing, _left_out(names, last), bool(standing) and not _there(standing, project, presence)
    try:
        if moved and standing == last and not doubt:  # it is true of the earlier place no more, whatever comes here
            _withdraw(by, on, standing, presence)
            old = None
        typed = standing if standing != last else _typed(project, presence) if moved or last is None else None
        if typed:
            doubt = doubt or str(_("%(n)d minutes of that day were entered by hand.") % {"n": typed.minutes})
            old = typed if typed == standing or typed.channel == presence.channel else None
        if not doubt:
            return _put(by, on, project, presence, old)
    except NotTakenIn:
        raise
    except Refusal as refused:
        doubt = str(refused)
    return _note(on, project, presence, old, doubt)


def taking_back(names: Sequence[Ref]) -> tuple[Project, Presence] | None:
    """Return the project, and no minutes under the first name, for what stands or waits under the later ones.

    A project that ended early earns nobody anything, so nothing of it is to be taken back.
    """
    rows = {row.source: row for model in (Attendance, Refused) for row in model.objects.filter(
        source__in=names[1:]).exclude(project__state__in=ENDED).select_related("person", "project")}
    one = next((rows[name] for name in names if name in rows), None)
    return (one.project, Presence(person=one.person, day=one.day, minutes=0, source=names[0], channel=one.channel,
                                  role=one.role)) if one else None


def _gone(source: Ref) -> Ref:
    """Return the source of no minutes where an earlier version stood for another person, project or day."""
    return Ref(f"{source}-gone")


def _put(by: Actor, on: date, project: Project, presence: Presence, old: Attendance | None) -> Attendance:
    """Take minutes in, in place of a row that stands; that of another person, project or day comes to nothing."""
    if old and not _there(old, project, presence):
        _withdraw(by, on, old, presence)
        old = _typed(project, presence, channel=presence.channel)
    return take_in(by=by, on=on, project=project, presences=[presence], strict=False,
                   corrects=Ref(old.source) if old else None)[0]


def _there(row: Attendance, project: Project, presence: Presence) -> bool:
    """Say whether a row is of this person, project and day."""
    return (row.person_id, row.project_id, row.day) == (presence.person.pk, project.pk, presence.day)


def _withdraw(by: Actor, on: date, old: Attendance, presence: Presence) -> None:
    """Leave no minutes where an earlier version stood."""
    if old.minutes and old.project.state not in ENDED:
        take_in(by=by, on=on, project=old.project, strict=False, corrects=Ref(old.source), presences=[Presence(
            person=old.person, day=old.day, minutes=0, source=_gone(presence.source), channel=old.channel,
            role=old.role)])


def _known(presence: Presence, names: Sequence[Ref]) -> tuple[Attendance | None, Attendance | None]:
    """Return the row in force of what came in before, and the latest version that came in (KnownAlready)."""
    if any(model.objects.filter(source=presence.source).exists() for model in (Attendance, Refused)):
        raise KnownAlready(_("This attendance came in before."))
    rows = {row.source: row for row in Attendance.objects.filter(source__in=names)}
    last = next((rows[one] for one in names if one in rows), None)
    waits = Refused.objects.filter(source__in=names, state=Refused.State.WAITING)
    if not presence.minutes and last is None and not waits.exists():
        raise KnownAlready(_("Nothing came in that could be taken back."))
    return (in_force(last) if last else None), last


def in_force(row: Attendance) -> Attendance:
    """Return the attendance that stands now where this one stood."""
    while row.corrected_by_id:
        row = Attendance.objects.get(pk=row.corrected_by_id)
    return row


def _left_out(names: Sequence[Ref], last: Attendance | None) -> str:
    """Say that somebody left an earlier version out, after the latest that came in: the later one is decided too."""
    newer = names[: names.index(Ref(last.source))] if last else names
    left = Refused.objects.filter(source__in=newer, state=Refused.State.LEFT).exclude(answer="").last()
    return str(_("An earlier version was left out: %(answer)s") % {"answer": left.answer}) if left else ""


def _typed(project: Project, presence: Presence, **only: str) -> Attendance | None:
    """Return what somebody typed for that person, day and role, first of the same channel."""
    rows = Attendance.objects.present().filter(
        person=presence.person, project=project, day=presence.day, role=presence.role, **only)
    return max(rows.exclude(source__startswith=f"{presence.source.kind}:") if presence.minutes else (),
               key=lambda row: (row.channel == presence.channel, row.pk), default=None)


def _supersede(before: Sequence[Ref], on: date) -> Refused | None:
    """Leave out what waits of an earlier version, for the later one says what it says; return it."""
    row = Refused.objects.filter(source__in=before, state=Refused.State.WAITING).select_related("person").first()
    if row:
        _settle(row, on, accepted=False, answer="")
    return row


def _note(on: date, project: Project, one: Presence, standing: Attendance | None, reason: str) -> Refused:
    row = Refused.objects.create(
        person=one.person, entry=one.entry or one.person, project=project, day=one.day, minutes=one.minutes,
        channel=one.channel, role=one.role, source=one.source, corrects=standing.source if standing else "",
        reason=reason[:300], refused_on=on)
    state(AttendanceRefused(
        refused=row.ref, person=one.person.ref, came_as=row.entry.ref, project=project.ref, day=one.day,
        minutes=one.minutes, channel=Code(one.channel), role=Code(one.role), source=one.source, reason=row.reason,
        corrects=Ref(standing.source) if standing else None))
    return row


@act
def settle_refused(*, by: Actor, on: date, refused: Refused, accepted: bool, answer: str = "",
                   alike: bool = False) -> list[Refused]:
    """Take an attendance in after all, in place of what stands there or beside it, or leave it out for good.

    `alike`: so are all others of the project that wait for the same reason, and come in in the same way.
    """
    require(may_keep(actor=by, on=on))
    waiting = Refused.objects.filter(state=Refused.State.WAITING).select_related("person", "entry")
    waiting = waiting.filter(project=refused.project, reason=refused.reason) if alike else waiting.filter(pk=refused.pk)
    project = locked(by, on, refused.project, [*waiting, *Attendance.objects.filter(
        source__in=waiting.values("corrects")).select_related("person")])
    rows = list(waiting.all())
    if refused not in rows:
        row = Refused.objects.get(pk=refused.pk)
        raise SettledAlready(_("It was settled on %(day)s: %(state)s.") % {
            "day": row.settled_on, "state": row.get_state_display()})
    if not accepted and not answer.strip():
        raise WordsNeeded(_("Say why it is left out."))
    beside, settled = displaced(refused) is None, []
    for row in rows:
        if accepted:
            old = displaced(row)
            if (old is None) != beside:
                continue  # an other than the one that was looked at: it waits to be looked at
            _put(by, on, project, Presence(person=row.person, entry=row.entry, day=row.day, minutes=row.minutes,
                                           source=Ref(row.source), channel=row.channel, role=row.role), old)
        _settle(row, on, accepted=accepted, answer=answer)
        settled.append(row)
    return settled


def displaced(row: Refused) -> Attendance | None:
    """Return the attendance in whose place a refused one would come in: the one it names, or what was typed for that.

    Where another attendance was taken in for that one already, it comes in beside.
    """
    now = Attendance.objects.filter(source=row.corrects).first() if row.corrects else None
    while now and now.corrected_by:
        now = now.corrected_by
        if Ref(now.source).kind == Ref(row.source).kind:
            return None
    return now


def _settle(row: Refused, on: date, *, accepted: bool, answer: str) -> None:
    row.state = Refused.State.TAKEN if accepted else Refused.State.LEFT
    row.settled_on, row.answer = on, answer
    row.save(update_fields=["state", "settled_on", "answer"])
    state(RefusedSettled(refused=row.ref, person=row.person.ref, accepted=accepted, answer=answer))
