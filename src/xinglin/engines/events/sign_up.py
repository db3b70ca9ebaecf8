"""Signing up for single sessions: places of their own, a waiting list each, nobody in two at the same time."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from xinglin.kernel.policy import Problem
from xinglin.kernel.refs import Ref
from xinglin.mechanics.booking import holding, waiting
from xinglin.mechanics.booking.models import Waiting
from xinglin.mechanics.booking.values import Held, Left, Refused, Waitlisted

from .offers import Channel, Option
from .on_sale import end_item, item_of, pool_of
from .programme import Session
from .registrations import Registration


def _code(session: Session) -> str:
    return f"session:{session.pk}"


def open_sign_up(session: Session, *, at: datetime) -> None:
    """Give a session as many places as it says, until it begins; one without places has no sign-up (Refusals)."""
    event = session.event
    own = Option.objects.filter(event=event, question="", code=_code(session)).first()
    if session.places is None:
        if own:
            end_item(event=event, code=_code(session), at=at)
        return
    own = own or Option(event=event, question="", code=_code(session), session=session)
    own.title, own.title_en, own.item = session.title[:80], session.title_en[:120], session_item(session, at=at)
    own.save()


def session_item(session: Session, *, at: datetime) -> int:
    """Return what is booked for a session with places, by its own sign-up or an answer of the form, until it begins."""
    needs = {pool_of(event=session.event, code=_code(session), capacity=session.places or 0, at=at, field="places"): 1}
    return item_of(event=session.event, code=_code(session), needs=needs, at=at, until_at=session.from_at,
                   waits_until_at=session.from_at).pk


def close_sign_up(session: Session, *, at: datetime) -> set[int]:
    """End the sign-up of a session that leaves the programme, by itself and in the form; return who waited for it.

    Its options are locked, so that whoever is signing up at this moment has done so or is refused.
    """
    options = list(Option.objects.filter(session=session).order_by("pk").select_for_update(of=("self",)))
    items = [one.item for one in options if one.item]
    waits = Waiting.objects.filter(item__in=items, state__in=("waiting", "offered")).values_list("who", flat=True)
    waiters = {int(Ref(who).key) for who in waits}
    asked = [(one.question, one.code) for one in options if one.question]
    for code in (_code(session), *(f"option:{question}:{answer}" for question, answer in asked)):
        end_item(event=session.event, code=code, at=at)
    return waiters


def forget_sign_up(session: Session) -> None:
    """Forget the sign-up of a session that left the programme, unless somebody who gave the place back had it."""
    Option.objects.filter(session=session, question="", chosen=None).delete()


def option_of(session: Session) -> Option | None:
    """Return by which option one has a place of a session: an answer of the form, else its own."""
    return Option.objects.filter(session=session).order_by("question").last()


def sessions_of(registration: Registration) -> list[Session]:
    """Return the sessions that somebody signed up for or chose in the form."""
    return list(Session.objects.filter(options__chosen__registration=registration).distinct().order_by("from_at", "pk"))


def meeting(sessions: Iterable[Session], *, there: Iterable[Session], field: str) -> list[Problem]:
    """Return a problem for each session that meets another one which was chosen."""
    known, found = list(there), []
    for one in sessions:
        for other in known:
            if one.meets(other):
                found.append(Problem(field=field, message=_("“%(one)s” (%(time)s) meets “%(other)s” (%(then)s).") % {
                    "one": one, "time": span(one), "other": other, "then": span(other)}))
        known.append(one)
    return found


def span(session: Session) -> str:
    """Return the day and times of a session in short."""
    begin, end = timezone.localtime(session.from_at), timezone.localtime(session.until_at)
    return f"{begin:%m-%d %H:%M}–{end:%H:%M}"


def admits(registration: Registration, session: Session) -> bool:
    """Say whether a ticket admits to a session: its days, and the hall or the stream."""
    day = timezone.localtime(session.from_at).date()
    here = session.on_site if registration.ticket.channel == Channel.ON_SITE else session.online
    return here and day in registration.days_on


@dataclass(frozen=True, kw_only=True)
class SignUp:
    """How a session stands for one registration: signed up, a place offered, waited for, free, full, or none needed."""

    session: Session
    option: Option | None = None
    chosen: bool = False
    held: Held | None = None
    waits: Waitlisted | None = None
    left: Left | None = None
    meets: tuple[Session, ...] = ()
    open: bool = False


def sign_ups(registration: Registration, sessions: Iterable[Session], *, at: datetime) -> dict[int, SignUp]:
    """Return how every session with places stands for a registration, by key."""
    wanted = [one for one in sessions if one.places is not None]
    options = {one.session_id: one for one in Option.objects.filter(session__in=wanted).order_by("question")}
    taken = Option.objects.filter(session__in=wanted, chosen__registration=registration)
    options |= {one.session_id: one for one in taken}  # signed up before the form named the session: signed off so
    items = [one.item for one in options.values() if one.item]
    left = holding.left(items=items, at=at)
    held = {one.item: one for one in holding.held_by(who=registration.ref, items=items, at=at)}
    waits = {one.item: one for one in waiting.waits_of(who=registration.ref, items=items, at=at)}
    mine = sessions_of(registration)
    return {one.pk: SignUp(
        session=one, option=option, chosen=one in mine, held=held.get(option.item), waits=waits.get(option.item),
        left=left.get(option.item), meets=tuple(other for other in mine if one.meets(other)),
        open=at < one.from_at and admits(registration, one) and registration.admits)
        for one in wanted if (option := options.get(one.pk))}


def wait_for(registration: Registration, session: Session, *, at: datetime) -> Waitlisted | Held | Refused:
    """Put a registration on the waiting list of a session, until it begins; who could sign up at once is offered it."""
    option = option_of(session)
    return waiting.wait(item=option.item if option and option.item else 0, who=registration.ref, at=at,
                        until_at=session.from_at)


def leave_wait(registration: Registration, *, at: datetime, session: Session | None = None) -> None:
    """Leave the waiting list of a session, or those of all; a place that is offered goes to the next."""
    rows = Option.objects.filter(event=registration.event, item__isnull=False)
    items = rows.filter(session=session) if session else rows
    keys = [one for one in items.values_list("item", flat=True) if one]
    for line in waiting.waits_of(who=registration.ref, items=keys, at=at):
        waiting.leave_waiting(token=line.token, at=at)
    for offer in waiting.offered_to(who=registration.ref, items=keys, at=at):
        holding.release(token=offer.token, at=at)
