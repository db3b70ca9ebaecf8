"""The security log: appends lines to a chain, verifies it, and knows where requests come from."""

import hashlib
import ipaddress
import json
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.http import HttpRequest

from xinglin.kernel import clock

from .models import LogEntry, LogHead

KINDS = (
    "signed_in", "sign_in_failed", "shut_out", "signed_out", "idle_out", "session_ended", "factor_failed",
    "code_sent", "code_failed", "refused", "rate_exceeded", "recovery_asked", "host_refused",
)  # fmt: skip


def client_ip(request: HttpRequest | None) -> str | None:
    """Return the address of the client: the hop before our own proxies, never what the client claims."""
    if request is None:
        return None
    hops = [one.strip() for one in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",") if one.strip()]
    trusted = int(settings.XINGLIN_PROXIES)
    said = hops[-trusted] if trusted and len(hops) >= trusted else request.META.get("REMOTE_ADDR", "")
    try:
        return str(ipaddress.ip_address(said))
    except ValueError:
        return None


def record(*, kind: str, request: HttpRequest | None = None, account: str = "", detail: str = "") -> LogEntry:
    """Append one line about a request; `account` is a ref, never a name that somebody typed."""
    if kind not in KINDS:
        raise ValueError(f"{kind} is no kind of the security log")
    browser = request.headers.get("User-Agent", "")[:200] if request is not None else ""
    with transaction.atomic():
        LogHead.objects.get_or_create(pk=1)
        head = LogHead.objects.select_for_update().get(pk=1)
        entry = LogEntry(
            number=head.number + 1, at=clock.now(), kind=kind, account=account, ip=client_ip(request),
            browser=browser.replace("\x00", ""), detail=detail[:200].replace("\x00", ""),
        )  # fmt: skip
        entry.link = link_of(before=head.link, entry=entry)
        entry.save(force_insert=True)
        LogHead.objects.filter(pk=1).update(number=entry.number, link=entry.link)
    return entry


def link_of(*, before: str, entry: LogEntry) -> str:
    """Return the hex SHA-256 over the link before and this line."""
    at: datetime = entry.at
    line = [entry.number, at.timestamp(), entry.kind, entry.account, entry.ip or "", entry.browser, entry.detail]
    return hashlib.sha256(f"{before}\n{json.dumps(line, ensure_ascii=False)}".encode()).hexdigest()


@dataclass(frozen=True, kw_only=True)
class Checked:
    """What a check of the log found: how many lines, and the first that does not fit (None: all do)."""

    lines: int
    broken_at: int | None


def verify() -> Checked:
    """Walk the whole log; a changed, missing or added line is the first that does not fit."""
    before: str | None = None
    expected, lines = None, 0
    for entry in LogEntry.objects.order_by("number").iterator(chunk_size=2000):
        # The first line kept is taken as it stands: what came before it was dropped after its time, and a
        # `security.log.closed` fact holds the link of that day.
        if expected is not None and entry.number != expected:
            return Checked(lines=lines, broken_at=expected)
        if before is None and entry.number == 1:
            before = "0" * 64
        if before is not None and link_of(before=before, entry=entry) != entry.link:
            return Checked(lines=lines, broken_at=entry.number)
        before, expected, lines = entry.link, entry.number + 1, lines + 1
    head = LogHead.objects.filter(pk=1).first()
    if head is not None and head.number and (before != head.link or expected != head.number + 1):
        return Checked(lines=lines, broken_at=expected or 1)
    return Checked(lines=lines, broken_at=None)
