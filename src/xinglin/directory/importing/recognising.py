"""Finds whom the rows of a list mean: joins the rows of one person and knows again who is in the directory."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from xinglin.kernel.actors import Actor

from .. import policy
from ..people import Person
from . import known
from .rows import Entrant, Fault

FIELDS = ("sex", "born_on", "mobile", "email", "remark")


class Recognition:
    """Joins, recognises and compares entrants; faults and remarks are collected by row of the file."""

    def __init__(self, *, by: Actor, on: date, written: Mapping[int, int]):
        self.by, self.on, self.written = by, on, written
        self.faults: defaultdict[int, list[Fault]] = defaultdict(list)
        self.remarks: defaultdict[int, list[Fault]] = defaultdict(list)

    def run(self, entrants: Collection[Entrant]) -> list[Entrant]:
        """Return one entrant for each person, known ones with their key, in the order of the file."""
        self._same_numbers(entrants)
        people = self._joined([one for one in entrants if one.rows[0] not in self.faults])
        self._recognise(people)
        people = self._once(people)
        self._complete([one for one in people if one.key])
        return sorted(people, key=lambda one: one.rows[0])

    def reject(self, entrant: Entrant, field: str, reason: str, right: str = "") -> None:
        """Refuse every row of somebody."""
        for row in entrant.rows:
            self.faults[row].append(Fault(field, reason, right))

    def _remark(self, entrant: Entrant, field: str, reason: str, right: str = "") -> None:
        self.remarks[entrant.rows[0]].append(Fault(field, reason, right))

    # Within the file -------------------------------------------------------------------------------------

    def _same_numbers(self, entrants: Collection[Entrant]) -> None:
        """Two names under one number: nobody can say here which is right, so both rows wait."""
        by_number: defaultdict[Any, list[Entrant]] = defaultdict(list)
        for one in entrants:
            if one.number:
                by_number[one.number].append(one)
        for same in by_number.values():
            if len({one.name for one in same}) < 2:
                continue
            for one in same:
                others = "、".join(_("row %(row)s (%(name)s)") % {"row": other.rows[0], "name": other.name}
                                  for other in same if other is not one and other.name != one.name)
                self.reject(one, "number", _("The same number stands in %(others)s.") % {"others": others},
                            _("One number belongs to one person; compare the documents."))

    def _joined(self, entrants: Collection[Entrant]) -> list[Entrant]:
        """Join the rows of one person: by document, by name and mobile, by name, birthday, unit and department."""
        people: dict[Any, Entrant] = {}
        for one in entrants:
            if one.number:
                self._add(people, one.number, one)
        holders: defaultdict[tuple[str, str], list[Entrant]] = defaultdict(list)
        for one in people.values():
            holders[one.name, one.mobile].append(one)
        for one in entrants:
            same = holders[one.name, one.mobile] if one.mobile and not one.number else []
            if len(same) > 1:
                self._doubt(one)
            elif same:
                self._join(same[0], one)
            elif not one.number:
                self._add(people, _identity(one), one)
        return list(people.values())

    def _add(self, people: dict[Any, Entrant], identity: Any, one: Entrant) -> None:
        first = people.setdefault(identity, one)
        if first is not one:
            self._join(first, one)

    def _join(self, first: Entrant, one: Entrant) -> None:
        for field in ("sex", "born_on"):
            said, read = getattr(first, field), getattr(one, field)
            if said and read and said != read:
                self.reject(one, field, _("Row %(row)s says otherwise of this person.") % {"row": first.rows[0]})
                return
        first.rows += one.rows
        first.jobs += [job for job in one.jobs if job.organisation not in {j.organisation for j in first.jobs}]
        first.offices += one.offices
        for field in (*FIELDS, "title", "specialty"):
            setattr(first, field, getattr(first, field) or getattr(one, field))
        if first.proven and one.proven and first.number != one.number:
            self._remark(one, "number", *_by_hand())
        first.proven = first.proven or one.proven

    # In the directory ------------------------------------------------------------------------------------

    def _recognise(self, entrants: Collection[Entrant]) -> None:
        """Find whom the directory knows: by document, by name and mobile, by name, birthday and unit together."""
        held = known.holders([one.number for one in entrants if one.number])
        mobiles = known.by_mobile({one.mobile for one in entrants if one.mobile})
        same = known.namesakes({one.name for one in entrants})
        doubtful: list[tuple[Entrant, int]] = []
        for one in entrants:
            written = [self.written[row] for row in one.rows if row in self.written]
            if written:
                one.key = written[0]
            elif one.number and one.number in held:
                one.key, name = held[one.number]
                if name != one.name:
                    self.reject(one, "number", _("In the directory this number belongs to %(name)s.") % {"name": name},
                                _("One number belongs to one person; compare the documents."))
            callers = {key for key, _name in mobiles.get(one.mobile, ())}
            if not one.key and (near := self._by_name(one, same.get(one.name, ()), callers)):
                doubtful.append((one, near))
        self._settle(doubtful)

    def _by_name(self, one: Entrant, namesakes: Collection[Person], callers: Collection[int]) -> int | None:
        """Recognise by more than the name, or return a namesake who may be meant."""
        reached = [person for person in namesakes if person.pk in callers]
        if len(reached) == 1 and _contradicts(one, reached[0]):
            self.reject(one, "number" if one.proven else "born_on", _(
                "In the directory %(name)s with this mobile has another document or date of birth.") % {
                "name": one.name}, _("Compare the documents; correct the entry or the row."))
        elif len(reached) == 1:
            one.key = reached[0].pk
        elif reached:
            self._doubt(one)
        if reached:
            return None
        near = [(person, _agreeing(one, person)) for person in namesakes if not _contradicts(one, person)]
        sure = [person for person, agreeing in near if agreeing == 2]
        weak = [person for person, agreeing in near if agreeing == 1]
        if len(sure) == 1:
            one.key = sure[0].pk
        elif len(sure) > 1:
            self._doubt(one)
        elif one.proven and weak:
            self._remark(one, "name", _("Is entered anew; the directory has a %(name)s of this unit or birthday.") % {
                "name": one.name}, _("Look at the duplicates after the import."))
        elif len(weak) == 1:
            return weak[0].pk
        elif weak:
            self._doubt(one)
        return None

    def _doubt(self, one: Entrant) -> None:
        self.reject(one, "name", _("It cannot be told which %(name)s is meant.") % {"name": one.name},
                    _("Add the identity number, or the mobile on file."))

    def _settle(self, doubtful: Collection[tuple[Entrant, int]]) -> None:
        """Take a namesake of the same unit or birthday for the person only where the row then says nothing new."""
        keys = {key for _one, key in doubtful}
        people = {person.pk: person for person in known.people(keys)}
        jobs = known.jobs_of(keys)
        spans = {(*at, term.from_on, term.until_on) for at, terms in known.terms_of(keys).items() for term in terms}
        for one, key in doubtful:
            new = any((key, job.organisation) not in jobs for job in one.jobs) or any(
                (key, office.organisation, office.title, office.from_on, office.until_on) not in spans
                for office in one.offices) or lacking(one, people[key]) or differing(one, people[key])
            if new:
                self._doubt(one)
            else:
                one.key = key

    def _once(self, entrants: Collection[Entrant]) -> list[Entrant]:
        """Join entrants who turned out to be one person of the directory."""
        people: dict[int, Entrant] = {}
        for one in entrants:
            if one.key:
                self._add(people, one.key, one)
        return [one for one in entrants if not one.key or people[one.key] is one]

    def _complete(self, entrants: Collection[Entrant]) -> None:
        """Note what the directory lacks of people it knows; where it says otherwise it is right, with a remark."""
        people = {person.pk: person for person in known.people({one.key for one in entrants if one.key})}
        guarded = policy.guarded_from(actor=self.by, people=list(people), on=self.on)
        for one in entrants:
            person = people[one.key or 0]
            for field in differing(one, person):
                self._remark(one, field, _("The directory says otherwise; it stays as it is."), _by_hand()[1])
            for field in lacking(one, person):
                verdict = policy.may_correct_person(actor=self.by, person=person, on=self.on, what=frozenset({field}),
                                                    guarded=guarded)
                if verdict:
                    one.fills.append(field)
                else:
                    self._remark(one, "number" if field == "document" else field, str(verdict.reason))


def lacking(one: Entrant, person: Person) -> list[str]:
    """Return what a row says and the directory does not: fields, a document, a title, a specialty."""
    fills = [field for field in FIELDS if getattr(one, field) and not getattr(person, field)]
    if one.proven and (one.proven.kind, one.proven.country) not in _documents(person):
        fills.append("document")
    if one.title and one.title not in {title.title for title in person.titles.all()}:
        fills.append("title")
    if one.specialty and one.specialty not in {specialty.code for specialty in person.specialties.all()}:
        fills.append("specialty")
    return fills


def differing(one: Entrant, person: Person) -> list[str]:
    """Return the fields of which a row says something else than the directory."""
    return [field for field in FIELDS
            if getattr(one, field) and getattr(person, field) and getattr(one, field) != getattr(person, field)]


def _by_hand() -> tuple[str, str]:
    return _("The second document is not taken over."), _("Correct it on the person's page.")


def _documents(person: Person) -> set[tuple[str, str]]:
    return {(document.kind, document.country) for document in person.documents.all()}


def _contradicts(one: Entrant, person: Person) -> bool:
    """Say whether a namesake has another document of the kind, another birthday or another sex."""
    if one.proven and (one.proven.kind, one.proven.country) in _documents(person):
        return True
    return any(getattr(one, field) and getattr(person, field) and getattr(one, field) != getattr(person, field)
               for field in ("born_on", "sex"))


def _agreeing(one: Entrant, person: Person) -> int:
    """Return how many of birthday and present unit are the same."""
    units = {job.organisation_id for job in person.employments.all() if job.until_on is None}
    return (bool(one.born_on) and one.born_on == person.born_on) + any(job.organisation in units for job in one.jobs)


def _identity(one: Entrant) -> Any:
    if one.mobile:
        return one.name, one.mobile
    unit = one.jobs[0].organisation if one.jobs else None
    if one.born_on or unit:
        # Two of one name in one department are common: rows that differ in anything personal are two people.
        return one.name, one.sex, one.born_on, one.email, unit, one.jobs[0].department if one.jobs else ""
    return object()  # a bare name is not enough to join two rows
