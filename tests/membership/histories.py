"""Random memberships written straight into the tables, for comparing the rules with a plain reading of them."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random

from xinglin.directory.models import Person
from xinglin.engines.membership.facts import TierOpened
from xinglin.engines.membership.members import Coverage, Member, Spell
from xinglin.kernel.actors import Actor
from xinglin.kernel.acts import act, state
from xinglin.kernel.refs import Code, Ref

FIRST = date(2020, 1, 1)


@dataclass
class Life:
    """One membership as dates: spells, and for each what was covered."""

    spells: list[tuple[date, date | None]] = field(default_factory=list)
    covers: list[tuple[int, str, date, date | None]] = field(default_factory=list)  # spell, kind, from, until


def random_life(chance: Random) -> Life:
    """Return a life with gaps, waivers, free seats, late payments and returns."""
    life, day = Life(), FIRST + timedelta(days=chance.randrange(900))
    for number in range(chance.choice((1, 1, 1, 2, 3))):
        end = day + timedelta(days=chance.randrange(0, 1500)) if chance.random() < 0.5 else None
        life.spells.append((day, end))
        start = day + timedelta(days=chance.choice((0, 0, 5, 40, 200)))
        for _year in range(chance.randrange(0, 5)):
            kind = chance.choice(("paid", "paid", "paid", "seat", "waived"))
            until = None if kind == "waived" and chance.random() < 0.3 else start + timedelta(
                days=chance.choice((1, 30, 365, 366)))
            life.covers.append((number, kind, start, until))
            start = (until or start) + timedelta(days=chance.choice((0, 0, 0, 45, 91, 400)))
        if end is None:
            break
        day = end + timedelta(days=chance.randrange(1, 400))
    return life


@act
def write_lives(*, by: Actor, on: date, lives: list[Life]) -> None:
    """Write these lives as members."""
    at = Member.objects.count()
    people = Person.objects.bulk_create([
        Person(name=f"会员{at + place}", sort_key=f"h{at + place:06d}", registered_on=FIRST)
        for place in range(len(lives))])
    members = Member.objects.bulk_create([
        Member(number=f"T{at + place:06d}", serial=at + place + 1, person=person)
        for place, person in enumerate(people)])
    spells = Spell.objects.bulk_create([
        Spell(member=member, joined_on=joined, ended_on=ended, ended_by="left" if ended else "")
        for member, life in zip(members, lives, strict=True) for joined, ended in life.spells])
    found = iter(spells)
    of_life = [[next(found) for _one in life.spells] for life in lives]
    Coverage.objects.bulk_create([
        Coverage(spell=own[number], kind=kind, from_on=start, until_on=until)
        for own, life in zip(of_life, lives, strict=True) for number, kind, start, until in life.covers])
    state(TierOpened(tier=Ref("membership.tier:test"), holder=Code("person"), from_on=FIRST))
