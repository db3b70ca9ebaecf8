"""Opens sittings and takes heartbeats; what counts is decided by the server's clock and kept before it is answered."""

import hmac
import time
from collections.abc import Iterable
from contextlib import nullcontext
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, connection, connections, transaction
from django.db.models import QuerySet
from psycopg import Cursor

from xinglin.directory.security.endings import counts
from xinglin.kernel.refs import Ref
from xinglin.lib.pacing import Pace

from . import evidence, models
from .protocol import MOST_SEEN, Forged, Piece, State, Weighed, falls, read, secret_of, token_of, weigh
from .rules import rules_on
from .spans import local_day
from .values import Beaten, Kind, Opened, Sitting

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLI = timedelta(milliseconds=1)
_UPDATE = ("UPDATE presence_sitting SET seq = %s, beat_at = %s, from_at = %s, reach_at = %s, media = %s, proof_at = %s,"
           " asked_at = %s, ended_at = %s, ended_why = %s WHERE id = %s AND seq = %s AND ended_at IS NULL")
NEAR_BEGINNING = 5_000  # milliseconds; who watched from here on watched from the beginning
ENDINGS = frozenset({"left", "over"})
LONGEST = timedelta(hours=12)  # of one sitting: its token is believed by its signature alone
PACE = Pace(each_second=3, at_once=20)  # of one person in one process, also of heartbeats that are refused


class NotOnline(ValueError):
    """A sitting before a page is live or a recording; who is on site goes through a door."""


def _key() -> bytes:
    return _derived(settings.SECRET_KEY)


@lru_cache(maxsize=4)
def _derived(secret: str) -> bytes:
    return hmac.digest(secret.encode(), b"xinglin.presence", "sha256")


def open_sitting(*, person: Ref, session: Ref, kind: Kind, at: datetime, until_at: datetime | None = None) -> Opened:
    """Open a sitting and end the one the person had: an account watches one stream at a time (E7)."""
    if kind == Kind.ON_SITE:
        raise NotOnline(kind)
    at = _moment(_millis(at))  # as tokens count, or the first stretch would begin before the page was opened
    with transaction.atomic():
        _alone_locked(person)
        row = _opened(person=person, session=session, kind=kind, at=at, until_at=until_at)
    state, key = _state_of(row, at=at), _key()
    seen = state.seen[0] if state.seen else (0, 0)
    return Opened(number=row.pk, token=token_of(state=state, key=key), beat_seconds=state.beat,
                  secret=secret_of(number=row.pk, opened=state.opened, key=key), counted=state.counted * _MILLI,
                  resume_seconds=seen[1] / 1000 if seen[0] < NEAR_BEGINNING else 0, **_asked(state, at))


def _asked(state: State, at: datetime) -> dict[str, Any]:
    if not state.asked:
        return {"state": "paused", "check_until_at": None}
    if state.missed(_millis(at)):
        return {"state": "missed", "check_until_at": None}
    return {"state": "check", "check_until_at": _moment(state.limit)}


def _alone_locked(person: Ref) -> None:
    """Let pages that one person opens at the same moment wait for each other; the embedded database has one writer."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"presence|{person}"])


def _opened(*, person: Ref, session: Ref, kind: Kind, at: datetime, until_at: datetime | None) -> models.Sitting:
    models.Sitting.objects.filter(person=person, ended_at=None).update(ended_at=at, ended_why="elsewhere")
    before = models.Sitting.objects.filter(person=person).order_by("-opened_at", "-pk").first()
    proof_at, asked_at = at, None
    rules = rules_on(on=local_day(at))
    # Pressing play is a proof only after a pause: else a script would open a sitting before every check.
    if before and rules.checks_hour and at - before.beat_at < timedelta(hours=1) / rules.checks_hour:
        proof_at, asked_at = before.proof_at, before.asked_at
        limit_at = at + timedelta(seconds=rules.check_seconds)
        # Nobody is asked who leaves; whoever comes back is, or a script would leave before every check.
        if asked_at is None and (until_at is None or limit_at <= until_at) and falls(
                person=person, since=_millis(proof_at), at=_millis(at), checks=rules.checks_hour, key=_key()):
            asked_at = at
            models.Check.objects.create(person=person, since_at=proof_at, asked_at=at, limit_at=limit_at)
    return models.Sitting.objects.create(person=person, session=session, kind=kind, opened_at=at, until_at=until_at,
                                         beat_at=at, proof_at=proof_at, asked_at=asked_at)


def beat(*, body: bytes, at: datetime) -> Beaten:
    """Take one heartbeat: one conditional UPDATE, kept before it is answered; whatever does not fit earns nothing."""
    key = _key()
    try:
        state, said = read(body=body, key=key)
    except Forged:
        return Beaten(state="forged")
    if not counts(who=Ref(state.person), since=state.opened / 1000) or at - _moment(state.opened) > LONGEST:
        return Beaten(state="gone")  # signed out, or the account was stopped
    weighed = weigh(state=state, said=said, at=_millis(at), key=key)
    if not PACE.allows(state.person, now=time.monotonic()):
        return replace(_untaken(weighed, at), state="fast", excess=state.person)
    if not weighed.taken:
        return _untaken(weighed, at) if weighed.tells == "fast" else Beaten(state=weighed.tells)
    with transaction.atomic() if weighed.wider else nullcontext():  # the usual one writes one row and needs none
        if not _keep(weighed, seq=state.seq):
            return _stale(state, at=at)
        if weighed.wider:
            _keep_beside(weighed, before=state)
    new = _told_anew(weighed.state, at=at) if weighed.unsure else weighed.state
    ended = weighed.tells in ENDINGS
    return Beaten(state=weighed.tells, token="" if ended else token_of(state=new, key=key), seq=new.seq,
                  counted=new.counted * _MILLI,
                  check_until_at=_moment(new.limit) if weighed.tells == "check" else None)


def _untaken(weighed: Weighed, at: datetime) -> Beaten:
    return Beaten(state=weighed.tells, counted=weighed.state.counted * _MILLI, age=at - _moment(weighed.state.at))


def _keep(weighed: Weighed, *, seq: int) -> bool:
    """Write the heartbeat if the row is still where the token left it; of two with one token one wins."""
    new, adapt = weighed.state, connections[DEFAULT_DB_ALIAS].ops.adapt_datetimefield_value
    ended = weighed.tells in ENDINGS
    at = adapt(_moment(new.at))
    return _execute(_UPDATE, [
        new.seq, at, adapt(_moment(new.begin)) if new.begin else None,
        adapt(_moment(new.reach)) if new.begin else None, new.media if new.begin and new.media_kind else None,
        adapt(_moment(new.proof)), adapt(_moment(new.asked)) if new.asked else None, at if ended else None,
        weighed.tells if ended else "", new.number, seq]) == 1


def _execute(sql: str, values: list[Any]) -> int:
    """Run the statement every heartbeat pays and return the rows it met; PostgreSQL's driver prepares it."""
    here = connections[DEFAULT_DB_ALIAS]
    here.ensure_connection()
    if here.vendor != "postgresql" or here.force_debug_cursor:
        with here.cursor() as cursor:
            cursor.execute(sql, values)
            return int(cursor.rowcount)
    with here.wrap_database_errors, Cursor(here.connection) as cursor:
        cursor.execute(sql, values)
        return int(cursor.rowcount)


