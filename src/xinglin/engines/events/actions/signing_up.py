"""Signs a participant up for a single session and off again; the place is of the session, never one too many."""

from datetime import date, datetime

from django.utils.translation import gettext as _

from xinglin.kernel.actors import Actor
from xinglin.kernel.acts import act
from xinglin.kernel.confinement import open_to
from xinglin.kernel.policy import Refusal, Refusals
from xinglin.mechanics.booking import holding
from xinglin.mechanics.booking.values import Held

from ..offers import Option
from ..places import placed, say
from ..programme import Session
from ..registrations import Registration
from ..sign_up import admits, meeting, option_of, sessions_of
from .registrations import opened


class NoSignUp(Refusal):
    """This session is open to everybody who has a ticket, or is chosen in the form."""

    field = "session"


class NotAdmitted(Refusal):
    """The ticket does not admit to it."""

    field = "session"


class TooLateToSign(Refusal):
    """The session has begun."""

    field = "session"


class Full(Refusal):
    """No place of the session is left."""

    field = "session"


class Unchanged(Refusal):
    """It stands so already: a second click."""

    field = "session"


@act
@open_to("member")
def sign_up(
    *, by: Actor, on: date, at: datetime, registration: Registration, session: Session, key: str = "",
) -> Registration:
    """Take a place of a session for who has a ticket, or the one offered from its waiting list."""
    row = opened(by, registration, key)
    option = _option(session, at)
    if row.chosen.filter(option=option).exists():
        raise Unchanged(_("You are signed up already."))
    if not row.admits:
        raise NotAdmitted(_("Sessions are signed up for once the registration is paid and bears a name."))
    if not admits(row, session):
        raise NotAdmitted(_("The ticket does not admit to this session: another day, hall or stream."))
    if problems := meeting([session], there=sessions_of(row), field="session"):
        raise Refusals(problems)
    row.chosen.create(option=option, booking=_place(row, option, at), chosen_on=on)
    say(row, what="signed_up")
    return row


@act
@open_to("member")
def sign_off(
    *, by: Actor, on: date, at: datetime, registration: Registration, session: Session, key: str = "",
) -> Registration:
    """Give the place of a session back: it goes to who waits for it."""
    row = opened(by, registration, key)
    found = row.chosen.filter(option__session=session, option__question="").first()
    if found is None:
        _option(session, at)
        raise Unchanged(_("You are not signed up for it."))
    _in_time(session, at)
    holding.cancel(token=found.booking, at=at)
    found.delete()
    say(row, what="signed_off")
    return row


def _option(session: Session, at: datetime) -> Option:
    option = option_of(session)
    if option is None or option.item is None:
        raise NoSignUp(_("Nobody signs up for this session: every ticket admits."))
    if option.question:
        raise NoSignUp(_("This session is chosen in the form."), instead=_("Change the options of the registration."))
    _in_time(session, at)
    return option


def _in_time(session: Session, at: datetime) -> None:
    if at >= session.from_at:
        raise TooLateToSign(_("The session has begun."))


def _place(row: Registration, option: Option, at: datetime) -> str:
    """Confirm what was offered from the waiting list, else take what is free (Full)."""
    item = option.item or 0
    found = next(iter(holding.held_by(who=row.ref, items=[item], at=at)), None) or holding.hold(
        item=item, who=row.ref, key=f"session:{row.pk}", at=at)
    if not isinstance(found, Held):
        raise Full(_("No place is left; the waiting list tells when one is free."))
    return placed(holding.confirm(token=found.token, at=at)).token
