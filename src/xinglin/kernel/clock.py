"""The only place that reads the clock, so that everyone else is told the date."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime

from django.utils import timezone

_pretended: ContextVar[date | None] = ContextVar("pretended", default=None)


def today() -> date:
    """Return the association's local date; demonstrations and tests may pretend another."""
    return _pretended.get() or timezone.localdate()


def now() -> datetime:
    """Return the real moment, aware; recorded times are never pretended."""
    return timezone.now()


@contextmanager
def pretending(on: date) -> Iterator[None]:
    """Let `today()` be another date, for demonstrations and tests."""
    token = _pretended.set(on)
    try:
        yield
    finally:
        _pretended.reset(token)
