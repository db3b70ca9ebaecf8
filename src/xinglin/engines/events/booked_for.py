"""Under whose name booking counts a place: who comes, not who registered them or had the place before."""

from datetime import datetime

from xinglin.kernel.refs import Ref
from xinglin.mechanics.booking import holding
from xinglin.mechanics.booking.values import Refused

from .carts import visitor
from .places import Party
from .registrations import Registration


def booked_for(party: Party, row: Registration) -> Ref:
    """Return under whose name booking counts a place: a person, an e-mail address, else the place itself."""
    if party.person:
        return party.person.ref
    return visitor(party.email) if party.email.strip() else row.ref


def hold_for(row: Registration, *, holder: Ref, many: bool, at: datetime) -> None:
    """Give a place another holder; one of many stays with the hold of who ordered them (NotBooked)."""
    if not many:
        answer = holding.transfer(token=row.booking, to=holder, at=at)
        if isinstance(answer, Refused):
            raise answer.refusal(field="name")
        row.booking = answer.token
    row.who = str(holder)
