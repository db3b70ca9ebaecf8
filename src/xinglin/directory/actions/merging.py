"""Acts on duplicates: merge two entries of one person, undo a merge, or find that they are two people."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.translation import gettext as _

from xinglin.kernel import regulations
from xinglin.kernel.actors import Actor
from xinglin.kernel.acts import act, state
from xinglin.kernel.policy import require
from xinglin.kernel.refs import Ref

from .. import policy
from ..facts import PeopleDistinguished, PersonMerged, PersonUnmerged
from ..finding import person_of
from ..merges import Distinct, Merge
from ..merging import Joining, lock_both, movers
from ..movers import reindex_both
from ..people import Person
from ..refusals import MergeTooOld, NotFound, NothingChanged, SamePerson


@dataclass(frozen=True, kw_only=True)
class Preview:
    """What one kind of record would do in a merge."""

    kind: str
    label: str
    lines: list[str]


def preview_merge(*, by: Actor, on: date, loser: Ref, winner: Ref) -> list[Preview]:
    """Say what a merge would move, kind by kind; nothing is written."""
    joining = Joining(loser=person_of(loser).ref, winner=person_of(winner).ref, by=by, on=on)
    previews = [Preview(kind=one.kind, label=str(one.label), lines=one.preview(joining)) for one in movers()]
    return [one for one in previews if one.lines]


@act
def merge_people(*, by: Actor, on: date, loser: Ref, winner: Ref) -> Ref:
    """Let one entry go up in another: every engine's records follow; the entry stays and points to the other."""
    require(policy.may_merge_people(actor=by))
    if loser == winner:
        raise SamePerson(_("Choose two different entries."))
    first, second = person_of(loser), person_of(winner)
    joining = Joining(loser=first.ref, winner=second.ref, by=by, on=on)
    lock_both(joining)
    merge = Merge(loser=first, winner=second, merged_on=on, by=by.ref)
    merge.moved = {one.kind: one.move(joining) for one in movers()}
    merge.save()
    # Whoever was merged into the loser before follows, so that one step always reaches the living entry.
    Person.objects.filter(merged_into=first).update(merged_into=second)
    Person.objects.filter(pk=first.pk).update(merged_into=second)
    reindex_both(joining)
    state(PersonMerged(person=first.ref, into=second.ref, merge=merge.ref))
    return merge.ref


def undo_until(merge: Merge, *, on: date) -> date:
    """Return the first day on which a merge can no longer be undone (DR1)."""
    return merge.merged_on + timedelta(days=int(regulations.value("DR1.merge_undo_days", on=on)))


@act
def unmerge_people(*, by: Actor, on: date, merge: Ref) -> None:
    """Undo a merge: each engine moves back what it moved, as far as it is still there."""
    require(policy.may_merge_people(actor=by))
    row = Merge.objects.select_for_update().filter(pk=int(merge.key)).first()
    if row is None:
        raise NotFound(_("No merge bears this number."))
    if row.undone_on:
        raise NothingChanged(_("This merge was undone on %(day)s.") % {"day": row.undone_on})
    if on >= undo_until(row, on=on):
        raise MergeTooOld(_("The merge of %(day)s can no longer be undone.") % {"day": row.merged_on})
    if row.winner.merged_into_id:
        raise NothingChanged(_("The remaining entry was itself merged since; undo that first."))
    joining = Joining(loser=row.loser.ref, winner=row.winner.ref, by=by, on=on)
    lock_both(joining)
    Person.objects.filter(pk=row.loser_id).update(merged_into=None)
    Person.objects.filter(pk__in=_merged_before(row.loser_id)).update(merged_into=row.loser)
    for one in reversed(movers()):
        if one.kind in row.moved:
            one.back(joining, row.moved[one.kind])
    row.undone_on = on
    row.save()
    reindex_both(joining)
    state(PersonUnmerged(person=row.loser.ref, out_of=row.winner.ref, merge=row.ref))


def _merged_before(key: int) -> set[int]:
    """Return who had gone up in an entry, at once or through others."""
    found, fresh = set[int](), {key}
    while fresh:
        fresh = set(Merge.objects.filter(winner__in=fresh, undone_on=None).values_list("loser", flat=True)) - found
        found |= fresh
    return found


@act
def distinguish_people(*, by: Actor, on: date, first: Ref, second: Ref) -> None:
    """Find that two entries which look alike are two people; the pair is not proposed again."""
    require(policy.may_merge_people(actor=by))
    if first == second:
        raise SamePerson(_("Choose two different entries."))
    low, high = sorted((person_of(first), person_of(second)), key=lambda one: one.pk)
    if Distinct.objects.filter(first=low, second=high).exists():
        raise NothingChanged(_("This was decided before."))
    Distinct(first=low, second=high, decided_on=on, by=by.ref).save()
    state(PeopleDistinguished(first=low.ref, second=high.ref))
