"""Who refers to an entry: rows by foreign key, and facts of the ledger that name it."""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence

from django.db import models

from xinglin.kernel.facts import fact_types
from xinglin.kernel.ledger.models import Mention, SealedFact, UnsealedFact

# Rows that are part of the entry itself and go with it.
OWN = frozenset({
    "personkey", "identitydocument", "persontitle", "licence", "personspecialty", "employment", "organisationkey",
    "organisationchange", "distinct",
})
# Facts about the entry alone; whoever else names it would be left with a dangling ref.
OWN_FACTS = ("directory.person.registered", "directory.person.corrected", "directory.employment.",
             "directory.organisation.founded", "directory.organisation.corrected", "directory.term.",
             "directory.person.distinguished")
_REF = re.compile(r"directory\.(?:person|organisation|term):\d+")
BATCH = 900  # SQLite takes 999 parameters in an old build


def referring(*, rows: Sequence[models.Model], beside: Iterable[str] = ()) -> dict[int, list[str]]:
    """Return for each row (all of one table) the labels of what refers to it; `beside` names tables to overlook."""
    answer: dict[int, list[str]] = defaultdict(list)
    for one in rows:
        answer[one.pk] = []
    overlook = OWN | set(beside)
    for start in range(0, len(rows), BATCH):
        part = rows[start : start + BATCH]
        _by_key(part, overlook, answer)
        _by_fact(part, answer)
    _waiting(rows, answer)
    return answer


def _by_key(rows: Sequence[models.Model], overlook: frozenset[str] | set[str], answer: dict[int, list[str]]) -> None:
    keys = [one.pk for one in rows]
    for relation in rows[0]._meta.related_objects:
        model = relation.related_model
        if model._meta.model_name in overlook or relation.field.many_to_many:
            continue
        name = relation.field.attname
        found = model._base_manager.filter(**{f"{name}__in": keys}).values_list(name, flat=True).distinct()
        for key in found:
            answer[key].append(str(model._meta.verbose_name))


def _by_fact(rows: Sequence[models.Model], answer: dict[int, list[str]]) -> None:
    by_ref = {str(one.ref): one.pk for one in rows}  # type: ignore[attr-defined]
    mentions = Mention.objects.filter(ref__in=by_ref).values_list("ref", "position")
    named: dict[int, set[str]] = defaultdict(set)
    for ref, position in mentions:
        named[position].add(ref)
    positions = list(named)
    for start in range(0, len(positions), BATCH):
        facts = SealedFact.objects.filter(position__in=positions[start : start + BATCH])
        for position, type_ in facts.values_list("position", "type"):
            if not type_.startswith(OWN_FACTS):
                for ref in named[position]:
                    answer[by_ref[ref]].append(_words(type_))


def _waiting(rows: Sequence[models.Model], answer: dict[int, list[str]]) -> None:
    """Facts that the sealer has not reached are in no index yet: read them, they are few."""
    by_ref = {str(one.ref): one.pk for one in rows}  # type: ignore[attr-defined]
    for content in UnsealedFact.objects.values_list("content", flat=True).iterator():
        type_ = content.partition('"type":"')[2].partition('"')[0]
        if not type_.startswith(OWN_FACTS):
            for ref in by_ref.keys() & set(_REF.findall(content)):
                answer[by_ref[ref]].append(_words(type_))


def _words(type_: str) -> str:
    known = fact_types().get(type_)
    return known.VOCABULARY.zh if known else type_
