"""The facts of registering: lists published, places registered and changed, orders placed, money in and out."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from xinglin.kernel.facts import Dimension, Fact, Noun, Quantity, Vocabulary, states
from xinglin.kernel.refs import Code, Ref


def _silent(zh: str, en: str) -> Vocabulary:
    """Return the vocabulary of a fact that nobody promises in a plan."""
    return Vocabulary(zh=zh, en=en, countable=False)


@states("events.offer.published", _silent("报名价目已公布", "List of prices published"), annexed=("content",))
class OfferPublished(Fact):
    """The prices, tickets, options and vouchers of an event were published under a number (K2)."""

    offer: Ref
    event: Ref
    number: int
    digest: Code  # of the content
    tickets: tuple[Ref, ...]
    content: str = ""  # JSON


@dataclass(frozen=True, kw_only=True)
class _RegistrationSaid(Fact):
    registration: Ref
    event: Ref
    organisation: Ref
    ticket: Ref
    channel: Code
    purchase: Ref | None = None
    person: Ref | None = None
    unit: Ref | None = None
    role: Code
    standing: Code
    options: tuple[Ref, ...] = ()
    voucher: Ref | None = None
    member: bool  # in good standing on the day of order
    charged: Decimal  # what this adds to the order, below zero: takes off
    name: str = ""
    unit_name: str = ""
    amounts: str = ""  # JSON: the amounts added


@states("events.registration.confirmed", Vocabulary(
    zh="报名已确认", en="Registration confirmed",
    nouns=(Noun(zh="活动报名", en="registrations", units=("人", "人次", "个", "名")),),
    dimensions=(Dimension(field="event", zh="活动", en="Event", distinct=True, units=("场", "个")),
                Dimension(field="organisation", zh="主办机构", en="Organisation", distinct=True, units=("个", "家")),
                Dimension(field="channel", zh="参加方式", en="Hall or stream"),
                Dimension(field="role", zh="参会身份", en="As what"),
                Dimension(field="member", zh="是否会员", en="Member"),
                Dimension(field="person", zh="参会人员", en="Person", distinct=True, units=("人", "名")),
                Dimension(field="unit", zh="参会单位", en="Unit", distinct=True, units=("家",)))),
    annexed=("name", "unit_name", "amounts"))
class RegistrationConfirmed(_RegistrationSaid):
    """Somebody has a place at an event and owes nothing for it: the ticket admits."""


@states("events.registration.changed", _silent("报名已变更", "Registration changed"),
        annexed=("name", "unit_name", "amounts"))
class RegistrationChanged(_RegistrationSaid):
    """A place was taken to be paid, named, handed over, given other options or given back: as it stands now."""

    what: Code
    why: Code | None = None


@states("events.order.placed", _silent("活动订单已提交", "Order of an event placed"),
        annexed=("payer_name", "number"))
class OrderPlaced(Fact):
    """Somebody undertook to pay for one or many places; a later word corrects the term."""

    purchase: Ref
    event: Ref
    offer: Ref
    person: Ref | None = None
    unit: Ref | None = None
    way: Code
    places: int
    total: Decimal
    due_on: date | None = None
    payer_name: str = ""
    number: str = ""


@states("events.payment.received", Vocabulary(
    zh="已收报名费", en="Registration fee received",
    nouns=(Noun(zh="报名缴费", en="registration payments", units=("笔",)),),
    dimensions=(Dimension(field="event", zh="活动", en="Event", distinct=True, units=("场", "个")),
                Dimension(field="way", zh="缴费方式", en="How it was paid")),
    quantities=(Quantity(field="amount", zh="报名费", en="Registration fees", units=("元", "万元")),)),
    annexed=("payer_name",))
class PaymentReceived(Fact):
    """Money came for an order, under its serial."""

    payment: Ref
    purchase: Ref
    event: Ref
    way: Code
    amount: Decimal
    paid_on: date
    payer_name: str = ""


@states("events.payment.refunded", Vocabulary(
    zh="已退报名费", en="Registration fee sent back",
    nouns=(Noun(zh="报名费退款", en="refunds", units=("笔",)),),
    dimensions=(Dimension(field="event", zh="活动", en="Event", distinct=True, units=("场", "个")),),
    quantities=(Quantity(field="amount", zh="退费金额", en="Sent back", units=("元", "万元")),)))
class PaymentRefunded(Fact):
    """Money was sent back for an order, by rule K2 and never more than came."""

    refund: Ref
    purchase: Ref
    event: Ref
    amount: Decimal
    sent_on: date
