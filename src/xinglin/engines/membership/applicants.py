"""What is asked about applications: who they are, who looks like them, how far they came, who must act by when."""

import json
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from xinglin.directory.accounts import Account
from xinglin.directory.duplicates import likely
from xinglin.directory.models import Organisation, Person
from xinglin.directory.people import IdentityDocument
from xinglin.directory.policy import branches_of
from xinglin.kernel import regulations
from xinglin.kernel.actors import Actor
from xinglin.kernel.calendar import deadline
from xinglin.kernel.refs import Shown, resolves
from xinglin.lib.days import Unit
from xinglin.mechanics.questionnaires.answers import unpacked

from .applications import UNDER_REVIEW, Application, ApplicationQuerySet, Batch, State
from .applying import Applicant, applicant_of, questionnaire_of, recommenders_needed
from .members import Member, Spell
from .policy import OFFICE, READERS
from .tiers import Holder

BRANCH = ("branch_secretary", "branch_chair")


def said_by(application: Application) -> dict[str, Any]:
    """Return the typed answers of an application."""
    return unpacked(questionnaire_of(application.form), json.loads(application.answers or "{}"))


def applicant(application: Application) -> Applicant:
    """Return an application's answers as values."""
    return applicant_of(holder=application.holder, answers=said_by(application))


def due_on(application: Application) -> date | None:
    """Return the day by which an application must be decided, None when it waits for nobody of ours (M2)."""
    if application.state not in UNDER_REVIEW:
        return None
    days = int(regulations.value("M2.review_days", on=application.submitted_on))
    return deadline(event_on=application.submitted_on, count=days, unit=Unit.WORKING_DAYS, rule="M2").day


@dataclass(frozen=True, kw_only=True)
class Vouching:
    """How many members vouched, declined, or were asked and have not answered, of how many are needed."""

    needed: int
    vouched: int
    declined: int
    waiting: int

    @property
    def enough(self) -> bool:
        """Whether as many vouched as are needed."""
        return self.vouched >= self.needed


def vouching(application: Application, *, on: date) -> Vouching:
    """Return how the recommenders answered."""
    answers = [one.vouched for one in application.recommendations.all()]
    return Vouching(needed=recommenders_needed(tier=application.tier, on=on), vouched=answers.count(True),
                    declined=answers.count(False), waiting=answers.count(None))


# Whom the house knows already -----------------------------------------------------------------------------

def holder_of(one: Applicant) -> Person | Organisation | None:
    """Return whom the directory knows by exactly this number or credit code."""
    if one.holder == Holder.UNIT:
        return Organisation.objects.filter(credit_code=one.number, until_on=None).first()
    # As in one_person_per_document: two countries give equal numbers.
    same = IdentityDocument.objects.filter(kind=one.proof.kind, country=one.proof.country)
    document = same.filter(number_index__matches=one.number).select_related("person__merged_into").first()
    return (document.person.merged_into or document.person) if document else None


def member_of(who: Person | Organisation | None, *, on: date) -> Spell | None:
    """Return the membership of a person or unit that holds on a day or is about to."""
    rows = Spell.objects.exclude(ended_on__lte=on).select_related("member")
    if isinstance(who, Person):
        return rows.filter(member__person=who).first()
    return rows.filter(member__unit=who).first() if who else None


@dataclass(frozen=True, kw_only=True)
class Twin:
    """Somebody the applicant may be: who, and what makes one think so."""

    who: Person | Organisation | Application
    reasons: tuple[str, ...]
    member: Spell | None = None


def twins(application: Application, *, on: date) -> list[Twin]:
    """Return whom a reviewer must compare the applicant with: people or units known, and other applications."""
    one = applicant(application)
    known = _people(one, on) if one.holder == Holder.PERSON else _units(one, on)
    return [*known, *_applications(application, one)]


def _people(one: Applicant, on: date) -> list[Twin]:
    born, mobile = one.answers.get("born_on"), str(one.answers.get("mobile", ""))
    if one.proof.kind == "resident_id":
        born = born_by(one.number)
    held = holder_of(one)
    rows = likely(name=one.name, on=on, born_on=born, mobile=mobile, number=one.number)
    return [Twin(who=row, member=member_of(row, on=on), reasons=_reasons(
        number=row == held, name=row.name == one.name, born=bool(born and row.born_on == born),
        mobile=bool(mobile and row.mobile == mobile), other=bool(row != held and row.documents.exists())))
        for row in rows]


def born_by(number: str) -> date | None:
    """Return the birthday that an identity number of eighteen digits holds."""
    digits = number[6:14]
    return date(int(digits[:4]), int(digits[4:6]), int(digits[6:])) if len(number) == 18 and digits.isdigit() else None


