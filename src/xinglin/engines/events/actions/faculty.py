"""Invites faculty, takes their answers, pays their fees within the ceiling and withholds the tax (K3, F9)."""

from datetime import date
from decimal import Decimal

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from xinglin.directory.models import Person
from xinglin.kernel import regulations
from xinglin.kernel.actors import Actor
from xinglin.kernel.acts import act, state
from xinglin.kernel.confinement import open_to
from xinglin.kernel.notices import notify, register_notice
from xinglin.kernel.policy import NotAllowed, Refusal, require
from xinglin.kernel.refs import Code

from ..facts_papers import FacultyMoved
from ..faculty import Invitation
from ..faculty_fees import ceiling, taxed
from ..meetings import Event, State
from ..policy import may_file, may_run_event
from ..programme import Speaking

INVITED = "events_invitation"
register_notice(INVITED, app="xinglin.engines.events")


class AlreadyInvited(Refusal):
    """One person, one invitation to an event."""

    field = "person"


class AboveCeiling(Refusal):
    """A lecture fee keeps within the ceiling of the rank for the hours taught (K3)."""

    field = "net"


class AnsweredAlready(Refusal):
    """The invited person has answered, or is asked no more."""


class NotDue(Refusal):
    """A fee is paid to those who accepted, after the event."""


@act
def invite_faculty(
    *, by: Actor, on: date, event: Event, person: Person, part: str = Speaking.Part.SPEAKER,
    rank: str = Invitation.Rank.OTHER, net: Decimal = Decimal(0), reason: str = ""
) -> Invitation:
    """Ask somebody to speak or chair, for a fee after tax within the ceiling; they get a letter with a link."""
    event = Event.objects.one_locked(pk=event.pk)
    require(may_run_event(actor=by, event=event))
    if event.faculty.exclude(state=Invitation.State.WITHDRAWN).filter(person=person).exists():
        raise AlreadyInvited(_("%(name)s is invited already.") % {"name": person})
    row = Invitation(event=event, person=person, part=part, rank=rank, net=net, reason=reason, invited_on=on)
    _within(row, on)
    row.save()
    _say(row)
    notify(to=person.ref, template=INVITED, key=str(row.pk), about=event.ref, context={
        "name": person.ref, "event": event.title, "from_on": event.from_on, "place": event.place,
        "address": f"{settings.XINGLIN_URL}{reverse('events:invitation', args=[row.key])}"})
    return row


@act
def promise_fee(
    *, by: Actor, on: date, invitation: Invitation, rank: str, net: Decimal, reason: str = ""
) -> Invitation:
    """Change the rank or the fee that was promised; never after it was paid."""
    row = Invitation.objects.one_locked(pk=invitation.pk)
    require(may_run_event(actor=by, event=row.event))
    if row.state not in (Invitation.State.INVITED, Invitation.State.ACCEPTED):
        raise AnsweredAlready(_("Nothing is promised to %(name)s any more.") % {"name": row.person})
    row.rank, row.net, row.reason = rank, net, reason
    _within(row, on)
    row.save(update_fields=["rank", "net", "reason"])
    _say(row)
    return row


@act
@open_to("member")
def answer_invitation(*, by: Actor, on: date, key: str, accepted: bool, note: str = "") -> Invitation:
    """Accept or decline an invitation; the bearer of the key is the invited person."""
    found = Invitation.objects.filter(key=key).values_list("pk", flat=True).first()
    if found is None:
        raise NotAllowed(_("This invitation does not exist."))
    row = Invitation.objects.one_locked(pk=found)
    if row.state != Invitation.State.INVITED or row.event.state == State.CANCELLED:
        raise AnsweredAlready(_("No answer is needed any more."))
    row.state = Invitation.State.ACCEPTED if accepted else Invitation.State.DECLINED
    row.answered_on, row.note = on, note
    row.save(update_fields=["state", "answered_on", "note"])
    _say(row)
    return row


@act
def withdraw_invitation(*, by: Actor, on: date, invitation: Invitation) -> Invitation:
    """Take an invitation back; somebody else can be asked."""
    row = Invitation.objects.one_locked(pk=invitation.pk)
    require(may_run_event(actor=by, event=row.event))
    if row.state in (Invitation.State.WITHDRAWN, Invitation.State.PAID):
        raise AnsweredAlready(_("It is taken back or paid already."))
    row.state = Invitation.State.WITHDRAWN
    row.save(update_fields=["state"])
    _say(row)
    return row


@act
def pay_faculty(*, by: Actor, on: date, invitation: Invitation, paid_on: date | None = None) -> Invitation:
    """Write down that a lecture fee was paid after tax; payments of one month are taxed together (F9)."""
    Person.objects.in_writing_locked(invitation.person_id)  # fees of one month are taxed one after the other
    row = Invitation.objects.one_locked(pk=invitation.pk)
    require(may_file(actor=by, event=row.event))
    day = paid_on or on
    if day > on:
        raise NotDue(_("That day has not come yet."), field="paid_on")
    if row.state != Invitation.State.ACCEPTED or not row.net or day < row.event.from_on:
        raise NotDue(_("A fee is paid to those who accepted, from the first day of the event on."))
    _within(row, on)
    made = taxed(row, month=day)
    row.state, row.paid_on, row.gross, row.tax = Invitation.State.PAID, day, made.gross, made.tax
    row.save(update_fields=["state", "paid_on", "gross", "tax"])
    _say(row, happened_on=day)
    return row


def _within(row: Invitation, on: date) -> None:
    """Refuse a fee above the ceiling; where the house only notes it, the reason must stand there (K3)."""
    if not row.net:
        return
    limit = ceiling(row, on=on)
    if row.net <= limit.most:
        return
    if str(regulations.value("K3.over", on=on)) == "note" and row.reason.strip():
        return
    raise AboveCeiling(_("At most ¥%(most)s after tax: %(hours)s class hours at ¥%(rate)s.") % {
        "most": limit.most, "hours": limit.hours, "rate": limit.rate}, regulation=limit.regulation)


def _say(row: Invitation, *, happened_on: date | None = None) -> None:
    state(FacultyMoved(
        invitation=row.ref, event=row.event.ref, person=row.person.ref, part=Code(row.part), rank=Code(row.rank),
        state=Code(row.state), net=row.net, gross=row.gross, tax=row.tax, note=row.note or row.reason),
        happened_on=happened_on)
