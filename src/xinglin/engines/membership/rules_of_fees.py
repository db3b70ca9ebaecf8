"""The dated rules that fees follow, read once for an act: policy of renewal, grace, waiver by age."""

from datetime import date

from xinglin.kernel import regulations

from .renewals import Policy, Terms


def terms_on(day: date) -> Terms:
    """Return the terms of renewal in force on a day."""
    return Terms(policy=Policy(regulations.value("M2.policy", on=day)),
                 grace_days=int(regulations.value("M2.grace_days", on=day)),
                 first_fee_days=int(regulations.value("M2.first_fee_days", on=day)))


def pays_by_month(day: date) -> bool:
    """Say whether who joins within a fixed year pays by the month (M2.pro_rata)."""
    return str(regulations.value("M2.pro_rata", on=day)) == "yes"


def waived_from_age(day: date) -> int:
    """Return the age from which nobody pays (M3)."""
    return int(regulations.value("M3.waived_from_age", on=day))
