"""Numbers of members: one series for ever, given in order and never again."""

from collections.abc import Iterator

from django.db.models import Max

from .members import Member
from .tiers import Tier


def next_numbers(*, year: int) -> Iterator[tuple[int, str]]:
    """Give serials and numbers, year of admission and serial: 2026-000123; within the act that writes them."""
    Tier.objects.first_locked()
    serial = Member.objects.aggregate(last=Max("serial"))["last"] or 0
    while True:
        serial += 1
        yield serial, f"{year}-{serial:06d}"
