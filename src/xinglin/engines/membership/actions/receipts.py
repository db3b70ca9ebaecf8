"""Makes out numbered fee receipts for bills that are paid, and voids them; a number is never given again."""

from datetime import date

from django.utils.translation import gettext as _

from xinglin.kernel.actions.numbering import issue_number, open_series, void_number
from xinglin.kernel.actors import Actor, house
from xinglin.kernel.acts import act, state
from xinglin.kernel.numbering import IssuedNumber, NumberSeries
from xinglin.kernel.policy import Refusal, require
from xinglin.kernel.refs import Code

from ..facts import ReceiptIssued
from ..fees import Charge, Receipt
from ..policy import may_keep_fees

SERIES = Code("membership.receipt")
PATTERN = "会据{year}-{serial:06}"


class NotPaid(Refusal):
    """A receipt says that money came; it has not, or not all of it."""

    regulation = "F3"


class IssuedAlready(Refusal):
    """There is a receipt for this bill."""


class VoidAlready(Refusal):
    """The receipt is void."""


@act
def issue_receipt(*, by: Actor, on: date, charge: Charge, payer_name: str = "") -> Receipt:
    """Make out the receipt of a paid bill, once; the payer's name is the member's unless another one paid."""
    require(may_keep_fees(actor=by))
    [row] = Charge.objects.held_locked([charge.pk])
    if other := row.receipts.filter(voided_on=None).first():
        raise IssuedAlready(_("Receipt %(number)s was made out on %(day)s.") % {
            "number": other.number, "day": other.issued_on})
    weighed = Charge.objects.standing().filter(pk=row.pk).first()
    if weighed is None or weighed.received < row.amount:
        raise NotPaid(_("A receipt is made out when all is paid: %(received)s of %(amount)s yuan came.") % {
            "received": weighed.received if weighed else 0, "amount": row.amount})
    if not NumberSeries.objects.filter(pk=SERIES).exists():
        open_series(by=house("membership"), on=on, code=SERIES, label="会费收据", pattern=PATTERN, official=False)
    number = issue_number(by=by, on=on, code=SERIES, about=row.ref)
    member = row.spell.member
    receipt = Receipt.objects.create(charge=row, number=number.text, payer_name=payer_name.strip()[:120] or member.name,
                                     issued_on=on)
    state(ReceiptIssued(receipt=receipt.ref, charge=row.ref, member=member.ref, amount=row.amount))
    return receipt


@act
def void_receipt(*, by: Actor, on: date, receipt: Receipt, reason: Code) -> Receipt:
    """Void a receipt with a wrong name or a torn form; its number stays in the register, the next one is another."""
    require(may_keep_fees(actor=by))
    if receipt.voided_on:
        raise VoidAlready(_("It was voided on %(day)s.") % {"day": receipt.voided_on})
    number = IssuedNumber.objects.get(series=SERIES, text=receipt.number)
    void_number(by=by, on=on, number=number.ref, reason=reason)
    receipt.voided_on = on
    receipt.save(update_fields=["voided_on"])
    return receipt
