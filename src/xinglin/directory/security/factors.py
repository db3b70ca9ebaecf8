"""Who needs a second factor, and until when they may still go without."""

from datetime import date, timedelta

from allauth.mfa.models import Authenticator
from django.conf import settings

from xinglin.kernel.regulations import value

from ..accounts import Account
from ..roles import STAFF, bringings


def needed_since(*, account: Account, on: date) -> date | None:
    """Return since when posts or a grant ask for a second factor (None: they do not)."""
    if account.administers:
        starts = list(account.grants.on(on).values_list("from_on", flat=True))
    else:
        starts = [one.since for one in bringings(account=account, on=on) if one.role in STAFF]
    return min(starts) if starts else None


def is_factor_required(*, account: Account, on: date) -> bool:
    """Say whether this account must have a second factor (setting XINGLIN_TOTP_REQUIRED)."""
    return bool(settings.XINGLIN_TOTP_REQUIRED) and needed_since(account=account, on=on) is not None


def has_factor(*, account: Account) -> bool:
    """Say whether a second factor is bound."""
    return Authenticator.objects.filter(user=account, type=Authenticator.Type.TOTP).exists()


def due_on(*, account: Account, on: date) -> date | None:
    """Return the first day on which the account does nothing before binding a factor (None: none needed)."""
    if not settings.XINGLIN_TOTP_REQUIRED or has_factor(account=account):
        return None
    since = needed_since(account=account, on=on)
    if since is None:
        return None
    # Whoever was elected before the first sign-in gets the same days from the sign-in.
    first = max(since, account.activated_on or since)
    return first + timedelta(days=value("SE3.grace", on=on))
