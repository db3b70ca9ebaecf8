"""What strangers may ask the directory: people, organisations and who holds which post on a day."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Prefetch, Q

from xinglin.kernel.refs import Ref, ref

from .bank_accounts import BankAccount
from .finding import organisation_of
from .lists import organisation_kinds, post_titles
from .organisations import Organisation, OrganisationChange
from .people import Employment, Person
from .posts import Term

LEADERS = ("president", "executive_vice_president", "vice_president", "secretary_general", "deputy_secretary_general",
           "chair", "chair_elect", "vice_chair", "department_head", "deputy_department_head", "chief_supervisor")

CONTACT = "unit_contact"
SPEAKERS = (CONTACT, *LEADERS)  # these posts let somebody speak for an organisation


@dataclass(frozen=True, kw_only=True)
class PersonAnswer:
    """A person as strangers know them: name, Latin name, main unit; `ref` is whom a merged entry became."""

    ref: Ref
    name: str
    romanised: str
    sex: str
    born_on: date | None
    unit: Ref | None
    unit_name: str
    department: str


@dataclass(frozen=True, kw_only=True)
class OrganisationAnswer:
    """An organisation on a day: the name and parent it had then."""

    ref: Ref
    name: str
    short_name: str
    kind: str
    level: str
    region: str
    parent: Ref | None
    from_on: date | None
    until_on: date | None
    successor: Ref | None

    @property
    def label(self) -> str:
        """The short name where there is one."""
        return self.short_name or self.name


@dataclass(frozen=True, kw_only=True)
class TermAnswer:
    """One person in one post: who, where, what, from when until when."""

    ref: Ref
    person: Ref
    name: str
    organisation: Ref
    organisation_name: str
    organisation_kind: str
    title: str
    title_label: str
    from_on: date
    until_on: date | None
    session: int | None
    decision: str


@dataclass(frozen=True, kw_only=True)
class Branching:
    """An organisation with the parts it had on a day."""

    organisation: OrganisationAnswer
    parts: "tuple[Branching, ...]"


# People ---------------------------------------------------------------------------------------------------

_MAIN_JOB = Prefetch("employments", to_attr="jobs_now",
                     queryset=Employment.objects.filter(until_on=None).select_related("organisation"))


def _person(row: Person) -> PersonAnswer:
    job: Employment | None = next(iter(row.jobs_now), None)  # type: ignore[attr-defined]
    return PersonAnswer(
        ref=row.ref, name=row.name, romanised=row.romanised, sex=row.sex, born_on=row.born_on,
        unit=job.organisation.ref if job else None, unit_name=job.organisation.label if job else "",
        department=job.department if job else "")


def _keys(refs: Iterable[str], kind: str) -> list[int]:
    made = (Ref(one) for one in refs)
    return [int(one.key) for one in made if one.kind == kind and one.key.isdecimal()]


def people(refs: Iterable[str]) -> dict[Ref, PersonAnswer]:
    """Return who these refs are; a merged entry answers with whom it became, unknown refs are left out."""
    asked = Person.objects.filter(pk__in=_keys(refs, "directory.person")).values_list("pk", "merged_into")
    now = {key: into or key for key, into in asked}
    rows = {row.pk: _person(row) for row in Person.objects.filter(pk__in=set(now.values())).prefetch_related(_MAIN_JOB)}
    return {ref("directory.person", key): rows[current] for key, current in now.items()}


def person(one: str) -> PersonAnswer | None:
    """Return who this ref is, or None."""
    return people([one]).get(Ref(one))


def people_found(words: str, *, limit: int = 20) -> list[PersonAnswer]:
    """Return the people whom words find: name, pinyin, initials, unit, masked number."""
    rows = Person.objects.known().found(words).prefetch_related(_MAIN_JOB)[:limit] if words.strip() else []
    return [_person(row) for row in rows]


def employed_at(organisation: str, *, on: date) -> list[PersonAnswer]:
    """Return who works for an organisation on a day."""
    there = Employment.objects.on(on).filter(organisation__in=_keys([organisation], "directory.organisation"))
    rows = Person.objects.known().filter(pk__in=there.values("person")).prefetch_related(_MAIN_JOB)
    return [_person(row) for row in rows]


# Organisations --------------------------------------------------------------------------------------------

def _organisation(row: Organisation, on: date) -> OrganisationAnswer:
    name, parent = row.name_on(on), row.parent_on(on)
    return OrganisationAnswer(
        ref=row.ref, name=name, short_name=row.short_name if name == row.name else "", kind=row.kind, level=row.level,
        region=row.region, parent=parent.ref if parent else None, from_on=row.from_on, until_on=row.until_on,
        successor=ref("directory.organisation", row.successor_id) if row.successor_id else None)


def organisations(refs: Iterable[str], *, on: date) -> dict[Ref, OrganisationAnswer]:
    """Return what these organisations were called and belonged to on a day; unknown refs are left out."""
    rows = Organisation.objects.filter(pk__in=_keys(refs, "directory.organisation"))
    return {row.ref: _organisation(row, on) for row in rows.select_related("parent").prefetch_related("changes")}


def organisation(one: str, *, on: date) -> OrganisationAnswer:
    """Return what an organisation was called and belonged to on a day (NotFound)."""
    return _organisation(organisation_of(Ref(one)), on)


def organisations_found(words: str, *, limit: int = 20, kinds: Sequence[str] = ()) -> list[OrganisationAnswer]:
    """Return the organisations whom words find, by present and former names; those that ended come last."""
    if not words.strip():
        return []
    rows = Organisation.objects.found(words).select_related("parent").prefetch_related("changes")
    rows = rows.filter(kind__in=kinds) if kinds else rows
    return [_organisation(row, date.max) for row in rows[:limit]]


def _below(above: Iterable[Ref], *, on: date) -> dict[Ref, list[OrganisationAnswer]]:
    """Return what belonged to each of these organisations on a day, kind by kind."""
    keys = _keys(above, "directory.organisation")
    moved = OrganisationChange.objects.filter(
        kind=OrganisationChange.Kind.MOVED, changed_on__gt=on, old_parent__in=keys)
    candidates = Organisation.objects.on(on).filter(Q(parent__in=keys) | Q(pk__in=moved.values("organisation")))
    rows = candidates.select_related("parent").prefetch_related("changes__old_parent")
    kinds = {kind: place for place, kind in enumerate(organisation_kinds.entries)}
    below: dict[Ref, list[OrganisationAnswer]] = {}
    for answer in sorted((_organisation(row, on) for row in rows), key=lambda one: kinds.get(one.kind, len(kinds))):
        if answer.parent:
            below.setdefault(answer.parent, []).append(answer)
    return below


def parts(one: str, *, on: date) -> list[OrganisationAnswer]:
    """Return what belonged to an organisation on a day, kind by kind."""
    return _below([Ref(one)], on=on).get(Ref(one), [])


def tree(one: str, *, on: date, depth: int = 5) -> Branching:
    """Return an organisation with its parts, and theirs, as they stood on a day; one look at the register a level."""
    level, seen = [Ref(one)], {Ref(one)}
    parts_of: dict[Ref, list[OrganisationAnswer]] = {}
    for _level in range(depth):
        below = _below(level, on=on)
        parts_of |= {above: [part for part in below.get(above, ()) if part.ref not in seen] for above in level}
        level = [part.ref for above in level for part in parts_of[above]]
        seen.update(level)

    def grown(top: OrganisationAnswer) -> Branching:
        return Branching(organisation=top, parts=tuple(grown(part) for part in parts_of.get(top.ref, ())))

    return grown(organisation(one, on=on))


def association(*, on: date) -> OrganisationAnswer | None:
    """Return the association whose directory this is (`OrganisationQuerySet.ours` says which)."""
    row = Organisation.objects.ours(on).first()
    return _organisation(row, on) if row else None


@dataclass(frozen=True, kw_only=True)
class BankAccountAnswer:
    """Where to pay: name of the account, bank, number, the number in groups, since when."""

    holder: str
    bank: str
    number: str
    spaced: str
    from_on: date


def collecting_account(*, on: date) -> BankAccountAnswer | None:
    """Return the account into which the association collects on a day, None while none is named."""
    row = BankAccount.objects.in_use(on)
    return row and BankAccountAnswer(holder=row.holder, bank=row.bank, number=row.number, spaced=row.spaced,
                                     from_on=row.from_on)


def of_kind(*kinds: str, on: date) -> list[OrganisationAnswer]:
    """Return every organisation of these kinds that exists on a day: branches, departments, hospitals."""
    rows = Organisation.objects.on(on).filter(kind__in=kinds).select_related("parent").prefetch_related("changes")
    return [_organisation(row, on) for row in rows]


def departments(*, on: date) -> list[OrganisationAnswer]:
    """Return the departments of the secretariat, the office among them."""
    return of_kind("department", "office", on=on)


def branches(*, on: date) -> list[OrganisationAnswer]:
    """Return the branches of the association."""
    return of_kind("branch", on=on)


# Posts and terms ------------------------------------------------------------------------------------------

def _terms(rows: Iterable[Term]) -> list[TermAnswer]:
    return [TermAnswer(
        ref=row.ref, person=row.person.ref, name=row.person.name, organisation=row.organisation.ref,
        organisation_name=row.organisation.label, organisation_kind=row.organisation.kind, title=row.post.title,
        title_label=row.post.label, from_on=row.from_on, until_on=row.until_on, session=row.session,
        decision=row.decision) for row in rows]


def _on(day: date | None) -> "Iterable[Term]":
    rows = Term.objects.on(day) if day else Term.objects.all()
    return rows.select_related("person", "post__organisation").order_by("post__order", "person__sort_key", "from_on")


def terms_of(one: str, *, on: date | None = None) -> list[TermAnswer]:
    """Return the posts a person holds on a day, or ever held when no day is given."""
    return _terms(_on(on).filter(person__in=_keys([one], "directory.person")))  # type: ignore[attr-defined]


def members_of(one: str, *, on: date, titles: Sequence[str] = ()) -> list[TermAnswer]:
    """Return who holds a post in an organisation on a day, highest first; `titles` narrows it to some posts."""
    rows = _on(on).filter(post__organisation__in=_keys([one], "directory.organisation"))  # type: ignore[attr-defined]
    return _terms(rows.filter(post__title__in=titles) if titles else rows)


def leaders_of(one: str, *, on: date) -> list[TermAnswer]:
    """Return who leads an organisation on a day: its president, chair or head first."""
    return members_of(one, on=on, titles=LEADERS)


def spoken_for(one: str, *, on: date) -> dict[Ref, str]:
    """Return the organisations for which a person speaks on a day, as their contact or a leader, with their names."""
    return {term.organisation: term.organisation_name for term in terms_of(one, on=on) if term.title in SPEAKERS}


def terms_ending(*, from_: date, until: date) -> list[TermAnswer]:
    """Return the terms that end within a span, earliest first."""
    rows = Term.objects.ending(from_=from_, until=until).select_related("person", "post__organisation")
    return _terms(rows.order_by("until_on", "post__organisation", "post__order"))


def title_label(code: str) -> str:
    """Return a post's usual words."""
    return post_titles.label(code)
