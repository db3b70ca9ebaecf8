"""Covers days of a membership as a payment would, without bills."""

from datetime import date

from xinglin.engines.membership.actions.members import begin_coverage
from xinglin.engines.membership.members import Coverage, Member, Spell
from xinglin.kernel.actors import Actor
from xinglin.kernel.acts import act

from .conftest import DAY


@act
def pay(*, by: Actor, on: date, member: Member, until_on: date, from_on: date = DAY) -> Coverage:
    """Cover days of the membership that holds."""
    spell = Spell.objects.get(member=member, ended_on=None)
    return begin_coverage(spell, kind=Coverage.Kind.PAID, from_on=from_on, until_on=until_on)
