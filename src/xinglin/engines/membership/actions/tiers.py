"""Opens tiers and changes what they may and must do, from a day on; what held before stays readable."""

from datetime import date

from django.utils.translation import gettext_lazy as _

from xinglin.kernel.actors import Actor
from xinglin.kernel.acts import act, state
from xinglin.kernel.policy import Refusal, require
from xinglin.kernel.refs import Code

from ..facts import EntitlementChanged, TierOpened
from ..matrix import catalogue
from ..policy import may_set_rules
from ..refusals import BeforeLast, NothingChanges
from ..tiers import Entitlement, Holder, Tier


class TierTaken(Refusal):
    """There is a tier with this code."""

    field = "code"


class UnknownWord(Refusal):
    """Nobody knows this condition, right or duty."""

    field = "code"


@act
def open_tier(
    *, by: Actor, on: date, code: Code, zh: str, en: str, holder: Holder, from_on: date, order: int = 0
) -> Tier:
    """Open a tier with its permanent code."""
    require(may_set_rules(actor=by))
    if Tier.objects.filter(code=code).exists():
        raise TierTaken(_("The code %(code)s is taken by another tier.") % {"code": code})
    tier = Tier.objects.create(code=code, zh=zh, en=en, holder=holder, from_on=from_on, order=order)
    state(TierOpened(tier=tier.ref, holder=Code(holder.value), from_on=from_on))
    return tier


@act
def grant(
    *, by: Actor, on: date, tier: Tier, code: str, from_on: date, amount: int | None = None, decision: str = ""
) -> Entitlement:
    """Give a tier a condition, right or duty from a day on, or another amount of it."""
    require(may_set_rules(actor=by))
    word = catalogue().get(code)
    if word is None:
        raise UnknownWord(_("There is no condition, right or duty named %(code)s.") % {"code": code})
    before = tier.entitlements.filter(code=code, until_on=None).first()
    if before and before.amount == amount:
        raise NothingChanges(_("%(tier)s has this already.") % {"tier": tier}, field="code")
    if before:
        _end(before, from_on)
    row = Entitlement.objects.create(tier=tier, kind=word.kind, code=code, amount=amount, from_on=from_on,
                                     decision=decision)
    _say(row, granted=True, from_on=from_on)
    return row


@act
def revoke(*, by: Actor, on: date, tier: Tier, code: str, from_on: date) -> None:
    """Take a condition, right or duty from a tier, from a day on."""
    require(may_set_rules(actor=by))
    row = tier.entitlements.filter(code=code, until_on=None).first()
    if row is None:
        raise NothingChanges(_("%(tier)s does not have this.") % {"tier": tier}, field="code")
    _end(row, from_on)
    _say(row, granted=False, from_on=from_on)


def _end(row: Entitlement, from_on: date) -> None:
    if from_on <= row.from_on:
        raise BeforeLast(_("It holds since %(day)s; choose a later day.") % {"day": row.from_on})
    row.until_on = from_on
    row.save(update_fields=["until_on"])


def _say(row: Entitlement, *, granted: bool, from_on: date) -> None:
    state(EntitlementChanged(tier=row.tier.ref, kind=Code(row.kind), code=Code(row.code), granted=granted,
                             amount=row.amount if granted else None, from_on=from_on))
