"""Open sessions: where an account is signed in, and how they are ended."""

from importlib import import_module
from typing import Any

from django.conf import settings
from django.db import models
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
    now, ip = clock.now(), log.client_ip(request)
    browser = request.headers.get("User-Agent", "")[:200].replace("\x00", "")
    ran_out = [one.key for one in _rows(account).filter(ip=ip, browser=browser) if not _alive(one.key)]
    _rows(account).filter(key__in=ran_out).delete()  # whoever signs in again here goes on there
    request.session[BEGAN] = request.session[ACTIVE] = int(now.timestamp())
    OpenSession.objects.update_or_create(
        key=request.session.session_key,
        defaults={
            "account": account,
            "opened_at": now,
            "seen_at": now,
            "ip": ip,
            "browser": browser,
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

    What was signed for it ends with the last of them, but whoever watches a lecture does nothing else and looks idle to
    us: a session that was left idle or ran out ends nothing, and stays on our list until it is signed in again there or
    the night, so that somebody who signs out elsewhere meanwhile ends nothing either.
    """
    found = _rows(account).exclude(key=but)
    if key:
        found = found.filter(key=key)
    keys = list(found.values_list("key", flat=True))
    ended = sum(_alive(one) for one in keys)
    for one in keys:
        _store()(one).delete()
    if idle:
        return ended
    _rows(account).filter(key__in=keys).delete()
    if but or not _rows(account).exists():
        end_handed_out(who=names_of(account))
    return ended


def alive_sessions(*, account: Account) -> list[OpenSession]:
    """Return where the account is signed in now."""
    return [one for one in _rows(account) if _alive(one.key)]


def sweep_sessions() -> None:
    """Drop the sessions that ran out, with what they knew of their visitors and we of where they were."""
    _store().clear_expired()
    OpenSession.objects.exclude(key__in=_store().get_model_class().objects.values("session_key")).delete()


def _rows(account: Account) -> models.QuerySet[OpenSession]:
    return OpenSession.objects.filter(account=account)


def _alive(key: str) -> bool:
    """Say whether a session is there and did not run out."""
    return bool(_store()(key).load())


def _store() -> Any:
    return import_module(settings.SESSION_ENGINE).SessionStore
