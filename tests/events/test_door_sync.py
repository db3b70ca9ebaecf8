"""Doors: several phones offline, handed in later in any order; what is forged, copied or sent twice gains nothing."""

import random
from datetime import timedelta

import pytest

from xinglin.engines.events import standing, tickets
from xinglin.engines.events.actions.doors import (
    AlreadyRevoked,
    GateUnnamed,
    NoDoors,
    OtherRhythm,
    enrol_device,
    revoke_device,
)
from xinglin.engines.events.actions.handing_over import transfer_registration
from xinglin.engines.events.doors import Device, DoorScan, Standing
from xinglin.engines.events.handing_in import NotTaken, take_in
from xinglin.engines.events.places import Party
from xinglin.engines.events.programme import Room
from xinglin.engines.events.stations import device_of, enrol, told
from xinglin.kernel.ledger.models import SealedFact
from xinglin.mechanics.presence.door import Session, scans

from .conftest import AFTER, DAY, FIRST, HOUSE, at
from .phones import crowd, phone
from .selling import enrol as register_one
from .selling import (
    guest,
    selling,  # noqa: F401  a fixture
)

pytestmark = pytest.mark.django_db
OPEN = at("08:00")


@pytest.fixture
def event(draft, approve):
    return approve(draft())


def standings(event):
    return [(one.device.gate, one.counter, one.standing) for one in DoorScan.objects.filter(event=event).order_by(
        "at", "device", "counter")]


def admitted(event):
    return DoorScan.objects.filter(event=event, standing=Standing.ADMITTED).count()


def present(event):
    place = Session(session=event.ref, spans=())
    return [(str(one.person), str(one.way)) for one in scans(sessions=[place])]


def test_enrolling_states_a_fact_and_the_code_works_once_and_in_time(event, said):
    said()
    made = enrol_device(by=HOUSE, on=FIRST, at=OPEN, event=event, gate=" 东门 ")
    [(type_, body)] = said()
    assert type_ == "events.device.enrolled" and body["device"] == made.device.ref and body["revoked"] is False
    now = OPEN
    assert enrol(code="WRONG", at=now) is None and enrol(code="", at=now) is None
    assert enrol(code=made.code, at=now + timedelta(hours=2)) is None
    device, token = enrol(code=made.code.lower(), at=now)
    assert enrol(code=made.code, at=now) is None
    assert device_of(token=token, at=now) == device == made.device
    assert device_of(token=token + "x", at=now) is None and device_of(token="", at=now) is None


def test_a_revoked_phone_is_of_no_use_and_none_is_a_week_after_the_event(event, said):
    east = phone(event, "东门", OPEN)
    east.scan(crowd(event, 1)[0], at("08:40"))
    assert device_of(token=east.token, at=at("12:00", AFTER) + timedelta(days=6))
    assert device_of(token=east.token, at=at("12:00", AFTER) + timedelta(days=7)) is None
    said()
    revoke_device(by=HOUSE, on=FIRST, device=east.device)
    assert [body["revoked"] for _type, body in said()] == [True]
    assert device_of(token=east.token, at=OPEN) is None
    with pytest.raises(NotTaken, match="revoked"):
        take_in(device=east.device, content=east.batch(at("09:00")), at=at("09:00"))
    with pytest.raises(AlreadyRevoked):
        revoke_device(by=HOUSE, on=FIRST, device=east.device)


def test_what_cannot_be_a_gate_is_refused(event, draft):
    with pytest.raises(GateUnnamed):
        enrol_device(by=HOUSE, on=FIRST, at=OPEN, event=event, gate=" ")
    enrol_device(by=HOUSE, on=FIRST, at=OPEN, event=event, gate="东门")
    with pytest.raises(OtherRhythm) as refusal:
        enrol_device(by=HOUSE, on=FIRST, at=OPEN, event=event, gate="西门", often="block")
    assert refusal.value.regulation == "K8.once"
    with pytest.raises(NoDoors):
        enrol_device(by=HOUSE, on=AFTER, at=OPEN, event=event, gate="东门")
    with pytest.raises(NoDoors):
        enrol_device(by=HOUSE, on=DAY, at=OPEN, event=draft(sessions=False, title="另一场会议"), gate="东门")


