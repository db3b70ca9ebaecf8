"""Acts on employments: somebody begins or leaves work at an organisation."""

from datetime import date

from django.db.models import Q
from django.utils.translation import gettext as _

from xinglin.kernel.actors import Actor
from xinglin.kernel.acts import act, state
from xinglin.kernel.policy import require
from xinglin.kernel.refs import Ref

from .. import checks, policy
from ..facts import EmploymentBegun, EmploymentEnded
from ..finding import organisation_of, person_of
from ..people import Employment
from ..refusals import AlreadyEnded, Overlaps


def overlapping(*, from_on: date | None, until_on: date | None) -> Q:
    """Return the condition for spans that share a day with this one; an open end reaches everywhere."""
    answer = Q(until_on=None)
    answer |= Q(until_on__gt=from_on) if from_on else Q()
    later = (Q(from_on=None) | Q(from_on__lt=until_on)) if until_on else Q()
    return (answer if from_on else Q()) & later


@act
def begin_employment(
    *, by: Actor, on: date, person: Ref, organisation: Ref, department: str = "", position: str = "",
    from_on: date | None = None, until_on: date | None = None, main: bool = True,
) -> None:
    """Record that somebody works for an organisation; a main employer replaces the former main one."""
    row, unit = person_of(person, locked=True), organisation_of(organisation)
    require(policy.may_correct_person(actor=by, person=row, on=on))
    checks.require_span(from_on=from_on, until_on=until_on)
    if row.employments.filter(overlapping(from_on=from_on, until_on=until_on), organisation=unit).exists():
        raise Overlaps(_("%(name)s works for %(unit)s at that time already.") % {"name": row.name, "unit": unit.name})
    if main:
        row.employments.update(main=False)
    Employment(person=row, organisation=unit, department=department, position=position, from_on=from_on,
               until_on=until_on, main=main).save()
    state(EmploymentBegun(person=row.ref, organisation=unit.ref, from_on=from_on, until_on=until_on))


@act
def end_employment(*, by: Actor, on: date, person: Ref, organisation: Ref, until_on: date) -> None:
    """Record that somebody leaves an organisation; `until_on` is the first day away."""
    row, unit = person_of(person, locked=True), organisation_of(organisation)
    require(policy.may_correct_person(actor=by, person=row, on=on))
    job = row.employments.filter(organisation=unit, until_on=None).first()
    if job is None:
        raise AlreadyEnded(_("%(name)s does not work for %(unit)s.") % {"name": row.name, "unit": unit.name})
    checks.require_span(from_on=job.from_on, until_on=until_on)
    job.until_on = until_on
    job.save()
    state(EmploymentEnded(person=row.ref, organisation=unit.ref, until_on=until_on))
