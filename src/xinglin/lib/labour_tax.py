"""Withholds income tax on labour remuneration 劳务报酬 (F9): what is paid, what is taxed, and back from net to gross.

Source: 《个人所得税扣缴申报管理办法（试行）》国家税务总局公告2018年第61号, art. 8 and its third table.
Amounts are yuan.
One month's payments for the same item are one remuneration: add them up before asking.
"""

from dataclasses import dataclass
from decimal import Decimal

from .money import yuan

ALLOWANCE, HALF_TAXED, SHARE = Decimal(800), Decimal(4000), Decimal("0.8")
# Taxable income up to, rate, quick deduction.
BRACKETS = ((Decimal(20000), Decimal("0.20"), Decimal(0)), (Decimal(50000), Decimal("0.30"), Decimal(2000)),
            (Decimal("Infinity"), Decimal("0.40"), Decimal(7000)))
# Net up to, what is subtracted, what it is divided by: the same table read backwards.
BACKWARDS = ((Decimal(3360), Decimal(160), SHARE), (Decimal(21000), Decimal(0), Decimal("0.84")),
             (Decimal(49500), Decimal(2000), Decimal("0.76")), (Decimal("Infinity"), Decimal(7000), Decimal("0.68")))


@dataclass(frozen=True, kw_only=True)
class Remuneration:
    """One remuneration in yuan: before tax, the tax withheld, after tax."""

    gross: Decimal
    tax: Decimal
    net: Decimal


def tax_on(*, gross: Decimal) -> Decimal:
    """Return the tax withheld from a remuneration before tax, in yuan, rounded half up to the fen (ValueError)."""
    if gross < 0:
        raise ValueError(f"{gross} is no remuneration")
    taxable = max(Decimal(0), gross - ALLOWANCE) if gross <= HALF_TAXED else gross * SHARE
    rate, quick = next((rate, quick) for up_to, rate, quick in BRACKETS if taxable <= up_to)
    return yuan(taxable * rate - quick, rounded=True)


def from_gross(*, gross: Decimal) -> Remuneration:
    """Return a remuneration from what is paid before tax."""
    tax = tax_on(gross=gross)
    return Remuneration(gross=yuan(gross), tax=tax, net=yuan(gross - tax))


def from_net(*, net: Decimal) -> Remuneration:
    """Return a remuneration from what is to be received after tax (ValueError)."""
    if net < 0:
        raise ValueError(f"{net} is no remuneration")
    if net <= ALLOWANCE:
        return from_gross(gross=net)
    less, by = next((less, by) for up_to, less, by in BACKWARDS if net <= up_to)
    gross = yuan((net - less) / by, rounded=True)
    return Remuneration(gross=gross, tax=yuan(gross - net), net=yuan(net))
