"""Issues the credits of a project after its report, reckons them anew after corrections, and takes them back."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _

from xinglin.kernel.actors import Actor
from xinglin.kernel.acts import act, state
from xinglin.kernel.policy import Refusal, require
from xinglin.kernel.refs import Code

from ..certificates import Certificate
from ..computing import Reckoned, completed_on, reckon, year_of
from ..credits import Award, Claim
from ..facts import CertificateRevoked, CreditAwarded, CreditRevoked, ProjectMoved, ProjectReckoned
from ..policy import may_keep
from ..projects import Project, State
from .stages import step


class BeforeReport(Refusal):
    """Credits are issued after the execution was reported."""

    regulation = "E4.report_days"


class NothingToIssue(Refusal):
    """Nobody earned anything, or everything was issued as it should be."""


class TakenBack(Refusal):
    """The award was taken back before."""


@act
def issue_credits(*, by: Actor, on: date, project: Project) -> list[Award]:
    """Give everybody the credits of a reported project; after corrections give or take back what differs."""
    require(may_keep(actor=by, on=on))
    project = Project.objects.one_locked(pk=project.pk)  # two clerks meet here, and the second finds nothing to do
    if project.state not in (State.REPORTED, State.CREDITED, State.AUDITED):
        raise BeforeReport(_("It stands at “%(state)s”. Credits come after the report of its execution.") % {
            "state": project.get_state_display()})
    standing = {(one.person_id, one.kind): one for one in project.awards.standing().select_related("person")}
    due = {(one.person.pk, str(one.kind)): one for one in reckon(project) if one.credits > 0}
    wrong = [award for key, award in standing.items()
             if key not in due or (due[key].credits, due[key].counted) != (award.credits, award.minutes)]
    fresh = [one for key, one in due.items() if key not in standing or standing[key] in wrong]
    if not wrong and not fresh and not project.stale:
        raise NothingToIssue(_("All credits of this project are issued as its attendance says.") if standing
                             else _("Nobody earned credits; the list says why."))
    take_back(wrong, on=on, reason=_("reckoned anew after a correction"))
    made = _give(project, fresh, on)
    state(ProjectReckoned(project=project.ref, given=len(made), taken=len(wrong)))
    project.stale = False
    project.save(update_fields=["stale"])
    if project.state == State.REPORTED:
        state(ProjectMoved(project=project.ref, before=Code(State.REPORTED), after=Code(State.CREDITED)))
        step(project, State.CREDITED, by=by, on=on)
    return made


def _give(project: Project, fresh: Iterable[Reckoned], on: date) -> list[Award]:
    day, year = completed_on(project), year_of(project)
    rows = Award.objects.bulk_create([
        Award(person=one.person, kind=one.kind, level=project.level, project=project, credits=one.credits,
              minutes=one.counted, per_credit=one.per_credit, hours=(Decimal(one.counted) / 60).quantize(
                  Decimal("0.1")), year=year, completed_on=day, issued_on=on) for one in fresh])
    return said(rows)


def said(rows: list[Award]) -> list[Award]:
    """State the fact of each new award, dated by the day on which it was earned, and note its key."""
    for one in rows:
        project, claim = one.project, one.claim
        one.said_key = state(CreditAwarded(
            award=one.ref, person=one.person.ref, kind=Code(one.kind), level=Code(one.level) if one.level else None,
            year=one.year, credits=one.credits, minutes=one.minutes, hours=one.hours, per_credit=one.per_credit,
            specialist=one.specialist, issued_on=one.issued_on, project=project.ref if project else None,
            claim=claim.ref if claim else None, organisation=project.branch.ref if project else None),
            happened_on=one.completed_on)
    Award.objects.bulk_update(rows, ["said_key"], batch_size=500)
    return rows


def take_back(rows: Iterable[Award], *, on: date, reason: str, decided: bool = False) -> None:
    """Take awards back with their certificates: each is a fact that corrects the one which gave it.

    `decided`: somebody decided it, so that the attendance which came in before earns nothing at the next issue either.
    """
    for one in sorted(rows, key=lambda row: row.pk):  # as whoever makes out their certificates locks them
        key = state(CreditRevoked(award=one.ref, person=one.person.ref, decided=decided, reason=reason),
                    corrects=one.said_key)
        one.revoked_on, one.revoked_for, one.revoked_key = on, reason, key if decided else None
        one.save(update_fields=["revoked_on", "revoked_for", "revoked_key"])
        for paper in Certificate.objects.filter(award=one, revoked_on=None):
            paper.revoked_on, paper.revoked_for = on, reason
            paper.save(update_fields=["revoked_on", "revoked_for"])
            state(CertificateRevoked(paper=paper.ref, person=one.person.ref, reason=reason))


@act
def revoke_award(*, by: Actor, on: date, award: Award, reason: str) -> Award:
    """Take one award back, with its certificate: obtained wrongly, or given in error."""
    require(may_keep(actor=by, on=on))
    if award.project_id:
        Project.objects.one_locked(pk=award.project_id)
    else:
        Claim.objects.one_locked(pk=award.claim_id, person=award.person_id)
    row = Award.objects.select_related("person").get(pk=award.pk)
    if row.revoked_on:
        raise TakenBack(_("Taken back on %(day)s already.") % {"day": row.revoked_on})
    take_back([row], on=on, reason=reason, decided=True)
    return row