def _reasons(*, number: bool, name: bool, born: bool, mobile: bool, other: bool = False) -> tuple[str, ...]:
    facts = ((number, _("same number")), (name, _("the same name")), (number and not name, _("another name")),
             (born, _("same date of birth")), (mobile, _("same mobile number")),
             (other and name and (born or mobile), _("another document: one person under two documents?")))
    return tuple(words for holds, words in facts if holds)


def _units(one: Applicant, on: date) -> list[Twin]:
    rows = Organisation.objects.filter(until_on=None).filter(name=one.name) | Organisation.objects.filter(
        until_on=None, credit_code=one.number)
    return [Twin(who=row, member=member_of(row, on=on), reasons=_reasons(
        number=row.credit_code == one.number, name=row.name == one.name, born=False, mobile=False)) for row in rows[:5]]


def _applications(application: Application, one: Applicant) -> list[Twin]:
    """Return other open applications with this number or name; answers are sealed, so the few are read one by one."""
    open_ = Application.objects.open().filter(holder=one.holder).exclude(pk=application.pk)
    others = (open_.filter(name=one.name) | open_.filter(proof_index__matches=one.number))[:10]
    mine = _traits(one)
    found = []
    for row in others:
        same = {kind for kind, _value in mine & _traits(applicant(row))}
        number = row.proof == one.number
        found.append(Twin(who=row, reasons=_reasons(
            number=number, name=row.name == one.name, born="born" in same, mobile="mobile" in same, other=not number)))
    return found


def _traits(one: Applicant) -> set[tuple[str, str]]:
    born = born_by(one.number) if one.answers.get("document") == "resident_id" else one.answers.get("born_on")
    return {(kind, str(value)) for kind, value in (("born", born), ("mobile", one.answers.get("mobile"))) if value}


# Who must act ---------------------------------------------------------------------------------------------

def waiting_for(actor: Actor) -> ApplicationQuerySet:
    """Return the applications whose next step is this actor's: a branch's own, the office's, the council's batch."""
    rows = Application.objects.none()
    if branches := branches_of(actor=actor):
        rows |= Application.objects.filter(state=State.SUBMITTED, branch__in=branches)
    if any(actor.has(role) for role in OFFICE):
        rows |= Application.objects.filter(state__in=(State.PASSED, State.VERIFIED))
    return rows.distinct()


def applications_seen(actor: Actor) -> ApplicationQuerySet:
    """Return the applications an actor may look up: all, or those of their branches."""
    if any(actor.has(role) for role in READERS):
        return Application.objects.all()
    return Application.objects.filter(branch__in=branches_of(actor=actor))


def applications_of(member: Member) -> ApplicationQuerySet:
    """Return the applications that are a member's: those that led here, and what their account handed in for them."""
    accounts = [one.ref for one in Account.objects.filter(person=member.person)] if member.person else []
    by_them = applications_under(member).filter(account__in=accounts)
    return Application.objects.filter(Q(member=member) | Q(pk__in=by_them.values("pk")))


def applications_under(member: Member) -> ApplicationQuerySet:
    """Return the applications of nobody yet that bear a number of the member's, whoever handed them in."""
    rows, same = Application.objects.filter(member=None, holder=member.holder_kind.value), []
    if member.person is None:
        code = member.unit.credit_code
        return rows.filter(Q(unit=member.unit) | Q(proof_index__matches=code)) if code else rows.filter(
            unit=member.unit)
    for one in member.person.documents.all():  # two countries give equal numbers
        under = rows.filter(proof_index__matches=one.number)
        same += [row.pk for row in under if (found := applicant(row).proof).kind == one.kind
                 and found.country == one.country]
    return rows.filter(Q(person=member.person) | Q(pk__in=same))


def contact_named(unit: Member) -> str:
    """Return the contact whom a unit named when it applied, "" when it is a member of old."""
    last = Application.objects.filter(member=unit, state=State.APPROVED).order_by("-pk").first()
    return str(said_by(last).get("contact", "")) if last else ""


def vouching_member(*, number: str, name: str) -> Member | None:
    """Return the individual member of this number when they bear this name: nobody browses the register."""
    row = Member.objects.filter(number=number.strip(), unit=None).select_related("person").first()
    return row if row and row.name.replace(" ", "") == name.replace(" ", "") else None


@resolves("membership.application")
def _applications_shown(keys: list[str]) -> dict[str, Shown]:
    rows = Application.objects.filter(pk__in=[key for key in keys if key.isdecimal()])
    return {str(row.pk): Shown(label=_("Application of %(name)s") % {"name": row}, url=row.get_absolute_url())
            for row in rows}


@resolves("membership.batch")
def _batches_shown(keys: list[str]) -> dict[str, Shown]:
    rows = Batch.objects.filter(pk__in=[key for key in keys if key.isdecimal()])
    return {str(row.pk): Shown(label=row.decision) for row in rows}
