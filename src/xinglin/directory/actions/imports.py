"""Acts of imports: write the checked rows of a list."""

from collections.abc import Collection, Sequence
from datetime import date

from django.db import connection

from xinglin.kernel.actors import Actor
from xinglin.kernel.acts import act, state
from xinglin.kernel.policy import require
from xinglin.kernel.refs import Code, ref
from xinglin.kernel.stated import Stated
from xinglin.lib.identity import masked_mobile
from xinglin.lib.text import folded

from .. import lists, policy
from ..facts import (
    EmploymentBegun,
    ListImported,
    OrganisationFounded,
    PersonCorrected,
    PersonRegistered,
    TermBegun,
)
from ..importing import known
from ..importing.recognising import FIELDS, lacking
from ..importing.rows import Body, Entrant
from ..imports import AddedRow, Batch
from ..indexing import described, organisation_sort_key, person_keys, reindex_organisation, reindex_person
from ..organisations import Organisation
from ..ours import keeping_ours
from ..people import Employment, IdentityDocument, Person, PersonKey, PersonSpecialty, PersonTitle
from ..posts import Post, Term

SIZE = 1000


@act
def import_people_rows(
    *, by: Actor, on: date, batch: Batch, entrants: Sequence[Entrant], accepted: int, rejected: int,
) -> None:
    """Write people, their documents, units and posts; the batch remembers which row added what."""
    require(policy.may_import(actor=by))
    _require_posts(by, entrants)
    new = [one for one in entrants if one.key is None]
    people = [described(Person(
        name=one.name, sex=one.sex, born_on=one.born_on, mobile=one.mobile, email=one.email, remark=one.remark,
        mobile_masked=masked_mobile(number=one.mobile) if one.mobile else "", registered_on=on)) for one in new]
    Person.objects.bulk_create(people, batch_size=SIZE)
    for one, person in zip(new, people, strict=True):
        one.key = person.pk
    _documents_and_titles(new)
    filled = _fill([one for one in entrants if one.fills], by=by, on=on)
    _keys(list(zip(new, people, strict=True)))
    jobs = _jobs(entrants, mains={one.key for one in new})
    offices = _offices(entrants)
    added = [AddedRow(batch=batch, row=one.rows[0], kind="person", key=one.key) for one in new]
    added += [AddedRow(batch=batch, row=row, kind="employment", key=job.pk) for row, job in jobs]
    added += [AddedRow(batch=batch, row=row, kind="term", key=term.pk) for row, term in offices]
    added += [AddedRow(batch=batch, row=row, kind=kind, key=key) for row, kind, key in filled]
    AddedRow.objects.bulk_create(added, batch_size=SIZE)
    _say(new, jobs, offices)
    state(ListImported(batch=batch.ref, kind=Code(batch.kind), accepted=accepted, rejected=rejected))


def _require_posts(by: Actor, entrants: Sequence[Entrant]) -> None:
    """Ask for every post whether this actor may give it to this person: rights do not slip in by a list."""
    wanted = {(office.organisation, one.key if by.person == ref("directory.person", one.key) else None)
              for one in entrants for office in one.offices}
    places = Organisation.objects.in_bulk({place for place, _key in wanted})
    for place, key in wanted:
        require(policy.may_change_term(actor=by, organisation=places[place],
                                       person=ref("directory.person", key) if key else None))


def _fill(entrants: Sequence[Entrant], *, by: Actor, on: date) -> list[tuple[int, str, int]]:
    """Write what the directory still lacks of people it knows; return row, kind and key of each thing written."""
    by_key = {one.key: one for one in entrants if one.key}
    answer: list[tuple[int, str, int]] = []
    people = Person.objects.in_writing_locked(*by_key)
    guarded = policy.guarded_from(actor=by, people=[person.pk for person in people], on=on)
    now = {person.pk: person for person in known.people(by_key)}  # read under the lock: what others filled stays
    for person in people:
        one = by_key[person.pk]
        fills = set(one.fills) & set(lacking(one, now[person.pk]))
        if not fills:
            continue
        require(policy.may_correct_person(actor=by, person=person, on=on, what=frozenset(fills), guarded=guarded))
        row, fields = one.rows[0], [field for field in FIELDS if field in fills]
        for field in fields:
            setattr(person, field, getattr(one, field))
        if "mobile" in fields:
            person.mobile_masked = masked_mobile(number=person.mobile)
        if fields:
            person.save()
        answer += [(row, field, person.pk) for field in fields]
        answer += [(row, kind, key) for kind, key in _add_parts(person, one, fills)]
        reindex_person(person)
        state(PersonCorrected(person=person.ref, what=tuple(Code(field) for field in sorted(fills))))
    return answer


def _add_parts(person: Person, one: Entrant, fills: Collection[str]) -> list[tuple[str, int]]:
    made: list[tuple[str, Stated]] = []
    if one.proven and "document" in fills:
        made.append(("document", IdentityDocument(person=person, kind=one.proven.kind, country=one.proven.country,
                                                  number=one.proven.number, masked=one.proven.masked)))
    if "title" in fills:
        made.append(("title", PersonTitle(person=person, title=one.title)))
    if "specialty" in fills:
        main = not person.specialties.filter(main=True).exists()
        made.append(("specialty", PersonSpecialty(person=person, code=one.specialty, main=main)))
    for _kind, part in made:
        part.save()
    return [(kind, part.pk) for kind, part in made]


