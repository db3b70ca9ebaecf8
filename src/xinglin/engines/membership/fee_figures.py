"""The figures of a year's fees: what was billed, what came, what is late, what no bill took; and states in words."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Count, DecimalField, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from .fees import MONEY, Allocation, Charge, Payment

NOTHING = Decimal(0)
# A bill that is full has its days: so paid, open and late are told without adding up money.
PAID = Q(coverage__isnull=False, cancelled_on=None)
OPEN = Q(coverage__isnull=True, cancelled_on=None, spell__ended_on=None)
FORMER = Q(coverage__isnull=True, cancelled_on=None, spell__ended_on__isnull=False)  # asked of who has left since
CANCELLED = Q(cancelled_on__isnull=False)


@dataclass(frozen=True, kw_only=True)
class Figures:
    """A year's bills and money."""

    year: int
    bills: int
    paid: int
    late: int
    billed: Decimal
    received: Decimal
    unused: Decimal
    unused_payments: int

    @property
    def owed(self) -> Decimal:
        """What is still to come."""
        return max(self.billed - self.received, NOTHING)

    @property
    def share(self) -> int | None:
        """What per cent of what was billed came, None when nothing was billed."""
        return int(self.received * 100 / self.billed) if self.billed else None


def figures_of(*, year: int, on: date) -> Figures:
    """Return the figures of a year as they stand on a day."""
    bills = Charge.objects.filter(PAID | OPEN, year=year).aggregate(
        bills=Count("pk"), paid=Count("pk", filter=PAID), late=Count("pk", filter=OPEN & Q(due_on__lt=on)),
        billed=Sum("amount", default=NOTHING))
    came = Allocation.objects.filter(charge__year=year).aggregate(received=Sum("amount", default=NOTHING))
    rests = unused().aggregate(unused=Sum("rest", default=NOTHING), unused_payments=Count("pk"))
    return Figures(year=year, **bills, **came, **rests)


def unused() -> "QuerySet[Payment]":
    """Return the payments of which something is left."""
    return Payment.objects.weighed().filter(rest__gt=0)


def bills_told() -> "QuerySet[Charge]":
    """Return bills with what was received for each, and the names that pages show."""
    came = Allocation.objects.filter(charge=OuterRef("pk")).order_by().values("charge").annotate(all=Sum("amount"))
    received = Coalesce(Subquery(came.values("all")), NOTHING, output_field=DecimalField(**MONEY))
    return Charge.objects.annotate(received=received).select_related(
        "spell__member__person", "spell__member__unit", "line__tier", "coverage")


def state_of(charge: Charge, *, on: date) -> tuple[str, Any]:
    """Return light and word of a bill on a day."""
    if charge.cancelled_on:
        return "off", _("Cancelled")
    if getattr(charge, "coverage", None) is not None:
        return "done", _("Paid in full")
    if charge.spell.ended_on:
        return "off", _("Membership over")
    if charge.due_on < on:
        return "bad", _("Past due")
    return ("warn", _("Paid in part")) if charge.received else ("warn", _("To be paid"))  # type: ignore[attr-defined]
