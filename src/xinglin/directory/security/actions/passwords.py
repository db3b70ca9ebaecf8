"""Changes and voids passwords."""

from datetime import date

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from xinglin.kernel.actors import Actor
from xinglin.kernel.acts import act, state
from xinglin.kernel.confinement import open_to
from xinglin.kernel.policy import Refusal, require
from xinglin.kernel.refs import Code
from xinglin.kernel.regulations import value

from ...accounts import Account
from ..facts import PasswordChanged, PasswordVoided
from ..models import PastPassword
from ..policy import may_change_own, may_keep_account
from ..sessions import end_sessions


class WeakPassword(Refusal):
    """The password does not meet the rules."""

    field = "password1"
    regulation = "SE1.length"


@act
@open_to("member", "system_admin", "security_admin", "audit_admin")
def change_password(*, by: Actor, on: date, account: Account, password: str, way: str = "own") -> None:
    """Set a new password after the rules; every other session of the account ends by it."""
    require(may_change_own(actor=by, account=account))
    try:
        validate_password(password, account)
    except ValidationError as wrong:
        raise WeakPassword(" ".join(wrong.messages)) from None
    if account.has_usable_password():
        PastPassword(account=account, hash=account.password, until_on=on).save()
        _forget_old(account, on)
    account.set_password(password)
    account.password_changed_on, account.must_change_password = on, False
    account.save()
    state(PasswordChanged(account=account.ref, way=Code(way)))


def _forget_old(account: Account, on: date) -> None:
    kept = list(account.past_passwords.order_by("-pk").values_list("pk", flat=True)[: value("SE1.history", on=on)])
    account.past_passwords.exclude(pk__in=kept).delete()


@act
@open_to("system_admin", "security_admin")
def void_password(*, by: Actor, on: date, account: Account) -> None:
    """Make a password useless; the owner recovers the account by e-mail or mobile, nobody hears a password."""
    require(may_keep_account(actor=by, account=account))
    if not (account.email or account.mobile):
        raise Refusal(_("The account has neither e-mail nor mobile number: its owner could not recover it."))
    if account.has_usable_password():
        PastPassword(account=account, hash=account.password, until_on=on).save()
    account.set_unusable_password()
    account.must_change_password = True
    account.save()
    end_sessions(account=account)
    state(PasswordVoided(account=account.ref))
