"""Finds entries that may be one person: the same number, or a like name with the same birthday or unit."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import combinations
from typing import Any

from django.utils.translation import gettext as _

from xinglin.kernel import regulations
from xinglin.lib.text import likeness, unit_likeness

from .merges import Distinct
from .people import LIFELONG, Employment, IdentityDocument, Person

# Points: a same name alone is nothing in a country of 王伟; with the birthday or the unit it is.
NAME, SOUND, BIRTHDAY, NO_BIRTHDAY, UNIT, DEPARTMENT, MAIL, MOBILE = 45, 30, 40, 10, 30, 5, 30, 40
OTHER_BIRTHDAY = -60
# Larger blocks of one name and one unit say that the data are thin, not that everybody is the same.
BLOCK = 40


@dataclass(frozen=True, slots=True)
class Entry:
    """What is compared of one entry."""

    key: int
    name: str
    sound: str
    born_on: date | None
    email: str
    mobile: bytes | None
    unit: int | None
    unit_name: str
    department: str
    proofs: frozenset[str] = frozenset()  # kinds of lifelong documents


@dataclass(frozen=True, kw_only=True)
class Pair:
    """Two entries that may be one person: how sure, and why."""

    first: int
    second: int
    score: int
    exact: bool
    reasons: tuple[str, ...]


def _entries(only: set[int] | None) -> dict[int, Entry]:
    jobs: dict[int, tuple[int, str, str]] = {}
    work = Employment.objects.filter(until_on=None).order_by("main", "pk")
    work = work.filter(person__in=only) if only is not None else work
    for person, unit, name, department in work.values_list(
            "person", "organisation", "organisation__name", "department").iterator():
        jobs[person] = (unit, name, department)
    rows = Person.objects.known()
    rows = rows.filter(pk__in=only) if only is not None else rows
    fields = rows.values_list("pk", "name", "romanised", "born_on", "email", "mobile_index")
    proofs = _proofs(only)
    return {row[0]: Entry(*row[:5], bytes(row[5]) if row[5] else None, *jobs.get(row[0], (None, "", "")),
                          frozenset(proofs.get(row[0], ()))) for row in fields.iterator()}


def _proofs(only: set[int] | None) -> dict[int, set[str]]:
    answer: defaultdict[int, set[str]] = defaultdict(set)
    rows = IdentityDocument.objects.filter(kind__in=LIFELONG)
    rows = rows.filter(person__in=only) if only is not None else rows
    for person, kind in rows.values_list("person", "kind").iterator():
        answer[person].add(kind)
    return answer


def _blocks(entries: dict[int, Entry]) -> Iterator[list[int]]:
    """Yield groups within which pairs are compared; everything else is never looked at."""
    groups: defaultdict[tuple[Any, ...], list[int]] = defaultdict(list)
    for one in entries.values():
        if one.mobile:
            groups["mobile", one.mobile].append(one.key)
        if one.email:
            groups["email", one.email].append(one.key)
        if one.born_on:
            groups["sound", one.sound, one.born_on].append(one.key)
        if one.unit:
            groups["unit", one.sound, one.unit].append(one.key)
        groups["name", one.name, one.department].append(one.key)
    for keys in groups.values():
        if 1 < len(keys) <= BLOCK:
            yield keys


def compared(first: Entry, second: Entry) -> tuple[int, bool, tuple[str, ...]]:
    """Return the score (0 to 100), whether a number proves it, and the reasons in words."""
    if first.proofs & second.proofs:
        return 0, False, ()  # no number stands in the register twice, so these two differ: two people
    same_mobile = bool(first.mobile) and first.mobile == second.mobile
    same_name = first.name == second.name or (bool(first.sound) and first.sound == second.sound)
    contrary = first.born_on and second.born_on and first.born_on != second.born_on
    if same_mobile and same_name and not contrary:
        return 100, True, _said(first, second)
    score = NAME if first.name == second.name else SOUND if first.sound == second.sound else 0
    if not score and likeness(first=first.name, second=second.name) < 60:
        return 0, False, ()
    if first.born_on and second.born_on:
        score += BIRTHDAY if first.born_on == second.born_on else OTHER_BIRTHDAY
    else:
        score += NO_BIRTHDAY
    if first.unit and second.unit:
        alike = 100 if first.unit == second.unit else unit_likeness(first=first.unit_name, second=second.unit_name)
        score += round(UNIT * alike / 100) if alike >= 80 else 0
    score += DEPARTMENT if first.department and first.department == second.department else 0
    score += MAIL if first.email and first.email == second.email else 0
    score += MOBILE if same_mobile else 0
    return max(0, min(score, 99)), False, _said(first, second)


def _said(first: Entry, second: Entry) -> tuple[str, ...]:
    facts = (
        (bool(first.mobile) and first.mobile == second.mobile, _("same mobile")),
        (first.name == second.name, _("same name")),
        (first.name != second.name and first.sound == second.sound, _("name sounds the same")),
        (bool(first.born_on) and first.born_on == second.born_on, _("same date of birth")),
        (bool(first.born_on and second.born_on) and first.born_on != second.born_on, _("other date of birth")),
        (bool(first.unit) and first.unit == second.unit, _("same unit")),
        (bool(first.department) and first.department == second.department, _("same department")),
        (bool(first.email) and first.email == second.email, _("same e-mail")),
    )
    return tuple(words for holds, words in facts if holds)


def duplicates(*, on: date, limit: int = 500, only: set[int] | None = None) -> list[Pair]:
    """Return the likeliest pairs, surest first, without those found to be two people; `only` looks among some."""
    least = int(regulations.value("DR2.duplicate_score", on=on))
    settled = set(Distinct.objects.values_list("first", "second"))
    entries, pairs = _entries(only), {}
    for keys in _blocks(entries):
        for low, high in combinations(sorted(keys), 2):
            if (low, high) in pairs or (low, high) in settled:
                continue
            score, exact, reasons = compared(entries[low], entries[high])
            if score >= least:
                pairs[low, high] = Pair(first=low, second=high, score=score, exact=exact, reasons=reasons)
    return sorted(pairs.values(), key=lambda pair: (not pair.exact, -pair.score, pair.first))[:limit]


def likely(*, name: str, on: date, born_on: date | None = None, mobile: str = "", number: str = "") -> list[Person]:
    """Return who may be meant by these words before somebody is entered a second time."""
    people = Person.objects.known()
    found = people.filter(name=name.strip())
    found = found.filter(born_on=born_on) | found.filter(born_on=None) if born_on else found
    if mobile:
        found = found | people.filter(mobile_index__matches=mobile)
    if number:
        held = IdentityDocument.objects.filter(number_index__matches=number).values("person")
        found = found | people.filter(pk__in=held)
    return list(found.distinct()[:5])
