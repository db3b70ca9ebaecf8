"""Two entries that are one person: places, places in line and in the queue follow, and go back as they were."""

from datetime import timedelta

import pytest

from xinglin.directory.merging import Joining
from xinglin.kernel import clock
from xinglin.kernel.actors import house
from xinglin.mechanics.booking.merging import _back, _move
from xinglin.mechanics.booking.models import Arrival, Hold, Waiting
from xinglin.mechanics.booking.passes import give_pass, read_pass
from xinglin.mechanics.booking.queueing import join_queue, lot_of, open_queue
from xinglin.mechanics.booking.waiting import wait

from .test_booking import AT, OWNER, one, take, who

pytestmark = pytest.mark.django_db
JOINING = Joining(loser=who(1), winner=who(2), by=house("t"), on=AT.date())


def stands():
    """Return everything that bears a name."""
    return [list(Hold.objects.order_by("pk").values_list("who", "key", "turn")),
            list(Waiting.objects.order_by("pk").values_list("who", "state")),
            list(Arrival.objects.order_by("pk").values_list("who", "lot"))]


def test_what_moved_goes_back_with_its_key_and_turn():
    item, full = one(capacity=9, limit=9), one(capacity=0, pool="room", code="full")
    queue = open_queue(owner=OWNER, code="q", opens_at=AT + timedelta(hours=1), rate=1)
    for number, key in ((1, "cart"), (1, "other"), (2, "cart")):
        take(item, number, key=key)
    wait(item=full.pk, who=who(1), at=AT)
    join_queue(queue=queue.pk, who=who(1), at=AT)
    before = stands()
    moved = _move(JOINING)
    holds, waits, [(name, lot)] = stands()
    assert [key for _who, key, _turn in holds] == [f"merged:{Hold.objects.earliest('pk').pk}", "other", "cart"]
    assert {one for one, *_rest in holds} == {one for one, _state in waits} == {name} == {who(2)}
    assert lot == lot_of(seed=queue.seed, who=who(2))
    _back(JOINING, moved)
    assert stands() == before


def test_who_queues_twice_keeps_the_place_of_the_entry_that_remains():
    queue = open_queue(owner=OWNER, code="q", opens_at=AT, rate=1)
    for number in (2, 1):
        join_queue(queue=queue.pk, who=who(number), at=AT)
    _back(JOINING, _move(JOINING))
    assert list(Arrival.objects.order_by("number").values_list("who", flat=True)) == [who(2), who(1)]


def test_a_pass_of_the_entry_that_gave_way_is_dead():
    text, other = (give_pass(who=who(number), at=clock.now()) for number in (1, 2))
    _move(JOINING)
    assert read_pass(text, at=clock.now()) is None
    assert read_pass(other, at=clock.now()).who == who(2)
