"""Signed papers that outlive their session: since when what was handed out to somebody counts no more.

A pass or a token names a person and is believed by its signature alone. When a session ends, an account is stopped or
two entries are joined, the moment is noted here; each process looks at these notes once a second, from memory.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from xinglin.kernel import clock
from xinglin.kernel.refs import Ref, ref
from xinglin.lib.memory import Memory

from ..accounts import Account
from .models import Ending

KEPT = timedelta(hours=12)  # nothing that is believed by its signature alone lives longer than a session
_noted = Memory[str, dict[str, datetime]](1.0)


def end_handed_out(*, who: Iterable[Ref]) -> None:
    """Let nothing count any more that was handed out to these until now; a page that is opened again hands out anew."""
    rows = [Ending(who=one, at=clock.now()) for one in who]
    Ending.objects.bulk_create(rows, update_conflicts=True, unique_fields=["who"], update_fields=["at"])
    _noted.found.clear()


def names_of(account: Account) -> list[Ref]:
    """Return the names under which things are handed out to an account."""
    return [account.ref, *([ref("directory.person", account.person_id)] if account.person_id else [])]


def counts(*, who: Ref, since: float) -> bool:
    """Say whether what was handed out to somebody at a moment (seconds of the epoch) still counts."""
    ended = _noted.get("", _read).get(who)
    return ended is None or since > ended.timestamp()


def forget_endings() -> None:
    """Drop the notes that nothing alive can be older than."""
    Ending.objects.filter(at__lt=clock.now() - KEPT).delete()


def _read() -> dict[str, datetime]:
    return dict(Ending.objects.values_list("who", "at"))
