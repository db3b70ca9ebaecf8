"""Opens, activates, stops and re-addresses accounts."""

from datetime import date

from axes.models import AccessAttempt
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from xinglin.kernel.actors import Actor
from xinglin.kernel.acts import act, state
from xinglin.kernel.confinement import open_to
from xinglin.kernel.policy import Refusal, require
from xinglin.kernel.refs import Code
from xinglin.lib.identity import mobile as checked_mobile

from ...accounts import Account
from ...people import Person
from ...telling import tell_replaced
from ..facts import (
    AccountActivated,
    AccountLetIn,
    AccountOpened,
    AccountReaddressed,
    AccountResumed,
    AccountShutOut,
    AccountStopped,
)
from ..finding import account_by_mobile
from ..policy import may_activate_account, may_change_own, may_keep_account, may_open_account
from ..sessions import end_sessions


class NameTaken(Refusal):
    """Another account has this user name, e-mail address or mobile number, or the person has an account."""


class WrongNumber(Refusal):
    """The text is no mobile number."""

    field = "mobile"


class WrongName(Refusal):
    """Nobody may be called like somebody else's number or address."""

    field = "username"


class NobodyBehind(Refusal):
    """An account belongs to somebody on the register."""

    field = "person"


class AddressGiven(Refusal):
    """Addresses come from the register and are proved by a code, or whoever opens an account could enter by it."""

    field = "email"


class NothingToDo(Refusal):
    """The account is in that state already."""


@act
@open_to("system_admin")
def open_account(
    *, by: Actor, on: date, username: str, person: Person | None = None, email: str = "", mobile: str = "",
    administers: bool = False, active: bool = False,
) -> Account:  # fmt: skip
    """Open an account; its owner activates it, unless the house opens it active (console, demonstration)."""
    require(may_open_account(actor=by))
    purpose = Account.Purpose.ADMINISTRATION if administers else Account.Purpose.PERSON
    if person is None and (administers or not by.has("house")):
        raise NobodyBehind(_("Choose whose account it is: a person on the register."))
    if (email or mobile or active) and not by.has("house"):
        raise AddressGiven(_("The owner proves mobile or e-mail of the register when activating."))
    username = _checked_name(username)
    _refuse_taken(username=username, email=email, mobile=mobile, person=None if administers else person)
    account = Account(
        username=username, person=person, purpose=purpose, email=email.lower(), mobile=_clean(mobile),
        opened_on=on, is_active=active, activated_on=on if active else None,
    )  # fmt: skip
    account.set_unusable_password()
    account.save()
    state(AccountOpened(account=account.ref, purpose=Code(purpose), person=person.ref if person else None))
    return account


def _checked_name(username: str) -> str:
    name = username.strip()
    try:
        Account._meta.get_field("username").run_validators(name)
    except ValidationError:
        name = ""
    if not name or "@" in name or checked_mobile(number=name).is_valid:
        raise WrongName(_("A user name holds letters and digits; it is no mobile number and no e-mail address."))
    return name


def _clean(mobile: str) -> str:
    if not mobile:
        return ""
    found = checked_mobile(number=mobile)
    if not found.is_valid:
        raise WrongNumber(_("This is no mobile number: eleven digits, beginning with 13 to 19."))
    return found.value


def _refuse_taken(
    *, username: str = "", email: str = "", mobile: str = "", person: Person | None = None, but: int = 0
) -> None:
    others = Account.objects.exclude(pk=but)
    if username and others.filter(username__iexact=username).exists():
        raise NameTaken(_("Another account has this user name."), field="username")
    if email and others.filter(email__iexact=email).exists():
        raise NameTaken(_("Another account has this e-mail address."), field="email")
    holder = account_by_mobile(mobile) if mobile else None
    if holder is not None and holder.pk != but:
        raise NameTaken(_("Another account has this mobile number."), field="mobile")
    if person is not None and others.filter(person=person, purpose=Account.Purpose.PERSON).exists():
        raise NameTaken(_("This person has an account already. Recover it instead of opening another."))


@act
def activate_account(
    *, by: Actor, on: date, account: Account, way: str, email: str = "", mobile: str = ""
) -> None:
    """Let an account sign in: its owner proved who they are, and that one of the addresses is theirs."""
    require(may_activate_account(actor=by))
    if account.is_active and account.activated_on:
        raise NothingToDo(_("The account is active already."))
    account.is_active, account.activated_on = True, on
    account.email, account.mobile = account.email or email.lower(), account.mobile or _clean(mobile)
    account.save()
    state(AccountActivated(account=account.ref, way=Code(way)))


@act
@open_to("system_admin", "security_admin")
def stop_account(*, by: Actor, on: date, account: Account, reason: str) -> None:
    """Stop an account at once: open sessions end, nobody signs in by it."""
    require(may_keep_account(actor=by, account=account))
    if not account.is_active:
        raise NothingToDo(_("The account is not active."))
    account.is_active = False
    account.save()
    end_sessions(account=account)
    state(AccountStopped(account=account.ref, reason=Code(reason)))


@act
@open_to("system_admin", "security_admin")
def resume_account(*, by: Actor, on: date, account: Account) -> None:
    """Let a stopped account sign in again."""
    require(may_keep_account(actor=by, account=account))
    if account.is_active or not account.activated_on:
        raise NothingToDo(_("Only a stopped account is resumed; one that was never used is activated."))
    account.is_active = True
    account.save()
    state(AccountResumed(account=account.ref))


@act
def shut_out(*, by: Actor, on: date, account: Account, tries: int, minutes: int) -> None:
    """Say that wrong passwords shut an account out; the counting itself is the lock's."""
    state(AccountShutOut(account=account.ref, tries=tries, minutes=minutes))


@act
@open_to("system_admin", "security_admin")
def let_in(*, by: Actor, on: date, account: Account) -> None:
    """Lift a shut-out before its time."""
    require(may_keep_account(actor=by, account=account))
    deleted, _rows = AccessAttempt.objects.filter(username=f"account:{account.pk}").delete()
    if not deleted:
        raise NothingToDo(_("The account is not shut out."))
    state(AccountLetIn(account=account.ref))


@act
@open_to("member", "system_admin", "security_admin", "audit_admin")
def readdress_account(
    *, by: Actor, on: date, account: Account, email: str | None = None, mobile: str | None = None
) -> None:
    """Change where codes are sent to; the owner proved the new address by a code."""
    require(may_change_own(actor=by, account=account))
    _refuse_taken(email=email or "", mobile=mobile or "", but=account.pk)
    said = {"email": None if email is None else email.lower(), "mobile": None if mobile is None else _clean(mobile)}
    changed = {what: to for what, to in said.items() if to is not None and to != getattr(account, what)}
    before = {what: getattr(account, what) for what in changed}
    for what, to in changed.items():
        setattr(account, what, to)
    if not changed:
        raise NothingToDo(_("That is the address on file."))
    account.save()
    for what, old in before.items():
        if old:
            tell_replaced(**{what: old})
    for what in changed:
        state(AccountReaddressed(account=account.ref, what=Code(what)))
