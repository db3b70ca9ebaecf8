"""How the sealer does: what waits, what was sealed last, what is signed."""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from xinglin.kernel.ledger.models import Checkpoint, Head, SealedFact, UnsealedFact

LATE = timedelta(minutes=1)  # a fact waits less than a second; after a minute nobody seals
UNSIGNED = timedelta(minutes=5)  # a checkpoint is due a minute after a new fact

Found = tuple[str, str, str]


@dataclass(frozen=True, kw_only=True)
class Sealer:
    """What the sealer has before it and behind it."""

    waiting: int
    oldest_at: datetime | None
    size: int
    last_at: datetime | None
    signed: int
    signed_at: datetime | None
    late: bool
    unsigned: bool

    @property
    def light(self) -> str:
        """Return the status of the sealer."""
        return "bad" if self.late else "warn" if self.unsigned else "ok"


def sealer(*, now: datetime) -> Sealer:
    """Look at both ends of the ledger."""
    oldest = UnsealedFact.objects.order_by("pk").values_list("content", flat=True).first()
    oldest_at = datetime.fromisoformat(json.loads(oldest)["at"]) if oldest else None
    size = Head.objects.values_list("size", flat=True).first() or 0
    signed = Checkpoint.objects.order_by("-size").values_list("size", "made_at").first() or (0, None)
    first_unsigned = _recorded(signed[0] + 1) if size > signed[0] else None
    return Sealer(
        waiting=UnsealedFact.objects.count(), oldest_at=oldest_at, size=size, last_at=_recorded(size),
        signed=signed[0], signed_at=signed[1],
        late=bool(oldest_at and now - oldest_at > LATE),
        unsigned=bool(first_unsigned and now - first_unsigned > UNSIGNED))


def _recorded(position: int) -> datetime | None:
    return SealedFact.objects.filter(pk=position).values_list("recorded_at", flat=True).first()


def wrongs(one: Sealer) -> list[Found]:
    """Return what is wrong with the sealer: light, words, anchor."""
    found = []
    if one.late:
        found.append(("bad", ngettext("the sealer stands still, %(n)d fact waits",
                                      "the sealer stands still, %(n)d facts wait", one.waiting)
                      % {"n": one.waiting}, "sealer"))
    if one.unsigned:
        left = one.size - one.signed
        words = ngettext("no checkpoint covers the last fact", "no checkpoint covers the last %(n)d facts", left)
        found.append(("warn", words % {"n": left}, "sealer"))
    return found


def said(one: Sealer) -> str:
    """Return the state of the sealer in a word or two."""
    return {"bad": _("Stands still"), "warn": _("Not signed"), "ok": _("Keeps up")}[one.light]
