"""Moves the days of an event after its places were offered: programme, places and terms follow, everybody is told."""

from dataclasses import replace
from datetime import date, datetime, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from xinglin.kernel.actors import Actor
from xinglin.kernel.acts import act, state
from xinglin.kernel.policy import Problem, Refusals, require
from xinglin.kernel.refs import Code
from xinglin.mechanics.booking import waiting

from ..entering import move_half_hours
from ..facts import EventAmended, EventMoved
from ..meetings import Event
from ..offering import Sheet, sheet_in
from ..offers import Offer, Option
from ..orders import Order
from ..policy import may_move_event
from ..said import event_said
from ..telling_registrants import tell_moved, waiters_of
from .offers import open_places, publish_offer
from .ordering import say_order
from .programme import clashes, put_session, slot_of


@act
def move_event(
    *, by: Actor, on: date, at: datetime, event: Event, from_on: date, until_on: date, reason: str,
) -> Event:
    """Move the days of an event whose places are offered; who registered before may give back in full (K2)."""
    event = Event.objects.one_locked(pk=event.pk)
    require(may_move_event(actor=by, event=event, on=on))
    _check(event, from_on, until_on, reason, on)
    step = from_on - event.from_on
    event.from_on, event.until_on, event.moved_on = from_on, until_on, on
    event.save(update_fields=["from_on", "until_on", "moved_on"])
    _move_terms(event, at)  # orders are locked before places, as everywhere
    _move_sessions(event, step, at)
    _move_places(by, event, step, on, at)
    lost = move_half_hours(event=event, step=step, at=at)
    state(EventAmended(**event_said(event)))
    moved = state(EventMoved(event=event.ref, before=Code(event.state), state=Code(event.state), reason=reason))
    tell_moved(event, key=str(moved), reason=reason, waiters=waiters_of(event), lost=lost)
    return event


def _check(event: Event, from_on: date, until_on: date, reason: str, on: date) -> None:
    problems = []
    if from_on <= on:
        problems.append(Problem(field="from_on", message=_("Choose a day to come.")))
    if until_on <= from_on:
        problems.append(Problem(field="until_on", message=_("It ends before it begins.")))
    if (from_on, until_on) == (event.from_on, event.until_on):
        problems.append(Problem(field="from_on", message=_("These are its days already.")))
    if not reason.strip():
        problems.append(Problem(field="reason", message=_("Say why: those who come will read it.")))
    if problems:
        raise Refusals(problems)


def _move_sessions(event: Event, step: timedelta, at: datetime) -> None:
    """Move every session by as many days; what falls outside or meets another event is said at once (Refusals)."""
    problems = []
    rows = list(event.sessions.select_related("room").prefetch_related("speakers"))
    for row in rows:
        slot = slot_of(row)
        slot = replace(slot, from_at=slot.from_at + step, until_at=slot.until_at + step)
        if timezone.localtime(slot.until_at - timedelta(microseconds=1)).date() >= event.until_on:
            problems.append(Problem(field="until_on", message=_("“%(session)s” would lie after the last day.") % {
                "session": row}))
        problems += [Problem(field="from_on", message=one.message)
                     for one in clashes(event=event, slot=slot, room=row.room, apart_from=event)]
        put_session(row, slot, room=row.room, at=at)
    if problems:
        raise Refusals(problems)
    waiting.move_waits(by=step, items=Option.objects.filter(
        event=event, session__isnull=False, item__isnull=False).values_list("item", flat=True))


def _move_places(by: Actor, event: Event, step: timedelta, on: date, at: datetime) -> None:
    """Publish the list anew with its end and days moved."""
    if offer := event.offers.first():
        sheet = _moved(offer, event, step)
        if sheet.content == offer.content:
            open_places(event, sheet, at=at)
        else:
            publish_offer(by=by, on=on, event=event, sheet=sheet, at=at)


def _moved(offer: Offer, event: Event, step: timedelta) -> Sheet:
    sheet, days = sheet_in(offer), {one.isoformat() for one in event.days}
    tickets = []
    for one in sheet.tickets:
        moved = tuple((date.fromisoformat(day) + step).isoformat() for day in one.days)
        if not set(moved) <= days:
            raise Refusals([Problem(field="until_on", message=_("“%(ticket)s” admits to days that fall away.") % {
                "ticket": one.title})])
        tickets.append(replace(one, days=moved))
    closes = max(sheet.closes_at + step, sheet.opens_at + timedelta(hours=1))
    return replace(sheet, tickets=tuple(tickets), closes_at=closes)


def _move_terms(event: Event, at: datetime) -> None:
    """Let nobody pay later than the event begins, when it begins earlier now."""
    begins = timezone.make_aware(datetime.combine(event.from_on, datetime.min.time()))
    for order in Order.objects.owing().filter(event=event, due_at__gt=begins).order_by("pk"):
        order.due_at = max(begins, at + timedelta(hours=1))
        order.save(update_fields=["due_at"])
        say_order(order, corrects=order.placed_key)
