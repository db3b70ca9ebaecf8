"""The account that dues are paid into, as pages and letters say it; without one no run asks anybody to pay."""

from datetime import date

from django.utils.translation import gettext as _

from xinglin.directory import answers
from xinglin.kernel.policy import Refusal


class NoAccount(Refusal):
    """Nobody would know where to pay."""


def require_account(*, on: date) -> None:
    """Refuse to ask for money while no collecting account is named (NoAccount)."""
    if answers.collecting_account(on=on) is None:
        raise NoAccount(_("No collecting account is named, so nobody would know where to pay."),
                        instead=_("Name it on the page “Membership fees”, under “Collecting account”."))


def account_told(*, on: date) -> dict[str, str]:
    """Return the account as letters name it, empty words while there is none."""
    account = answers.collecting_account(on=on)
    return {"account_name": account.holder if account else "", "bank": account.bank if account else "",
            "account_number": account.spaced if account else ""}
