"""Gives and withdraws the three administrations."""

from datetime import date

from django.utils.translation import gettext_lazy as _

from xinglin.kernel.actors import Actor
from xinglin.kernel.acts import act, state
from xinglin.kernel.confinement import open_to
from xinglin.kernel.policy import Refusal, require
from xinglin.kernel.refs import Code

from ...accounts import Account
from ..facts import GrantEnded, GrantGiven
from ..models import ADMINISTRATIONS, Grant
from ..policy import SEPARATION, may_give_grant
from ..sessions import end_sessions


class NotSeparated(Refusal):
    """The three administrations would no longer be separate."""

    regulation = SEPARATION


class NoSuchRole(Refusal):
    """Only the three administrations are granted; every other role follows from a post."""

    field = "role"


@act
@open_to("security_admin")
def give_grant(
    *, by: Actor, on: date, account: Account, role: str, reason: str, from_on: date | None = None,
    until_on: date | None = None,
) -> Grant:  # fmt: skip
    """Give one administration to an account made for it; no account and no person ever holds two."""
    require(may_give_grant(actor=by))
    if role not in ADMINISTRATIONS:
        raise NoSuchRole(_("Only the three administrations are granted. Other roles follow from posts."))
    if by.ref == account.ref:
        raise NotSeparated(_("Nobody grants an administration to their own account."))
    # Two grants given in the same moment, for one account or for two of one person, meet here.
    accounts = Account.objects.of_holder_locked(account)
    if not account.administers:
        raise NotSeparated(
            _("A personal account holds no administration."),
            instead=_("Open an administration account for the person, then grant."), field="account",
        )  # fmt: skip
    start = from_on or on
    if until_on is not None and until_on <= start:
        raise Refusal(_("The grant would end before it starts."), field="until_on")
    _refuse_second(account, accounts, start)
    grant = Grant(account=account, role=role, from_on=start, until_on=until_on, by=str(by.ref), reason=reason)
    grant.save()
    state(GrantGiven(
        grant=grant.ref, account=account.ref, role=Code(role), from_on=start, until_on=until_on, reason=reason,
    ))  # fmt: skip
    return grant


def _refuse_second(account: Account, accounts: list[Account], start: date) -> None:
    if Grant.objects.not_over(start).filter(account=account).exists():
        raise NotSeparated(_("This account holds an administration already. Withdraw that first."), field="account")
    if Grant.objects.not_over(start).filter(account__in=[one.pk for one in accounts]).exists():
        raise NotSeparated(_("This person holds an administration by another account."), field="account")


@act
@open_to("security_admin")
def end_grant(*, by: Actor, on: date, grant: Grant) -> None:
    """Withdraw an administration from today on; the last security administrator cannot be withdrawn."""
    require(may_give_grant(actor=by))
    if grant.until_on is not None and grant.until_on <= on:
        raise Refusal(_("This grant has ended already."))
    # Two security administrators who withdraw each other in the same moment meet here.
    others = [one for one in Grant.objects.held_locked(role=grant.role, day=on) if one.pk != grant.pk]
    if grant.role == "security_admin" and not others:
        raise NotSeparated(_("Without a security administrator nobody could grant again. Grant another first."))
    grant.until_on = max(on, grant.from_on)
    grant.save()
    end_sessions(account=grant.account)
    state(GrantEnded(
        grant=grant.ref, account=grant.account.ref, role=Code(grant.role), until_on=grant.until_on,
    ))  # fmt: skip
