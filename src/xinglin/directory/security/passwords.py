"""What a password must be: length, kinds of characters, not known, not used before, not about the owner."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from django.contrib.auth.hashers import check_password, is_password_usable
from django.contrib.auth.password_validation import CommonPasswordValidator
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from xinglin.kernel import clock
from xinglin.kernel.regulations import value

from ..accounts import Account
from ..roles import STAFF, actor_of

# Words of this trade and of Chinese keyboards that the list of common passwords does not hold.
KNOWN_HERE = ("xinglin", "yishixiehui", "yixuehui", "woaini", "1qaz2wsx", "qwer1234", "abcd1234", "admin123")


def kinds_of(password: str) -> int:
    """Return how many kinds of characters there are: lower case, upper case, digits, anything else."""
    tests = (str.islower, str.isupper, str.isdigit, lambda one: not one.isalnum() or ord(one) > 127)
    return sum(any(test(one) for one in password) for test in tests)


class Strength:
    """Long enough, and either of several kinds or a long phrase (SE1)."""

    def validate(self, password: str, user: Any = None) -> None:
        """Refuse with what is missing (ValidationError)."""
        on = clock.today()
        length, classes, phrase = (value(f"SE1.{part}", on=on) for part in ("length", "classes", "phrase"))
        if len(password) < length:
            raise ValidationError(
                ngettext("At least %(count)d character.", "At least %(count)d characters.", length) % {"count": length},
                code="too_short",
            )
        if len(password) < phrase and kinds_of(password) < classes:
            words = _(
                "At least %(classes)d of: lower case, upper case, digits, signs. Or a phrase of %(phrase)d characters."
            )
            raise ValidationError(words % {"classes": classes, "phrase": phrase}, code="too_simple")
        if len(set(password)) < 5:
            raise ValidationError(_("The same few characters over and over."), code="too_simple")

    def get_help_text(self) -> str:
        """Say what is asked for."""
        on = clock.today()
        words = _("At least %(length)d characters of %(classes)d kinds, or a phrase of %(phrase)d characters.")
        return words % {part: value(f"SE1.{part}", on=on) for part in ("length", "classes", "phrase")}


class NotCommon(CommonPasswordValidator):
    """Not one of the passwords everybody tries, with or without digits at the end."""

    def validate(self, password: str, user: Any = None) -> None:
        """Refuse a known password (ValidationError)."""
        bare = password.casefold().rstrip("0123456789!@#$.")
        if bare in KNOWN_HERE or password.casefold() in KNOWN_HERE or bare in self.passwords:
            raise ValidationError(_("This password is among those everybody tries first."), code="too_common")
        super().validate(password, user)


class NotAboutOwner:
    """Does not hold the user name, mobile number, e-mail name or birthday of its owner."""

    def validate(self, password: str, user: Any = None) -> None:
        """Refuse a password that repeats its owner's particulars (ValidationError)."""
        if not isinstance(user, Account):
            return
        small = password.casefold()
        if any(len(part) >= 4 and part.casefold() in small for part in _particulars(user)):
            raise ValidationError(_("It holds your user name, number, e-mail or birthday."), code="about_owner")

    def get_help_text(self) -> str:
        """Say what is asked for."""
        return _("Not your user name, number, e-mail or birthday.")


def _particulars(account: Account) -> Iterable[str]:
    yield account.username
    yield account.email.partition("@")[0]
    yield account.mobile
    yield account.mobile[-8:]
    if account.person_id and account.person.born_on:
        yield account.person.born_on.strftime("%Y%m%d")
        yield account.person.born_on.strftime("%y%m%d")


class NotUsedBefore:
    """Not the present password and not one of the last few (SE1.history)."""

    def validate(self, password: str, user: Any = None) -> None:
        """Refuse a former password (ValidationError)."""
        if not isinstance(user, Account) or not user.pk:
            return
        kept = user.past_passwords.order_by("-pk")[: value("SE1.history", on=clock.today())]
        hashes = [user.password, *(one.hash for one in kept)]
        if any(check_password(password, one) for one in hashes if one and is_password_usable(one)):
            raise ValidationError(_("This password was used before. Take a new one."), code="used_before")

    def get_help_text(self) -> str:
        """Say what is asked for."""
        count = value("SE1.history", on=clock.today())
        return _("Not one of the last %(count)d passwords.") % {"count": count}


def is_too_old(*, account: Account, on: date) -> bool:
    """Say whether the owner must set a new password first: voided, or staff past the time of SE1.days."""
    if account.must_change_password:
        return True
    actor = actor_of(account=account, on=on)
    if not (account.administers or actor.roles & STAFF):
        return False
    since = account.password_changed_on or account.activated_on or account.opened_on
    return since is not None and since + timedelta(days=value("SE1.days", on=on)) <= on
