"""Questions the office asks about members: sets of memberships, each said in SQL."""

from datetime import date, timedelta

from django.db.models import Exists, OuterRef, Q

from xinglin.directory.lists import professional_titles
from xinglin.directory.models import Organisation, Person, PersonTitle, Term
from xinglin.kernel import regulations
from xinglin.kernel.actors import Actor
from xinglin.lib.periods import years_after

from .activity import did_something
from .members import Affiliation, Spell, SpellQuerySet, TierSpan
from .policy import members_seen, sees_all

SENIOR = "senior"
SENIOR_GROUPS = frozenset({"senior", "vice_senior"})  # of lists/professional_titles.csv


def seen_spells(*, actor: Actor, on: date) -> SpellQuerySet:
    """Return the last membership of every member whom the actor may look up."""
    rows = Spell.objects.current(on)
    return rows if sees_all(actor) else rows.filter(member__in=members_seen(actor=actor, on=on))


def found(rows: SpellQuerySet, words: str) -> SpellQuerySet:
    """Keep those whose number, person or unit is meant: by their search keys, and each once."""
    people, units = Person.objects.found(words), Organisation.objects.found(words)
    return rows.filter(Q(member__number__icontains=words) | Q(member__person__in=people.order_by().values("pk"))
                       | Q(member__unit__in=units.order_by().values("pk")))


def of_tiers(rows: SpellQuerySet, codes: list[str], *, on: date) -> SpellQuerySet:
    """Keep those whose member is in one of these tiers on a day."""
    there = TierSpan.objects.on(on).filter(member=OuterRef("member"), tier__code__in=codes)
    return rows.filter(Exists(there))


def of_branches(rows: SpellQuerySet, keys: list[str], *, on: date) -> SpellQuerySet:
    """Keep those whose member belongs to one of these branches or groups on a day."""
    there = Affiliation.objects.on(on).filter(member=OuterRef("member"), organisation__in=keys)
    return rows.filter(Exists(there))


def idle(rows: SpellQuerySet, *, year: int) -> SpellQuerySet:
    """Keep the people of whom the ledger tells no activity in a year (M01)."""
    return rows.filter(member__unit=None).filter(~Q(did_something(person="member__person", year=year)))


def busy(rows: SpellQuerySet, *, year: int) -> SpellQuerySet:
    """Keep the people of whom the ledger tells some activity in a year."""
    return rows.filter(member__unit=None).filter(did_something(person="member__person", year=year))


def in_office(rows: SpellQuerySet, *, on: date) -> SpellQuerySet:
    """Keep those who hold a post on a day: with a lapsed status, those still on a committee."""
    return rows.filter(Exists(Term.objects.on(on).filter(person=OuterRef("member__person"))))


def ending(rows: SpellQuerySet, *, on: date, days: int) -> SpellQuerySet:
    """Keep those whose paid time ends within so many days from a day on."""
    return rows.filter(paid_until__gt=on, paid_until__lte=on + timedelta(days=days), waived=False, ended_on=None)


def due_for_waiver(rows: SpellQuerySet, *, on: date) -> SpellQuerySet:
    """Keep those old enough for a waiver who have none (M3)."""
    age = int(regulations.value("M3.waived_from_age", on=on))
    return rows.filter(member__person__born_on__lte=years_after(day=on, years=-age), waived=False, ended_on=None)


def due_for_senior(rows: SpellQuerySet, *, on: date) -> SpellQuerySet:
    """Keep those with a senior title and the member-years of a senior member who are none yet (M3)."""
    years = int(regulations.value("M3.senior_years", on=on))
    titled = PersonTitle.objects.filter(person=OuterRef("member__person"), title__in=_senior_titles())
    senior = TierSpan.objects.on(on).filter(member=OuterRef("member"), tier__code=SENIOR)
    return rows.filter(Q(joined_on__lte=years_after(day=on, years=-years)), Exists(titled), ended_on=None).exclude(
        Exists(senior))


def _senior_titles() -> list[str]:
    return [code for code, one in professional_titles.entries.items() if one.group in SENIOR_GROUPS]
