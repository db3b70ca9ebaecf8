"""Writes down visits of care: once for one reason to one recipient, money under a voucher (C15)."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from xinglin.directory.models import Organisation, Person
from xinglin.kernel.actors import Actor
from xinglin.kernel.acts import act, state
from xinglin.kernel.policy import Problem, Refusal, Refusals, require
from xinglin.kernel.refs import Code

from ..caring import Care, CareQuerySet
from ..facts_services import CareGiven
from ..meetings import Event
from ..services_policy import may_give_care


class CaredFor(Refusal):
    """The recipient was visited for this reason this year."""

    field = "reason"
    regulation = "C15.once"


@dataclass(frozen=True, kw_only=True)
class Visit:
    """What is said of one visit: a person or institution of the directory, or a name with its unit."""

    reason: str
    given_on: date
    person: Person | None = None
    organisation: Organisation | None = None
    name: str = ""
    unit: str = ""
    people: int = 1
    money: Decimal = Decimal(0)
    gift: str = ""
    voucher: str = ""
    region: str = ""
    note: str = ""
    event: Event | None = None


@act
def give_care(*, by: Actor, on: date, visit: Visit, corrects: Care | None = None) -> Care:
    """Write down that somebody was visited; a later word corrects an earlier one."""
    require(may_give_care(actor=by))
    _check(visit, on=on)
    row = Care.objects.one_locked(pk=corrects.pk) if corrects else Care()
    if first := _same(visit).exclude(pk=row.pk).first():
        raise CaredFor(_("%(who)s was visited for this reason on %(day)s.") % {
            "who": first.label, "day": first.given_on})
    for name in ("reason", "given_on", "person", "organisation", "name", "unit", "people", "money", "gift", "voucher",
                 "region", "note", "event"):
        setattr(row, name, getattr(visit, name))
    row.year = visit.given_on.year
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError:  # somebody else is writing the same visit down right now
        raise CaredFor(_("%(who)s was visited for this reason on %(day)s.") % {
            "who": row.label, "day": row.given_on}) from None
    row.fact_key = state(CareGiven(
        care=row.ref, person=row.person.ref if row.person else None,
        organisation=row.organisation.ref if row.organisation else None, reason=Code(row.reason), year=row.year,
        money=row.money, people=row.people, region=Code(row.region) if row.region else None, name=row.name,
        unit=row.unit, gift=row.gift, voucher=row.voucher, note=row.note),
        happened_on=row.given_on, corrects=row.fact_key)
    row.save(update_fields=["fact_key"])
    return row


def _same(visit: Visit) -> CareQuerySet:
    """Return the visits to the same recipient for the same reason in the same year."""
    rows = Care.objects.filter(reason=visit.reason, year=visit.given_on.year)
    if visit.person:
        return rows.filter(person=visit.person)
    rows = rows.filter(person=None)
    if visit.organisation:
        return rows.filter(organisation=visit.organisation)
    return rows.filter(organisation=None, name=visit.name, unit=visit.unit)


def _check(visit: Visit, *, on: date) -> None:
    problems = []
    if not (visit.person or visit.organisation or visit.name.strip()):
        problems.append(Problem(field="person", message=_("Say who was visited.")))
    if visit.given_on > on:
        problems.append(Problem(field="given_on", message=_("This day has not come yet.")))
    if visit.money < 0 or visit.people < 1:
        problems.append(Problem(field="money", message=_("Nothing less than nothing can be given.")))
    if not visit.money and not visit.gift.strip():
        problems.append(Problem(field="gift", message=_("Say what was given: money, a gift or a letter.")))
    if visit.money and not visit.voucher.strip():
        problems.append(Problem(field="voucher", message=_("Money is given under a voucher of the accounts.")))
    if problems:
        raise Refusals(problems)
