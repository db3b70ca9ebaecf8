"""What strangers may ask learning: names of its refs, credits of a span; values, never rows."""

from datetime import date

from django.db.models import Sum

from xinglin.kernel.actors import Actor
from xinglin.kernel.files import readable
from xinglin.kernel.policy import Verdict
from xinglin.kernel.refs import Ref, Shown, resolves

from .certificates import Certificate
from .credits import Attendance, Award, Bar, Claim, Refused
from .policy import may_see_person
from .projects import Batch, Project
from .requirement import tenths


def credits_of(person: Ref, *, from_on: date, until_on: date) -> str:
    """Return the credits somebody earned from a day until before another, as a decimal number."""
    rows = Award.objects.standing().filter(person=int(person.key), completed_on__gte=from_on, completed_on__lt=until_on)
    return str(tenths(rows.aggregate(sum=Sum("credits"))["sum"]))


@readable("learning.claim")
def _evidence(actor: Actor, to: Ref) -> Verdict:
    claim = Claim.objects.select_related("person").get(pk=int(to.key))
    return may_see_person(actor=actor, person=claim.person.ref)


def _digits(keys: list[str]) -> list[str]:
    return [key for key in keys if key.isdecimal()]


@resolves("learning.project")
def _projects(keys: list[str]) -> dict[str, Shown]:
    return {str(row.pk): Shown(label=row.title, url=row.get_absolute_url())
            for row in Project.objects.filter(pk__in=_digits(keys))}


@resolves("learning.batch")
def _batches(keys: list[str]) -> dict[str, Shown]:
    return {str(row.pk): Shown(label=str(row)) for row in Batch.objects.filter(pk__in=_digits(keys))}


@resolves("learning.award")
def _awards(keys: list[str]) -> dict[str, Shown]:
    rows = Award.objects.filter(pk__in=_digits(keys)).select_related("project", "claim")
    return {str(row.pk): Shown(label=row.title, url=row.get_absolute_url()) for row in rows}


@resolves("learning.attendance")
def _attendances(keys: list[str]) -> dict[str, Shown]:
    rows = Attendance.objects.filter(pk__in=_digits(keys)).select_related("project")
    return {str(row.pk): Shown(label=f"{row.project.title} {row.day}") for row in rows}


@resolves("learning.refused")
def _refused(keys: list[str]) -> dict[str, Shown]:
    rows = Refused.objects.filter(pk__in=_digits(keys)).select_related("project")
    return {str(row.pk): Shown(label=f"{row.project.title} {row.day}", url=row.get_absolute_url()) for row in rows}


@resolves("learning.claim")
def _claims(keys: list[str]) -> dict[str, Shown]:
    return {str(row.pk): Shown(label=str(row.get_kind_display()), url=row.get_absolute_url())
            for row in Claim.objects.filter(pk__in=_digits(keys))}


@resolves("learning.certificate")
def _certificates(keys: list[str]) -> dict[str, Shown]:
    return {str(row.pk): Shown(label=row.number, url=row.get_absolute_url())
            for row in Certificate.objects.filter(pk__in=_digits(keys))}


@resolves("learning.bar")
def _bars(keys: list[str]) -> dict[str, Shown]:
    return {str(row.pk): Shown(label=f"{row.from_on} – {row.until_on}")
            for row in Bar.objects.filter(pk__in=_digits(keys))}
