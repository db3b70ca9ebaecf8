"""Issues and cancels bills: none without a line of the standard, and the amount is always the line's or pro rata."""

from collections.abc import Sequence
from datetime import date

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from xinglin.kernel.actors import Actor
from xinglin.kernel.acts import act, joined, state
from xinglin.kernel.policy import Refusal, require
from xinglin.kernel.refs import Code, ref

from ..billing import Due, Rules, charges_of, dues_of, rules_of
from ..facts import ChargeCancelled, ChargeIssued, CoverageBegun
from ..fees import Charge, FeeLine, Run, Schedule
from ..members import Coverage, Member, Spell
from ..policy import may_keep_fees
from ..renewals import WHOLE_YEAR
from .members import open_spell


class NotOnTheStandard(Refusal):
    """The line is not of the standard in force, or not for this member."""

    field, regulation = "line", "G10"


class BilledAlready(Refusal):
    """There is a bill for this membership and year."""

    field = "year"


class NothingOwed(Refusal):
    """The year is covered, waived, or free of charge."""


class NothingToBill(Refusal):
    """No membership needs a bill."""


class MoneyCame(Refusal):
    """Something was received for the bill, so it stands."""


class CancelledAlready(Refusal):
    """The bill is cancelled."""


@act
def issue_charge(
    *, by: Actor, on: date, member: Member, line: FeeLine, year: int, due_on: date, months: int = WHOLE_YEAR
) -> Charge:
    """Bill one member for a year by a line of the standard; fewer than twelve months are pro rata of it (G10)."""
    if not joined():
        require(may_keep_fees(actor=by))
    spell = open_spell(member, on=on)
    _refuse(spell, line, year, months, on)
    if due_on < on:
        raise Refusal(_("It cannot have been due before today."), field="due_on")
    due = Due(spell=spell.pk, member=member.pk, serial=member.serial, line=line, months=months, due_on=due_on)
    rules = rules_of(year=year, on=on, due_on=due_on)
    try:
        with transaction.atomic():
            return issue(rules, [due])[0]
    except IntegrityError:  # a dues run billed the member this very moment
        raise BilledAlready(_("There is a bill for this year.")) from None


def _refuse(spell: Spell, line: FeeLine, year: int, months: int, on: date) -> None:
    schedule = Schedule.objects.in_force(max(on, date(year, 1, 1)))
    span = spell.member.tiers.on(on).select_related("tier").first()
    if schedule is None or line.schedule_id != schedule.pk:
        raise NotOnTheStandard(_("This line is not of the fee standard in force."))
    if span is None or line.tier_id != span.tier_id:
        raise NotOnTheStandard(_("%(name)s is in another tier; choose the line of that tier.") % {
            "name": spell.member.name})
    if not line.amount:
        raise NothingOwed(_("This line asks for nothing; no bill is needed."), field="line")
    if not 1 <= months <= WHOLE_YEAR:
        raise NotOnTheStandard(_("A bill is for one to twelve months."), field="months")
    if not spell.joined_on.year <= year <= on.year + 1:
        raise NotOnTheStandard(_("A bill is for a year from admission to next year."), field="year")
    if old := Charge.objects.filter(spell=spell, year=year, cancelled_on=None).first():
        raise BilledAlready(_("There is a bill for %(year)d: %(code)s.") % {"year": year, "code": old.code})


def issue(rules: Rules, dues: Sequence[Due], *, run: Run | None = None) -> list[Charge]:
    """Write bills and say each; called within an act."""
    made = Charge.objects.bulk_create(charges_of(rules, dues, run=run))
    members = {one.spell: one.member for one in dues}
    for row in made:
        state(ChargeIssued(
            charge=row.ref, member=ref("membership.member", members[row.spell_id]), line=row.line.ref, year=row.year,
            months=row.months, amount=row.amount, due_on=row.due_on))
    return made


def waive(dues: Sequence[Due]) -> list[Coverage]:
    """Write the waivers that age and tier give, and say each; called within an act."""
    words = {"age": _("Of the age from which the fee is waived"), "tier": _("A tier without a fee")}
    owners = {one.spell: one.member for one in dues}
    made = Coverage.objects.bulk_create([
        Coverage(spell_id=one.spell, kind=Coverage.Kind.WAIVED, from_on=one.from_on, until_on=one.until_on,
                 reason=words[one.waived]) for one in dues if one.waived])
    for row in made:
        state(CoverageBegun(
            member=ref("membership.member", owners[row.spell_id]), spell=row.spell_id, coverage=row.pk,
            kind=Code(row.kind), from_on=row.from_on, until_on=row.until_on, reason=row.reason))
    return made


@act
def bill_newcomers(*, by: Actor, on: date, spells: Sequence[Spell], due_on: date) -> list[Charge]:
    """Bill new members for the year of their admission, or waive it; whom no single line fits is left to the office."""
    if not joined():
        require(may_keep_fees(actor=by))
    rules = rules_of(year=on.year, on=on, due_on=due_on)
    dues = dues_of(rules, spells=[one.pk for one in spells])
    if not any(one.line or one.waived for one in dues):
        raise NothingToBill(_("None of them needs a bill, or none has a line of the fee standard."))
    waive(dues)
    return issue(rules, dues)


@act
def cancel_charge(*, by: Actor, on: date, charge: Charge, reason: str) -> Charge:
    """Cancel a bill for which nothing was received; it stays readable with the reason."""
    if not joined():
        require(may_keep_fees(actor=by))
    if not reason.strip():
        raise Refusal(_("Say why."), field="reason")
    [row] = Charge.objects.held_locked([charge.pk])
    if row.cancelled_on:
        raise CancelledAlready(_("It was cancelled on %(day)s.") % {"day": row.cancelled_on})
    if row.allocations.exists():
        raise MoneyCame(_("Money was received for this bill, so it stands. What was paid is not paid back on an exit."),
                        regulation="M4")
    row.cancelled_on, row.cancelled_for = on, reason.strip()[:120]
    row.save(update_fields=["cancelled_on", "cancelled_for"])
    state(ChargeCancelled(charge=row.ref, member=row.spell.member.ref, reason=row.cancelled_for))
    return row