def test_a_photographed_ticket_at_two_gates_is_admitted_once_whichever_gate_calls_first(event):
    one, other = crowd(event, 2)
    answers = []
    for order in ((0, 1), (1, 0)):
        DoorScan.objects.all().delete()
        gates = [phone(event, name, OPEN) for name in ("东门", "西门")]
        assert gates[0].scan(one, at("08:40")) == "in"
        assert gates[1].scan(one, at("08:45")) == "in"  # a copy; offline nobody can know
        assert gates[1].scan(other, at("08:46")) == "in"
        for number in order:
            gates[number].sync(at("10:00"))
        for number in order:
            gates[number].sync(at("10:01"))
        answers.append([(gate, said) for gate, _n, said in standings(event)])
        for gate in gates:  # both are told, with who came first and where
            [conflict] = gate.conflicts
            assert (conflict["first_gate"], conflict["gate"], conflict["name"]) == ("东门", "西门", one.name)
        assert admitted(event) == 2
        DoorScan.objects.filter(event=event).update(against=None)
    assert answers[0] == answers[1] == [("东门", "admitted"), ("西门", "twice"), ("西门", "admitted")]
    assert gates[0].scan(other, at("10:02")) == "twice"  # after the sync the other gate knows


def test_the_organiser_decides_which_of_two_stands(event):
    [one] = crowd(event, 1)
    east, west = phone(event, "东门", OPEN), phone(event, "西门", OPEN)
    east.scan(one, at("08:40"))
    west.scan(one, at("08:45"))
    west.sync(at("10:00"))
    east.sync(at("10:00"))
    second = DoorScan.objects.get(device=west.device)
    standing.choose(row=second, stands=True, by="x", at=at("10:30"))
    assert standings(event) == [("东门", 1, "twice"), ("西门", 1, "admitted")]
    assert present(event) == [(str(one.ref), "in")]
    standing.choose(row=DoorScan.objects.get(device=east.device), stands=True, by="x", at=at("10:31"))
    assert standings(event) == [("东门", 1, "admitted"), ("西门", 1, "twice")]
    east.sync(at("10:32"))
    assert [one["chosen"] for one in east.conflicts] == [False]


def test_a_clock_wrong_by_a_day_changes_nothing(event):
    one, other = crowd(event, 2)
    right = phone(event, "东门", OPEN)
    ahead = phone(event, "西门", OPEN, wrong=timedelta(days=1, minutes=7))
    behind = phone(event, "南门", OPEN, wrong=-timedelta(days=1))
    assert ahead.scan(one, at("08:40")) == "in"  # its own clock says tomorrow
    assert behind.scan(other, at("08:50")) == "in"  # and here yesterday
    assert right.scan(one, at("08:45")) == "in"
    for gate in (right, behind, ahead):
        gate.sync(at("11:00"))
    times = {(row.device.gate): row.at for row in DoorScan.objects.all()}
    assert times == {"西门": at("08:40"), "东门": at("08:45"), "南门": at("08:50")}
    assert [row.device.gate for row in DoorScan.objects.filter(standing="twice")] == ["东门"]


def test_a_clock_put_back_between_two_scans_keeps_the_order_of_the_counter(event):
    one, other = crowd(event, 2)
    east = phone(event, "东门", OPEN)
    east.sync(at("08:10"))
    east.scan(one, at("08:40"))
    east.wrong = -timedelta(hours=5)  # somebody sets the phone's clock
    east.offset = timedelta(hours=5)
    east.scan(other, at("08:50"))
    east.sync(at("09:00"))
    first, second = (row.at for row in DoorScan.objects.order_by("counter"))
    assert at("08:10") <= first <= second <= at("09:00")


