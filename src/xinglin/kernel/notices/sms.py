"""Sends short messages through whichever gateway the installation names."""

import logging
from typing import Protocol, cast

from django.conf import settings
from django.utils.module_loading import import_string

log = logging.getLogger(__name__)


class SmsGateway(Protocol):
    """Hands one short message to a provider; `key` lets the provider drop a repetition."""

    def send(self, *, mobile: str, text: str, key: str) -> None:
        """Send, or raise."""
        ...


class ConsoleSms:
    """Writes short messages to the log, for demonstrations."""

    def send(self, *, mobile: str, text: str, key: str) -> None:
        """Log the message with the number masked."""
        log.warning("SMS %s***%s %s: %s", mobile[:3], mobile[-4:], key, text)


def gateway() -> SmsGateway:
    """Return the gateway named by XINGLIN_SMS."""
    return cast(SmsGateway, import_string(settings.XINGLIN_SMS)())
