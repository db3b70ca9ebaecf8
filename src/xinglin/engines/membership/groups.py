"""Branches, local bodies and squads: how many members each has, brought in, and how many hours it gave (M02, W08)."""

from collections import Counter
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Count, Exists, OuterRef

from xinglin.directory.lists import organisation_kinds
from xinglin.directory.models import Organisation
from xinglin.kernel.ledger.models import SealedFact

from .activity import deeds
from .members import Affiliation, Spell

KINDS = ("branch", "youth_committee", "local_body", "squad")


@dataclass(frozen=True, kw_only=True)
class Group:
    """One branch or group in a span of days."""

    pk: int
    name: str
    kind: str
    members: int
    brought_in: int
    hours: Decimal

    @property
    def kind_label(self) -> str:
        """The kind in words."""
        return organisation_kinds.label(self.kind)


def groups(*, from_on: date, until_on: date) -> list[Group]:
    """Return every branch and group of a day with its members then, and what it brought in and gave in the span."""
    last = date.fromordinal(until_on.toordinal() - 1)
    now = dict(Affiliation.objects.on(last).order_by().values_list("organisation").annotate(Count("member")))
    spells = Spell.objects.filter(joined_on__gte=from_on, joined_on__lt=until_on, brought_by__isnull=False)
    brought = dict(spells.order_by().values_list("brought_by").annotate(Count("pk")))
    hours = hours_given(from_on=from_on, until_on=until_on)
    rows = Organisation.objects.on(last).filter(kind__in=KINDS).order_by("kind", "order", "sort_key")
    return [Group(pk=row.pk, name=row.label, kind=row.kind, members=now.get(row.pk, 0),
                  brought_in=brought.get(row.pk, 0), hours=hours[row.ref]) for row in rows]


def hours_given(*, from_on: date, until_on: date) -> Counter[str]:
    """Return the hours that organisations gave in a span: each fact once, to whoever was in charge."""
    later = SealedFact.objects.filter(corrects=OuterRef("key"))
    facts = SealedFact.objects.filter(type__in=deeds(), happened_on__gte=from_on, happened_on__lt=until_on)
    found: Counter[str] = Counter()
    for body in facts.exclude(Exists(later)).values_list("body", flat=True).iterator():
        if body.get("hours") and body.get("organisation"):
            found[body["organisation"]] += Decimal(body["hours"])  # type: ignore[assignment]
    return found
