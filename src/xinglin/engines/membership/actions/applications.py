"""Lets anybody apply, hand a returned application in again, and withdraw; the bearer of the key is the applicant."""

import json
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from xinglin.directory.people import IdentityDocument, Person
from xinglin.kernel.actions.files import attach_file, detach_file
from xinglin.kernel.actors import Actor
from xinglin.kernel.acts import act, state
from xinglin.kernel.confinement import open_to
from xinglin.kernel.files import attachments
from xinglin.kernel.policy import Refusal
from xinglin.kernel.refs import Code, ref
from xinglin.mechanics.questionnaires.answers import Kept, packed

from ..answers import status_of
from ..applicants import holder_of, member_of, said_by, vouching_member
from ..applications import OVER, Application, Recommendation, State, Step
from ..applying import Applicant, applicant_of, keep_form, questionnaire, recommenders_needed
from ..drafts import new_key
from ..facts import ApplicationMoved, ApplicationSubmitted
from ..members import Member
from ..telling_applicants import ask_recommender, tell_applicant


class MemberAlready(Refusal):
    """Whoever bears this number is a member."""

    instead = _("Sign in to see the membership. If you think this is a mistake, call the office.")


class AppliedAlready(Refusal):
    """An application with this number is under review."""

    instead = _("Use the address you were sent then. If it is lost, call the office.")


class RecommenderRefused(Refusal):
    """A recommender is the applicant, no member, or not in good standing; or too few are named."""

    field, regulation = "recommenders", "M1.recommenders"


class NotOpen(Refusal):
    """The application is decided, withdrawn, or under review."""


@act
@open_to("member")
def submit_application(
    *, by: Actor, on: date, holder: str, answers: Mapping[str, Any], key: str = ""
) -> Application:
    """Apply for membership with the answers to the questionnaire of the day; the key opens the applicant's page."""
    one = applicant_of(holder=holder, answers=answers)
    who = _unknown(one, on=on)
    members = _vouching(one, who, on=on)
    account = by.ref if by.ref.kind == "directory.account" else ""
    application = Application(key=key or new_key(), holder=holder, account=account)
    _write(application, one, on=on)
    _vouch(application, members, on=on)
    _say(application, by=by, on=on, before="")
    return application


@act
@open_to("member")
def hand_in_again(*, by: Actor, on: date, key: str, answers: Mapping[str, Any]) -> Application:
    """Hand a returned application in again, or correct one that nobody has looked at yet."""
    application = Application.objects.of_key_locked(key)
    if application.state not in (State.RETURNED, State.SUBMITTED):
        raise NotOpen(_("The application is under review or decided; it cannot be changed now."))
    one, before = applicant_of(holder=application.holder, answers=answers), application.state
    who = _unknown(one, on=on, beside=application)
    members = _vouching(one, who, on=on)
    _write(application, one, on=on)
    _vouch(application, members, on=on)
    _say(application, by=by, on=on, before=before)
    return application


@act
@open_to("member")
def withdraw_application(*, by: Actor, on: date, key: str) -> Application:
    """Withdraw an application at any time before it is decided (M4: joining is free)."""
    application = Application.objects.of_key_locked(key)
    if application.state in OVER:
        raise NotOpen(_("The application is decided or withdrawn already."))
    move(application, by=by, on=on, after=State.WITHDRAWN)
    return application


def move(application: Application, *, by: Actor, on: date, after: State, reason: str = "") -> None:
    """Write one step of an application, say it, and tell the applicant; called within an act."""
    before, application.state = application.state, after
    application.moved_on, application.reason = on, reason
    application.save()
    Step.objects.create(application=application, from_state=before, to_state=after, by=by.ref, on=on, reason=reason)
    state(ApplicationMoved(application=application.ref, before=Code(before), after=Code(after.value), reason=reason))
    tell_applicant(application)


def _unknown(one: Applicant, *, on: date, beside: Application | None = None) -> Any:
    """Return whom the directory knows by this number; refuse members and a second open application."""
    who = holder_of(one)
    if member_of(who, on=on):
        raise MemberAlready(_("Whoever bears this number is a member already."), **_PLACES[one.holder])
    others = Application.objects.open().filter(holder=one.holder, proof_index__matches=one.number)
    if others.exclude(pk=beside.pk if beside else None).exists():
        raise _applied(one)
    return who


