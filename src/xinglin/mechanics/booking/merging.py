"""How bookings follow when two entries of the directory are one person."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xinglin.directory.merging import Joining, Mover, register_merge
from xinglin.directory.security.endings import end_handed_out
from xinglin.kernel.refs import Ref

from .models import Arrival, Hold, Waiting
from .queueing import lot_of


def _preview(joining: Joining) -> list[str]:
    count = Hold.objects.live().filter(who=joining.loser).count()
    return [_("%(count)s booked places") % {"count": count}] if count else []


def _move(joining: Joining) -> Any:
    """Give places and places in line to the remaining entry; of two in one line the entry that gives way keeps its."""
    end_handed_out(who=[joining.loser])  # its passes would go on taking places under the old name
    holds = list(Hold.objects.filter(who=joining.loser).order_by("pk"))
    before = [[row.pk, row.key, row.turn] for row in holds]
    for row in holds:
        _hand(row, to=joining.winner, key=row.key)
    waits = Waiting.objects.filter(who=joining.loser).exclude(
        state="waiting", item__in=Waiting.objects.filter(who=joining.winner, state="waiting").values("item"))
    arrivals = Arrival.objects.filter(who=joining.loser).exclude(
        queue__in=Arrival.objects.filter(who=joining.winner).values("queue"))
    moved = {"holds": before, "waits": list(waits.values_list("pk", flat=True)),
             "arrivals": list(arrivals.values_list("pk", flat=True))}
    _follow(moved, to=joining.winner)
    return moved


def _hand(row: Hold, *, to: Ref, key: str, turn: int | None = None) -> None:
    """Give a hold to somebody; the same cart finds it by its key, unless they have one of that key themselves."""
    theirs = Hold.objects.filter(item=row.item_id, who=to)
    if turn is None or theirs.filter(turn=turn).exists():
        turn = max(theirs.values_list("turn", flat=True), default=0) + 1
    row.key = f"merged:{row.pk}" if theirs.live().filter(key=key).exists() else key
    row.who, row.turn = to, turn
    row.save(update_fields=["who", "turn", "key"])


def _follow(moved: Any, *, to: Ref) -> None:
    Waiting.objects.filter(pk__in=moved["waits"]).update(who=to)
    for row in Arrival.objects.filter(pk__in=moved["arrivals"]).select_related("queue"):
        row.who = to
        if row.number is None and row.lot:
            row.lot = lot_of(seed=row.queue.seed, who=to)  # each can check the lot of their own name
        row.save(update_fields=["who", "lot"])


def _back(joining: Joining, moved: Any) -> None:
    before = {pk: (key, turn) for pk, key, turn in moved["holds"]}
    for row in Hold.objects.filter(pk__in=before, who=joining.winner).order_by("pk"):
        key, turn = before[row.pk]
        _hand(row, to=joining.loser, key=key, turn=turn)
    theirs = {name: model.objects.filter(pk__in=moved[name], who=joining.winner)
              for name, model in (("waits", Waiting), ("arrivals", Arrival))}
    _follow({name: list(rows.values_list("pk", flat=True)) for name, rows in theirs.items()}, to=joining.loser)


register_merge("booking.places", Mover(
    kind="booking.places", label=gettext_lazy("Booked places"), preview=_preview, move=_move, back=_back))
