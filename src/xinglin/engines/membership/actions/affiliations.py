"""Lets members join, leave and change branches, local bodies and squads, with what was before kept."""

from datetime import date, timedelta

from django.utils.translation import gettext_lazy as _

from xinglin.directory.models import Organisation
from xinglin.kernel.actors import Actor
from xinglin.kernel.acts import act, joined, state
from xinglin.kernel.confinement import open_to
from xinglin.kernel.policy import Refusal, require
from xinglin.kernel.refs import Code

from ..facts import AffiliationBegun, AffiliationEnded
from ..members import Affiliation, Member
from ..policy import may_change_affiliation, speaks_for
from .members import open_spell


class BelongsAlready(Refusal):
    """The member belongs there."""

    field = "organisation"


class BelongsNot(Refusal):
    """The member does not belong there."""

    field = "organisation"


class TooSoon(Refusal):
    """It ends before it began."""

    field = "until_on"


def _lock(member: Member, on: date) -> None:
    open_spell(member, on=on)  # locks the member: one main branch, whoever comes at the same time


@act
def begin_affiliation(
    *, by: Actor, on: date, member: Member, organisation: Organisation, from_on: date, main: bool = False,
    how: Affiliation.How = Affiliation.How.ASKED,
) -> Affiliation:
    """Take a member into a branch or group from a day on; a new main branch makes the former one a further one."""
    if not joined():
        require(may_change_affiliation(actor=by, member=member, organisation=organisation.ref))
    _lock(member, max(from_on, on))
    if member.affiliations.filter(organisation=organisation, until_on=None).exists():
        raise BelongsAlready(_("%(name)s belongs to %(branch)s already.") % {
            "name": member.name, "branch": organisation.label})
    if main:
        member.affiliations.filter(until_on=None, main=True).update(main=False)
    row = Affiliation.objects.create(member=member, organisation=organisation, from_on=from_on, main=main, how=how)
    state(AffiliationBegun(member=member.ref, organisation=organisation.ref, how=Code(how.value), main=main,
                           from_on=from_on))
    return row


@act
@open_to("member")
def end_affiliation(*, by: Actor, on: date, member: Member, organisation: Organisation, until_on: date) -> None:
    """Let a member leave a branch or group on a day; a member does so alone, at any time (M4)."""
    if not (joined() or speaks_for(actor=by, member=member, on=on)):
        require(may_change_affiliation(actor=by, member=member, organisation=organisation.ref))
    row = member.affiliations.filter(organisation=organisation, until_on=None).first()
    if row is None:
        raise BelongsNot(_("%(name)s does not belong to %(branch)s.") % {
            "name": member.name, "branch": organisation.label})
    if speaks_for(actor=by, member=member, on=on):  # a member leaves at any time, even on the day of joining
        until_on = max(until_on, row.from_on + timedelta(days=1))
    if until_on <= row.from_on:
        raise TooSoon(_("It began on %(day)s; choose a later day.") % {"day": row.from_on})
    row.until_on = until_on
    row.save(update_fields=["until_on"])
    state(AffiliationEnded(member=member.ref, organisation=organisation.ref, until_on=until_on))


@act
def transfer_member(
    *, by: Actor, on: date, member: Member, before: Organisation, after: Organisation, from_on: date
) -> Affiliation:
    """Move a member from one branch to another on a day; whichever was the main one is followed by the new one."""
    if not joined():
        for organisation in (before, after):
            require(may_change_affiliation(actor=by, member=member, organisation=organisation.ref))
    _lock(member, max(from_on, on))
    row = member.affiliations.filter(organisation=before, until_on=None).first()
    was_main = bool(row and row.main)
    end_affiliation(by=by, on=on, member=member, organisation=before, until_on=from_on)
    return begin_affiliation(by=by, on=on, member=member, organisation=after, from_on=from_on, main=was_main,
                             how=Affiliation.How.TRANSFERRED)
