"""Open sessions: where an account is signed in, and how they are ended."""

from importlib import import_module
from typing import Any

from django.conf import settings
from django.http import HttpRequest

from xinglin.kernel import clock

from ..accounts import Account
from . import log
from .endings import end_handed_out, names_of
from .models import OpenSession

BEGAN, ACTIVE = "x_began_at", "x_active_at"


def open_session(*, request: HttpRequest, account: Account) -> None:
    """Write down that an account signed in here; with XINGLIN_SINGLE_SESSION the others end."""
    if not request.session.session_key:
        request.session.save()
    now = clock.now()
    request.session[BEGAN] = request.session[ACTIVE] = int(now.timestamp())
    OpenSession.objects.update_or_create(
        key=request.session.session_key,
        defaults={
            "account": account,
            "opened_at": now,
            "seen_at": now,
            "ip": log.client_ip(request),
            "browser": request.headers.get("User-Agent", "")[:200].replace("\x00", ""),
        },
    )
    if settings.XINGLIN_SINGLE_SESSION:
        end_sessions(account=account, but=request.session.session_key or "")


def follow_session(*, before: str, now: str) -> None:
    """Keep a session on the list of its account when it got another key: a new password changes the key."""
    if now and now != before and not OpenSession.objects.filter(key=now).exists():
        OpenSession.objects.filter(key=before).update(key=now)


def end_sessions(*, account: Account, but: str = "", key: str = "", idle: bool = False) -> int:
    """End an account's sessions, all but one or exactly one, and return how many ended.

    What was signed for it ends with the last of them, but not when that was left idle: whoever watches a lecture does
    nothing else, and another tab of theirs looks idle to us.
    """
    found = OpenSession.objects.filter(account=account).exclude(key=but)
    if key:
        found = found.filter(key=key)
    keys = list(found.values_list("key", flat=True))
    for one in keys:
        _store()(one).delete()
    OpenSession.objects.filter(key__in=keys).delete()
    if but or not (idle or alive_sessions(account=account)):
        end_handed_out(who=names_of(account))
    return len(keys)


def alive_sessions(*, account: Account) -> list[OpenSession]:
    """Return where the account is signed in now; rows whose session is gone, or ran out, are swept."""
    alive = []
    for one in OpenSession.objects.filter(account=account):
        if _store()(one.key).load():
            alive.append(one)
        else:
            one.delete()
    return alive


def sweep_sessions() -> None:
    """Drop the sessions that ran out, with what they knew of their visitors."""
    _store().clear_expired()


def _store() -> Any:
    return import_module(settings.SESSION_ENGINE).SessionStore
