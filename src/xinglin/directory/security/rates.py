"""Rates: how often one address or one account may ask for one thing, counted right by several processes."""

import functools
import hmac
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from xinglin.kernel import clock
from xinglin.kernel.policy import Refusal

from . import log
from .models import Tally

PER = ("ip", "account", "key")


class TooOften(Refusal):
    """The same thing was asked for too many times within one window."""

    def __init__(self, seconds: int):
        super().__init__(_("This was asked for too often. Wait a while and try again."))
        self.seconds = seconds


@dataclass(frozen=True, kw_only=True)
class Rate:
    """So many times within so many seconds, counted per address, account or given key."""

    name: str
    times: int
    seconds: int
    per: str


@functools.lru_cache(maxsize=8)
def _parsed(lines: tuple[str, ...]) -> tuple[Rate, ...]:
    answer = []
    for line in lines:
        name, _sign, rest = line.partition("=")
        try:
            times, seconds, per = rest.split("/")
            answer.append(Rate(name=name, times=int(times), seconds=int(seconds), per=per))
        except ValueError:
            raise ValueError(f"XINGLIN_RATES: {line}: write name=times/seconds/{'|'.join(PER)}") from None
        if per not in PER:
            raise ValueError(f"XINGLIN_RATES: {line}: count per {', '.join(PER)}")
    return tuple(answer)


def rates(name: str) -> list[Rate]:
    """Return the rates that hold for one thing (setting XINGLIN_RATES)."""
    return [one for one in _parsed(tuple(settings.XINGLIN_RATES)) if one.name == name]


def every() -> tuple[Rate, ...]:
    """Return all rates, in the order of the setting."""
    return _parsed(tuple(settings.XINGLIN_RATES))


def count(*, rate: Rate, whom: str) -> int:
    """Count one more and return how often it was in this window; one statement, so no process is missed."""
    counted = f"{rate.name}\n{rate.per}\n{rate.seconds}\n{whom}"
    # Keyed: who reads the table must not find numbers by trying all of them.
    key = hmac.digest(settings.SECRET_KEY.encode(), counted.encode(), "sha256").hex()
    span = int(clock.now().timestamp()) // rate.seconds
    table = connection.ops.quote_name(Tally._meta.db_table)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} (key, span, times, until_at) VALUES (%s, %s, 1, %s) ON CONFLICT (key) DO UPDATE"
            f" SET times = CASE WHEN {table}.span = excluded.span THEN {table}.times + 1 ELSE 1 END,"
            " span = excluded.span, until_at = excluded.until_at RETURNING times",
            [key, span, (span + 1) * rate.seconds],
        )
        return int(cursor.fetchone()[0])


def demand(*, request: HttpRequest, name: str, key: str = "") -> None:
    """Count this request against every rate of its name (TooOften)."""
    user = getattr(request, "user", None)
    signed_in = user is not None and user.is_authenticated
    whom = {"ip": log.client_ip(request) or "", "account": str(user.pk) if signed_in else "", "key": key}
    over = [one for one in rates(name) if whom[one.per] and count(rate=one, whom=whom[one.per]) > one.times]
    if over:
        account = str(user.ref) if signed_in else ""  # type: ignore[union-attr]
        log.record(kind="rate_exceeded", request=request, account=account, detail=name)
        raise TooOften(max(one.seconds for one in over))


def limited(name: str, *, methods: tuple[str, ...] = ("POST",)) -> Callable[[Any], Any]:
    """Hold a view to its rates; whoever asks too often gets a page that says when to come back."""

    def wrap(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        @functools.wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if request.method in methods:
                try:
                    demand(request=request, name=name)
                except TooOften as refusal:
                    return too_often(request, refusal)
            return view(request, *args, **kwargs)

        guarded.rate = name  # type: ignore[attr-defined]
        return guarded

    return wrap


def too_often(request: HttpRequest, refusal: TooOften) -> HttpResponse:
    """Answer 429 with the time to wait."""
    minutes = max(1, refusal.seconds // 60)
    response = render(request, "security/too_often.html", {"refusal": refusal, "minutes": minutes}, status=429)
    response["Retry-After"] = str(refusal.seconds)
    return response