def test_a_batch_sent_twice_is_one_and_the_same_counter_never_says_two_things(event):
    people = crowd(event, 3)
    east = phone(event, "东门", OPEN)
    for one in people:
        east.scan(one, at("08:40"))
    batch = east.batch(at("09:00"))
    assert take_in(device=east.device, content=batch, at=at("09:00")) == 3
    assert take_in(device=east.device, content=batch, at=at("09:30")) == 3  # the answer was lost: sent again
    assert admitted(event) == 3 and len(present(event)) == 3
    assert {row.received_at for row in DoorScan.objects.all()} == {at("09:00")}
    batch["scans"][1] |= {"ticket": tickets.ticket_text(people[0])}
    with pytest.raises(NotTaken, match="changed"):
        take_in(device=east.device, content=batch, at=at("09:31"))
    batch["scans"] = [{**batch["scans"][0], "n": 5}]
    with pytest.raises(NotTaken, match="gap") as gap:
        take_in(device=east.device, content=batch, at=at("09:31"))
    assert gap.value.expected == 4 and DoorScan.objects.count() == 3


@pytest.mark.parametrize("spoil", [
    lambda batch: [], lambda batch: {"scans": []}, lambda batch: {**batch, "sent": "soon"},
    lambda batch: {**batch, "scans": [{**batch["scans"][0], "way": "over"}]},
    lambda batch: {**batch, "scans": [{**batch["scans"][0], "n": -1}]},
    lambda batch: {**batch, "scans": [{**batch["scans"][0], "at": True}]},
    lambda batch: {**batch, "scans": [{**batch["scans"][0], "at": 2**80}]},
    lambda batch: {**batch, "scans": [{**batch["scans"][0], "check": "hot"}]},
    lambda batch: {**batch, "waiting": "many"}, lambda batch: {**batch, "waiting": -1},
    lambda batch: {**batch, "scans": [{**batch["scans"][0], "ticket": ["X1"]}]},
    lambda batch: {**batch, "scans": [{**batch["scans"][0], "told": ["in"]}]},
    lambda batch: {**batch, "scans": batch["scans"] * 600}, lambda batch: {**batch, "scans": [None]},
])
def test_what_is_no_batch_is_not_taken(event, spoil):
    east = phone(event, "东门", OPEN)
    east.scan(crowd(event, 1)[0], at("08:40"))
    with pytest.raises(NotTaken):
        take_in(device=east.device, content=spoil(east.batch(at("09:00"))), at=at("09:00"))
    assert not DoorScan.objects.exists()


class Killed(Exception):
    """The process ends here."""


def test_a_batch_that_breaks_in_the_middle_leaves_nothing(event, monkeypatch):
    people = crowd(event, 3)
    east = phone(event, "东门", OPEN)
    for one in people:
        east.scan(one, at("08:40"))

    def killed(**given):
        raise Killed

    monkeypatch.setattr(standing, "scan_many", killed)
    with pytest.raises(Killed):
        take_in(device=east.device, content=east.batch(at("09:00")), at=at("09:00"))
    assert not DoorScan.objects.exists() and told(device=east.device, since=0, at=at("09:00"))["taken"] == 0
    monkeypatch.undo()
    east.sync(at("09:01"))
    assert admitted(event) == 3


def test_a_phone_that_lies_admits_nobody(event, draft, approve):
    mine, theirs = crowd(event, 1)[0], crowd(approve(draft(title="另一场会议", from_on=AFTER, sessions=True,
                                                          until_on=AFTER + timedelta(days=1))), 1)[0]
    east = phone(event, "东门", OPEN)
    forged = tickets.ticket_text(mine)[:-4] + "0000"
    assert east.scan(mine, at("08:40"), text=forged) == "forged"
    for text in (forged, tickets.ticket_text(theirs), "X1"):
        east.push(clock=east.clock(at("08:41")), way="in", told="in", ticket=text)
    east.push(clock=east.clock(at("08:42")), way="in", told="in", code="NOSUCH")
    east.sync(at("09:00"))
    assert [said for _gate, _n, said in standings(event)] == ["refused", *["doubted"] * 4]
    assert admitted(event) == 0 and present(event) == []
    assert {row.doubt for row in DoorScan.objects.filter(standing="doubted")} == {"forged", "unknown"}


