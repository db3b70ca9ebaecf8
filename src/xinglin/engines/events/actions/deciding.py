"""Agrees to events step by step, files the large ones, opens and closes registration, cancels."""

from collections.abc import Sequence
from datetime import date, datetime

from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from xinglin.kernel.actions.files import attach_file
from xinglin.kernel.actors import Actor
from xinglin.kernel.acts import act, state
from xinglin.kernel.files import Kept
from xinglin.kernel.policy import Refusal, require
from xinglin.kernel.refs import Code

from ..facts import EventDecided, EventFiled, EventMoved
from ..meetings import Approval, Event, State
from ..on_sale import close_sale, end_all, open_sale
from ..policy import identity, may_decide, may_file, may_run_event
from ..rules import file_by, is_large, needs_permit
from ..telling_registrants import CALLED_OFF, tell_all, waiters_of
from .proposing import check_agenda


class NotWaiting(Refusal):
    """Nobody is asked to agree now."""


class ReasonMissing(Refusal):
    """A refusal says why."""

    field = "reason"


class NotApproved(Refusal):
    """What is not agreed to does not open."""


class NotFiled(Refusal):
    """A large event without a filing number does not open registration (C06)."""

    regulation = "G14.lead_days"


class AlreadyFiled(Refusal):
    """It has a receipt."""

    field = "number"


class TooSmall(Refusal):
    """Only large events are filed."""


class CannotMove(Refusal):
    """It does not stand where this step begins."""


@act
def decide_event(*, by: Actor, on: date, event: Event, order: int, answer: str, reason: str = "") -> Event:
    """Agree to an event, refuse it or send it back; the last agreement approves it."""
    event = Event.objects.one_locked(pk=event.pk)
    waiting = event.approvals.filter(answer="").order_by("order").first()
    if event.state != State.PROPOSED or waiting is None or waiting.order != order:
        raise NotWaiting(_("Somebody was faster, or the proposal was taken back: look at the page again."))
    require(may_decide(actor=by, event=event, approval=waiting))
    if answer != Approval.Answer.YES and not reason.strip():
        raise ReasonMissing(_("Say why, so that it can be put right."))
    waiting.answer, waiting.reason, waiting.answered_by, waiting.answered_on = answer, reason, identity(by), on
    waiting.save()
    approved = answer == Approval.Answer.YES and not event.approvals.filter(answer="").exists()
    if approved:
        event.state = State.APPROVED
    elif answer == Approval.Answer.YES:
        event.approvals.filter(order=order + 1).update(asked_on=on)
    else:
        event.state = State.REFUSED if answer == Approval.Answer.NO else State.DRAFT
    event.save(update_fields=["state"])
    state(EventDecided(event=event.ref, role=Code(waiting.role), order=order, answer=Code(answer), approved=approved,
                       reason=reason))
    return event


@act
def file_event(
    *, by: Actor, on: date, event: Event, number: str, filed_on: date | None = None, papers: Sequence[Kept] = ()
) -> Event:
    """Write down the receipt of a large event with its papers; one filed too late is marked (C06, G14)."""
    event = Event.objects.one_locked(pk=event.pk)
    require(may_file(actor=by, event=event))
    if not is_large(event, on=on):
        raise TooSmall(_("Only large events are filed one by one."), regulation="G14.large_heads")
    if filed_on and filed_on > on:
        raise CannotMove(_("This day has not come yet."), field="filed_on")
    if event.filing_number:
        raise AlreadyFiled(_("It was filed as %(number)s.") % {"number": event.filing_number})
    if event.state not in (State.APPROVED, State.OPEN, State.CLOSED):
        raise NotApproved(_("An event is filed once everybody has agreed to it."))
    event.filing_number, event.filed_on = number, filed_on or on
    event.filed_late = event.filed_on > file_by(event).day
    event.save(update_fields=["filing_number", "filed_on", "filed_late"])
    for one in papers:
        attach_file(by=by, on=on, file=one, to=event.ref)
    state(EventFiled(event=event.ref, organisation=event.organisation.ref, late=event.filed_late,
                     planned=event.planned, number=number), happened_on=event.filed_on)
    return event


@act
def open_registration(*, by: Actor, on: date, at: datetime, event: Event) -> Event:
    """Open an event to those who come: agreed to, filed where it is large, permitted where it must be."""
    event = Event.objects.one_locked(pk=event.pk)
    require(may_run_event(actor=by, event=event))
    if event.state not in (State.APPROVED, State.CLOSED):
        raise NotApproved(_("Registration opens once everybody has agreed to the event."))
    check_agenda(event)
    if is_large(event, on=on) and not event.filing_number:
        raise NotFiled(_("A large event is filed first; it had to be filed by %(day)s.") % {
            "day": date_format(file_by(event).day, "Y-m-d")})
    if needs_permit(event) and not event.approvals.filter(role="permit", answer=Approval.Answer.YES).exists():
        raise NotFiled(_("A public event of this size needs a permit of the police first."),
                       regulation="K1.public_heads")
    if event.state == State.CLOSED:
        open_sale(event=event, at=at)
    return _move(event, State.OPEN, "")


@act
def note_permit(*, by: Actor, on: date, event: Event, number: str) -> Event:
    """Write down the permit of the police for a public event (K1)."""
    event = Event.objects.one_locked(pk=event.pk)
    require(may_file(actor=by, event=event))
    if event.approvals.filter(role="permit").exists():
        raise AlreadyFiled(_("The permit is written down already."))
    last = event.approvals.order_by("-order").values_list("order", flat=True).first()
    step = Approval.objects.create(event=event, order=(last if last is not None else -1) + 1, role="permit",
                                   answer=Approval.Answer.YES, answered_by=identity(by), answered_on=on, reason=number)
    state(EventDecided(event=event.ref, role=Code("permit"), order=step.order, answer=Code("yes"), approved=False,
                       reason=number))
    return event


@act
def close_registration(*, by: Actor, on: date, at: datetime, event: Event) -> Event:
    """Take no more registrations: nothing is held from now on, but what is held already may be filled in."""
    event = Event.objects.one_locked(pk=event.pk)
    require(may_run_event(actor=by, event=event))
    if event.state != State.OPEN:
        raise CannotMove(_("Registration is not open."))
    close_sale(event=event, at=at)
    return _move(event, State.CLOSED, "")


@act
def cancel_event(*, by: Actor, on: date, at: datetime, event: Event, reason: str) -> Event:
    """Call an event off; its edition is free again, and those who paid are refunded in full (K2)."""
    event = Event.objects.one_locked(pk=event.pk)
    require(may_run_event(actor=by, event=event))
    if event.state == State.HELD:
        raise CannotMove(_("What was held cannot be called off."))
    if not reason.strip():
        raise ReasonMissing(_("Say why: those who come will read it."))
    waiters = waiters_of(event)
    end_all(event=event, at=at)  # before places come back: nobody is offered one
    event = _move(event, State.CANCELLED, reason)
    tell_all(event, template=CALLED_OFF, key=f"{event.ref}/called-off", reason=reason, waiters=waiters)
    return event


def _move(event: Event, to: State, reason: str) -> Event:
    before, event.state = event.state, to
    event.save(update_fields=["state"])
    state(EventMoved(event=event.ref, before=Code(before), state=Code(to.value), reason=reason))
    return event
