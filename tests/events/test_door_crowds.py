"""What gates cannot see while they are apart: a full room and too many in half an hour are shown once they call."""

from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.db.models import QuerySet

from xinglin.engines.events import standing
from xinglin.engines.events.crowding import above
from xinglin.engines.events.doors import DoorScan, Standing
from xinglin.engines.events.gate_lists import known_of
from xinglin.engines.events.live import halls
from xinglin.engines.events.programme import Room

from .conftest import at
from .phones import crowd, phone

pytestmark = pytest.mark.django_db
OPEN = at("08:00")


@pytest.fixture
def event(draft, approve):
    """An event whose room seats two."""
    event = approve(draft())
    QuerySet(Room).filter(event=event).update(seats=2)
    return event


def doubts(event):
    return [(one.device.gate, one.doubt) for one in DoorScan.objects.filter(event=event).order_by("at")]


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_two_gates_of_one_room_let_in_more_than_it_seats_and_whoever_came_above_is_shown(event, order):
    people, room = crowd(event, 4), Room.objects.get(event=event)
    doors = [phone(event, name, OPEN, room=room) for name in ("左门", "右门")]
    for number, one in enumerate(people):
        assert doors[number % 2].scan(one, at(f"08:4{number}")) == "in"
    for number in order:
        doors[number].sync(at("10:00"))
    assert doubts(event) == [("左门", ""), ("右门", ""), ("左门", "full"), ("右门", "full")]
    for door in doors:  # each is told of its own
        door.sync(at("10:01"))
        assert [one["gate"] for one in door.conflicts] == [door.device.gate]
    assert set(DoorScan.objects.values_list("standing", flat=True)) == {Standing.ADMITTED}  # they are inside, and count
    assert [(hall.inside, hall.full) for hall in halls(event, at=at("10:00"))] == [(4, True)]


def test_who_left_makes_room_and_the_organiser_may_say_that_one_does_not_count(event):
    one, two, three = crowd(event, 3)
    room = Room.objects.get(event=event)
    left, right = (phone(event, name, OPEN, room=room) for name in ("左门", "右门"))
    left.scan(one, at("08:40"))
    right.scan(two, at("08:41"))
    right.scan(three, at("08:50"))
    left.scan(one, at("08:45"), way="out")
    right.sync(at("09:00"))
    left.sync(at("09:01"))
    assert "full" not in dict(doubts(event)).values()
    left.undo(2, at("09:02"))
    left.sync(at("09:03"))
    row = DoorScan.objects.get(doubt="full")
    assert row.registration == three
    standing.choose(row=row, stands=False, by="x", at=at("09:10"))
    row.refresh_from_db()
    place = DoorScan.objects.filter(event=event)
    assert row.standing == Standing.DOUBTED and row in place.in_conflict()
    standing.choose(row=row, stands=True, by="x", at=at("09:11"))
    row.refresh_from_db()
    assert row.standing == Standing.ADMITTED and row not in place.in_conflict()


def test_more_than_the_flow_of_a_half_hour_is_found_over_all_gates(event):
    gate = phone(event, "东门", OPEN)
    rows = [SimpleNamespace(at=at("08:05") + timedelta(minutes=minute), place=str(event.ref), registration_id=minute,
                            turn=0, standing=Standing.ADMITTED) for minute in (0, 1, 2, 25, 26)]
    found = [doubt for _row, doubt in above(rows, seats=None, flow=2, known=known_of(gate.device))]
    assert found == ["", "", "flow", "", ""]
