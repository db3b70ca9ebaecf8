"""The protocol of heartbeats: what a page may claim, what the server's clock grants; pure.

The server hands out a token (the state of a sitting under the server's own signature). A page answers with that token,
the next number, what it played since, and its own signature. Whoever holds the last token holds the chain: an earlier
one no longer fits the row, an invented one is not signed.
"""

import base64
import hmac
import json
from dataclasses import dataclass
from typing import Any, NamedTuple

JOIN = 1_000  # two pieces with no more than a second between them are one stretch
DRIFT = 1_500  # and so far a player's own clock may go astray before a new stretch begins
MOST_PIECES = 40  # in one heartbeat
MOST_AWAY = 7 * 24 * 3_600_000  # milliseconds that a page speaks of; no film is longer
MOST_SEEN = 60  # kept in a token to show the page what is new; the figures themselves are read from the rows

Piece = tuple[int, int, int | None]  # from, until, media; milliseconds


class Forged(Exception):
    """The heartbeat is not signed by its sitting, or says something that no page says."""


class State(NamedTuple):
    """A sitting as a token carries it; moments in milliseconds since 1970 by the server's clock, 0 for none."""

    number: int
    person: str
    media_kind: int  # 1 for a recording
    seq: int
    opened: int
    until: int
    at: int  # the last heartbeat
    begin: int  # the stretch that grows
    reach: int
    media: int
    proof: int
    asked: int
    done: int  # counted in this session beside the stretch that grows
    beat: int
    late: int
    checks: int
    answer: int
    seen: tuple[tuple[int, int], ...] = ()

    @property
    def limit(self) -> int:
        """Until when the check that was asked may be answered."""
        return self.asked + self.answer * 1000 if self.asked else 0

    def missed(self, at: int) -> bool:
        """Say whether a check went unanswered: from then on nothing counts until there is a new proof."""
        return bool(self.asked) and at > self.limit

    @property
    def counted(self) -> int:
        """Milliseconds that count so far in this session, each second of media once."""
        grown = self.reach - self.begin
        if self.media_kind and grown:
            known = sum(max(0, min(last, self.media + grown) - max(first, self.media)) for first, last in self.seen)
            grown = max(0, grown - known)
        return self.done + grown


_written = json.JSONEncoder(separators=(",", ":")).encode


@dataclass(frozen=True, kw_only=True)
class Said:
    """What a page says in one heartbeat: pieces as (since the last one, length, media), all in milliseconds."""

    seq: int
    played: tuple[tuple[int, int, int], ...]
    here: bool
    leave: bool


@dataclass(frozen=True, kw_only=True)
class Weighed:
    """What became of a heartbeat: the new state, stretches that grow no more, and what to tell the page."""

    state: State
    tells: str
    closed: tuple[Piece, ...] = ()
    asks: bool = False
    proves: bool = False
    lapses: bool = False  # a check has just been missed
    taken: bool = True

    @property
    def wider(self) -> bool:
        """Say whether more rows change than the one of the sitting."""
        return bool(self.closed) or self.asks or self.proves

    @property
    def unsure(self) -> bool:
        """Say whether what counts has to be read from the rows: time was lost, or media may have been seen before."""
        return self.lapses or (bool(self.closed) and bool(self.state.media_kind))


def token_of(*, state: State, key: bytes) -> str:
    """Return the state under the server's signature."""
    text = base64.urlsafe_b64encode(_written(state).encode())
    return f"{text.decode()}.{_mac(key, text)}"


def state_in(*, token: str, key: bytes) -> State:
    """Return the state in a token of ours (Forged)."""
    text, _dot, mac = token.partition(".")
    if not hmac.compare_digest(mac.encode(), _mac(key, text.encode()).encode()):
        raise Forged("token")
    *values, seen = json.loads(base64.urlsafe_b64decode(text))
    return State._make([*values, tuple((first, last) for first, last in seen)])


def secret_of(*, number: int, opened: int, key: bytes) -> str:
    """Return the secret of a sitting; it is derived, so no row keeps it."""
    return hmac.digest(key, f"secret|{number}|{opened}".encode(), "sha256").hex()


def sign(*, message: str, secret: str) -> str:
    """Return the signature of a page."""
    return hmac.digest(secret.encode(), message.encode(), "sha256").hex()


def read(*, body: bytes, key: bytes) -> tuple[State, Said]:
    """Return what a heartbeat says, after both signatures hold (Forged)."""
    try:
        signature, _line, message = body.decode().partition("\n")
        given = json.loads(message)
        state = state_in(token=given["token"], key=key)
        secret = secret_of(number=state.number, opened=state.opened, key=key)
        if not hmac.compare_digest(signature.encode(), sign(message=message, secret=secret).encode()):
            raise Forged("signature")
        return state, _said(given)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as wrong:
        raise Forged("shape") from wrong


