"""The fair queue: one place a person, by lot for those who came before the opening, by arrival from then on."""

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, models, transaction

from xinglin.kernel.refs import Ref

from .cards import Card
from .models import Arrival, Queue
from .values import Place

# Like holds, places in a line are no business facts: who arrives waits for no disk.
ARRIVE = """INSERT INTO booking_arrival (queue_id, who, arrived_at, lot)
 SELECT %(queue)s, %(who)s, %(at)s, %(lot)s WHERE TRUE{unflushed} ON CONFLICT DO NOTHING"""
UNFLUSHED = " AND set_config('synchronous_commit', 'off', TRUE) = 'off'"
NUMBER = """UPDATE booking_arrival SET number = %(numbered)s + drawn.place FROM (
 SELECT id, ROW_NUMBER() OVER (ORDER BY CASE WHEN lot = '' THEN 1 ELSE 0 END, lot, id) AS place FROM booking_arrival
 WHERE queue_id = %(queue)s AND number IS NULL) AS drawn WHERE booking_arrival.id = drawn.id"""


@dataclass(frozen=True, kw_only=True, slots=True)
class Moving:
    """How far a queue has come: the same for all who wait, so one look serves them all."""

    queue: int
    channel: str
    opens_at: datetime
    rate: float
    joined: int
    admitted: int
    seed_digest: str
    seed: str  # empty before the opening
    secret: str  # the same before it: never leaves the server


def open_queue(
    *, owner: Ref, code: str, opens_at: datetime, rate: float, channel: str = "online",
) -> Queue:
    """Set up the queue before an opening; `rate` people a second are let in, by this channel."""
    return Queue.objects.create(owner=owner, code=code, opens_at=opens_at, rate=rate, channel=channel,
                                seed=secrets.token_hex(32))


class QueueMoving(Exception):
    """Somebody has a number already, so the opening stays where it was."""


@transaction.atomic
def change_queue(*, queue: int, opens_at: datetime, rate: float, at: datetime) -> Queue:
    """Move the opening as long as nobody has a number (QueueMoving), or let in faster or slower from now on."""
    move(queue=queue, at=at)  # what the old rate let in stays let in
    row = Queue.objects.select_for_update().get(pk=queue)
    if row.opens_at != opens_at:
        if row.numbered:
            raise QueueMoving(queue)
        if row.opens_at <= at:  # its seed was shown: a new lottery has a new one
            row.seed = secrets.token_hex(32)
        row.opens_at = opens_at
    row.rate = rate
    row.save(update_fields=["opens_at", "rate", "seed"])
    return row


def lot_of(*, seed: str, who: str) -> str:
    """Return the lot of a person: whoever knows the seed afterwards can check it."""
    return hmac.digest(bytes.fromhex(seed), who.encode(), "sha256").hex()


def digest_of(*, seed: str) -> str:
    """Return what is shown of the seed before the opening."""
    return hashlib.sha256(bytes.fromhex(seed)).hexdigest()


def join_queue(*, queue: int, who: Ref, at: datetime) -> Place:
    """Take a place in the queue; who has one keeps it, from whatever tab, browser or device."""
    row = Queue.objects.get(pk=queue)
    arrive(queue=queue, who=who, at=at, lot=lot_of(seed=row.seed, who=who) if at < row.opens_at else "")
    place = place_in_queue(queue=queue, who=who, at=at)
    assert place is not None  # it was written a line above
    return place


def arrive(*, queue: int, who: Ref, at: datetime, lot: str) -> None:
    """Write that a person came, once, with the lot of those who come before the opening."""
    alone = connection.vendor == "postgresql" and not connection.in_atomic_block
    moment = connection.ops.adapt_datetimefield_value(at)
    values: dict[str, Any] = {"queue": queue, "who": str(who), "lot": lot, "at": moment}
    with connection.cursor() as cursor:
        cursor.execute(ARRIVE.format(unflushed=UNFLUSHED if alone else ""), values)


def place_in_queue(*, queue: int, who: Ref, at: datetime) -> Place | None:
    """Return a person's place and let in whoever's turn has come; None for somebody who never joined."""
    moving = move(queue=queue, at=at)
    arrival = arrival_of(queue=queue, who=who)
    return None if arrival is None else place_at(moving, who=who, number=arrival[0], lot=arrival[1])


def arrival_of(*, queue: int, who: Ref) -> tuple[int | None, str] | None:
    """Return number and lot of a person who joined, None for somebody who never did."""
    return Arrival.objects.filter(queue=queue, who=who).values_list("number", "lot").first()


def stands_before(*, card: Card, who: Ref, channel: str, at: datetime) -> bool:
    """Say whether a queue stands before an item for this channel and has not let the person in yet."""
    if card.queue is None or card.queue_channel != channel:
        return False
    place = place_in_queue(queue=card.queue, who=who, at=at)
    return place is None or not place.admitted


def place_at(moving: Moving, *, who: Ref, number: int | None, lot: str = "") -> Place:
    """Return the place of a number; whoever has none yet stands behind all who have."""
    ahead = max(0, (number - 1 if number else moving.joined) - moving.admitted)
    admitted = number is not None and number <= moving.admitted
    return Place(
        queue=moving.queue, who=who, number=number, ahead=ahead, joined=moving.joined, admitted=admitted, lot=lot,
        opens_at=moving.opens_at, seconds=None if number is None else 0 if admitted else int(ahead / moving.rate) + 1)


def move(*, queue: int, at: datetime) -> Moving:
    """Number those who arrived, let in as many as the rate allows since the last time, and return how far it is."""
    row = Queue.objects.get(pk=queue)
    if row.opens_at <= at:
        alone = connection.vendor == "postgresql" and not connection.in_atomic_block
        with transaction.atomic():
            if alone:
                connection.cursor().execute("SET LOCAL synchronous_commit TO OFF")
            # Whoever finds it locked takes what the other writes a moment later.
            locked = Queue.objects.select_for_update(skip_locked=True).filter(pk=queue).first()
            if locked is not None:
                row = locked
                _move(row, at)
    joined = row.numbered or (0 if row.opens_at <= at else Arrival.objects.filter(queue=queue).count())
    return Moving(queue=row.pk, channel=row.channel, opens_at=row.opens_at, rate=row.rate, joined=joined,
                  admitted=row.admitted, seed_digest=digest_of(seed=row.seed),
                  seed=row.seed if row.opens_at <= at else "", secret=row.seed)


def _move(row: Queue, at: datetime) -> None:
    before = (row.numbered, row.admitted, row.ticked_at)
    if Arrival.objects.filter(queue=row, number=None).exists():
        with connection.cursor() as cursor:
            cursor.execute(NUMBER, {"queue": row.pk, "numbered": row.numbered})
        row.numbered = Arrival.objects.filter(queue=row).aggregate(most=models.Max("number"))["most"]
    since = row.ticked_at or row.opens_at
    due = max(0, int(row.rate * (at - since).total_seconds()))
    if row.admitted + due >= row.numbered:
        row.admitted, row.ticked_at = row.numbered, at  # nobody waits: time that nobody needed is not saved up
    else:
        row.admitted += due
        row.ticked_at = since + timedelta(seconds=due / row.rate)
    if before != (row.numbered, row.admitted, row.ticked_at):
        row.save(update_fields=["numbered", "admitted", "ticked_at"])
