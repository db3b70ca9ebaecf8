"""The fee receipt as a PDF: number, payer, capitals, what it was for."""

from pathlib import Path

from xinglin.lib.money import capitals, grouped
from xinglin.shell.context import house_name
from xinglin.shell.press import print_pdf

from .fees import Payment, Receipt

PAGE = Path(__file__).resolve().with_name("receipts.typ")
WAYS = {Payment.Way.TRANSFER: "银行转账", Payment.Way.CASH: "现金", Payment.Way.ONLINE: "在线支付"}


def receipt_pdf(*, receipt: Receipt, clerk: str = "") -> bytes:
    """Return the receipt as it is handed out; a voided one says so across the page (NoChineseFace)."""
    charge = receipt.charge
    payments = list(Payment.objects.filter(allocations__charge=charge).order_by("paid_on", "pk"))
    months = f"（{charge.months} 个月）" if charge.months < 12 else ""
    return print_pdf(page=PAGE, on=receipt.issued_on, values={
        "title": "会费收据", "number": receipt.number, "on": receipt.issued_on.isoformat(), "issuer": house_name(),
        "payer": receipt.payer_name, "member": charge.spell.member.number, "item": f"{charge.year} 年度会费{months}",
        "standard": " ".join(filter(None, (charge.line.tier.zh, charge.line.level))),
        "capitals": capitals(amount=charge.amount), "amount": grouped(amount=charge.amount),
        "way": "、".join(dict.fromkeys(WAYS[Payment.Way(one.way)] for one in payments)),
        "paid": payments[-1].paid_on.isoformat() if payments else "", "clerk": clerk,
        "void": receipt.voided_on is not None,
        "note": "会费收据只用于会费，不得用于其他收费。会费标准及决议见会费标准公开页。缴纳的会费不予退还。"})
