"""Preferences: language, theme and columns, kept in cookies and, when provided, with the account."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse

YEAR = 365 * 24 * 3600
Saver = Callable[[Any, str, str], None]
_savers: list[Saver] = []


def kept_by(saver: Saver) -> None:
    """Let the accounts' owner keep preferences: `saver(account, name, value)` after each change."""
    _savers[:] = [saver]


def keep(*, request: HttpRequest, response: HttpResponse, name: str, value: str) -> None:
    """Keep a preference in a cookie and with the account where someone provides for it."""
    response.set_cookie(name, value, max_age=YEAR, samesite="Lax", secure=bool(settings.SESSION_COOKIE_SECURE))
    user = getattr(request, "user", None)
    if _savers and user is not None and user.is_authenticated:
        _savers[0](user, name, value)


def restore(*, request: HttpRequest, response: HttpResponse) -> None:
    """Give a machine without cookies the language and theme its account keeps; the sign-in answer does it first."""
    names = {settings.LANGUAGE_COOKIE_NAME: "language", "theme": "theme"}
    lacking = [name for name in names if name not in request.COOKIES and name not in response.cookies]
    user = getattr(request, "user", None) if lacking else None
    if user is None or not user.is_authenticated:
        return
    for name in lacking:
        if value := getattr(user, names[name], ""):
            response.set_cookie(name, value, max_age=YEAR, samesite="Lax", secure=bool(settings.SESSION_COOKIE_SECURE))
