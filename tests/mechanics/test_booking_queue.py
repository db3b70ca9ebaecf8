"""The fair queue: by lot before the opening, by arrival from then on, one place a person, nobody before their turn."""

from datetime import timedelta

import pytest

from xinglin.mechanics.booking.holding import hold
from xinglin.mechanics.booking.models import Arrival
from xinglin.mechanics.booking.queueing import digest_of, join_queue, lot_of, move, open_queue, place_in_queue
from xinglin.mechanics.booking.setting import change_item
from xinglin.mechanics.booking.values import Held, Reason
from xinglin.mechanics.booking.waiting import wait

from .test_booking import AT, OWNER, one, reason, who

pytestmark = [pytest.mark.django_db, pytest.mark.on_postgres_too]


def seconds(count):
    return AT + timedelta(seconds=count)


@pytest.fixture
def queue():
    return open_queue(owner=OWNER, code="opening", opens_at=AT, rate=2)


def join(queue, number, at):
    return join_queue(queue=queue.pk, who=who(number), at=at)


def test_one_place_a_person_whatever_is_pressed_how_often(queue):
    first, second = join(queue, 1, seconds(1)), join(queue, 1, seconds(2))
    assert Arrival.objects.count() == 1
    assert first.number == second.number == 1
    assert place_in_queue(queue=queue.pk, who=who(2), at=seconds(3)) is None


def test_those_who_came_before_are_ordered_by_a_lot_that_each_can_check(queue):
    for number in range(9):
        place = join(queue, number, seconds(-60 + number))
        assert (place.number, place.admitted, place.joined) == (None, False, number + 1)
        assert place.lot == lot_of(seed=queue.seed, who=who(number))
    late = join(queue, 99, seconds(1))
    numbers = dict(Arrival.objects.values_list("who", "number"))
    lots = sorted((lot_of(seed=queue.seed, who=who(number)), who(number)) for number in range(9))
    assert [numbers[name] for _lot, name in lots] == list(range(1, 10))
    assert late.number == 10
    assert [name for _lot, name in lots] != [who(number) for number in range(9)]  # not the order of arrival
    assert move(queue=queue.pk, at=seconds(1)).seed_digest == digest_of(seed=queue.seed)


def test_people_are_let_in_in_order_at_the_rate(queue):
    for number in range(10):
        join(queue, number, AT)
    place = place_in_queue(queue=queue.pk, who=who(9), at=seconds(2))
    assert (place.number, place.ahead, place.admitted, place.seconds) == (10, 5, False, 3)
    admitted = [place_in_queue(queue=queue.pk, who=who(number), at=seconds(2)).admitted for number in range(10)]
    assert admitted == [True] * 4 + [False] * 6
    assert place_in_queue(queue=queue.pk, who=who(9), at=seconds(5)).admitted


def test_the_rate_holds_however_often_one_looks(queue):
    for number in range(10):
        join(queue, number, AT)
    for tenth in range(20):
        moving = move(queue=queue.pk, at=AT + timedelta(seconds=tenth / 10))
    assert moving.admitted == 3


def test_time_that_nobody_needed_is_not_saved_up(queue):
    join(queue, 1, AT)
    move(queue=queue.pk, at=seconds(100))
    for number in range(2, 9):
        join(queue, number, seconds(100))
    assert move(queue=queue.pk, at=seconds(101)).admitted == 3


def test_an_item_with_a_queue_is_held_only_by_those_let_in(queue):
    item = one(capacity=5)
    change_item(item=item.pk, queue=queue, at=AT)

    def press(number, at, channel="online"):
        return hold(item=item.pk, who=who(number), key="k", at=at, channel=channel)

    assert reason(press(1, AT)) is Reason.NOT_YOUR_TURN  # never joined
    for number in range(1, 4):
        join(queue, number, AT)
    assert reason(press(2, AT)) is Reason.NOT_YOUR_TURN
    assert isinstance(press(1, seconds(0.5)), Held)
    assert reason(press(2, seconds(0.5))) is Reason.NOT_YOUR_TURN
    assert isinstance(press(2, seconds(1)), Held)
    assert isinstance(press(9, AT, channel="desk"), Held)  # the desk has no queue


def test_nobody_jumps_the_queue_by_the_waiting_list(queue):
    item = one(capacity=1)
    change_item(item=item.pk, queue=queue, at=AT)

    def line_up(number, at):
        return wait(item=item.pk, who=who(number), at=at, channel="online")

    assert reason(line_up(9, AT)) is Reason.NOT_YOUR_TURN  # never joined
    for number in range(1, 4):
        join(queue, number, AT)
    assert reason(line_up(2, AT)) is Reason.NOT_YOUR_TURN
    assert hold(item=item.pk, who=who(1), key="k", at=seconds(0.5)).state == "held"
    assert reason(line_up(3, seconds(1))) is Reason.NOT_YOUR_TURN  # nor is the order of the list another one
    assert line_up(2, seconds(1)).position == 1
    assert line_up(3, seconds(1.5)).position == 2
