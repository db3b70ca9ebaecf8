"""Lets anybody apply, hand a returned application in again, and withdraw; the bearer of the key is the applicant."""

import json
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from xinglin.directory.people import Person
from xinglin.kernel.actions.files import attach_file, detach_file
from xinglin.kernel.actors import Actor
from xinglin.kernel.acts import act, state
from xinglin.kernel.confinement import open_to
from xinglin.kernel.files import attachments
from xinglin.kernel.policy import Refusal
from xinglin.kernel.refs import Code, ref
from xinglin.mechanics.questionnaires.answers import Kept, packed

from ..applicants import holder_of, member_of, said_by, vouching_member
from ..applications import OVER, Application, Recommendation, State, Step
from ..applying import Applicant, applicant_of, keep_form, questionnaire, recommenders_needed
from ..drafts import new_key
from ..facts import ApplicationMoved, ApplicationSubmitted
from ..members import Member
from ..telling_applicants import ask_recommender, tell_applicant, tell_known, untell_recommenders

ACCOUNT = "directory.account"


class MemberAlready(Refusal):
    """Whoever applies is a member."""

    instead = _("See “My membership”. If you think this is a mistake, call the office.")


class AppliedAlready(Refusal):
    """The same applicant has handed this in before."""

    instead = _("Use the address you were sent then. If it is lost, call the office.")


class RecommenderRefused(Refusal):
    """Number and name of a recommender do not belong together, or too few are named."""

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
    _refuse_oneself(one, by=by, on=on)
    members = _vouching(one, on=on)
    account = by.ref if by.ref.kind == ACCOUNT else ""
    application = Application(key=key or new_key(), holder=holder, account=account)
    _write(application, one, on=on)
    _vouch(application, members, on=on)
    _say(application, by=by, on=on, before="")
    tell_known(application, on=on)
    return application


@act
@open_to("member")
def hand_in_again(*, by: Actor, on: date, key: str, answers: Mapping[str, Any]) -> Application:
    """Hand a returned application in again, or correct one that nobody has looked at yet."""
    application = Application.objects.of_key_locked(key)
    if application.state not in (State.RETURNED, State.SUBMITTED):
        raise NotOpen(_("The application is under review or decided; it cannot be changed now."))
    one, before = applicant_of(holder=application.holder, answers=answers), application.state
    members, was = _vouching(one, on=on), (application.name, application.proof)
    _write(application, one, on=on)
    if renamed := was != (application.name, application.proof):  # members vouched for somebody else
        _unask(application.recommendations.all())
    _vouch(application, members, on=on)
    _say(application, by=by, on=on, before=before, renamed=renamed)
    if renamed:
        tell_known(application, on=on)
    return application


@act
@open_to("member")
def withdraw_application(*, by: Actor, on: date, key: str, abandoned: str = "") -> Application:
    """Withdraw an application at any time before it is decided (M4: joining is free).

    `abandoned` is the reason why the house does it for an applicant who never corrected what was returned.
    """
    application = Application.objects.of_key_locked(key)
    if application.state in OVER or (abandoned and application.state != State.RETURNED):
        raise NotOpen(_("The application is decided or withdrawn already."))
    move(application, by=by, on=on, after=State.WITHDRAWN, reason=abandoned)
    return application


def move(application: Application, *, by: Actor, on: date, after: State, reason: str = "") -> None:
    """Write one step of an application, say it, and tell the applicant; called within an act."""
    before, application.state = application.state, after
    application.moved_on, application.reason = on, reason
    application.save()
    Step.objects.create(application=application, from_state=before, to_state=after, by=by.ref, on=on, reason=reason)
    state(ApplicationMoved(application=application.ref, before=Code(before), after=Code(after.value), reason=reason))
    tell_applicant(application)


def _refuse_oneself(one: Applicant, *, by: Actor, on: date) -> None:
    """Tell somebody signed in what is their own: that they are a member, or have applied.

    A visitor is told nothing about a number, whoever bears it: the office sees it, and its bearer gets a letter.
    """
    if by.ref.kind != ACCOUNT:
        return
    who = holder_of(one)
    if who is not None and by.person == who.ref and member_of(who, on=on):
        raise MemberAlready(_("You are a member already."), **_PLACES[one.holder])
    mine = Application.objects.open().filter(holder=one.holder, account=by.ref)
    if mine.filter(proof_index__matches=one.number).exists():
        raise _applied(one)


_PLACES = {"person": {"field": "number", "regulation": "M6.identity_number"},
           "unit": {"field": "credit_code", "regulation": "F4.credit_code"}}


def _applied(one: Applicant) -> AppliedAlready:
    return AppliedAlready(_("You have handed this in already."), **_PLACES[one.holder])


def _vouching(one: Applicant, *, on: date) -> list[Member]:
    """Return the members named as recommenders, whatever their standing: that is between them and the house
    (RecommenderRefused)."""
    named = one.answers.get("recommenders") or ()
    members = list(dict.fromkeys(_recommender(number, name) for number, name in named))
    needed = recommenders_needed(tier=one.tier, on=on)
    if len(members) < needed:
        raise RecommenderRefused(_("%(tier)s: %(needed)d members must recommend you; %(named)d are named.") % {
            "tier": one.tier, "needed": needed, "named": len(members)})
    return members


def _recommender(number: str, name: str) -> Member:
    # Whether it is the applicant is asked when the member answers: what the directory knows of either is not for a
    # visitor, and people of one name are not one person.
    member = vouching_member(number=number, name=name)
    if member is None:
        raise RecommenderRefused(_("The number %(number)s and the name %(name)s do not belong together; ask the member "
                                   "for the number on their card.") % {"number": number, "name": name})
    return member


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
    except IntegrityError:  # the same page sent twice at the same moment
        raise _applied(one) from None


def _vouch(application: Application, members: Sequence[Member], *, on: date) -> None:
    """Ask the members newly named; forget those no longer named who have not answered."""
    asked = {row.member_id: row for row in application.recommendations.all()}
    named = {one.pk for one in members}
    _unask(application.recommendations.exclude(member__in=named).filter(answered_on=None))
    for member in members:
        if member.pk not in asked:
            ask_recommender(Recommendation.objects.create(
                application=application, member=member, key=new_key(), asked_on=on))


def _unask(rows: "QuerySet[Recommendation]") -> None:
    untell_recommenders(rows)
    rows.delete()


def _say(application: Application, *, by: Actor, on: date, before: str, renamed: bool = False) -> None:
    files = {one.ref.key: one for one in _files(application)}
    for row in attachments(to=application.ref):
        if row.file_id not in files:
            detach_file(by=by, on=on, file=ref("kernel.file", row.file_id), to=application.ref)
    for one in files.values():
        attach_file(by=by, on=on, file=one, to=application.ref)
    with translation.override(settings.LANGUAGE_CODE):  # the office reads it, not the applicant
        changed = str(_("Name or identity number changed: whoever vouched is asked anew.")) if renamed else ""
    Step.objects.create(application=application, from_state=before, to_state=application.state, by=by.ref, on=on,
                        reason=changed)
    state(ApplicationSubmitted(
        application=application.ref, holder=Code(application.holder), tier=application.tier.ref,
        branch=application.branch.ref if application.branch else None, again=bool(before), renamed=renamed))
    tell_applicant(application)


def _files(application: Application) -> list[Kept]:
    return [one for one in said_by(application).values() if isinstance(one, Kept)]
