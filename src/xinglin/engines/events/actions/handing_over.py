"""Says who comes under a place: named, put right, handed over to somebody else, or taken by who has an account."""

from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal

from django.utils import timezone
from django.utils.translation import gettext as _

from xinglin.directory.models import Person
from xinglin.kernel.actors import Actor
from xinglin.kernel.acts import act
from xinglin.kernel.confinement import open_to
from xinglin.kernel.policy import NotAllowed, Refusal
from xinglin.lib.text import folded

from ..booked_for import booked_for, hold_for
from ..holders import hand_on
from ..keys import new_key
from ..letters import tell_handed_over
from ..orders import OrderLine
from ..places import NoName, Party, confirm_paid, is_one_of_many, new_code, say, write_party
from ..pricing import Amount, check_audience, in_force, is_member, price_of
from ..registration_policy import may_run_registrations
from ..registrations import Registration
from .attending import restate_attendances
from .ordering import order_of_its_own
from .registrations import charge_more, in_time, opened, saved


class Nobody(Refusal):
    """A place is handed over to somebody who can be reached."""

    field = "name"


class SomebodyElse(Refusal):
    """Another person than before is no correction."""

    field = "name"


class NotYours(Refusal):
    """The place is in another name, or yours already."""


@act
@open_to("member")
def name_registration(
    *, by: Actor, on: date, registration: Registration, party: Party, key: str = "",
) -> Registration:
    """Say who comes under a place that is not yet named, or put a name right; papers issued under it follow."""
    row = opened(by, registration, key)
    party = replace(party, person=party.person or row.person, unit=party.unit or row.unit)
    if not (party.name.strip() or party.person):
        raise NoName(_("Write the name of who comes."))
    what, before = ("renamed" if row.name else "named"), (row.person_id, row.unit_id, row.role)
    if row.name:
        _correct(row, party, by=by, on=on)
    answers, form = row.answers, row.form
    write_party(row, party)
    if not party.answers:
        row.answers, row.form = answers, form
    saved(row)
    say(row, what=what, anew=(row.person_id, row.unit_id, row.role) != before)
    return row


def _correct(row: Registration, party: Party, *, by: Actor, on: date) -> None:
    """Refuse what names somebody else; a slip of the pen is put right before the ticket was used (SomebodyElse)."""
    if row.person and party.name.strip() not in ("", row.person.name):
        raise SomebodyElse(_("This name comes from the directory."), instead=_(
            "Have it put right there; if somebody else comes, hand the place over."))
    if (party.person or row.person) != row.person:
        raise SomebodyElse(_("This is somebody else."), instead=_("Hand the place over."))
    if row.person or party.name.strip() == row.name or may_run_registrations(actor=by, event=row.event):
        return
    if on >= row.event.until_on or row.scans.filter(turn=row.turn).exists():
        raise SomebodyElse(_("The ticket was used already, or the event is over."), instead=_(
            "Ask those who run the event to put the name right."))
    kept = {row.mobile, row.email} & {party.mobile.strip(), party.email.strip()}
    if (row.mobile or row.email) and not kept - {""}:
        raise SomebodyElse(_("Name, mobile number and e-mail address are all different: this is somebody else."),
                           instead=_("Hand the place over; the other person gets a ticket of their own."))


@act
@open_to("member")
def transfer_registration(
    *, by: Actor, on: date, at: datetime, registration: Registration, to: Party, key: str = "",
) -> Registration:
    """Hand a place over to somebody else: their ticket bears another code and is sent to them; the old one is dead."""
    row = opened(by, registration, key)
    in_time(row, on)
    if not (to.name.strip() or to.person):
        raise Nobody(_("Write the name of who comes instead."))
    if not (to.person or to.email.strip() or to.mobile.strip() or may_run_registrations(actor=by, event=row.event)):
        raise Nobody(_("Write an e-mail address or a mobile number: the new ticket is sent there."), field="email")
    many = is_one_of_many(row)  # priced by who pays, whoever comes
    member = row.as_member if many else is_member(who=[to.person.ref if to.person else None], on=on)
    if not many:
        check_audience(ticket=row.ticket, member=member)
    dearer = _dearer(row, member=member)
    hold_for(row, holder=booked_for(to, row), many=many, at=at)
    hand_on(registration=row, at=at)
    write_party(row, replace(to, unit=to.unit or (row.unit if many else None), role=row.role))
    row.code, row.key, row.as_member = new_code(), new_key(), row.as_member and member
    saved(row)
    if dearer and row.order is None:
        order_of_its_own(row, by=by, on=on, at=at, offer=in_force(event=row.event_id, at=row.registered_at))
    lines = charge_more(row, dearer, on=on, at=at) if dearer else []
    row.save(update_fields=["state"])
    say(row, what="transferred", lines=lines, anew=True)
    if lines and row.order:
        confirm_paid(row.order, on=on)
    tell_handed_over(row, owed=sum((one.amount for one in lines), Decimal(0)))
    return row


def _dearer(row: Registration, *, member: bool) -> list[Amount]:
    """Return what a place costs more for who is no member; it never becomes cheaper by being handed over."""
    if member or not row.as_member:
        return []
    moment = row.order.placed_at if row.order else row.registered_at
    offer = row.order.offer if row.order else in_force(event=row.event_id, at=moment)
    day = timezone.localdate(moment)
    ours, theirs = (price_of(offer=offer, ticket=row.ticket, member=one, on=day) for one in (True, False))
    if ours is None or theirs is None or theirs.amount <= ours.amount:
        return []
    return [Amount(sort=OrderLine.Sort.TICKET, amount=theirs.amount - ours.amount, price=theirs)]


@act
@open_to("member")
def claim_registration(*, by: Actor, on: date, at: datetime, key: str) -> Registration:
    """Take a place that somebody bought for the signed-in person: what they attend there is theirs from now on."""
    found = Registration.objects.filter(key=key).first() if key else None
    if found is None or by.person is None:
        raise NotAllowed(_("Only a signed-in person takes a place, by its address."))
    row, person = opened(by, found, key), Person.objects.get(pk=by.person.key)
    if row.key != key:  # it was handed over this very moment
        raise NotAllowed(_("Only a signed-in person takes a place, by its address."))
    if row.person_id == person.pk:
        raise NotYours(_("This place is yours already."))
    if row.person_id or (row.name and folded(text=row.name) != folded(text=person.name)):
        raise NotYours(_("This place is in the name of %(name)s.") % {"name": row.name}, instead=_(
            "If that is you, have the name put right first; if you come instead, have it handed over."))
    hold_for(row, holder=person.ref, many=is_one_of_many(row), at=at)
    row.person, row.name = person, person.name
    saved(row)
    say(row, what="claimed", anew=True)
    restate_attendances(registration=row)
    return row
