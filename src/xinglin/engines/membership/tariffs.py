"""Answers the port of tariffs for the item "dues": what membership costs somebody for a year, by the standard."""

from datetime import date
from decimal import Decimal

from xinglin.kernel.ports import provide
from xinglin.kernel.ports.tariff import Price, Tariffs
from xinglin.kernel.refs import Code, Ref

from .fees import Charge, FeeLine, Schedule
from .members import Coverage, Member
from .tiers import Entitlement

ITEM = Code("dues")


class MembershipTariff:
    """Knows the fee of each member by tier and level; nobody else's, and no price for anybody without a tier."""

    def price(self, *, item: Code, payer: Ref | None, on: date) -> Price | None:
        """Return the yearly fee of a member on a day: 0 when it is waived, None when no line names it."""
        member = _member(payer) if item == ITEM and payer else None
        schedule = Schedule.objects.in_force(on)
        if member is None or schedule is None:
            return None
        span = member.tiers.on(on).first()
        line = _line(member, schedule, span.tier_id) if span else None
        if line is None:
            return None
        free = _waived(member, on) or not Entitlement.objects.on(on).filter(tier=line.tier_id, code="fee").exists()
        return Price(amount=Decimal("0.00") if free else line.amount, line=line.ref, decision=schedule.ref)


def _member(payer: Ref) -> Member | None:
    if not payer.key.isdecimal():
        return None
    field = {"membership.member": "pk", "directory.person": "person", "directory.organisation": "unit"}.get(payer.kind)
    return Member.objects.filter(**{field: int(payer.key)}).first() if field else None


def _line(member: Member, schedule: Schedule, tier: int) -> FeeLine | None:
    """Return the only line of a tier, or the one of the level that the member was billed at last."""
    lines = list(schedule.lines.filter(tier=tier))
    if len(lines) == 1:
        return lines[0]
    last = Charge.objects.filter(spell__member=member, cancelled_on=None).select_related("line").order_by("-pk").first()
    return next((one for one in lines if last and one.level == last.line.level), None)


def _waived(member: Member, on: date) -> bool:
    return Coverage.objects.on(on).filter(spell__member=member, kind=Coverage.Kind.WAIVED).exists()


provide(Tariffs, MembershipTariff())
