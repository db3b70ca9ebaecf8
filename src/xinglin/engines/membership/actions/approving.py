"""Admits whom the standing council approved: one decision, many applications, one transaction."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from xinglin.directory import answers as directory
from xinglin.directory.actions.organisations import correct_organisation, found_organisation
from xinglin.directory.actions.people import (
    choose_specialties,
    record_document,
    record_licence,
    record_title,
    register_person,
)
from xinglin.directory.actions.terms import begin_term
from xinglin.directory.checks import checked_mobile
from xinglin.directory.models import Organisation, Person
from xinglin.directory.people import Licence
from xinglin.kernel.actors import Actor
from xinglin.kernel.acts import act
from xinglin.kernel.policy import Problem, Refusal, Refusals, require
from xinglin.kernel.refs import Ref
from xinglin.mechanics.transfers.rows import NothingChosen

from ..addressees import CONTACT
from ..applicants import applicant, holder_of
from ..applications import Application, Batch, State
from ..applications_policy import may_approve_applications
from ..applying import Applicant
from ..refusals import DecisionMissing
from ..tiers import Holder
from .applications import move
from .members import Newcomer, admit_members
from .reviewing import moved_by


class HeldLater(Refusal):
    """A decision cannot be entered before the meeting."""

    field = "held_on"


@act
def approve_applications(
    *, by: Actor, on: date, applications: Sequence[Application], decision: str, held_on: date
) -> Batch:
    """Enter a decision of the standing council: all selected applicants become members on its day, or none does."""
    require(may_approve_applications(actor=by))
    if not decision.strip():
        raise DecisionMissing(_("Enter the number of the decision."))
    if held_on > on:
        raise HeldLater(_("The meeting lies in the future; enter the decision after it."))
    rows = _waiting([one.pk for one in applications], held_on)
    batch = Batch.objects.create(decision=decision.strip(), held_on=held_on)
    known = set(Organisation.objects.filter(until_on=None).values_list("pk", flat=True)) if any(
        row.holder == Holder.UNIT for row in rows) else set()
    newcomers = [_newcomer(row, by=by, on=on) for row in rows]
    _refuse_twice(rows, newcomers)
    spells = admit_members(by=by, on=on, newcomers=newcomers, joined_on=held_on, decision=batch.decision,
                           batch=batch.ref)
    for row, spell in zip(rows, spells, strict=True):
        row.batch, row.member = batch, spell.member
        if spell.member.unit and spell.member.unit.pk not in known:  # who speaks for a known unit, the office says
            _enter_contact(spell.member.unit, row, by=by, on=on)
        move(row, by=by, on=on, after=State.APPROVED, reason=batch.decision)
    return batch


def _refuse_twice(rows: Sequence[Application], newcomers: Sequence[Newcomer]) -> None:
    """Refuse a batch in which two applications are of one person or unit (Refusals name both)."""
    names: dict[Any, list[str]] = {}
    for row, one in zip(rows, newcomers, strict=True):
        names.setdefault(one.who.ref, []).append(row.name)
    if double := ["、".join(each) for each in names.values() if len(each) > 1]:
        raise Refusals([Problem(field="", message=_("%(names)s are one and the same; admit one, refuse the other.") % {
            "names": each}) for each in double])


def _waiting(keys: list[int], held_on: date) -> list[Application]:
    """Lock the applications; refuse all when one of them does not wait for the council (Refusals name each)."""
    rows = Application.objects.held_locked(keys)
    if not rows:
        raise NothingChosen(_("Select at least one application."))
    late = [row for row in rows if row.state != State.VERIFIED]
    early = [row for row in rows if row.state == State.VERIFIED and row.submitted_on > held_on]
    if late or early:
        said = [moved_by(row) for row in late] + [
            _("%(name)s applied on %(day)s, after the meeting.") % {"name": row.name, "day": row.submitted_on}
            for row in early]
        raise Refusals([Problem(field="", message=one) for one in said])
    return rows


def _newcomer(row: Application, *, by: Actor, on: date) -> Newcomer:
    """Return who is admitted; what the directory refuses is told with the applicant's name (Refusals)."""
    try:
        who = _entered(row, applicant(row), by=by, on=on)
    except Refusal as wrong:
        raise Refusals([Problem(field="", message=f"{row.name}：{wrong}")]) from wrong
    return Newcomer(who=who, tier=row.tier, branch=row.branch, application=row.ref)


