"""Names the bank account into which our association collects."""

import re
from datetime import date

from django.utils.translation import gettext as _

from xinglin.kernel.actors import Actor
from xinglin.kernel.acts import act, state
from xinglin.kernel.notices import notify
from xinglin.kernel.policy import Refusal, require
from xinglin.kernel.refs import Code
from xinglin.lib.text import half_width, joined

from .. import answers, policy
from ..bank_accounts import BankAccount
from ..facts import BankAccountNamed
from ..organisations import Organisation
from ..refusals import NotFound

_NUMBER = re.compile(r"\d{8,32}")
_FILLERS = re.compile(r"[\s\-]")
NOTICE = "directory_account_named"
TOLD = (*answers.LEADERS, "chief_supervisor", "supervisor")


class NumberWrong(Refusal):
    """An account number has 8 to 32 digits."""

    field = "number"


class BeforeLast(Refusal):
    """Accounts follow one another."""

    field = "from_on"


class SameAccount(Refusal):
    """Nothing would change."""

    field = "number"


@act
def name_bank_account(*, by: Actor, on: date, holder: str, bank: str, number: str, from_on: date) -> BankAccount:
    """Name the account into which the association collects from a day on, instead of any named for later days before.

    The number enters the chain; leaders and supervisors are told, because one login moves all that comes in.
    """
    require(policy.may_name_bank_account(actor=by))
    ours = Organisation.objects.ours(on).first()
    if ours is None:
        raise NotFound(_("Enter the association first: the account is its own."))
    digits = _FILLERS.sub("", half_width(text=number))
    if not _NUMBER.fullmatch(digits):
        raise NumberWrong(_("An account number has 8 to 32 digits."))
    said = {"holder": _named(holder, "holder"), "bank": _named(bank, "bank"), "number": digits}
    now, then = BankAccount.objects.in_use(on), BankAccount.objects.in_use(from_on)
    if now and from_on < now.from_on:
        raise BeforeLast(_("The present account was named from %(day)s; choose that or a later day.") % {
            "day": now.from_on})
    same = then and all(getattr(then, field) == value for field, value in said.items())
    if same and not ours.bank_accounts.filter(pk__gt=then.pk, from_on__gt=from_on).exists():
        raise SameAccount(_("This is the account since %(day)s.") % {"day": then.from_on})
    row = BankAccount.objects.create(organisation=ours, from_on=from_on, named_on=on, **said)
    state(BankAccountNamed(bank_account=row.ref, organisation=ours.ref, number=Code(row.number), from_on=from_on,
                           account_name=row.holder, bank=row.bank))
    watching = [one.person for one in answers.members_of(ours.ref, on=on, titles=TOLD) if one.person != by.person]
    notify(to=watching, template=NOTICE, key=str(row.pk), context={
        "who": by.name, "named": on, "from_on": from_on, "holder": row.holder, "bank": row.bank, "tail": digits[-4:]})
    return row


def _named(text: str, field: str) -> str:
    if not (clean := joined(text=text)):
        raise Refusal(_("Enter the name."), field=field)
    return clean[:120]
