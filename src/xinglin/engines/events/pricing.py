"""What a place costs: the line of the list that was in force when it was held, by the day and by the standing (K2)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.utils import timezone
from django.utils.translation import gettext as _

from xinglin.kernel.policy import Refusal
from xinglin.kernel.ports import ask
from xinglin.kernel.ports.standing import Standings
from xinglin.kernel.refs import Ref
from xinglin.lib.money import yuan
from xinglin.mechanics.booking.models import Hold

from .offers import Audience, Offer, Option, Price, Ticket, Voucher
from .orders import OrderLine
from .registrations import Registration


class NotOffered(Refusal):
    """The list in force does not offer this, or not today."""

    field, regulation = "ticket", "K2.published"


class NotForYou(Refusal):
    """The ticket is for others."""

    field, regulation = "ticket", "K2.classes"


class WrongVoucher(Refusal):
    """The code is not on the published list, is used up, over, or for another ticket."""

    field, regulation = "voucher", "K2.published"


@dataclass(frozen=True, kw_only=True)
class Amount:
    """One amount to be charged."""

    sort: str
    amount: Decimal
    price: Price | None = None


@dataclass(frozen=True, kw_only=True)
class Quote:
    """What one place costs, line by line."""

    offer: Offer
    member: bool
    lines: tuple[Amount, ...]
    voucher: Voucher | None = None

    @property
    def total(self) -> Decimal:
        """What is to be paid in all."""
        return sum((one.amount for one in self.lines), Decimal(0))


def promised(*, ticket: Ticket, token: str) -> tuple[Offer, date]:
    """Return the list and the day that a held place was promised under: those of the moment it was taken (K2)."""
    moment = Hold.objects.values_list("held_at", flat=True).get(token=token)
    return in_force(event=ticket.event_id, at=moment), timezone.localtime(moment).date()


@dataclass(frozen=True, kw_only=True)
class Terms:
    """Under what a held place can be had: the list and day of the hold, the standing then, and the line that holds."""

    ticket: Ticket
    offer: Offer
    on: date
    member: bool
    price: Price | None


def terms_of(*, ticket: Ticket, token: str, who: Iterable[Ref | None]) -> Terms:
    """Return the terms of a held place for who comes or who pays; the page shows and the act charges these."""
    offer, day = promised(ticket=ticket, token=token)
    member = is_member(who=who, on=day)
    return Terms(ticket=ticket, offer=offer, on=day, member=member,
                 price=price_of(offer=offer, ticket=ticket, member=member, on=day))


def in_force(*, event: int, at: datetime) -> Offer:
    """Return the list of an event at a moment (NotOffered)."""
    offer = Offer.objects.in_force(event=event, at=at)
    if offer is None:
        raise NotOffered(_("No prices are published for this event yet."))
    return offer


def is_member(*, who: Iterable[Ref | None], on: date) -> bool:
    """Say whether one of these is a member in good standing on a day."""
    members = [one for one in who if one is not None]
    return bool(members) and any(one.good for one in ask(Standings).of(members=members, on=on).values())


def quote(*, terms: Terms, options: Sequence[Option] = (), voucher: Voucher | None = None) -> Quote:
    """Return what a place costs under its terms (NotOffered, NotForYou, WrongVoucher)."""
    ticket, price = terms.ticket, terms.price
    check_audience(ticket=ticket, member=terms.member)
    if price is None:
        raise NotOffered(_("“%(ticket)s” is not offered today.") % {"ticket": ticket})
    if ticket.voucher_needed and voucher is None:
        raise WrongVoucher(_("“%(ticket)s” needs a voucher.") % {"ticket": ticket})
    lines = [Amount(sort=OrderLine.Sort.TICKET, amount=price.amount, price=price)]
    if voucher and (off := min(price.amount, voucher.amount + yuan(price.amount * voucher.percent / 100,
                                                                   rounded=True))):
        lines.append(Amount(sort=OrderLine.Sort.VOUCHER, amount=-off))
    lines += option_amounts(offer=terms.offer, options=options)
    return Quote(offer=terms.offer, member=terms.member, lines=tuple(one for one in lines if one.amount),
                 voucher=voucher)


def check_audience(*, ticket: Ticket, member: bool) -> None:
    """Refuse a ticket to those it is not for (NotForYou)."""
    if ticket.audience == Audience.MEMBER and not member:
        raise NotForYou(_("“%(ticket)s” is for members in good standing on the day of the order.") % {
            "ticket": ticket}, instead=_("Choose another class, or renew the membership first."))
    if ticket.audience == Audience.NON_MEMBER and member:
        raise NotForYou(_("“%(ticket)s” is for those who are no members; the class of members costs less.") % {
            "ticket": ticket})


def price_of(*, offer: Offer, ticket: Ticket, member: bool, on: date) -> Price | None:
    """Return the lowest line of a list that holds for somebody on a day, None where there is none."""
    return lowest(offer.prices.filter(ticket=ticket), member=member, on=on)


def lowest(prices: Iterable[Price], *, member: bool, on: date) -> Price | None:
    """Return the lowest of the lines of a ticket that hold for somebody on a day, None where there is none."""
    hold = [one for one in prices if (member or not one.members) and (one.from_on is None or one.from_on <= on)
            and (one.until_on is None or on < one.until_on)]
    return min(hold, key=lambda one: (one.amount, one.pk), default=None)


def not_offered(option: Option) -> NotOffered:
    """Return the refusal of what somebody chose and nobody can have now."""
    return NotOffered(_("“%(option)s” is not offered any more.") % {"option": option}, field=option.question)


def option_amounts(*, offer: Offer, options: Sequence[Option]) -> list[Amount]:
    """Return what options cost by a list (NotOffered)."""
    found = {one.option_id: one for one in offer.prices.filter(option__in=options)} if options else {}
    for option in options:
        if option.pk not in found:
            raise not_offered(option)
    return [Amount(sort=OrderLine.Sort.OPTION, amount=found[one.pk].amount, price=found[one.pk]) for one in options]


def voucher_for(*, ticket: Ticket, offer: Offer, code: str, on: date, count: int = 1) -> Voucher | None:
    """Return a voucher as the list of the hold has it, if it can still be used so often, locked (WrongVoucher)."""
    if not code.strip():
        return None
    found = Voucher.objects.one_locked(offer=offer, code=code.strip().upper())
    if found is None:
        raise WrongVoucher(_("“%(code)s” is on no list of this event.") % {"code": code.strip()})
    if found.ticket_id not in (None, ticket.pk):
        raise WrongVoucher(_("This code is for “%(ticket)s”.") % {"ticket": found.ticket})
    if found.until_on and found.until_on <= on:
        raise WrongVoucher(_("This code held until before %(day)s.") % {"day": found.until_on})
    used = Registration.objects.live().filter(voucher__event=found.event_id, voucher__code=found.code)
    if used.count() + count > found.uses:
        raise WrongVoucher(_("This code is used up."))
    return found
