"""Who refers to an entry: rows by foreign key, and facts of the ledger that name it."""

import json
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Any

from django.db import models

from xinglin.kernel.facts import fact_types
from xinglin.kernel.ledger.models import Mention, SealedFact, UnsealedFact
from xinglin.kernel.refs import Ref

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


def touched(
    *, refs: Iterable[Ref], acts: frozenset[str], about: tuple[str, ...] = OWN_FACTS,
) -> set[str]:
    """Return those of these refs that a fact about the entry names, stated by another act after the first of `acts`."""
    asked, answer = list(refs), set[str]()
    sealed = SealedFact.objects.filter(act__in=acts).order_by("position").values_list("position", flat=True)
    first = sealed.first()
    for start in range(0, len(asked) if first is not None else 0, BATCH):
        part = Mention.objects.filter(ref__in=asked[start : start + BATCH], position__gt=first)
        named = list(part.values_list("ref", "position"))
        positions = sorted({position for _ref, position in named})
        foreign = {position for at in range(0, len(positions), BATCH) for position, act, type_ in
                   SealedFact.objects.filter(position__in=positions[at : at + BATCH])
                   .values_list("position", "act", "type") if type_.startswith(about) and str(act) not in acts}
        answer |= {ref for ref, position in named if position in foreign}
    return answer | _touched_waiting(set(asked), acts, about, begun=first is not None)


def _touched_waiting(asked: set[Ref], acts: frozenset[str], about: tuple[str, ...], *, begun: bool) -> set[str]:
    answer = set[str]()
    for content in UnsealedFact.objects.order_by("pk").values_list("content", flat=True).iterator():
        type_, act = (content.partition(f'"{key}":"')[2].partition('"')[0] for key in ("type", "act"))
        begun = begun or act in acts
        if begun and act not in acts and type_.startswith(about):
            answer |= set(_REF.findall(content)) & asked
    return answer


def acts_about(*, one: Ref, type_: str) -> frozenset[str]:
    """Return the acts that stated facts of a type about this entry, sealed or waiting."""
    named = Mention.objects.filter(ref=one).values("position")
    acts = {str(act) for act in SealedFact.objects.filter(position__in=named, type=type_).values_list("act", flat=True)}
    for content in UnsealedFact.objects.values_list("content", flat=True).iterator():
        if f'"type":"{type_}"' in content and f'"{one}"' in content:
            acts.add(content.partition('"act":"')[2].partition('"')[0])
    return frozenset(acts)


def facts_about(*, one: Ref, type_: str) -> Iterator[tuple[date, dict[str, Any]]]:
    """Yield day and body of each fact of a type that names this entry, sealed or waiting."""
    named = Mention.objects.filter(ref=one).values("position")
    yield from SealedFact.objects.filter(position__in=named, type=type_).values_list("happened_on", "body")
    for content in UnsealedFact.objects.values_list("content", flat=True).iterator():
        if f'"type":"{type_}"' in content and f'"{one}"' in content:
            said = json.loads(content)
            yield date.fromisoformat(said["on"]), said["body"]


def _words(type_: str) -> str:
    known = fact_types().get(type_)
    return known.VOCABULARY.zh if known else type_
