"""How bookings follow when two entries of the directory are one person."""

from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xinglin.directory.merging import Joining, Mover, register_merge

from .models import Hold, Waiting


def _preview(joining: Joining) -> list[str]:
    count = Hold.objects.live().filter(who=joining.loser).count()
    return [_("%(count)s booked places") % {"count": count}] if count else []


def _move(joining: Joining) -> Any:
    """Give places and places in line to the remaining entry; who waits twice keeps the entry that gives way."""
    holds = list(Hold.objects.filter(who=joining.loser).order_by("pk"))
    for row in holds:
        latest = Hold.objects.filter(item=row.item_id, who=joining.winner).aggregate(most=Max("turn"))["most"] or 0
        row.who, row.turn, row.key = joining.winner, latest + 1, f"merged:{row.pk}"
        row.save(update_fields=["who", "turn", "key"])
    waits = []
    for entry in Waiting.objects.filter(who=joining.loser):
        try:
            with transaction.atomic():
                Waiting.objects.filter(pk=entry.pk).update(who=joining.winner)
            waits.append(entry.pk)
        except IntegrityError:
            continue
    return {"holds": [row.pk for row in holds], "waits": waits}


def _back(joining: Joining, moved: Any) -> None:
    for row in Hold.objects.filter(pk__in=moved["holds"], who=joining.winner).order_by("pk"):
        latest = Hold.objects.filter(item=row.item_id, who=joining.loser).aggregate(most=Max("turn"))["most"] or 0
        row.who, row.turn = joining.loser, latest + 1
        row.save(update_fields=["who", "turn"])
    Waiting.objects.filter(pk__in=moved["waits"], who=joining.winner).update(who=joining.loser)


register_merge("booking.places", Mover(
    kind="booking.places", label=gettext_lazy("Booked places"), preview=_preview, move=_move, back=_back))
