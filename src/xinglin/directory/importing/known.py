"""What the directory knows already, looked up for many rows at once."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache

from django.db.models import Prefetch, QuerySet
from rapidfuzz import process

from xinglin.kernel.sealed_fields import blind_indexes
from xinglin.lib.text import folded, unit_likeness

from ..organisations import Organisation, OrganisationChange
from ..people import Employment, IdentityDocument, Person
from ..posts import Term

BATCH = 800  # parameters of one query
ALIKE = 80


def batches(values: Iterable[object]) -> Iterator[list[object]]:
    """Yield the values in parts that one query can take."""
    many = list(values)
    for start in range(0, len(many), BATCH):
        yield many[start : start + BATCH]


class Units:
    """Organisations by the names people write: present, short and former ones."""

    def __init__(self) -> None:
        self.rows = {one.pk: one for one in Organisation.objects.all()}
        names: defaultdict[str, set[int]] = defaultdict(set)
        for one in self.rows.values():
            for name in (one.name, one.short_name):
                if name and not one.until_on:
                    names[folded(text=name)].add(one.pk)
        former = OrganisationChange.objects.filter(kind=OrganisationChange.Kind.RENAMED)
        for key, name in former.values_list("organisation", "old_name"):
            if folded(text=name) not in names and not self.rows[key].until_on:
                names[folded(text=name)].add(key)
        self.names = {name: next(iter(keys)) for name, keys in names.items() if len(keys) == 1}
        self.doubtful = {name for name, keys in names.items() if len(keys) > 1}
        self._readable = [one.name for one in self.rows.values() if not one.until_on]

    @lru_cache(maxsize=20_000)  # noqa: B019  one instance lives as long as one import
    def key(self, name: str) -> int | None:
        """Return the one organisation of this name, if there is exactly one."""
        return self.names.get(folded(text=name))

    @lru_cache(maxsize=2_000)  # noqa: B019
    def nearest(self, name: str) -> str:
        """Return the name most like it, or nothing when none is much like it."""
        found = process.extractOne(name, self._readable, score_cutoff=ALIKE,
                                   scorer=lambda one, two, **_kwargs: unit_likeness(first=one, second=two))
        return found[0] if found else ""


def holders(proofs: Sequence[tuple[str, str, str]]) -> dict[tuple[str, str, str], tuple[int, str]]:
    """Return kind, country and number → key and name of the person who holds the document."""
    column = IdentityDocument._meta.get_field("number_index").address  # type: ignore[union-attr]
    wanted = {index: proof for proof in proofs for index in blind_indexes(proof[2], column=column)}
    answer: dict[tuple[str, str, str], tuple[int, str]] = {}
    for part in batches(wanted):
        rows = IdentityDocument.objects.filter(number_index__in=part)
        for index, kind, country, person, now, name in rows.values_list(
                "number_index", "kind", "country", "person", "person__merged_into", "person__name"):
            proof = wanted[bytes(index)]
            if (kind, country) == proof[:2]:
                answer[proof] = (now or person, name)
    return answer


def by_mobile(numbers: Iterable[str]) -> dict[str, list[tuple[int, str]]]:
    """Return mobile → keys and names of those who have it."""
    column = Person._meta.get_field("mobile_index").address  # type: ignore[union-attr]
    wanted = {index: number for number in numbers for index in blind_indexes(number, column=column)}
    answer: defaultdict[str, list[tuple[int, str]]] = defaultdict(list)
    for part in batches(wanted):
        rows = Person.objects.known().filter(mobile_index__in=part).values_list("mobile_index", "pk", "name")
        for index, key, name in rows:
            answer[wanted[bytes(index)]].append((key, name))
    return answer


def _described(rows: QuerySet[Person]) -> QuerySet[Person]:
    """Read what recognition compares along with the people; numbers stay sealed."""
    documents = IdentityDocument.objects.only("person", "kind", "country")
    return rows.prefetch_related("employments", "titles", "specialties", Prefetch("documents", documents))


def namesakes(names: Iterable[str]) -> dict[str, list[Person]]:
    """Return name → people who bear it, with their present units and kinds of documents."""
    answer: defaultdict[str, list[Person]] = defaultdict(list)
    for part in batches(set(names)):
        for person in _described(Person.objects.known().filter(name__in=part)):
            answer[person.name].append(person)
    return answer


def people(keys: Iterable[int]) -> list[Person]:
    """Return these people, with what recognition compares."""
    return [person for part in batches(keys) for person in _described(Person.objects.filter(pk__in=part))]


def jobs_of(people: Iterable[int]) -> set[tuple[int, int]]:
    """Return the pairs of person and organisation that an open employment joins."""
    found: set[tuple[int, int]] = set()
    for part in batches(people):
        found |= set(Employment.objects.filter(person__in=part, until_on=None).values_list("person", "organisation"))
    return found


def terms_of(people: Iterable[int]) -> dict[tuple[int, int, str], list[Term]]:
    """Return person, organisation and title → the terms held, whenever."""
    answer: defaultdict[tuple[int, int, str], list[Term]] = defaultdict(list)
    for part in batches(people):
        for term in Term.objects.filter(person__in=part).select_related("post"):
            answer[term.person_id, term.post.organisation_id, term.post.title].append(term)
    return answer
