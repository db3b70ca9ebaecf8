"""Which changes of free seats units have asked for and the office has neither made nor declined."""

from datetime import date

from django.db.models import Exists, OuterRef, Q, QuerySet

from .certificates import SeatRequest
from .members import Coverage


def asked_for(*, on: date) -> "QuerySet[SeatRequest]":
    """Return the requests that are open on a day: a seat that is not given yet, or one that is still held."""
    held = Coverage.objects.on(on).filter(kind=Coverage.Kind.SEAT, unit=OuterRef("unit"), spell__ended_on=None,
                                          spell__member=OuterRef("member"))
    rows = SeatRequest.objects.filter(answered_on=None, unit__spells__ended_on=None, member__spells__ended_on=None)
    rows = rows.annotate(held=Exists(held)).filter(Q(give=True, held=False) | Q(give=False, held=True))
    return rows.select_related("unit__unit", "member__person")