_PLACES = {"person": {"field": "number", "regulation": "M6.identity_number"},
           "unit": {"field": "credit_code", "regulation": "F4.credit_code"}}


def _applied(one: Applicant) -> AppliedAlready:
    return AppliedAlready(_("An application with this number is under review already."), **_PLACES[one.holder])


def _vouching(one: Applicant, who: object, *, on: date) -> list[Member]:
    """Return the members named as recommenders (RecommenderRefused)."""
    named = one.answers.get("recommenders") or ()
    members = [_recommender(number, name, one, who, on=on) for number, name in named]
    needed = recommenders_needed(tier=one.tier, on=on)
    if len(members) < needed:
        raise RecommenderRefused(_("%(tier)s: %(needed)d members must recommend you; %(named)d are named.") % {
            "tier": one.tier, "needed": needed, "named": len(members)})
    return members


def _recommender(number: str, name: str, one: Applicant, who: object, *, on: date) -> Member:
    member = vouching_member(number=number, name=name)
    if member is None:
        raise RecommenderRefused(_("No individual member bears the number %(number)s and the name %(name)s.") % {
            "number": number, "name": name})
    if _same(member.person, one, who):
        raise RecommenderRefused(_("%(name)s is the applicant; nobody recommends themselves.") % {"name": name})
    status = status_of(member, on=on)
    if status is None or not status.good:
        raise RecommenderRefused(_("%(name)s cannot recommend now: only members in good standing can.") % {
            "name": name})
    return member


def _same(person: Person, one: Applicant, who: object) -> bool:
    if person == who or IdentityDocument.objects.filter(person=person, number_index__matches=one.number).exists():
        return True
    return person.name == one.name and bool(person.mobile) and person.mobile == one.answers.get("mobile")


def _write(application: Application, one: Applicant, *, on: date) -> None:
    """Write what was said into the row, and hang the files on it."""
    application.name, application.answers = one.name, json.dumps(packed(one.answers))
    application.form = keep_form(questionnaire(one.holder))
    application.email, application.mobile = str(one.answers.get("email", "")), str(one.answers["mobile"])
    application.proof, application.tier, application.branch = one.number, one.tier, one.branch
    application.state = State.SUBMITTED if one.branch else State.PASSED
    application.submitted_on, application.moved_on, application.reason = on, on, ""
    who = holder_of(one)
    application.person, application.unit = (who, None) if isinstance(who, Person) else (None, who)
    try:
        with transaction.atomic():
            application.save()
    except IntegrityError:  # somebody sent the same number at the same moment
        raise _applied(one) from None


def _vouch(application: Application, members: Sequence[Member], *, on: date) -> None:
    """Ask the members newly named; forget those no longer named who have not answered."""
    asked = {row.member_id: row for row in application.recommendations.all()}
    named = {one.pk for one in members}
    application.recommendations.exclude(member__in=named).filter(answered_on=None).delete()
    for member in members:
        if member.pk not in asked:
            ask_recommender(Recommendation.objects.create(
                application=application, member=member, key=new_key(), asked_on=on))


def _say(application: Application, *, by: Actor, on: date, before: str) -> None:
    files = {one.ref.key: one for one in _files(application)}
    for row in attachments(to=application.ref):
        if row.file_id not in files:
            detach_file(by=by, on=on, file=ref("kernel.file", row.file_id), to=application.ref)
    for one in files.values():
        attach_file(by=by, on=on, file=one, to=application.ref)
    Step.objects.create(application=application, from_state=before, to_state=application.state, by=by.ref, on=on)
    state(ApplicationSubmitted(
        application=application.ref, holder=Code(application.holder), tier=application.tier.ref,
        branch=application.branch.ref if application.branch else None, again=bool(before)))
    tell_applicant(application)


def _files(application: Application) -> list[Kept]:
    return [one for one in said_by(application).values() if isinstance(one, Kept)]
