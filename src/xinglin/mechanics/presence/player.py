"""What a page needs to show the player: where the film is, and a signed ticket for the one who may watch it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core import signing
from django.urls import reverse

from xinglin.kernel.refs import Ref

from . import evidence, models
from .rules import Rules, rules_on
from .spans import NOTHING, local_day
from .values import Kind

SALT = "xinglin.presence.ticket"
VALID = 12 * 3600  # seconds; whoever comes later opens the page again


@dataclass(frozen=True, kw_only=True)
class Player:
    """A player in a page: its kind, the address of the film, and the ticket that opens a sitting."""

    kind: Kind
    source: str
    title: str
    ticket: str
    before_minutes: int
    media_seconds: float
    rules: Rules
    open_url: str
    beat_url: str

    @property
    def is_live(self) -> bool:
        """Say whether this is a stream."""
        return self.kind == Kind.LIVE


@dataclass(frozen=True, kw_only=True)
class Ticket:
    """Who may sit where, as a page of an engine said under our signature."""

    person: Ref
    session: Ref
    kind: Kind
    until_at: datetime | None


def player_for(
    *, person: Ref, session: Ref, kind: Kind, source: str, at: datetime, title: str = "",
    until_at: datetime | None = None, media_seconds: float = 0,
) -> Player:
    """Return the player of a session for somebody who may watch it; the caller's policy has said so."""
    said: dict[str, Any] = {"p": person, "s": session, "k": str(kind)}
    if until_at:
        said["u"] = until_at.isoformat()
    last = models.Sitting.objects.filter(person=person, session=session).order_by("-opened_at", "-pk").first()
    before = evidence.beside(number=last.pk, at=at, growing=True)[0] if last else NOTHING
    return Player(
        kind=kind, source=source, title=title, ticket=signing.dumps(said, salt=SALT), media_seconds=media_seconds,
        before_minutes=int(before.total_seconds() // 60), rules=rules_on(on=local_day(at)),
        open_url=reverse("presence:open"), beat_url=reverse("presence:beat"))


def ticket_in(text: str) -> Ticket | None:
    """Return a ticket of ours that is not too old, or nothing."""
    try:
        said = signing.loads(text, salt=SALT, max_age=VALID)
    except signing.BadSignature:
        return None
    return Ticket(person=Ref(said["p"]), session=Ref(said["s"]), kind=Kind(said["k"]),
                  until_at=datetime.fromisoformat(said["u"]) if "u" in said else None)
