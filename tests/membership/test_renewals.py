"""Which days a fee buys: every policy on its boundary days."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xinglin.engines.membership.renewals import Policy, Terms, amount_due, months_due, period_bought

JOINED = date(2024, 3, 10)


def bought(policy, paid_on, *, until=None, joined=JOINED, year=2026, grace=90, first=30):
    terms = Terms(policy=Policy(policy), grace_days=grace, first_fee_days=first)
    period = period_bought(terms=terms, year_of_bill=year, paid_on=date.fromisoformat(paid_on), joined_on=joined,
                           paid_until=date.fromisoformat(until) if until else None)
    return period.from_.isoformat(), period.until.isoformat()


@pytest.mark.parametrize(("paid_on", "until", "days"), [
    ("2025-11-02", "2026-01-01", ("2026-01-01", "2027-01-01")),  # first day of the renewal window
    ("2025-12-31", "2026-01-01", ("2026-01-01", "2027-01-01")),  # the last day that is paid
    ("2026-01-01", "2026-01-01", ("2026-01-01", "2027-01-01")),  # the first day of grace
    ("2026-03-31", "2026-01-01", ("2026-01-01", "2027-01-01")),  # the last day of grace
    ("2026-04-01", "2026-01-01", ("2026-04-01", "2027-04-01")),  # lapsed that day
    ("2024-02-29", "2024-02-29", ("2024-02-29", "2025-03-01")),  # 366 days, the last is 28 February
    ("2025-02-28", "2025-03-01", ("2025-03-01", "2026-03-01")),
    ("2023-02-28", "2023-03-01", ("2023-03-01", "2024-03-01")),  # 29 February inside
    ("2025-12-31", "2025-12-31", ("2025-12-31", "2026-12-31")),
])
def test_keep_end_keeps_the_old_end_until_the_lapse(paid_on, until, days):
    assert bought("keep_end", paid_on, until=until) == days


@pytest.mark.parametrize(("paid_on", "days"), [
    ("2024-03-01", ("2024-03-10", "2025-03-10")),  # with the application, before admission
    ("2024-03-10", ("2024-03-10", "2025-03-10")),
    ("2024-04-08", ("2024-03-10", "2025-03-10")),  # the thirtieth day
    ("2024-04-09", ("2024-04-09", "2025-04-09")),
])
def test_the_first_fee_begins_with_admission_when_it_came_in_time(paid_on, days):
    assert bought("keep_end", paid_on, year=2024) == days


@pytest.mark.parametrize(("paid_on", "until", "days"), [
    ("2025-11-02", "2026-01-01", ("2026-01-01", "2027-01-01")),  # days that were paid are not taken away
    ("2025-12-31", "2026-01-01", ("2026-01-01", "2027-01-01")),
    ("2026-01-01", "2026-01-01", ("2026-01-01", "2027-01-01")),
    ("2026-02-10", "2026-01-01", ("2026-02-10", "2027-02-10")),  # in grace: from the payment
    ("2028-02-29", "2028-01-01", ("2028-02-29", "2029-03-01")),
    ("2026-12-31", "2026-01-01", ("2026-12-31", "2027-12-31")),
    ("2024-04-01", None, ("2024-04-01", "2025-04-01")),
])
def test_from_payment_counts_from_the_day_the_money_came(paid_on, until, days):
    assert bought("from_payment", paid_on, until=until) == days


@pytest.mark.parametrize(("paid_on", "until", "days"), [
    ("2025-12-20", "2026-01-01", ("2026-01-01", "2027-01-01")),
    ("2026-01-01", "2026-01-01", ("2026-01-01", "2027-01-01")),
    ("2026-03-31", "2026-01-01", ("2026-01-01", "2027-01-01")),
    ("2026-04-01", "2026-01-01", ("2026-04-01", "2027-01-01")),  # lapsed: the rest of the year
    ("2026-12-31", "2026-01-01", ("2026-12-31", "2027-01-01")),
    ("2027-02-01", "2026-01-01", ("2026-01-01", "2027-01-01")),  # a year that is over is settled as a whole
    ("2026-01-15", "2026-08-15", ("2026-08-15", "2027-01-01")),  # the policy changed within a paid year
])
def test_a_fixed_year_ends_with_december(paid_on, until, days):
    assert bought("fixed_year", paid_on, until=until) == days


def test_a_fixed_year_begins_with_admission_within_it():
    assert bought("fixed_year", "2024-03-20", year=2024) == ("2024-03-10", "2025-01-01")
    assert bought("fixed_year", "2024-07-01", year=2024) == ("2024-07-01", "2025-01-01")
    assert bought("fixed_year", "2024-02-29", joined=date(2024, 2, 29), year=2024) == ("2024-02-29", "2025-01-01")
    assert bought("fixed_year", "2024-12-31", joined=date(2024, 12, 31), year=2024) == ("2024-12-31", "2025-01-01")


def test_a_payment_that_is_booked_late_counts_on_the_day_it_came():
    in_grace, booked_after = "2026-03-31", "2026-05-20"
    assert bought("keep_end", in_grace, until="2026-01-01") != bought("keep_end", booked_after, until="2026-01-01")


@given(policy=st.sampled_from(list(Policy)), paid=st.integers(-400, 1500), until=st.none() | st.integers(1, 900),
       grace=st.integers(0, 366), year=st.integers(2024, 2027))
def test_no_payment_buys_nothing_and_nobody_loses_days_paid_in_time(policy, paid, until, grace, year):
    paid_on, paid_until = JOINED + timedelta(days=paid), until and JOINED + timedelta(days=until)
    terms = Terms(policy=policy, grace_days=grace, first_fee_days=30)
    period = period_bought(terms=terms, year_of_bill=year, paid_on=paid_on, joined_on=JOINED, paid_until=paid_until)
    assert period.days > 0
    if policy is Policy.FIXED_YEAR:
        assert period.until == date(year + 1, 1, 1)
    else:
        assert period.days in (365, 366)
        assert not paid_until or paid_on >= paid_until or period.from_ == paid_until


@pytest.mark.parametrize(("joined", "months"), [
    (date(2026, 1, 1), 12), (date(2026, 1, 31), 12), (date(2026, 2, 1), 11), (date(2026, 12, 31), 1),
    (date(2025, 7, 1), 12)])
def test_pro_rata_counts_from_the_month_of_admission(joined, months):
    asked = {"year_of_bill": 2026, "joined_on": joined}
    assert months_due(policy=Policy.FIXED_YEAR, pro_rata=True, **asked) == months
    assert months_due(policy=Policy.FIXED_YEAR, pro_rata=False, **asked) == 12
    assert months_due(policy=Policy.KEEP_END, pro_rata=True, **asked) == 12


def test_pro_rata_is_exact_to_the_fen():
    assert [amount_due(amount=Decimal("200.00"), months=months) for months in (12, 11, 7, 1)] == [
        Decimal("200.00"), Decimal("183.33"), Decimal("116.67"), Decimal("16.67")]
