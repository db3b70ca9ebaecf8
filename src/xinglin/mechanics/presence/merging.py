"""How sittings, checks and scans follow when two entries of the directory are one person."""

from typing import Any

from django.db.models import F
from django.utils.translation import gettext_lazy as _

from xinglin.directory.merging import Joining, Mover, moving_refs, register_merge

from .models import Check, Scan, Sitting

_sittings = moving_refs(kind="presence.sittings", label=_("Sittings"), model=Sitting, field="person")


def _move(joining: Joining) -> Any:
    # A page that is open goes on under the entry that stays only when it is opened anew: one person, one stream.
    Sitting.objects.filter(person=joining.loser, ended_at=None).update(ended_at=F("beat_at"), ended_why="elsewhere")
    return _sittings.move(joining)


register_merge("presence.sittings", Mover(
    kind="presence.sittings", label=_sittings.label, preview=_sittings.preview, move=_move, back=_sittings.back))
register_merge("presence.checks", moving_refs(
    kind="presence.checks", label=_("Presence checks"), model=Check, field="person"))
register_merge("presence.scans", moving_refs(
    kind="presence.scans", label=_("Scans at doors"), model=Scan, field="person"))
