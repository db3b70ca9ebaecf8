"""Acts that end organisations: close, merge into another, split into several."""

from collections.abc import Sequence
from datetime import date

from django.utils.translation import gettext as _

from xinglin.kernel.actors import Actor
from xinglin.kernel.acts import act, state
from xinglin.kernel.policy import require
from xinglin.kernel.refs import Code, Ref

from .. import checks, policy
from ..facts import OrganisationClosed, OrganisationMerged, OrganisationSplit
from ..finding import organisation_of
from ..organisations import Organisation, OrganisationChange
from ..ours import keeping_ours
from ..people import Employment
from ..posts import Term
from ..refusals import AlreadyEnded, NotFound, PartOfItself, StillNeeded
from .employments import begin_employment, end_employment
from .organisations import move_organisation
from .terms import correct_term, end_term, withdraw_term


def _open(ref: Ref) -> Organisation:
    row = organisation_of(ref, locked=True)
    if row.until_on:
        raise AlreadyEnded(_("%(name)s ended on %(day)s.") % {"name": row.name, "day": row.until_on})
    return row


def _end(row: Organisation, *, kind: str, until_on: date, decision: str, into: Organisation | None = None) -> None:
    checks.require_span(from_on=row.from_on, until_on=until_on)
    OrganisationChange(organisation=row, kind=kind, changed_on=until_on, decision=decision, into=into).save()
    row.until_on, row.successor = until_on, into
    with keeping_ours(on=until_on):
        row.save()


def _end_terms(row: Organisation, *, by: Actor, on: date, until_on: date, decision: str) -> None:
    for term in Term.objects.not_over(until_on).filter(post__organisation=row):
        if term.from_on >= until_on:  # it would have begun after the end
            withdraw_term(by=by, on=on, term=term.ref)
        elif term.ended_by:  # its end was known, but lies after the organisation's
            correct_term(by=by, on=on, term=term.ref, from_on=term.from_on, until_on=until_on,
                         decision=term.decision, session=term.session)
        else:
            end_term(by=by, on=on, term=term.ref, until_on=until_on, reason=Term.EndedBy.REORGANISED,
                     decision=decision)


@act
def close_organisation(*, by: Actor, on: date, organisation: Ref, until_on: date, decision: str = "") -> None:
    """End an organisation; its terms end with it, its parts must have gone before (StillNeeded)."""
    row = _open(organisation)
    require(policy.may_change_organisation(actor=by, kinds={row.kind}))
    if part := row.parts.filter(until_on=None).first():
        raise StillNeeded(_("%(part)s still belongs to it; close or move that first.") % {"part": part.name})
    _end_terms(row, by=by, on=on, until_on=until_on, decision=decision)
    _end(row, kind=OrganisationChange.Kind.CLOSED, until_on=until_on, decision=decision)
    state(OrganisationClosed(organisation=row.ref, kind=Code(row.kind), until_on=until_on), happened_on=until_on)


@act
def merge_organisations(
    *, by: Actor, on: date, organisation: Ref, into: Ref, until_on: date, decision: str = "",
) -> None:
    """Let an organisation go up in another: terms end, parts move, its people work for the other from then on."""
    row, winner = _open(organisation), _open(into)
    require(policy.may_change_organisation(actor=by, kinds={row.kind}))
    if row == winner:
        raise PartOfItself(_("An organisation cannot go up in itself."), field="into")
    _end_terms(row, by=by, on=on, until_on=until_on, decision=decision)
    for part in row.parts.exclude(pk=winner.pk):
        move_organisation(by=by, on=on, organisation=part.ref, parent=winner.ref, changed_on=until_on,
                          decision=decision)
    jobs = Employment.objects.filter(organisation=row, until_on=None, person__merged_into=None)
    for job in jobs.select_related("person"):
        end_employment(by=by, on=on, person=job.person.ref, organisation=row.ref, until_on=until_on)
        if not job.person.employments.filter(organisation=winner, until_on=None).exists():
            begin_employment(by=by, on=on, person=job.person.ref, organisation=winner.ref, department=job.department,
                             position=job.position, from_on=until_on, main=job.main)
    _end(row, kind=OrganisationChange.Kind.MERGED, until_on=until_on, decision=decision, into=winner)
    state(OrganisationMerged(organisation=row.ref, into=winner.ref, until_on=until_on), happened_on=until_on)


@act
def split_organisation(
    *, by: Actor, on: date, organisation: Ref, into: Sequence[Ref], changed_on: date, ends: bool = False,
    decision: str = "",
) -> None:
    """Record that organisations came out of one, which ends with it when `ends`; the new ones are founded before."""
    row = _open(organisation)
    require(policy.may_change_organisation(actor=by, kinds={row.kind}))
    parts = [organisation_of(one, locked=True) for one in into]
    if not parts or row in parts:
        raise NotFound(_("Name the organisations that came out of it."), field="into")
    for part in parts:
        OrganisationChange(organisation=row, kind=OrganisationChange.Kind.SPLIT, changed_on=changed_on,
                           decision=decision, into=part).save()
    if ends:
        _end_terms(row, by=by, on=on, until_on=changed_on, decision=decision)
        checks.require_span(from_on=row.from_on, until_on=changed_on)
        row.until_on = changed_on
        with keeping_ours(on=on):
            row.save()
    state(OrganisationSplit(organisation=row.ref, into=tuple(part.ref for part in parts),
                            until_on=changed_on if ends else None), happened_on=changed_on)
