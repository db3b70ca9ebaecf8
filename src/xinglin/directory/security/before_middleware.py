"""What a path that is answered before Django's middleware still owes: the headers, the hosts, the security log."""

import time
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.core.handlers.wsgi import WSGIRequest
from django.http.request import split_domain_port, validate_host

from xinglin.lib.pacing import Pace

from .log import client_ip, record
from .middleware import PERMISSIONS

HEADERS = [("Content-Type", "application/json"), ("Cache-Control", "no-store"), ("X-Content-Type-Options", "nosniff"),
           ("Cross-Origin-Resource-Policy", "same-origin"), ("Permissions-Policy", PERMISSIONS)]
if settings.SECURE_HSTS_SECONDS:
    HEADERS.append(("Strict-Transport-Security", f"max-age={settings.SECURE_HSTS_SECONDS}; includeSubDomains"))
KINDS = {403: "refused", 429: "rate_exceeded"}  # of the security log, by status
LOGGED = Pace(each_second=1 / 60, at_once=1)  # lines for one address
LOGGED_IN_ALL = Pace(each_second=1, at_once=60)


@lru_cache(maxsize=256)
def is_ours(host: str) -> bool:
    """Say whether a request names a host of ours."""
    return validate_host(split_domain_port(host)[0], settings.ALLOWED_HOSTS)


def note_refusal(*, environ: dict[str, Any], status: int, who: str = "") -> None:
    """Write a refusal into the security log, once a minute for an address: a flood leaves a trace and fills no disk."""
    request, now = WSGIRequest(environ), time.monotonic()
    if LOGGED.allows(client_ip(request) or "", now=now) and LOGGED_IN_ALL.allows("", now=now):
        record(kind=KINDS[status], request=request, account=who, detail=request.path)
