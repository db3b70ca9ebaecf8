"""Gives health days to those who answer for them (W06)."""

from datetime import date

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from xinglin.directory.models import Organisation, Person
from xinglin.kernel.actors import Actor
from xinglin.kernel.acts import act, state
from xinglin.kernel.policy import Refusal, require
from xinglin.kernel.refs import Code

from ..facts_services import HealthdayAssigned
from ..healthdays import HealthDayOwner, health_days
from ..meetings import Event
from ..services_policy import may_assign_health_day


class NoSuchDay(Refusal):
    """The calendar has no such day."""

    field = "code"
    regulation = "W06.days"


class SameOwner(Refusal):
    """This is what the calendar says already."""

    field = "owner"


@act
def assign_health_day(
    *, by: Actor, on: date, code: str, year: int, owner: Person, organisation: Organisation | None = None,
    event: Event | None = None
) -> HealthDayOwner:
    """Say who answers for a health day, and the event held for it once there is one."""
    require(may_assign_health_day(actor=by))
    if code not in health_days():
        raise NoSuchDay(_("The calendar has no such day."))
    held_on = health_days()[code].in_year(year)
    row = HealthDayOwner.objects.of_day(code=code, held_on=held_on)
    if row and (row.owner, row.organisation, row.event) == (owner, organisation, event):
        raise SameOwner(_("This is what the calendar says already."))
    row = row or HealthDayOwner(code=code, held_on=held_on)
    row.owner, row.organisation, row.event, row.assigned_on = owner, organisation, event, on
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError:
        raise SameOwner(_("Somebody else gave this day to somebody right now; look again.")) from None
    state(HealthdayAssigned(healthday=Code(code), held_on=held_on, owner=owner.ref,
                            organisation=organisation.ref if organisation else None,
                            event=event.ref if event else None))
    return row
