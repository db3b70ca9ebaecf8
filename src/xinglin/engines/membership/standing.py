"""Answers the port `Standings`: who is a member in good standing, and the frozen roll of those who have a right."""

from collections.abc import Sequence
from datetime import date

from django.db.models import Exists, OuterRef, Prefetch

from xinglin.kernel.ports import provide
from xinglin.kernel.ports import standing as port
from xinglin.kernel.refs import Code, Ref

from .answers import days_of
from .matrix import catalogue
from .members import Member, Spell, TierSpan
from .statuses import FOR_EVER, GOOD, Shifts, in_one_pass, judge, reason
from .tiers import Entitlement

EVERYBODY = "members"
_STRANGER = "none"


class KeptStandings:
    """Knows the register of members."""

    def of(self, *, members: Sequence[Ref], on: date) -> dict[Ref, port.Standing]:
        """Return the standing of each person or unit on a date; strangers are not good, with a reason."""
        stranger = port.NoStandings().of(members=members, on=on)
        shifts: Shifts = {}
        return stranger | {holder: _standing(spell, on, shifts) for holder, spell in _spells(members, on).items()}

    def roll(self, *, rule: Code, on: date) -> port.Roll:
        """Return everybody who has a right of the matrix on a date and, where it wants a paid fee, has paid."""
        spells, word = Spell.objects.current(on), catalogue().get(rule)
        if rule != EVERYBODY:
            having = Entitlement.objects.on(on).filter(code=rule, kind=Entitlement.Kind.RIGHT)
            tiers = TierSpan.objects.on(on).filter(member=OuterRef("member"), tier__in=having.values("tier"))
            spells = spells.filter(Exists(tiers))
        rows = in_one_pass(spells, on=on).exclude(status="left")
        if rule == EVERYBODY or (word and word.paid):
            rows = rows.filter(status__in=GOOD)
        rows = rows.order_by("member__serial").values_list("member__person", "member__unit")
        return port.Roll(rule=rule, on=on, members=tuple(_ref(*keys) for keys in rows))


def _ref(person: int | None, unit: int | None) -> Ref:
    return Ref(f"directory.person:{person}") if person else Ref(f"directory.organisation:{unit}")


def _spells(holders: Sequence[Ref], on: date) -> dict[Ref, Spell]:
    keys = {kind: [int(one.key) for one in holders if one.kind == kind and one.key.isdecimal()]
            for kind in ("directory.person", "directory.organisation")}
    members = (Member.objects.filter(person__in=keys["directory.person"])
               | Member.objects.filter(unit__in=keys["directory.organisation"]))
    rows = Spell.objects.current(on).filter(member__in=members.values("pk")).select_related("member")
    tiers = Prefetch("member__tiers", TierSpan.objects.on(on).select_related("tier"), to_attr="tiers_then")
    found = {_ref(row.member.person_id, row.member.unit_id): row for row in rows.prefetch_related("coverages", tiers)}
    return {one: found[one] for one in holders if one in found}


def _standing(spell: Spell, on: date, shifts: Shifts) -> port.Standing:
    span = next(iter(spell.member.tiers_then), None)
    status = judge(days_of(spell, on=on), on=on, shifts=shifts)
    until = status.until if status.until and status.until != FOR_EVER else None
    return port.Standing(good=status.good, category=Code(span.tier.code if span else _STRANGER),
                         since=spell.joined_on, until=until if status.good else None,
                         reason="" if status.good else reason(status))


provide(port.Standings, KeptStandings())
