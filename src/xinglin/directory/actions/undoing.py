"""Takes an import back: what it added goes, except what others refer to or have worked on since."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from itertools import groupby
from typing import TypeVar

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from xinglin.kernel import regulations
from xinglin.kernel.actors import Actor
from xinglin.kernel.acts import act, state
from xinglin.kernel.policy import require
from xinglin.kernel.refs import Code, Ref, ref

from .. import policy
from ..facts import EntryWithdrawn, ImportUndone, PersonCorrected
from ..importing.recognising import FIELDS
from ..imports import AddedRow, Batch
from ..indexing import reindex_person
from ..organisations import Organisation
from ..people import Employment, IdentityDocument, Person, PersonSpecialty, PersonTitle
from ..posts import Term
from ..references import acts_about, referring, touched
from ..refusals import ImportTooOld, NothingChanged

PARTS = {"document": IdentityDocument, "title": PersonTitle, "specialty": PersonSpecialty}
Taken = tuple[int, int]
Part = TypeVar("Part")


@act
def undo_import(*, by: Actor, on: date, batch: Batch) -> Taken:
    """Take back what an import added; return how many entries went and how many stay."""
    row = Batch.objects.one_locked(pk=batch.pk)
    require(policy.may_undo_import(actor=by, uploader=row.by))
    if row.state not in (Batch.State.DONE, Batch.State.FAILED, Batch.State.CHECKED) or not (
            row.state == Batch.State.DONE or row.added.exists()):
        raise NothingChanged(_("This import was not carried out, or was undone already."))
    if row.imported_on and on >= undo_until(row, on=on):
        raise ImportTooOld(_("The import of %(day)s can no longer be undone.") % {"day": row.imported_on})
    work = _Undo(row, by)
    taken = [work.terms(), work.parts(), work.jobs(), work.people(), work.organisations()]
    gone, kept = sum(went for went, _stay in taken), sum(stay for _went, stay in taken)
    state(ImportUndone(batch=row.ref, withdrawn=gone, kept=kept))
    Batch.objects.filter(pk=row.pk).update(state=Batch.State.UNDONE)
    return gone, kept


def undo_until(batch: Batch, *, on: date) -> date:
    """Return the first day on which an import can no longer be undone (DR6)."""
    return (batch.imported_on or on) + timedelta(days=int(regulations.value("DR6.import_undo_days", on=on)))


class _Undo:
    """One undoing: which acts were the import's own, and what of each kind goes."""

    def __init__(self, batch: Batch, by: Actor):
        self.batch, self.by = batch, by
        self.acts = acts_about(one=batch.ref, type_="directory.list.imported")
        self.added = set(self._keys("person"))

    def _keys(self, kind: str) -> list[int]:
        rows = AddedRow.objects.filter(batch=self.batch, kind=kind).order_by("-pk")
        return list(rows.values_list("key", flat=True))

    def terms(self) -> Taken:
        """Take terms, as far as this actor may change them (NotAllowed)."""
        keys, went = self._keys("term"), 0
        for part in _parts(keys):
            rows = list(Term.objects.filter(pk__in=part, ended_by="").select_related("post__organisation"))
            for place, person in {(one.organisation, ref("directory.person", one.person_id)) for one in rows}:
                require(policy.may_change_term(actor=self.by, organisation=place, person=person))
            went += self._withdraw(Term.objects.all(), rows, about=("directory.term.",))
        return went, len(keys) - went

    def parts(self) -> Taken:
        """Empty the fields, and take the documents and titles, that were added to people known before."""
        rows = AddedRow.objects.filter(batch=self.batch, kind__in=(*FIELDS, *PARTS)).order_by("row", "pk")
        filled, went = [list(same) for _row, same in groupby(rows, key=lambda one: one.row)], 0
        for groups in _parts(filled):
            whose = _whose([one for group in groups for one in group])
            people = {one.pk: one for one in Person.objects.in_writing_locked(*set(whose.values()))}
            busy = touched(refs=[one.ref for one in people.values()], acts=self.acts, about=("directory.person.",))
            for group in groups:
                person = people.get(whose.get((group[0].kind, group[0].key), 0))
                if person and not person.merged_into_id and person.ref not in busy:
                    _empty(person, group)
                    went += len(group)
        return went, sum(map(len, filled)) - went

    def jobs(self) -> Taken:
        """Take employments from people known before; those of people the import added go, or stay, with them."""
        keys, went, others = self._keys("employment"), 0, 0
        for part in _parts(keys):
            rows = [one for one in Employment.objects.filter(pk__in=part) if one.person_id not in self.added]
            others += len(rows)
            refs = {one.pk: ref("directory.person", one.person_id) for one in rows}
            busy = touched(refs=set(refs.values()), acts=self.acts, about=("directory.employment.",))
            free = [one for one in rows if one.until_on is None and refs[one.pk] not in busy]
            for one in free:
                state(PersonCorrected(person=refs[one.pk], what=(Code("employment"),)))
            Employment.objects.filter(pk__in=[one.pk for one in free]).delete()
            went += len(free)
        return went, others - went

    def people(self) -> Taken:
        """Take people with all that came with them."""
        keys, went = self._keys("person"), 0
        for part in _parts(keys):
            rows = list(Person.objects.filter(pk__in=part, merged_into=None))
            went += self._withdraw(Person.objects.all(), rows)
        return went, len(keys) - went

    def organisations(self) -> Taken:
        """Take organisations; parts were added after their parents, so they go first."""
        keys, went = self._keys("organisation"), 0
        for key in keys:
            rows = list(Organisation.objects.filter(pk=key, employments=None))
            if rows:
                require(policy.may_change_organisation(actor=self.by, kinds={rows[0].kind}))
                went += self._withdraw(Organisation.objects.all(), rows)
        return went, len(keys) - went

    def _withdraw(
        self, table: QuerySet[Term] | QuerySet[Person] | QuerySet[Organisation],
        rows: Sequence[Term] | Sequence[Person] | Sequence[Organisation], **about: tuple[str, ...],
    ) -> int:
        """Withdraw the rows that nobody refers to and no other act has worked on since; return how many."""
        if not rows:
            return 0
        used = referring(rows=rows)
        busy = touched(refs=[one.ref for one in rows], acts=self.acts, **about)
        free: dict[int, Ref] = {one.pk: one.ref for one in rows if not used[one.pk] and one.ref not in busy}
        for entry in free.values():
            state(EntryWithdrawn(entry=entry))
        table.filter(pk__in=free).delete()
        return len(free)


def _whose(rows: Sequence[AddedRow]) -> dict[tuple[str, int], int]:
    """Return kind and key of what was filled → the key of the person it belongs to now."""
    whose = {(one.kind, one.key): one.key for one in rows if one.kind in FIELDS}
    for kind, table in PARTS.items():
        found = table.objects.filter(pk__in=[one.key for one in rows if one.kind == kind])
        whose |= {(kind, key): person for key, person in found.values_list("pk", "person")}
    return whose


def _empty(person: Person, filled: Sequence[AddedRow]) -> None:
    changed = {one.kind for one in filled if one.kind in FIELDS}
    for field in changed:
        setattr(person, field, None if field == "born_on" else "")
    if "mobile" in changed:
        person.mobile_masked, changed = "", changed | {"mobile_masked", "mobile_index"}
    if changed:
        person.save(update_fields=changed)
    for one in filled:
        if one.kind in PARTS:
            PARTS[one.kind].objects.filter(pk=one.key).delete()
    reindex_person(person)
    state(PersonCorrected(person=person.ref, what=tuple(Code(kind) for kind in sorted(one.kind for one in filled))))


def _parts(many: list[Part]) -> Iterator[list[Part]]:
    for start in range(0, len(many), 800):
        yield many[start : start + 800]