def _said(given: dict[str, Any]) -> Said:
    played = given.get("played", [])
    if len(played) > MOST_PIECES or not all(
            type(part) is int and abs(part) <= MOST_AWAY for piece in played for part in piece):
        raise Forged("pieces")
    if type(given["seq"]) is not int:
        raise Forged("number")
    return Said(seq=given["seq"], here=given.get("here") is True, leave=given.get("leave") is True,
                played=tuple((since, long, media) for since, long, media in played))


def weigh(*, state: State, said: Said, at: int, key: bytes) -> Weighed:
    """Return what a heartbeat earns at a moment of the server's clock: never more than the time since the last one."""
    passed = at - state.at
    answers = said.here and bool(state.asked)
    if said.seq != state.seq + 1:
        return Weighed(state=state, tells="order", taken=False)
    if passed < 0 or (passed * 12 < state.beat * 1000 and not (answers or said.leave)):
        return Weighed(state=state, tells="fast", taken=False)
    missed, late = state.missed(at), passed > state.late * 1000
    pieces = () if missed or late else _granted(state, said, at)
    grown, closed = _grow(state, pieces)
    lapses = missed and not state.missed(state.at)
    if lapses:
        grown, closed = _close(grown, closed)
    asked = 0 if answers else state.asked
    asks = not (said.leave or asked) and bool(pieces) and _asks(state, at, key)  # who leaves cannot answer
    grown = grown._replace(seq=said.seq, at=at, proof=at if answers else state.proof, asked=at if asks else asked)
    tells = _tells(grown, pieces=bool(pieces), late=late and bool(said.played), missed=missed and not answers,
                   leave=said.leave)
    return Weighed(state=grown, tells=tells, closed=tuple(closed), asks=asks, proves=answers,
                   lapses=lapses)


def _tells(state: State, *, pieces: bool, late: bool, missed: bool, leave: bool) -> str:
    if leave:
        return "left"
    if state.until and state.at >= state.until:
        return "over"
    if missed:
        return "missed"
    if state.asked:
        return "check"
    return "late" if late else "counting" if pieces else "paused"


def _granted(state: State, said: Said, at: int) -> tuple[Piece, ...]:
    """Return the claimed pieces as far as they lie between the last heartbeat and now, one after another."""
    end, begin, found = min(at, state.until or at), state.at, []
    for since, long, media in sorted(said.played):
        first, last = max(begin, state.at + since), min(end, state.at + since + long)
        moved = media + first - (state.at + since)
        if first < last and (moved >= 0 or not state.media_kind):
            found.append((first, last, moved if state.media_kind else None))
            begin = last
    return tuple(found)


def _grow(state: State, pieces: tuple[Piece, ...]) -> tuple[State, list[Piece]]:
    closed: list[Piece] = []
    for first, last, media in pieces:
        near = state.begin and first - state.reach <= JOIN
        if near and (media is None or abs(media - (state.media + first - state.begin)) <= DRIFT):
            state = state._replace(reach=last)
        else:
            state, closed = _close(state, closed)
            state = state._replace(begin=first, reach=last, media=media or 0)
    return state, closed


def _close(state: State, closed: list[Piece]) -> tuple[State, list[Piece]]:
    if state.begin:
        closed = [*closed, (state.begin, state.reach, state.media if state.media_kind else None)]
    return state._replace(done=state.counted, begin=0, reach=0, media=0), closed


def _asks(state: State, at: int, key: bytes) -> bool:
    """Say whether a check falls between the last heartbeat and now; nobody without the key can tell when it will.

    Every person has one moment in each slot of the day, whatever sittings they open, so that opening new ones evades
    none; none is asked when there is no time left to answer it.
    """
    if not state.checks or (state.until and at + state.answer * 1000 > state.until):
        return False
    return falls(person=state.person, since=max(state.at, state.proof), at=at, checks=state.checks, key=key)


def falls(*, person: str, since: int, at: int, checks: int, key: bytes) -> bool:
    """Say whether a check of a person falls between two moments."""
    slot = 3_600_000 // checks
    return any(since < moment_of(person=person, slot=one, long=slot, key=key) <= at
               for one in range(since // slot, at // slot + 1))


def moment_of(*, person: str, slot: int, long: int, key: bytes) -> int:
    """Return the moment of a person's check in a slot of the day."""
    drawn = hmac.digest(key, f"check|{person}|{slot}".encode(), "sha256")
    return slot * long + int.from_bytes(drawn[:6], "big") * long // 2**48


def _mac(key: bytes, text: bytes) -> str:
    return hmac.digest(key, text, "sha256").hex()[:40]
