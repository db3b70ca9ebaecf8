"""Admits members, changes their tier, waives their fee."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from xinglin.directory.models import Organisation, Person
from xinglin.kernel.actors import Actor
from xinglin.kernel.acts import act, joined, state
from xinglin.kernel.policy import Refusal, require
from xinglin.kernel.refs import Code, Ref

from ..dropping import drop_bills
from ..facts import AffiliationBegun, CoverageBegun, CoverageEnded, MemberAdmitted, MemberGraded
from ..members import Affiliation, Coverage, Member, Spell, TierSpan
from ..numbers import next_numbers
from ..policy import may_keep_members
from ..refusals import BeforeLast, NothingChanges, NotYet
from ..tiers import Tier


class AlreadyMember(Refusal):
    """The person or unit is a member today."""


class NotMember(Refusal):
    """The membership is over, or has not begun."""


class WrongHolder(Refusal):
    """A tier of individuals was given to a unit, or the other way round."""

    field = "tier"


@dataclass(frozen=True, kw_only=True)
class Newcomer:
    """Who is admitted as what, and which branch brought them in."""

    who: Person | Organisation
    tier: Tier
    branch: Organisation | None = None
    application: Ref | None = None
    also: tuple[Organisation, ...] = ()  # further branches


@act
def admit_members(
    *, by: Actor, on: date, newcomers: Sequence[Newcomer], joined_on: date, decision: str = "", batch: Ref | None = None
) -> list[Spell]:
    """Admit people and units in the order given; who was a member before gets the old number back (M02)."""
    if not joined():  # approval of applications answers for itself
        require(may_keep_members(actor=by))
    if joined_on > on:
        raise NotYet(_("That day has not come yet."), field="joined_on")
    known = _known(newcomers)
    fresh = [one for one in newcomers if (type(one.who), one.who.pk) not in known]
    made = Member.objects.bulk_create([
        Member(serial=serial, number=number, person=one.who if isinstance(one.who, Person) else None,
               unit=one.who if isinstance(one.who, Organisation) else None)
        for one, (serial, number) in zip(fresh, next_numbers(year=joined_on.year), strict=False)])
    members = known | {(type(one.who), one.who.pk): member for one, member in zip(fresh, made, strict=True)}
    pairs = [(one, members[type(one.who), one.who.pk]) for one in newcomers]
    _refuse(pairs, known, joined_on)
    spells = Spell.objects.bulk_create([
        Spell(member=member, joined_on=joined_on, brought_by=one.branch, decision=decision) for one, member in pairs])
    before = TierSpan.objects.filter(member__in=[one.pk for one in known.values()])
    before.filter(from_on__gte=joined_on).delete()  # a tier that was to begin later never does
    before.filter(Q(until_on=None) | Q(until_on__gt=joined_on)).update(until_on=joined_on)
    TierSpan.objects.bulk_create([TierSpan(member=member, tier=one.tier, from_on=joined_on) for one, member in pairs])
    _affiliate(pairs, joined_on)
    for (one, member), spell in zip(pairs, spells, strict=True):
        state(MemberAdmitted(
            member=member.ref, spell=spell.pk, holder=Code(one.tier.holder), who=one.who.ref, tier=one.tier.ref,
            branch=one.branch.ref if one.branch else None, batch=batch, application=one.application,
            again=(type(one.who), one.who.pk) in known), happened_on=joined_on)
    return spells


def _known(newcomers: Sequence[Newcomer]) -> dict[tuple[type, int], Member]:
    people = [one.who.pk for one in newcomers if isinstance(one.who, Person)]
    units = [one.who.pk for one in newcomers if isinstance(one.who, Organisation)]
    rows = Member.objects.holding_locked(people=people, units=units)
    return {(Person, row.person_id) if row.person_id else (Organisation, row.unit_id): row for row in rows}


def _refuse(pairs: list[tuple[Newcomer, Member]], known: dict[tuple[type, int], Member], on: date) -> None:
    for one, _member in pairs:
        if one.tier.holder != ("person" if isinstance(one.who, Person) else "unit"):
            raise WrongHolder(_("%(tier)s is no tier for %(name)s.") % {"tier": one.tier, "name": one.who})
    still = Spell.objects.filter(member__in=[one.pk for one in known.values()]).exclude(ended_on__lt=on)
    if spell := still.select_related("member__person", "member__unit").first():
        if spell.ended_on:
            raise AlreadyMember(_("%(name)s left on %(day)s; admit from the day after.") % {
                "name": spell.member.name, "day": spell.ended_on})
        raise AlreadyMember(_("%(name)s has been a member since %(day)s, number %(number)s.") % {
            "name": spell.member.name, "day": spell.joined_on, "number": spell.member.number})


def _affiliate(pairs: list[tuple[Newcomer, Member]], on: date) -> None:
    rows = [Affiliation(member=member, organisation=branch, from_on=on, main=branch == one.branch)
            for one, member in pairs for branch in dict.fromkeys((*filter(None, [one.branch]), *one.also))]
    Affiliation.objects.bulk_create(rows)
    for row in rows:
        state(AffiliationBegun(member=row.member.ref, organisation=row.organisation.ref, how=Code(row.how),
                               main=row.main, from_on=on), happened_on=on)


def open_spell(member: Member, *, on: date) -> Spell:
    """Lock a member and return the membership that holds on a day (NotMember)."""
    member = Member.objects.one_locked(pk=member.pk)
    spell = Spell.objects.current(on).filter(member=member).first()
    if spell is None or (spell.ended_on and spell.ended_on <= on):
        raise NotMember(_("%(name)s is no member on %(day)s.") % {"name": member.name, "day": on})
    return spell


@act
def grade_member(*, by: Actor, on: date, member: Member, tier: Tier, from_on: date) -> TierSpan:
    """Give a member another tier from a day on."""
    require(may_keep_members(actor=by))
    open_spell(member, on=max(from_on, on))
    if tier.holder != member.holder_kind:
        raise WrongHolder(_("%(tier)s is no tier for %(name)s.") % {"tier": tier, "name": member})
    before = member.tiers.filter(until_on=None).select_related("tier").first()
    if before and before.tier == tier:
        raise NothingChanges(_("%(name)s is in this tier already.") % {"name": member}, field="tier")
    if before and from_on <= before.from_on:
        raise BeforeLast(_("The present tier holds since %(day)s; choose a later day.") % {"day": before.from_on})
    if before:
        before.until_on = from_on
        before.save(update_fields=["until_on"])
    row = TierSpan.objects.create(member=member, tier=tier, from_on=from_on)
    state(MemberGraded(member=member.ref, tier=tier.ref, from_on=from_on))
    return row


@act
def waive_fee(
    *, by: Actor, on: date, member: Member, from_on: date, until_on: date | None = None, reason: str
) -> Coverage:
    """Waive the fee from a day until before another, or for life (M3)."""
    if not joined():
        require(may_keep_members(actor=by))
    spell = open_spell(member, on=max(from_on, on))
    if spell.coverages.on(from_on).filter(kind=Coverage.Kind.WAIVED).exists():
        raise NothingChanges(_("The fee of %(name)s is waived already.") % {"name": member}, field="from_on")
    # Bills are read by more people than why a fee is waived.
    drop_bills(spell, from_on=from_on, until_on=until_on, reason=gettext("The fee is waived"))
    return begin_coverage(spell, kind=Coverage.Kind.WAIVED, from_on=from_on, until_on=until_on, reason=reason)


@act
def end_waiver(*, by: Actor, on: date, coverage: Coverage, until_on: date) -> None:
    """End a waiver or a free seat on a day; days gone by stay free, for rights were used on them."""
    if not joined():
        require(may_keep_members(actor=by))
    row = Coverage.objects.one_locked(pk=coverage.pk)
    if row.kind == Coverage.Kind.PAID or (row.until_on and row.until_on <= until_on):
        raise NothingChanges(_("Only a waiver or a free seat that still holds can be ended."))
    if until_on < on:
        raise BeforeLast(_("Days gone by stay free of charge; choose today or a later day."), field="until_on")
    if until_on <= row.from_on <= on:
        raise BeforeLast(_("It holds since %(day)s; choose a later day.") % {"day": row.from_on}, field="until_on")
    _end(row, until_on)
    if row.kind == Coverage.Kind.SEAT:  # the unit may have paid ahead
        for coming in row.spell.coverages.filter(kind=row.kind, unit=row.unit_id, from_on__gte=until_on):
            _end(coming, until_on)


def _end(row: Coverage, until_on: date) -> None:
    """End days for which nothing is owed and say it; what has not begun by then never does."""
    key, ends = row.pk, max(row.from_on, until_on)
    if ends == row.from_on:
        row.delete()
    else:
        row.until_on = ends
        row.save(update_fields=["until_on"])
    state(CoverageEnded(member=row.spell.member.ref, coverage=key, until_on=ends))


def begin_coverage(
    spell: Spell, *, kind: Coverage.Kind, from_on: date, until_on: date | None, **given: object
) -> Coverage:
    """Write days for which nothing is owed and say it; called within an act."""
    row = Coverage.objects.create(spell=spell, kind=kind, from_on=from_on, until_on=until_on, **given)
    state(CoverageBegun(
        member=spell.member.ref, spell=spell.pk, coverage=row.pk, kind=Code(kind.value), from_on=from_on,
        until_on=until_on, charge=row.charge.ref if row.charge else None, unit=row.unit.ref if row.unit else None,
        reason=row.reason))
    return row
