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
from xinglin.kernel.ledger.models import SealedFact

from .facts import LogClosed, LogShortened
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
    """Walk the whole log and hold it against the ledger; the first line that does not fit is named.

    Each night's `security.log.closed` holds the link of that day's last line, so that a chain rewritten as a whole
    does not pass; the oldest lines may be missing only as far as `security.log.shortened` says.
    """
    closed, dropped = _closed(), _dropped()
    before: str | None = None
    expected, lines = dropped + 1, 0
    for entry in LogEntry.objects.order_by("number").iterator(chunk_size=2000):
        if not lines and entry.number <= expected:
            expected, before = entry.number, "0" * 64 if entry.number == 1 else closed.get(entry.number - 1)
        if entry.number != expected:
            return Checked(lines=lines, broken_at=expected)
        fits = before is None or link_of(before=before, entry=entry) == entry.link
        if not fits or closed.get(entry.number, entry.link) != entry.link:
            return Checked(lines=lines, broken_at=entry.number)
        before, expected, lines = entry.link, entry.number + 1, lines + 1
    head = LogHead.objects.filter(pk=1).first()
    written = max(head.number if head else 0, *closed, 0)
    if written >= expected or (lines and head and before != head.link):
        return Checked(lines=lines, broken_at=expected)
    return Checked(lines=lines, broken_at=None)


def _closed() -> dict[int, str]:
    """Return number and link of each day's last line as the ledger holds them."""
    bodies = SealedFact.objects.filter(type=LogClosed.TYPE).values_list("body", flat=True)
    return {int(body["last"]): body["link"] for body in bodies}


def _dropped() -> int:
    """Return the number up to which lines were dropped after their time."""
    bodies = SealedFact.objects.filter(type=LogShortened.TYPE).values_list("body", flat=True)
    return max((int(body["until"]) for body in bodies), default=0)
