"""Carries letters out of the house: claimed, sent after commit, tried again, and buried only in public."""

import smtplib
import time
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import models, transaction

from .. import clock
from ..ports import ask
from ..ports.addresses import Address, Addresses
from ..refs import Ref
from .models import Letter
from .sms import gateway
from .wording import LANGUAGES, Words, render

# Minutes before each further attempt: about three days in all, so that a weekend without a server loses nothing.
BACK_OFF = (1, 5, 15, 60, 240, 720, 1440, 1440)


def deliver_due(*, now: datetime, limit: int = 50, stop: Callable[[], bool] = lambda: False) -> int:
    """Send up to `limit` letters that are due, or until told to stop, and return how many went out.

    A worker killed between the server's yes and our note of it sends again, under the same Message-ID.
    """
    mail, sent, begun = get_connection(), 0, time.monotonic()
    for _round in range(limit):
        # Claimed one by one, right before it goes: behind a slow server the last of many would look forsaken.
        at = now + timedelta(seconds=time.monotonic() - begun)
        if stop() or (letter := _claim(at)) is None:
            break
        person = Ref(letter.notice.to)
        sent += _deliver(letter, ask(Addresses).of(people=[person]).get(person), mail, at)
    _close(mail)
    return sent


def _claim(now: datetime) -> Letter | None:
    with transaction.atomic():
        letter = Letter.objects.next_locked(now=now)
        if letter:
            letter.state, letter.claimed_at, letter.attempts = "sending", now, letter.attempts + 1
            letter.save(update_fields=["state", "claimed_at", "attempts"])
    return letter


def _deliver(letter: Letter, address: Address | None, mail: BaseEmailBackend, now: datetime) -> bool:
    where = (address.email if letter.channel == "email" else address.mobile) if address else ""
    if not address or not where:
        return _note(letter, state="no_address")
    try:
        language = address.language if address.language in LANGUAGES else "zh-hans"
        notice = letter.notice
        words = render(template=notice.template, context=notice.context, about=notice.about, language=language)
        if letter.channel == "sms":
            gateway().send(mobile=where, text=words.short, key=notice.id.hex)
        else:
            _post(letter, where, words, mail)
    except Exception as trouble:
        _close(mail)
        said = f"{type(trouble).__name__}: {trouble}"
        if _final(trouble) or letter.attempts > len(BACK_OFF):
            return _note(letter, state="dead", trouble=said)
        wait = timedelta(minutes=BACK_OFF[letter.attempts - 1])
        return _note(letter, state="waiting", due_at=now + wait, trouble=said)
    return _note(letter, state="sent", sent_at=clock.now(), trouble="")


def _post(letter: Letter, where: str, words: Words, mail: BaseEmailBackend) -> None:
    domain = settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].strip(" >") or "localhost"
    headers = {"Message-ID": f"<{letter.notice_id.hex}@{domain}>", "Auto-Submitted": "auto-generated"}
    mail.open()
    EmailMessage(words.subject, words.body, to=[where], headers=headers, connection=mail).send()


def _close(mail: BaseEmailBackend) -> None:
    """Hang up; a server that is already gone is no further trouble."""
    try:
        mail.close()
    except (OSError, smtplib.SMTPException):
        mail.connection = None  # type: ignore[attr-defined]


def _final(trouble: Exception) -> bool:
    """Say whether the server refused for good (RFC 5321: 5yz); wrong passwords are ours and will be mended."""
    if isinstance(trouble, smtplib.SMTPAuthenticationError):
        return False
    if isinstance(trouble, smtplib.SMTPRecipientsRefused):
        return all(code >= 500 for code, _said in trouble.recipients.values())
    return isinstance(trouble, smtplib.SMTPResponseException) and trouble.smtp_code >= 500


def _note(letter: Letter, **fields: object) -> bool:
    """Write the outcome unless the claim was lost meanwhile; say whether the letter went out."""
    Letter.objects.filter(pk=letter.pk, claimed_at=letter.claimed_at, state="sending").update(**fields)
    return fields["state"] == "sent"


def troubled() -> models.QuerySet[Letter]:
    """Return the letters a person must look at: dead, or failing, oldest first."""
    return Letter.objects.exclude(trouble="").exclude(state="sent").select_related("notice").order_by("due_at")


def send_again(*, letters: Sequence[int], now: datetime) -> int:
    """Give dead and addressless letters a new start and return how many."""
    return Letter.objects.filter(pk__in=letters, state__in=("dead", "no_address")).update(
        state="waiting", attempts=0, due_at=now)