def test_the_ticket_before_a_transfer_is_dead_at_a_gate_that_knows_and_doubted_from_one_that_did_not(selling):  # noqa: F811
    event = selling()
    row = register_one(event, guest(1), code="online")
    old = tickets.ticket_text(row)
    stale = phone(event, "东门", OPEN)
    moved = transfer_registration(by=HOUSE, on=FIRST, at=at("08:10"), registration=row, to=Party(name="吴芳"))
    assert tickets.ticket_text(moved) != old
    knowing = phone(event, "西门", at("08:20"))
    assert knowing.scan(moved, at("08:30"), text=old) == "replaced"
    assert stale.scan(moved, at("08:31"), text=old) == "online_only"  # an online ticket, besides
    stale.push(clock=stale.clock(at("08:32")), way="in", told="in", ticket=old)
    stale.sync(at("09:00"))
    assert DoorScan.objects.get(device=stale.device, counter=2).doubt == "replaced"


def test_out_and_in_again_undo_and_codes_by_hand(event):
    one, other = crowd(event, 2)
    east = phone(event, "东门", OPEN)
    assert [east.scan(one, at("08:40")), east.scan(one, at("09:00"), way="out"), east.scan(one, at("09:10"))] == [
        "in", "out", "in"]
    east.push(clock=east.clock(at("09:20")), way="in", told="in", code=other.code)
    east.sync(at("09:30"))
    assert [said for _g, _n, said in standings(event)] == ["admitted", "left", "admitted", "admitted"]
    assert DoorScan.objects.get(counter=4).by_code
    east.undo(4, at("09:31"))
    east.sync(at("09:32"))
    assert DoorScan.objects.get(counter=4).standing == Standing.UNDONE
    assert present(event) == [(str(one.ref), way) for way in ("in", "out", "in")]


def test_a_room_of_its_own_admits_once_a_sitting(event):
    hall = Room.objects.get(event=event)
    [one] = crowd(event, 1)
    door = phone(event, "一号厅", OPEN, room=hall, often="block")
    gate = phone(event, "东门", OPEN)
    assert gate.scan(one, at("08:10")) == "in"
    assert door.scan(one, at("08:20")) == "in"
    assert door.scan(one, at("10:00")) == "twice"
    assert door.scan(one, at("10:31")) == "no_session"
    for each in (gate, door):
        each.sync(at("11:00"))
    assert admitted(event) == 2


def test_whatever_the_order_of_gates_and_batches_the_end_is_the_same(event):
    people, chance, ends = crowd(event, 30), random.Random(7), set()
    plan = [(chance.randrange(3), chance.randrange(30), chance.choice(["in", "in", "out"]), minute)
            for minute in range(120)]
    for _try in range(4):
        DoorScan.objects.all().update(against=None)
        DoorScan.objects.all().delete()
        gates = [phone(event, name, OPEN) for name in "甲乙丙"]
        for gate, person, way, minute in plan:
            gates[gate].scan(people[person], OPEN + timedelta(minutes=30 + minute), way=way)
        chance.shuffle(gates)
        for gate in gates:
            gate.sync(at("12:00"))
        ends.add(tuple((row.device.gate, row.counter, row.standing)
                       for row in DoorScan.objects.select_related("device").order_by("device__gate", "counter")))
    assert len(ends) == 1


def test_the_devices_are_what_their_facts_say(event, sealed):
    hall = Room.objects.get(event=event)
    one = enrol_device(by=HOUSE, on=FIRST, at=OPEN, event=event, gate="东门").device
    enrol_device(by=HOUSE, on=FIRST, at=OPEN, event=event, gate="一号厅", room=hall, often="block")
    revoke_device(by=HOUSE, on=FIRST, device=one)
    sealed()
    folded = {fact.body["device"]: fact.body for fact in SealedFact.objects.filter(
        type="events.device.enrolled").order_by("position")}
    said = {name: (body["event"], body["often"], body["revoked"], body.get("room")) for name, body in folded.items()}
    assert said == {
        str(row.ref): (str(row.event.ref), row.often, row.revoked_on is not None,
                       str(row.place) if row.room_id else None) for row in Device.objects.all()}