def _documents_and_titles(new: Sequence[Entrant]) -> None:
    IdentityDocument.objects.bulk_create([
        IdentityDocument(person_id=one.key, kind=one.proven.kind, country=one.proven.country,
                         number=one.proven.number, masked=one.proven.masked) for one in new if one.proven],
        batch_size=SIZE)
    PersonTitle.objects.bulk_create(
        [PersonTitle(person_id=one.key, title=one.title) for one in new if one.title], batch_size=SIZE)
    PersonSpecialty.objects.bulk_create(
        [PersonSpecialty(person_id=one.key, code=one.specialty, main=True) for one in new if one.specialty],
        batch_size=SIZE)


def _keys(pairs: Sequence[tuple[Entrant, Person]]) -> None:
    # Plain SQL: a dozen keys a person are most of the rows of an import, and the ORM would double their cost.
    rows = [(person.pk, key) for one, person in pairs
            for key in person_keys(person=person, masked=[one.proven.masked] if one.proven else [])]
    table = PersonKey._meta.db_table
    with connection.cursor() as cursor:
        cursor.executemany(f"INSERT INTO {table} (person_id, text) VALUES (%s, %s)", rows)


def _jobs(entrants: Sequence[Entrant], *, mains: set[int | None]) -> list[tuple[int, Employment]]:
    made = [(job.row, Employment(
        person_id=one.key, organisation_id=job.organisation, department=job.department, position=job.position,
        main=one.key in mains and number == 0)) for one in entrants for number, job in enumerate(one.jobs)]
    Employment.objects.bulk_create([job for _row, job in made], batch_size=SIZE)
    return made


def _offices(entrants: Sequence[Entrant]) -> list[tuple[int, Term]]:
    posts = {(one.organisation_id, one.title): one for one in Post.objects.filter(name="")}
    wanted = {(office.organisation, office.title) for one in entrants for office in one.offices} - posts.keys()
    missing = [Post(organisation_id=place, title=title, order=lists.post_titles.entries[title].order)
               for place, title in sorted(wanted)]
    for post in Post.objects.bulk_create(missing, batch_size=SIZE):
        posts[post.organisation_id, post.title] = post
    made = [(office.row, Term(
        person_id=one.key, post=posts[office.organisation, office.title], from_on=office.from_on,
        until_on=office.until_on, session=office.session, decision=office.decision))
        for one in entrants for office in one.offices]
    Term.objects.bulk_create([term for _row, term in made], batch_size=SIZE)
    return made


def _say(new: Sequence[Entrant], jobs: Sequence[tuple[int, Employment]], offices: Sequence[tuple[int, Term]]) -> None:
    registered: set[int] = set()
    for one in new:
        unit = one.jobs[0].organisation if one.jobs else None
        registered.add(one.key or 0)
        state(PersonRegistered(person=ref("directory.person", one.key),
                               organisation=ref("directory.organisation", unit) if unit else None))
    for _row, job in jobs:
        if not (job.main and job.person_id in registered):
            state(EmploymentBegun(person=ref("directory.person", job.person_id),
                                  organisation=ref("directory.organisation", job.organisation_id)))
    for _row, term in offices:
        state(TermBegun(
            term=term.ref, person=ref("directory.person", term.person_id), title=Code(term.post.title),
            organisation=ref("directory.organisation", term.post.organisation_id), from_on=term.from_on,
            until_on=term.until_on), happened_on=term.from_on)


@act
def import_organisation_rows(
    *, by: Actor, on: date, batch: Batch, bodies: Sequence[Body], accepted: int, rejected: int,
) -> None:
    """Write organisations, parents before their parts."""
    require(policy.may_change_organisation(actor=by, kinds={one.kind for one in bodies}))
    with keeping_ours(on=on):
        _found(bodies, batch)
    state(ListImported(batch=batch.ref, kind=Code(batch.kind), accepted=accepted, rejected=rejected))


def _found(bodies: Sequence[Body], batch: Batch) -> None:
    waiting, made = list(bodies), {}
    while waiting:
        ready = [one for one in waiting if not isinstance(one.parent, str) or one.parent in made]
        for one in ready:
            row = Organisation(
                name=one.name, short_name=one.short_name, kind=one.kind, level=one.level, region=one.region,
                credit_code=one.credit_code, from_on=one.from_on, sort_key=organisation_sort_key(one.name),
                parent_id=made[one.parent] if isinstance(one.parent, str) else one.parent)
            row.save()
            reindex_organisation(row)
            made[_named(one)] = row.pk
            AddedRow.objects.create(batch=batch, row=one.row, kind="organisation", key=row.pk)
            state(OrganisationFounded(
                organisation=row.ref, kind=Code(row.kind), from_on=row.from_on,
                parent=ref("directory.organisation", row.parent_id) if row.parent_id else None))
        waiting = [one for one in waiting if one not in ready]


def _named(one: Body) -> str:
    return folded(text=one.name)
