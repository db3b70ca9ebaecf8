"""How the worklog's records follow when two entries of the directory are one person."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xinglin.directory.merging import Joining, Mover, moving_refs, register_merge

from .entries import Entry, Participant, State
from .registers import Item

# Who verified stays as it was said; who wrote follows, for whoever wrote an entry never verifies it.
ACTED = ("logged_by", "changed_by", "submitted_by")


def _rows(joining: Joining) -> list[Participant]:
    return list(Participant.objects.filter(ref=joining.loser))


def _preview(joining: Joining) -> list[str]:
    count = len(_rows(joining))
    return [_("takes part in %(count)d entries") % {"count": count}] if count else []


def _move(joining: Joining) -> dict[str, list[Any]]:
    """Move participations; where both took part in one entry, one of the two is enough."""
    moved, dropped = [], []
    there = set(Participant.objects.filter(ref=joining.winner).values_list("entry_id", "part"))
    for row in _rows(joining):
        if (row.entry_id, row.part) in there:
            dropped.append([row.entry_id, row.part])
            row.delete()
        else:
            moved.append(row.pk)
    Participant.objects.filter(pk__in=moved).update(ref=joining.winner)
    return {"moved": moved, "dropped": dropped}


def _back(joining: Joining, kept: Any) -> None:
    Participant.objects.filter(pk__in=kept["moved"]).update(ref=joining.loser)
    Participant.objects.bulk_create(
        [Participant(entry_id=entry, part=part, ref=joining.loser) for entry, part in kept["dropped"]]
    )


def _written(joining: Joining) -> Any:
    """Return the entries that may bear the winner as author: not those which the winner verified."""
    return Entry.objects.exclude(state=State.VERIFIED, verified_by=joining.winner)


def _preview_authors(joining: Joining) -> list[str]:
    count = _written(joining).filter(logged_by=joining.loser).count()
    return [_("wrote %(count)d entries") % {"count": count}] if count else []


def _move_authors(joining: Joining) -> dict[str, list[int]]:
    rows = _written(joining)
    moved = {name: list(rows.filter(**{name: joining.loser}).values_list("pk", flat=True)) for name in ACTED}
    for name, keys in moved.items():
        Entry.objects.filter(pk__in=keys).update(**{name: joining.winner})
    return moved


def _authors_back(joining: Joining, kept: Any) -> None:
    for name, keys in kept.items():
        Entry.objects.filter(pk__in=keys, **{name: joining.winner}).update(**{name: joining.loser})


def register_movers() -> None:
    """Register how participations, authorship and ownership follow a merge."""
    register_merge(
        "worklog.participants",
        Mover(
            kind="worklog.participants",
            label=gettext_lazy("Work taken part in"),
            preview=_preview,
            move=_move,
            back=_back,
        ),
    )
    register_merge(
        "worklog.authors",
        Mover(
            kind="worklog.authors",
            label=gettext_lazy("Work logged"),
            preview=_preview_authors,
            move=_move_authors,
            back=_authors_back,
        ),
    )
    register_merge(
        "worklog.owner",
        moving_refs(kind="worklog.owner", label=gettext_lazy("Register items owned"), model=Item, field="owner"),
    )
