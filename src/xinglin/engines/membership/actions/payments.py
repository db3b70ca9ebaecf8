"""Books money: what came in, which bills it pays, and what of it is sent back; a bill that is full covers its days."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from django.db.models import Max
from django.utils.translation import gettext as _

from xinglin.kernel.actors import Actor
from xinglin.kernel.acts import act, joined, state
from xinglin.kernel.policy import Refusal, require
from xinglin.kernel.refs import Code
from xinglin.lib.money import yuan
from xinglin.mechanics.transfers.book import BANK, enter_money

from ..covering import cover
from ..facts import PaymentAllocated, PaymentReceived, PaymentReturned
from ..fees import Allocation, Charge, Payment, Statement
from ..members import Member
from ..policy import may_keep_fees
from ..refusals import NotYet

# Each book numbers what came in it; the bank's is the house's, whichever engine looks into it.
BOOKS = {Payment.Way.TRANSFER: BANK, Payment.Way.CASH: "membership.cash", Payment.Way.ONLINE: "online"}


class WrongAmount(Refusal):
    """Nothing, or parts of a fen."""

    field = "amount"


class NothingLeft(Refusal):
    """All of the payment is used."""


class NothingToPay(Refusal):
    """The bill is paid, cancelled, or its membership is over."""

    field = "charges"


class NoRefund(Refusal):
    """Fees that were paid are not paid back."""

    field, regulation = "amount", "M4"


@act
def receive_payment(
    *, by: Actor, on: date, way: Payment.Way, amount: Decimal, paid_on: date, serial: str, payer_name: str = "",
    account: str = "", remark: str = "", member: Member | None = None, charges: Sequence[Charge] = (),
    statement: Statement | None = None,
) -> Payment:
    """Book money under its serial and pay these bills with it, oldest first; what is left stays with the payer.

    Money for a membership that is over is booked and kept: the office returns it, or admits anew and allocates it.
    """
    if not joined():
        require(may_keep_fees(actor=by))
    if amount <= 0 or amount != yuan(amount, rounded=True):
        raise WrongAmount(_("Write an amount in yuan and fen, such as 200.00."))
    if paid_on > on:
        raise NotYet(_("That day has not come yet."), field="paid_on")
    payment = Payment.objects.create(
        way=way, amount=amount, paid_on=paid_on, serial=serial.strip(), payer_name=payer_name.strip()[:120],
        account=account.strip(), remark=remark.strip()[:200], statement=statement,
        member=member or (charges[0].spell.member if charges else None))
    enter_money(payment=payment.ref, book=BOOKS[Payment.Way(way)], serial=payment.serial, paid_on=paid_on,
                amount=amount, payer=payment.payer_name, account=payment.account, statement=statement)
    state(PaymentReceived(
        payment=payment.ref, member=payment.member.ref if payment.member else None, way=Code(way), amount=amount,
        paid_on=paid_on, payer_name=payment.payer_name, remark=payment.remark), happened_on=paid_on)
    _pay(payment, charges, on=on)
    return payment


@act
def allocate_payment(*, by: Actor, on: date, payment: Payment, charges: Sequence[Charge]) -> Decimal:
    """Pay bills with what is left of a payment, oldest first; return what is left after that."""
    if not joined():
        require(may_keep_fees(actor=by))
    row = Payment.objects.one_locked(pk=payment.pk)
    if rest_of(row) <= 0:
        raise NothingLeft(_("All of this payment is used."))
    if over := next((one for one in charges if is_over(one, on)), None):
        raise NothingToPay(_("The membership of %(name)s is over; admit anew or take the exit back, or return the "
                             "money.") % {"name": over.spell.member.name}, regulation="M4")
    if not _pay(row, charges, on=on):
        raise NothingToPay(_("Nothing is owed on these bills."))
    if row.member_id is None:
        row.member = charges[0].spell.member
        row.save(update_fields=["member"])
    return rest_of(row)


def is_over(charge: Charge, on: date) -> bool:
    """Say whether the membership that a bill belongs to is over on a day."""
    return bool(charge.spell.ended_on and charge.spell.ended_on <= on)


def rest_of(payment: Payment) -> Decimal:
    """Return what of a payment neither paid a bill nor was sent back."""
    return Payment.objects.weighed().values_list("rest", flat=True).get(pk=payment.pk)


def _pay(payment: Payment, charges: Sequence[Charge], *, on: date) -> int:
    """Allocate to bills that still ask for money and cover those that are full; return how many got something."""
    rest, paid = rest_of(payment), 0
    locked = Charge.objects.held_locked([one.pk for one in charges])
    owed = {one.pk: one.amount - one.received for one in Charge.objects.owed().filter(pk__in=[o.pk for o in locked])}
    for charge in sorted(locked, key=lambda one: (one.due_on, one.pk)):
        give = min(rest, owed.get(charge.pk, Decimal(0)))
        if give <= 0 or is_over(charge, on):
            continue
        Allocation.objects.create(payment=payment, charge=charge, amount=give)
        state(PaymentAllocated(payment=payment.ref, charge=charge.ref, member=charge.spell.member.ref, amount=give))
        rest, paid = rest - give, paid + 1
        if give == owed[charge.pk]:
            latest = charge.allocations.aggregate(last=Max("payment__paid_on"))["last"]
            cover(charge, paid_on=latest)
    return paid


@act
def return_payment(*, by: Actor, on: date, payment: Payment, reason: str, amount: Decimal | None = None) -> Payment:
    """Send back what a payment did not pay off: paid twice, by mistake; what paid a bill stays paid (M4)."""
    require(may_keep_fees(actor=by))
    if not reason.strip():
        raise Refusal(_("Say why."), field="reason")
    row = Payment.objects.one_locked(pk=payment.pk)
    rest = rest_of(row)
    if rest <= 0 and row.returned_on:
        raise NothingLeft(_("It was sent back on %(day)s.") % {"day": row.returned_on})
    if rest <= 0 or (amount or rest) > rest:
        raise NoRefund(_("Only what paid no bill can be sent back: %(rest)s yuan. Fees that were paid are not paid "
                         "back, on an exit neither.") % {"rest": rest})
    back = amount or rest
    row.returned, row.returned_on, row.returned_for = row.returned + back, on, reason.strip()[:120]
    row.save(update_fields=["returned", "returned_on", "returned_for"])
    state(PaymentReturned(payment=row.ref, amount=back, reason=row.returned_for))
    return row
