"""What strangers may ask membership: names of its refs and how members stand; values, never rows."""

from datetime import date

from xinglin.kernel.refs import Shown, resolves

from .members import Member, Spell
from .statuses import FOR_EVER, Days, Status, judge
from .tiers import Tier


def days_of(spell: Spell, *, on: date) -> Days:
    """Return the dated facts that decide how a membership stands on a day."""
    covers = [one for one in spell.coverages.all() if one.from_on <= on]
    until = [one.until_on or FOR_EVER for one in covers]
    waived = any(one.kind == "waived" and (one.until_on is None or one.until_on > on) for one in covers)
    return Days(joined=spell.joined_on, ended=spell.ended_on, paid_until=max(until, default=None), waived=waived,
                ahead=any(one.from_on > on for one in spell.coverages.all()))


def status_of(member: Member, *, on: date) -> Status | None:
    """Return how a member stands on a day, None before the first admission."""
    spell = Spell.objects.current(on).filter(member=member).prefetch_related("coverages").first()
    return judge(days_of(spell, on=on), on=on) if spell else None


@resolves("membership.tier")
def _tiers(keys: list[str]) -> dict[str, Shown]:
    return {row.code: Shown(label=str(row)) for row in Tier.objects.filter(code__in=keys)}


@resolves("membership.member")
def _members(keys: list[str]) -> dict[str, Shown]:
    rows = Member.objects.filter(pk__in=[key for key in keys if key.isdecimal()]).select_related("person", "unit")
    return {str(row.pk): Shown(label=row.name, url=row.get_absolute_url()) for row in rows}

