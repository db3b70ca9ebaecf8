"""Shut-outs: which name wrong passwords are counted under, after how many, for how long, and what is said."""

from datetime import timedelta
from typing import Any

from axes.models import AccessAttempt
from django.db.models import Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from xinglin.kernel import clock
from xinglin.kernel.regulations import value
from xinglin.kernel.sealed_fields import blind_index

from ..accounts import Account
from .finding import account_by_any


def counted_under(request: HttpRequest, credentials: dict[str, Any] | None = None) -> str:
    """Return one name however the account was called, so that three spellings do not give fifteen tries.

    Unknown names are counted too, under a keyed digest: what people mistype may be somebody's number.
    """
    given = credentials or {}
    said = given.get("username") or given.get("phone") or given.get("email") or request.POST.get("login", "")
    account = account_by_any(str(said))
    return f"account:{account.pk}" if account else f"unknown:{blind_index(str(said), column='sign_in').hex()[:24]}"


def tries(request: HttpRequest, credentials: dict[str, Any] | None = None) -> int:
    """Return after how many wrong passwords an account is shut out (SE2.tries)."""
    return int(value("SE2.tries", on=clock.today()))


def how_long(request: HttpRequest | None = None) -> timedelta:
    """Return how long a shut-out lasts (SE2.minutes)."""
    return timedelta(minutes=value("SE2.minutes", on=clock.today()))


def shut_out(request: HttpRequest, credentials: dict[str, Any] | None = None, *_rest: Any) -> HttpResponse:
    """Answer with the page that says how long, and what can be done meanwhile."""
    on = clock.today()
    context = {"minutes": value("SE2.minutes", on=on), "tries": value("SE2.tries", on=on)}
    return render(request, "axes/shut_out.html", context, status=429)


def account_counted(name: str) -> Account | None:
    """Return the account a counted name stands for, or None for an unknown one."""
    kind, _sign, key = name.partition(":")
    return Account.objects.filter(pk=int(key)).first() if kind == "account" and key.isdigit() else None


def is_shut_out(*, account: Account) -> bool:
    """Say whether wrong passwords shut the account out now."""
    since = clock.now() - how_long()
    counted = AccessAttempt.objects.filter(username=f"account:{account.pk}", attempt_time__gte=since)
    return (counted.aggregate(all=Sum("failures_since_start"))["all"] or 0) >= value("SE2.tries", on=clock.today())
