"""Finds an account by what its owner types: user name, e-mail address or mobile number."""

from xinglin.lib.identity import mobile

from ..accounts import Account


def account_by_mobile(said: str) -> Account | None:
    """Return the account with this mobile number."""
    checked = mobile(number=said)
    return Account.objects.filter(mobile_index__matches=checked.value).first() if checked.is_valid else None


def account_by_any(said: str) -> Account | None:
    """Return the account with this user name, e-mail address or mobile number."""
    said = said.strip()
    if not said or len(said) > 254 or "\x00" in said:
        return None
    if "@" in said:
        return Account.objects.filter(email__iexact=said).first()
    return account_by_mobile(said) or Account.objects.filter(username__iexact=said).first()
