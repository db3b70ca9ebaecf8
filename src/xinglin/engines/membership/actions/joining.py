"""Lets members ask to be taken into a branch, and branches answer."""

from datetime import date

from django.utils.translation import gettext_lazy as _

from xinglin.directory.models import Organisation
from xinglin.directory.organisations import OrganisationQuerySet
from xinglin.kernel.actors import Actor
from xinglin.kernel.acts import act, state
from xinglin.kernel.confinement import open_to
from xinglin.kernel.notices import notify
from xinglin.kernel.policy import Refusal, require
from xinglin.kernel.refs import Code

from ..addressees import REQUESTS, leaders_or_office, people_of, portal_of
from ..certificates import JoinRequest
from ..facts import ChoiceMade
from ..members import Member
from ..policy import may_act_for, may_change_affiliation
from ..refusals import AnsweredAlready, AskedAlready, ReasonMissing
from .affiliations import BelongsAlready, begin_affiliation
from .members import open_spell

JOINABLE = ("branch", "local_body", "squad")
ASKED, ANSWERED = "membership_join_asked", "membership_join_answered"


class NotJoinable(Refusal):
    """Members belong to branches, local bodies and squads of the association only."""

    field = "organisation"


@act
@open_to("member")
def ask_to_join(*, by: Actor, on: date, member: Member, organisation: Organisation) -> JoinRequest:
    """Ask a branch or group to take a member in; its leaders are told."""
    require(may_act_for(actor=by, member=member, on=on))
    spell = open_spell(member, on=on)
    if not joinable(on).filter(pk=organisation.pk).exists():
        raise NotJoinable(_("%(name)s takes in no members.") % {"name": organisation.label})
    if member.affiliations.filter(organisation=organisation, until_on=None).exists():
        raise BelongsAlready(_("%(name)s belongs to %(branch)s already.") % {
            "name": member.name, "branch": organisation.label})
    if before := member.join_requests.filter(organisation=organisation, answered_on=None).first():
        raise AskedAlready(_("Asked on %(day)s; the branch has not answered yet.") % {"day": before.asked_on},
                           field="organisation")
    row = JoinRequest.objects.create(member=spell.member, organisation=organisation, asked_on=on)
    notify(to=leaders_or_office(organisation.ref, on=on), template=ASKED, key=str(row.pk), about=REQUESTS,
           context={"name": member.name, "branch": organisation.label})
    state(ChoiceMade(member=member.ref, what=Code("join_asked"), allowed=True, about=organisation.ref))
    return row


@act
def answer_join(*, by: Actor, on: date, asked: JoinRequest, taken_in: bool, reason: str = "") -> JoinRequest:
    """Take a member in from today, or decline with a reason the member reads."""
    require(may_change_affiliation(actor=by, member=asked.member, organisation=asked.organisation.ref))
    member = Member.objects.one_locked(pk=asked.member_id)
    row = JoinRequest.objects.select_related("organisation").get(pk=asked.pk)
    if row.answered_on:
        raise AnsweredAlready(_("Answered on %(day)s already.") % {"day": row.answered_on})
    if not (taken_in or reason.strip()):
        raise ReasonMissing(_("Say why; the member reads it."))
    row.answered_on, row.taken_in, row.reason = on, taken_in, reason.strip()
    row.save(update_fields=["answered_on", "taken_in", "reason"])
    if taken_in:
        first = not member.affiliations.filter(until_on=None).exists()
        begin_affiliation(by=by, on=on, member=member, organisation=row.organisation, from_on=on, main=first)
    else:
        state(ChoiceMade(member=member.ref, what=Code("join_declined"), allowed=False, about=row.organisation.ref))
    notify(to=people_of(member, on=on), template=ANSWERED, key=str(row.pk), about=portal_of(member),
           context={"branch": row.organisation.label, "taken_in": taken_in, "reason": row.reason[:200]})
    return row


def joinable(on: date) -> OrganisationQuerySet:
    """Return what a member may ask to join on a day."""
    return Organisation.objects.on(on).filter(kind__in=JOINABLE)
