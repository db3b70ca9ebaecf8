"""A place as it is taken, changed and given back: amounts, options and codes, shared by the acts on it."""

import json
import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from xinglin.directory.models import Organisation, Person
from xinglin.kernel import regulations
from xinglin.kernel.acts import state
from xinglin.kernel.policy import Problem, Refusal, Refusals
from xinglin.kernel.refs import Code
from xinglin.lib.money import yuan
from xinglin.lib.transfer_codes import ALPHABET
from xinglin.mechanics.booking import holding
from xinglin.mechanics.booking.models import Hold
from xinglin.mechanics.booking.values import NotBooked, Refused, Waitlisted
from xinglin.mechanics.questionnaires.answers import packed

from .facts_orders import RegistrationChanged, RegistrationConfirmed
from .meetings import Event, Format
from .meetings import State as EventState
from .offering import sheet_in
from .offers import Channel, Offer, Option, Ticket
from .orders import Order, OrderLine
from .pricing import Amount, not_offered
from .registrations import Chosen, Registration, Role, State
from .sign_up import meeting, sessions_of

CODE_LENGTH = 8


class NoName(Refusal):
    """A registration bears a name, unless it is one of a group that is named later."""

    field = "name"


@dataclass(frozen=True, kw_only=True)
class Party:
    """Who comes, as far as it is known."""

    name: str = ""
    person: Person | None = None
    unit_name: str = ""
    unit: Organisation | None = None
    email: str = ""
    mobile: str = ""
    role: str = Role.DELEGATE
    answers: Mapping[str, Any] = field(default_factory=dict)
    guest: bool = False  # somebody else than who asks: the name is taken as it is typed


def write_party(row: Registration, party: Party) -> None:
    """Write who comes into a registration (Refusals)."""
    row.person, row.unit = party.person, party.unit
    row.name = (party.person.name if party.person else party.name).strip()[:60]
    row.unit_name = (party.unit_name or (party.unit.name if party.unit else "")).strip()[:120]
    row.email, row.mobile, row.role = party.email.strip(), party.mobile.strip(), party.role
    row.answers = json.dumps(packed(party.answers), ensure_ascii=False) if party.answers else ""


def options_in(*, offer: Offer, answers: Mapping[str, Any]) -> list[Option]:
    """Return the options that were chosen in a form; what the list names without price and limit is an answer only.

    A list outlives the session that an answer of it names: what left the programme is refused (NotOffered).
    """
    chosen, sheet = set(), sheet_in(offer)
    for code, answer in answers.items():
        for one in answer if isinstance(answer, list | tuple) else (answer,):
            chosen.add((code, str(one)))
    options = offer.event.options.select_related("session")
    found = [one for one in options if (one.question, one.code) in chosen - sheet.plain_choices()]
    with_session = {(question.code, choice.code) for question, choice in sheet.options() if choice.session}
    for one in found:
        if one.session is None and (one.question, one.code) in with_session:
            raise not_offered(one)
    return found


def hold_options(*, registration: Registration, options: Sequence[Option], on: date, at: datetime) -> None:
    """Take the places of options; what is sold out is said beside its question, and nothing is taken (Refusals)."""
    problems = []
    there = sessions_of(registration)
    for option in options:
        token = ""
        if option.session:
            own = registration.chosen.filter(option__session=option.session, option__question="").first()
            if own:  # they signed up before a list named the session: one place, chosen in the form from now on
                own.option = option
                own.save(update_fields=["option"])
                continue
            problems += meeting([option.session], there=there, field=option.question)
            there.append(option.session)
        if option.item:  # what was offered from the waiting list, else what is free
            waited = [one for one in holding.held_by(who=registration.ref, items=[option.item], at=at)
                      if one.state == "held"]
            held = waited[0] if waited else holding.hold(
                item=option.item, who=registration.ref, at=at, key=f"option:{registration.pk}:{option.pk}")
            if isinstance(held, Waitlisted | Refused):
                problems.append(Problem(field=option.question, message=_("“%(option)s”: no place is left.") % {
                    "option": option}))
                continue
            token = placed(holding.confirm(token=held.token, at=at)).token
        Chosen.objects.create(registration=registration, option=option, booking=token, chosen_on=on)
    if problems:
        raise Refusals(problems)


def placed(answer: holding.Held | Waitlisted | Refused) -> holding.Held:
    """Return a place that was got (NotBooked)."""
    if isinstance(answer, Refused):
        raise answer.refusal()
    if isinstance(answer, Waitlisted):
        raise NotBooked(_("You are number %(position)d on the waiting list.") % {"position": answer.position})
    return answer


def is_one_of_many(row: Registration) -> bool:
    """Say whether a place was ordered among many: whoever comes, it was priced by who pays."""
    return Hold.objects.filter(token=row.booking, item=row.ticket.group_item).exists()


def new_code() -> str:
    """Return a code for a ticket that is not in use, short enough to be read out."""
    while True:
        code = "".join(secrets.choice(ALPHABET) for _place in range(CODE_LENGTH))
        if not Registration.objects.filter(code=code).exists():
            return code


def charge(*, order: Order, registration: Registration, amounts: Iterable[Amount], on: date) -> list[OrderLine]:
    """Add lines to an order."""
    return OrderLine.objects.bulk_create([
        OrderLine(order=order, registration=registration, sort=one.sort, price=one.price, amount=one.amount,
                  added_on=on) for one in amounts])


def owed_for(order: Order) -> Decimal:
    """Return what is owed for an order now, below zero: what goes back."""
    return Order.objects.weighed().values_list("owed", flat=True).get(pk=order.pk)


