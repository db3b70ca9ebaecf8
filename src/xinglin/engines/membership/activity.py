"""What members do, read from the ledger: facts of other engines that name them and that people count."""

from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from django.db.models import CharField, Exists, F, OuterRef, QuerySet, Value
from django.db.models.functions import Cast, Concat
from django.db.models.lookups import In

from xinglin.kernel.facts import fact_types
from xinglin.kernel.ledger.models import Mention, SealedFact
from xinglin.kernel.refs import Ref

# Facts of these floors say who somebody is, not what they do.
_NO_DEEDS = frozenset({"membership", "directory", "accounts", "kernel", "shell", "plans"})
_PERSON = "directory.person:"
_WHO = ("people", "person", "who")


@lru_cache(maxsize=1)
def deeds() -> tuple[str, ...]:
    """Return the types of facts that count as a member's activity: countable, and naming people."""
    return tuple(type_ for type_, fact in fact_types().items()
                 if fact.VOCABULARY.countable and type_.partition(".")[0] not in _NO_DEEDS
                 and any(name in _WHO for name, _writers in fact.WRITERS))


def _done(*, from_on: date, until_on: date) -> "QuerySet[SealedFact]":
    """Return the deeds of a span that no later fact corrects."""
    later = SealedFact.objects.filter(corrects=OuterRef("key"))
    facts = SealedFact.objects.filter(type__in=deeds(), happened_on__gte=from_on, happened_on__lt=until_on)
    return facts.exclude(Exists(later))


def did_something(*, person: str, year: int) -> In:
    """Say in SQL whether the person whose key stands in a column did anything in a year.

    The names of all who did are gathered once for the whole query: looked up beside each row, the facts of the year
    would be read again for every person.
    """
    there = _done(from_on=date(year, 1, 1), until_on=date(year + 1, 1, 1))
    named = Concat(Value(_PERSON), Cast(F(person), CharField()))
    return In(named, Mention.objects.filter(position__in=there.values("position")).values("ref"))


@dataclass(frozen=True, kw_only=True)
class Deed:
    """One fact that names the person: kind of fact, day, body, place in the ledger."""

    type: str
    on: date
    body: dict[str, Any]
    position: int


def deeds_of(person: Ref, *, from_on: date, until_on: date) -> list[Deed]:
    """Return what a person did in a span, newest first."""
    mine = Mention.objects.filter(ref=person).values("position")
    rows = _done(from_on=from_on, until_on=until_on).filter(position__in=mine).order_by(F("happened_on").desc())
    return [Deed(type=row.type, on=row.happened_on, body=row.body, position=row.position) for row in rows]