def _keep_beside(weighed: Weighed, *, before: State) -> None:
    new = weighed.state
    models.Stretch.objects.bulk_create([_stretch(new.number, piece) for piece in weighed.closed])
    if weighed.proves:
        asked = models.Check.objects.filter(person=new.person, asked_at=_moment(before.asked))
        asked.update(answered_at=_moment(new.at))
    if weighed.asks:
        models.Check.objects.create(person=new.person, since_at=_moment(new.proof), asked_at=_moment(new.asked),
                                    limit_at=_moment(new.limit))


def _stretch(number: int, piece: Piece) -> models.Stretch:
    first, last, media = piece
    return models.Stretch(sitting_id=number, from_at=_moment(first), until_at=_moment(last), media=media)


def _stale(state: State, *, at: datetime) -> Beaten:
    """Say why a token no longer fits; whoever only missed the answer to it gets the next one."""
    row = models.Sitting.objects.filter(pk=state.number).first()
    if row is None:
        return Beaten(state="gone")
    if row.ended_at is not None:
        return Beaten(state=row.ended_why)
    if row.seq != state.seq + 1:
        return Beaten(state="order")
    new = _state_of(row, at=at)
    asked = _asked(new, at)["check_until_at"]
    return Beaten(state="again", token=token_of(state=new, key=_key()), seq=new.seq, counted=new.counted * _MILLI,
                  age=at - row.beat_at, check_until_at=asked)


def _state_of(row: models.Sitting, *, at: datetime) -> State:
    rules = rules_on(on=local_day(row.opened_at))
    return _told_anew(State(
        number=row.pk, person=row.person, media_kind=int(row.kind == Kind.RECORDING), seq=row.seq,
        opened=_millis(row.opened_at), until=_millis(row.until_at), at=_millis(row.beat_at), begin=_millis(row.from_at),
        reach=_millis(row.reach_at), media=row.media or 0, proof=_millis(row.proof_at), asked=_millis(row.asked_at),
        done=0, beat=rules.beat_seconds, late=rules.late_seconds, checks=rules.checks_hour, answer=rules.check_seconds,
    ), at=at)


def _told_anew(state: State, *, at: datetime) -> State:
    """Return the state with what the rows count beside the stretch that grows."""
    done, seen = evidence.beside(number=state.number, at=at)
    return state._replace(done=round(done.total_seconds() * 1000), seen=seen[:MOST_SEEN])


def sittings_of(
    *, sessions: Iterable[Ref], at: datetime, people: Iterable[Ref] | None = None,
) -> list[Sitting]:
    """Return the sittings in some sessions, the earliest first, each with what it is proven for so far."""
    rows: QuerySet[models.Sitting] = models.Sitting.objects.filter(session__in=list(sessions))
    if people is not None:
        rows = rows.filter(person__in=list(people))
    lengths = evidence.lengths(rows=rows, at=at)
    return [Sitting(number=row.pk, person=Ref(row.person), session=Ref(row.session), kind=Kind(row.kind),
                    opened_at=row.opened_at, beat_at=row.beat_at, ended_at=row.ended_at, ended_why=row.ended_why,
                    counted=lengths[row.pk]) for row in rows.order_by("opened_at", "pk")]


def _millis(at: datetime | None) -> int:
    return (at - EPOCH) // _MILLI if at else 0


def _moment(millis: int) -> datetime:
    return EPOCH + millis * _MILLI
