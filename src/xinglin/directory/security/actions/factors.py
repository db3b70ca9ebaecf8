"""Binds and takes off the second factor."""

from datetime import date

from allauth.mfa.models import Authenticator
from django.utils.translation import gettext_lazy as _

from xinglin.kernel.actors import Actor
from xinglin.kernel.acts import act, state
from xinglin.kernel.confinement import open_to
from xinglin.kernel.policy import Refusal, require
from xinglin.kernel.refs import Code

from ...accounts import Account
from ..facts import FactorAdded, FactorRemoved
from ..policy import may_change_own, may_keep_account
from ..sessions import end_sessions


class NoFactor(Refusal):
    """The account has no second factor."""


@act
@open_to("member", "system_admin", "security_admin", "audit_admin")
def note_factor(*, by: Actor, on: date, account: Account, kind: str, added: bool) -> None:
    """Say that the owner bound or took off a factor; the row itself is the library's."""
    require(may_change_own(actor=by, account=account))
    fact = FactorAdded if added else FactorRemoved
    state(fact(account=account.ref, kind=Code(kind)))


@act
@open_to("system_admin", "security_admin")
def take_off_factor(*, by: Actor, on: date, account: Account) -> None:
    """Take off a lost second factor with its recovery codes; the owner binds a new one at the next sign-in."""
    require(may_keep_account(actor=by, account=account))
    deleted, _rows = Authenticator.objects.filter(user=account).delete()
    if not deleted:
        raise NoFactor(_("The account has no second factor."))
    end_sessions(account=account)
    state(FactorRemoved(account=account.ref, kind=Code("totp")))
