"""Which days a fee buys and how many months are asked for: the three policies of renewal, without a database."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum

from xinglin.lib.money import yuan
from xinglin.lib.periods import MonthEnd, Period, months_after, year

WHOLE_YEAR = 12


class Policy(StrEnum):
    """From which day a renewal counts (M2.policy)."""

    KEEP_END = "keep_end"
    FIXED_YEAR = "fixed_year"
    FROM_PAYMENT = "from_payment"


@dataclass(frozen=True, kw_only=True)
class Terms:
    """The rules in force on the day of the payment: policy, days of grace, days for the first fee."""

    policy: Policy
    grace_days: int
    first_fee_days: int


def period_bought(
    *, terms: Terms, year_of_bill: int, paid_on: date, joined_on: date, paid_until: date | None
) -> Period:
    """Return the days that a bill buys when the payment that fills it came on a day.

    Who pays in time keeps the old end, or the day of admission; who pays after the lapse begins on the day of the
    payment. A year from 29 February ends with 28 February: nobody gets fewer days than were paid for.
    """
    if terms.policy is Policy.FIXED_YEAR:
        return _calendar_year(terms, year_of_bill, paid_on, joined_on, paid_until)
    start = _start(terms, paid_on, joined_on, paid_until)
    return Period(from_=start, until=months_after(day=start, months=WHOLE_YEAR, missing=MonthEnd.NEXT_DAY))


def _start(terms: Terms, paid_on: date, joined_on: date, paid_until: date | None) -> date:
    if terms.policy is Policy.FROM_PAYMENT:  # days that were paid for are never taken away
        return max(paid_on, paid_until or joined_on)
    return (paid_until or joined_on) if _in_time(terms, paid_on, joined_on, paid_until) else paid_on


def _in_time(terms: Terms, paid_on: date, joined_on: date, paid_until: date | None) -> bool:
    """Say whether the membership had not lapsed when the money came (the same days as statuses.yaml)."""
    if paid_until is None:
        return paid_on < joined_on + timedelta(days=terms.first_fee_days)
    return paid_on < paid_until + timedelta(days=terms.grace_days)


def _calendar_year(
    terms: Terms, number: int, paid_on: date, joined_on: date, paid_until: date | None
) -> Period:
    whole = year(number=number)
    start = max(whole.from_, joined_on)
    if not _in_time(terms, paid_on, joined_on, paid_until) and paid_on in whole:
        start = max(start, paid_on)  # a year that is over when it is paid is settled as a whole
    if paid_until and paid_until in whole:
        start = max(start, paid_until)
    return Period(from_=min(start, whole.until - timedelta(days=1)), until=whole.until)


def months_due(*, policy: Policy, pro_rata: bool, year_of_bill: int, joined_on: date) -> int:
    """Return for how many months a bill asks: who joins within a fixed year pays from the month of admission."""
    if policy is Policy.FIXED_YEAR and pro_rata and joined_on.year == year_of_bill:
        return WHOLE_YEAR + 1 - joined_on.month
    return WHOLE_YEAR


def amount_due(*, amount: Decimal, months: int) -> Decimal:
    """Return what a line of the standard comes to for so many months, to the fen, half up."""
    return yuan(amount * months / WHOLE_YEAR, rounded=True)
