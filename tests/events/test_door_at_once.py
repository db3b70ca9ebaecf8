"""Several gates call at the same moment, on PostgreSQL: nobody is admitted twice, nothing is lost or kept twice."""

from datetime import timedelta

import pytest
from django.db.models import Count, QuerySet

from tests.kernel.test_concurrency import at_once
from xinglin.engines.events.doors import DoorScan, Standing
from xinglin.engines.events.handing_in import take_in
from xinglin.engines.events.programme import Room
from xinglin.mechanics.presence.door import Session, scans

from .conftest import at
from .phones import crowd, phone

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


def test_five_gates_hand_in_the_same_people_at_once(draft, approve):
    event = approve(draft())
    people = crowd(event, 40)
    gates = [phone(event, name, at("08:00")) for name in "甲乙丙丁戊"]
    for number, gate in enumerate(gates):
        for step, one in enumerate(people if number % 2 else people[::-1]):
            assert gate.scan(one, at("08:10") + timedelta(seconds=10 * step + number)) == "in"
    at_once(*(lambda gate=gate: gate.sync(at("09:00")) for gate in gates))
    assert DoorScan.objects.count() == 200
    admitted = DoorScan.objects.filter(standing=Standing.ADMITTED).values("registration").annotate(n=Count("pk"))
    assert [one["n"] for one in admitted] == [1] * 40
    assert DoorScan.objects.filter(standing=Standing.TWICE).count() == 160
    first = {row.registration_id: row for row in DoorScan.objects.order_by("-at", "-device", "-counter")}
    assert all(row.standing == Standing.ADMITTED for row in first.values())  # whoever was really first
    assert len(scans(sessions=[Session(session=event.ref, spans=())])) == 40


def test_one_batch_sent_twice_at_once_is_kept_once(draft, approve):
    event = approve(draft())
    people = crowd(event, 30)
    gate = phone(event, "东门", at("08:00"))
    for one in people:
        gate.scan(one, at("08:10"))
    batch = gate.batch(at("09:00"))
    taken = []
    send = lambda: taken.append(take_in(device=gate.device, content=batch, at=at("09:00")))  # noqa: E731
    at_once(send, send, send)
    assert taken == [30, 30, 30] and DoorScan.objects.filter(standing=Standing.ADMITTED).count() == 30


def test_gates_of_a_full_room_that_call_at_once_find_all_who_are_above_its_seats(draft, approve):
    event = approve(draft())
    QuerySet(Room).filter(event=event).update(seats=12)
    people, room = crowd(event, 30), Room.objects.get(event=event)
    doors = [phone(event, name, at("08:30"), room=room) for name in "甲乙丙"]
    for number, one in enumerate(people):
        assert doors[number % 3].scan(one, at("08:40") + timedelta(seconds=number)) == "in"
    at_once(*(lambda door=door: door.sync(at("09:00")) for door in doors))
    rows = DoorScan.objects.order_by("at")
    assert [row.doubt for row in rows] == [""] * 12 + ["full"] * 18