def _entered(row: Application, one: Applicant, *, by: Actor, on: date) -> Person | Organisation:
    """Return the person or unit as the directory knows it, entered now where it was unknown."""
    who = row.person or row.unit or holder_of(one)
    if isinstance(who, Person) and who.merged_into:
        who = who.merged_into
    if one.holder == "unit":
        who = who if isinstance(who, Organisation) else _found(one, by=by, on=on)
        row.unit = who
    else:
        who = _completed(who, one, by=by, on=on) if isinstance(who, Person) else _registered(one, by=by, on=on)
        row.person = who
    return who


def _registered(one: Applicant, *, by: Actor, on: date) -> Person:
    said = one.answers
    unit = Organisation.objects.filter(name=said.get("employer", ""), until_on=None).first()
    made = register_person(
        by=by, on=on, name=one.name, sex=str(said.get("sex", "")), born_on=said.get("born_on"),
        mobile=str(said["mobile"]), email=str(said.get("email", "")), proof=one.proof,
        organisation=unit.ref if unit else None, department=str(said.get("department", "")) if unit else "",
        title=str(said.get("title", "")), remark="" if unit else str(said.get("employer") or said.get("school") or ""))
    _practice(made, one, by=by, on=on)
    return Person.objects.get(pk=made.key)


def _practice(person: Ref, one: Applicant, *, by: Actor, on: date) -> None:
    said = one.answers
    for kind, code in ((Licence.Kind.PRACTICE, "licence"), (Licence.Kind.QUALIFICATION, "certificate")):
        if number := said.get(code):
            record_licence(by=by, on=on, person=person, kind=kind, number=str(number))
    if specialty := said.get("specialty"):
        choose_specialties(by=by, on=on, person=person, codes=[str(specialty)])


def _completed(person: Person, one: Applicant, *, by: Actor, on: date) -> Person:
    """Add to a person known what the directory lacks; what it says already stays."""
    if not person.documents.filter(kind=one.proof.kind).exists():
        record_document(by=by, on=on, person=person.ref, proof=one.proof)
    if (title := str(one.answers.get("title", ""))) and not person.titles.exists():
        record_title(by=by, on=on, person=person.ref, title=title)
    if not person.licences.exists() and not person.specialties.exists():
        _practice(person.ref, one, by=by, on=on)
    return person


def _enter_contact(unit: Organisation, row: Application, *, by: Actor, on: date) -> None:
    """Enter the contact of a unit; what the directory refuses is told with the unit's name (Refusals)."""
    said = applicant(row).answers
    if not (said.get("contact") and said.get("mobile")):
        return  # the form of that day asked for none; the office enters somebody
    try:
        _contact(unit, said, by=by, on=on)
    except Refusal as wrong:
        raise Refusals([Problem(field="", message=f"{row.name}：{wrong}")]) from wrong


def _contact(unit: Organisation, said: Mapping[str, Any], *, by: Actor, on: date) -> None:
    """Enter the contact whom a unit named, unless it has one; who has the same name and mobile is the same."""
    if directory.members_of(unit.ref, on=on, titles=(CONTACT,)):
        return
    mobile = checked_mobile(str(said["mobile"]))
    known = Person.objects.filter(name=said["contact"], mobile_index__matches=mobile, merged_into=None).first()
    person = known.ref if known else register_person(
        by=by, on=on, name=str(said["contact"]), mobile=mobile, email=str(said.get("email", "")), organisation=unit.ref)
    if person != by.person:  # nobody enters their own post
        begin_term(by=by, on=on, person=person, organisation=unit.ref, title=CONTACT, from_on=on)


def _found(one: Applicant, *, by: Actor, on: date) -> Organisation:
    """Return the unit of this very name, given the code it lacked, or enter it."""
    said = one.answers
    same = Organisation.objects.filter(name=one.name, until_on=None, credit_code="").first()
    if same:
        correct_organisation(by=by, on=on, organisation=same.ref, credit_code=one.number)
        return same
    made = found_organisation(by=by, on=on, name=one.name, kind=str(said["unit_kind"]),
                              level=str(said.get("level", "")), credit_code=one.number)
    return Organisation.objects.get(pk=made.key)
