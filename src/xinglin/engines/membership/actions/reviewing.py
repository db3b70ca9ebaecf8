"""Moves applications through review: the branch passes on, the office verifies, both return or refuse with a reason."""

from collections.abc import Collection
from datetime import date

from django.utils.translation import gettext_lazy as _

from xinglin.directory.finding import person_of
from xinglin.kernel.actors import Actor
from xinglin.kernel.acts import act
from xinglin.kernel.policy import Refusal, require
from xinglin.kernel.refs import Ref, shown

from ..applicants import applicant, holder_of, member_of, vouching
from ..applications import UNDER_REVIEW, Application, State
from ..applications_policy import may_pass_application, may_send_back, may_verify_application
from ..refusals import ReasonMissing
from .applications import MemberAlready, move


class MovedMeanwhile(Refusal):
    """Somebody else was faster."""


class NotVouched(Refusal):
    """Too few members have vouched."""

    regulation = "M1.recommenders"
    instead = _("Wait for their answers, or return the application so that others are named.")


@act
def pass_application(
    *, by: Actor, on: date, application: Application, reason: str = "", seen: int = 0
) -> Application:
    """Pass an application on from the branch to the office, with a remark where there is one."""
    row = held(application, (State.SUBMITTED,), seen=seen)
    require(may_pass_application(actor=by, application=row))
    move(row, by=by, on=on, after=State.PASSED, reason=reason.strip())
    return row


@act
def verify_application(
    *, by: Actor, on: date, application: Application, person: Ref | None = None, reason: str = "", seen: int = 0
) -> Application:
    """Put an application before the standing council: conditions checked, members have vouched, and if the directory
    knows the applicant under another document, as whom."""
    row = held(application, (State.PASSED,), seen=seen)
    require(may_verify_application(actor=by, application=row))
    asked = vouching(row, on=on)
    if not asked.enough:
        raise NotVouched(_("%(needed)d members must vouch; %(vouched)d have, %(waiting)d have not answered.") % {
            "needed": asked.needed, "vouched": asked.vouched, "waiting": asked.waiting})
    if person is not None:
        row.person = person_of(person)
    who = row.person or row.unit or holder_of(applicant(row))
    if spell := member_of(who, on=on):
        raise MemberAlready(_("%(name)s is a member already, number %(number)s.") % {
            "name": who, "number": spell.member.number}, instead=_("Refuse the application with this reason."))
    move(row, by=by, on=on, after=State.VERIFIED, reason=reason.strip())
    return row


@act
def return_application(*, by: Actor, on: date, application: Application, reason: str, seen: int = 0) -> Application:
    """Return an application to the applicant for correction, saying what."""
    return _back(application, by=by, on=on, after=State.RETURNED, reason=reason, seen=seen)


@act
def refuse_application(*, by: Actor, on: date, application: Application, reason: str, seen: int = 0) -> Application:
    """Refuse an application with the reason."""
    return _back(application, by=by, on=on, after=State.REFUSED, reason=reason, seen=seen)


def _back(application: Application, *, by: Actor, on: date, after: State, reason: str, seen: int) -> Application:
    row = held(application, UNDER_REVIEW, seen=seen)
    require(may_send_back(actor=by, application=row))
    if not reason.strip():
        raise ReasonMissing(_("Write the reason; the applicant reads it."))
    move(row, by=by, on=on, after=after, reason=reason.strip())
    return row


def held(application: Application, states: Collection[str], *, seen: int) -> Application:
    """Lock an application that is seen in a state and return it; else say who moved it (MovedMeanwhile).

    `seen` is the last step the reviewer saw, 0 for whoever looks now: a correction leaves the state as it was.
    """
    [row] = Application.objects.held_locked([application.pk])
    last = row.steps.last()
    if row.state not in states or row.state != application.state or (seen and last and last.pk != seen):
        raise MovedMeanwhile(moved_by(row))
    return row


def moved_by(row: Application) -> str:
    """Say who moved an application last, when, and where it stands."""
    step = row.steps.last()
    who = shown([Ref(step.by)])[step.by].label if step else ""
    return _("%(name)s: %(who)s was faster on %(day)s. It is now: %(state)s.") % {
        "name": row.name, "who": who, "day": row.moved_on, "state": row.get_state_display()}
