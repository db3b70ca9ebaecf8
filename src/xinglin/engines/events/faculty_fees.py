"""Reckons lecture fees: the ceiling of a rank for the hours taught (K3), and the tax of a month (F9)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_DOWN, Decimal

from django.utils import timezone

from xinglin.kernel import regulations
from xinglin.lib.labour_tax import Remuneration, from_net

from .faculty import Invitation
from .programme import Session

RANKS = {"other": "K3.other", "associate": "K3.associate", "full": "K3.full", "academician": "K3.academician"}
NOON = 12


@dataclass(frozen=True, kw_only=True)
class Ceiling:
    """The most that may be promised after tax, in yuan: paid class hours times the rate of a rank."""

    hours: Decimal
    rate: Decimal
    most: Decimal
    regulation: str


def paid_hours(sessions: Iterable[Session], *, on: date) -> Decimal:
    """Return the class hours that are paid for: minutes of a half-day by K3.minutes, K3.hours at most each."""
    minutes: dict[tuple[date, bool], int] = {}
    for one in sessions:
        begin = timezone.localtime(one.from_at)
        half = begin.date(), begin.hour >= NOON
        minutes[half] = minutes.get(half, 0) + one.minutes
    length, most = int(regulations.value("K3.minutes", on=on)), Decimal(regulations.value("K3.hours", on=on))
    hours = (min(most, (Decimal(one) / length).quantize(Decimal("0.1"), rounding=ROUND_DOWN))
             for one in minutes.values())
    return sum(hours, Decimal(0))


def sessions_of(invitation: Invitation) -> list[Session]:
    """Return the sessions in which the invited person speaks or chairs; one given to merged classes counts once."""
    return list(Session.objects.filter(event=invitation.event, speakers__person=invitation.person).distinct())


def ceiling(invitation: Invitation, *, on: date) -> Ceiling:
    """Return the ceiling of an invitation's fee by its rank and the programme of today (K3)."""
    rule = RANKS[invitation.rank]
    rate, hours = Decimal(regulations.value(rule, on=on)), paid_hours(sessions_of(invitation), on=on)
    return Ceiling(hours=hours, rate=rate, most=(rate * hours).quantize(Decimal("0.01")), regulation=rule)


def taxed(invitation: Invitation, *, month: date) -> Remuneration:
    """Return what paying a fee in a month costs: earlier payments of that month are one remuneration with it (F9)."""
    rows = Invitation.objects.filter(person=invitation.person, state=Invitation.State.PAID,
                                     paid_on__year=month.year, paid_on__month=month.month)
    before = [one for one in rows if one.pk != invitation.pk]
    net = sum((one.net for one in before), Decimal(0)) + invitation.net
    whole = from_net(net=net)
    gross = whole.gross - sum((one.gross or Decimal(0) for one in before), Decimal(0))
    return Remuneration(gross=gross, tax=gross - invitation.net, net=invitation.net)
