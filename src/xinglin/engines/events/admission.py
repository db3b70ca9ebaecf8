"""Whether a visitor may enter an event under the epidemic pack: a pure function, for the gate and for its tests."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from xinglin.kernel import regulations
from xinglin.kernel.policy import YES, Verdict, no

HALF_HOUR = timedelta(minutes=30)


@dataclass(frozen=True, kw_only=True)
class Rules:
    """The limits in force on a day; a gate takes them along when it goes offline."""

    fever: Decimal
    code: str
    refused: frozenset[str]
    early: timedelta


def rules_on(*, on: date) -> Rules:
    """Return the limits of the pack on a day."""
    refused = str(regulations.value("C08.risk_refused", on=on)).split(",")
    return Rules(fever=Decimal(str(regulations.value("C08.fever", on=on))),
                 code=str(regulations.value("C08.code", on=on)),
                 refused=frozenset(one.strip() for one in refused),
                 early=timedelta(minutes=int(regulations.value("C08.early_minutes", on=on))))


def admit(
    *, at: datetime, slot_at: datetime | None, risk: str, temperature: Decimal | None, code: str, rules: Rules
) -> Verdict:
    """Say whether somebody may enter: reserved, from no area of risk, no fever AND the right code shown (C08)."""
    if slot_at is None:
        return no(_("No half hour is reserved."), regulation="C08.reservation")
    if risk in rules.refused:
        return no(_("Comes from an area of risk."), regulation="C08.risk_refused")
    if temperature is None:
        return no(_("Take the temperature first."), regulation="C08.fever")
    if temperature >= rules.fever:
        return no(_("The temperature is %(found)s ℃, the limit %(limit)s ℃.") % {
            "found": temperature, "limit": rules.fever}, regulation="C08.fever")
    if code != rules.code:
        return no(_("The health code is not in order."), regulation="C08.code")
    if at < slot_at - rules.early:
        return no(_("Too early for the half hour that is reserved."), regulation="C08.reservation")
    if at >= slot_at + HALF_HOUR + rules.early:
        return no(_("The half hour that was reserved is over."), regulation="C08.reservation")
    return YES