def confirm_paid(order: Order, *, on: date) -> list[Registration]:
    """Confirm the places of an order when nothing is owed for it any more."""
    if owed_for(order) > 0:
        return []
    rows = list(order.registrations.filter(state=State.HELD).select_related("event__organisation", "ticket", "person",
                                                                            "unit", "voucher", "order"))
    for row in rows:
        confirm(row)
    return rows


def confirm(row: Registration, lines: Sequence[OrderLine] = ()) -> None:
    """Confirm a registration for which nothing is owed."""
    row.state = State.CONFIRMED
    row.save(update_fields=["state"])
    say(row, lines=lines)


def say(
    row: Registration, *, what: str = "", why: str = "", lines: Sequence[OrderLine] = (), anew: bool = False,
) -> None:
    """State how a registration stands now, so that a place counts once: each word on it corrects the one before.

    Without `what` it was confirmed; what is not confirmed any more counts no more; `anew` says that somebody else
    has the confirmed place, who is counted instead.
    """
    confirmed, key = row.state == State.CONFIRMED, row.confirmed_key
    if what:
        said = state(RegistrationChanged(**_snapshot(row, lines), what=Code(what), why=Code(why) if why else None),
                     corrects=None if confirmed else key)
        key = key if confirmed or key is None else said
    if not what or (anew and confirmed):
        key = state(RegistrationConfirmed(**_snapshot(row, () if what else lines)), corrects=key)
    if key != row.confirmed_key:
        row.confirmed_key = key
        row.save(update_fields=["confirmed_key"])


def _snapshot(row: Registration, lines: Sequence[OrderLine]) -> dict[str, Any]:
    amounts = [{"sort": str(one.sort), "price": one.price_id, "amount": str(one.amount)} for one in lines]
    return {
        "registration": row.ref, "event": row.event.ref, "organisation": row.event.organisation.ref,
        "ticket": row.ticket.ref, "channel": Code(row.ticket.channel), "purchase": row.order.ref if row.order else None,
        "person": row.person.ref if row.person else None, "unit": row.unit.ref if row.unit else None,
        "role": Code(row.role), "standing": Code(row.state), "voucher": row.voucher.ref if row.voucher else None,
        "options": tuple(one.option.ref for one in row.chosen.select_related("option")),
        "member": row.as_member,
        "charged": sum((one.amount for one in lines), Decimal(0)), "name": row.name, "unit_name": row.unit_name,
        "amounts": json.dumps(amounts) if amounts else ""}


@dataclass(frozen=True, kw_only=True)
class Share:
    """Which part of a fee goes back, and the rule that says so."""

    percent: int
    regulation: str


def refund_share(*, registration: Registration, on: date) -> Share:
    """Return which part of the fee goes back on a day (K2)."""
    event = registration.event
    if event.moved_on and timezone.localdate(registration.registered_at) <= event.moved_on and on < event.from_on:
        return Share(percent=100, regulation="K2.moved")
    moved = event.format == Format.ONLINE and registration.ticket.channel == Channel.ON_SITE
    if event.state == EventState.CANCELLED or moved:
        return Share(percent=100, regulation="K2.refund")
    days = (event.from_on - on).days
    if days >= int(regulations.value("K2.full_days", on=on)):
        return Share(percent=100, regulation="K2.full_days")
    if days >= int(regulations.value("K2.half_days", on=on)):
        return Share(percent=int(regulations.value("K2.part_percent", on=on)), regulation="K2.half_days")
    return Share(percent=0, regulation="K2.half_days")


@dataclass(frozen=True, kw_only=True)
class Given:
    """What giving a place back means in money: its fee, what is taken off the order, what goes back to the payer."""

    fee: Decimal
    credit: Decimal
    back: Decimal
    share: Share


def giving_back(*, registration: Registration, on: date, unpaid: bool = False) -> Given:
    """Compute what giving a place back is worth today: shown before, and done by the act alike.

    What was not paid is not owed any more; a part is kept of what was paid only, and never more than came. `unpaid`:
    nothing is kept at all, of who never paid in full or whose event does not take place.
    """
    share = refund_share(registration=registration, on=on)
    order = registration.order
    fee = sum((one.amount for one in registration.lines.all()), Decimal(0))
    if order is None or fee <= 0:
        return Given(fee=max(fee, Decimal(0)), credit=max(fee, Decimal(0)), back=Decimal(0), share=share)
    weighed = Order.objects.weighed().get(pk=order.pk)
    came = weighed.received - weighed.sent_back
    free = max(Decimal(0), came - (weighed.total - fee))  # of what came, what the other places do not need
    kept = Decimal(0) if unpaid else min(free, fee - yuan(fee * share.percent / 100, rounded=True))
    before, after = max(Decimal(0), came - weighed.total), max(Decimal(0), came - (weighed.total - fee + kept))
    return Given(fee=fee, credit=fee - kept, back=after - before, share=share)


def due_at(*, days: int, event: Event, at: datetime) -> datetime:
    """Return the term of an order: so many days, never past the day before the event."""
    return min(at + timedelta(days=days), max(at + timedelta(hours=1), _start_of(event)))


def _start_of(event: Event) -> datetime:
    return timezone.make_aware(datetime.combine(event.from_on, datetime.min.time()))


def payable(ticket: Ticket) -> bool:
    """Say whether a ticket admits to a hall, where a desk takes money."""
    return ticket.channel == Channel.ON_SITE


def said_answers(row: Registration) -> dict[str, Any]:
    """Return what was answered in the form, as JSON values."""
    return dict(json.loads(row.answers)) if row.answers else {}
