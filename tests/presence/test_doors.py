"""Scans at doors become spans: across rooms, without a way out, sent twice, on another day."""

from dataclasses import replace
from datetime import timedelta

import pytest

from xinglin.kernel.refs import Ref
from xinglin.mechanics.presence.doors import scan, scan_many, unscan
from xinglin.mechanics.presence.evidence import counted, scans, spans
from xinglin.mechanics.presence.on_site import spans_on_site
from xinglin.mechanics.presence.rules import rules_on
from xinglin.mechanics.presence.spans import Span, local_day
from xinglin.mechanics.presence.values import Kind, Scanned, Session, Way

from .pages import ANNA, BEN, LECTURE, T0, Page, at

HALL, ROOM = LECTURE, Ref("events.room:2")
TALK = Ref("events.session:9")
PLAN = [Session(session=HALL, spans=(Span(at(0), at(3600)),)),
        Session(session=TALK, spans=(Span(at(3600), at(7200)),), places=(ROOM,))]


def stays(*said, out_scan="session_end", out_minutes=45):
    """Return the stays as (place, from, until) in minutes for scans as (minute, way, place)."""
    them = [Scanned(person=ANNA, place=place, way=Way(way), at=at(minute * 60)) for minute, way, place in said]
    day = local_day(T0)
    rules = {day + timedelta(days=more): replace(rules_on(on=day), out_scan=out_scan, out_minutes=out_minutes)
             for more in (0, 1)}
    return [(one.place, (one.span.from_at - T0).total_seconds() / 60, (one.span.until_at - T0).total_seconds() / 60)
            for one in spans_on_site(scans=them, sessions=PLAN, rules=rules)]


@pytest.mark.django_db
@pytest.mark.parametrize(("said", "found"), [
    ([(5, "in", HALL), (50, "out", HALL)], [(HALL, 5, 50)]),
    ([(5, "in", HALL), (20, "out", HALL), (30, "in", HALL), (50, "out", HALL)], [(HALL, 5, 20), (HALL, 30, 50)]),
    ([(5, "in", HALL), (30, "in", ROOM), (100, "out", ROOM)], [(HALL, 5, 30), (ROOM, 30, 100)]),  # another room
    ([(5, "in", HALL)], [(HALL, 5, 60)]),  # until the session ends
    ([(-15, "in", HALL)], [(HALL, -15, 60)]),  # came early
    ([(70, "in", ROOM)], [(ROOM, 70, 120)]),  # the room's session
    ([(130, "in", ROOM)], []),  # nothing is held there any more
    ([(5, "in", HALL), (6, "in", HALL), (50, "out", HALL)], [(HALL, 5, 6), (HALL, 6, 50)]),  # scanned twice
    ([(50, "out", HALL)], []),  # never came in
    ([(5, "in", HALL), (50, "out", ROOM)], [(HALL, 5, 50)]),  # went out of another room: has left this one by then
    ([(5, "in", HALL), (24 * 60 + 5, "out", HALL)], [(HALL, 5, 60)]),  # out on the next day
])
def test_stays(said, found):
    assert stays(*said) == found


@pytest.mark.django_db
@pytest.mark.parametrize(("rule", "minutes", "found"), [
    ("none", 45, []), ("capped", 10, [(HALL, 5, 15)]), ("capped", 45, [(HALL, 5, 50)]),
    ("session_end", 45, [(HALL, 5, 60)]),
])
def test_without_a_scan_out_the_rule_of_the_day_decides(rule, minutes, found):
    assert stays((5, "in", HALL), out_scan=rule, out_minutes=minutes) == found


@pytest.mark.django_db
def test_the_cap_ends_at_the_next_scan():
    assert stays((5, "in", HALL), (10, "in", ROOM), out_scan="capped", out_minutes=45) == [
        (HALL, 5, 10), (ROOM, 10, 55)]


@pytest.mark.django_db
def test_no_stay_goes_past_midnight():
    assert stays((14 * 60 + 30, "in", HALL), out_scan="capped", out_minutes=480) == [(HALL, 870, 900)]


@pytest.mark.django_db
def test_the_same_scan_sent_twice_is_one():
    given = {"key": "gate3-0001", "person": ANNA, "place": HALL, "way": Way.IN, "at": at(0)}
    assert scan(**given) is True
    assert scan(**given) is False
    assert scan(**{**given, "at": at(900)}) is False
    assert [one.at for one in scans(sessions=PLAN)] == [at(0)]


@pytest.mark.django_db
def test_the_order_in_which_gates_sync_changes_nothing():
    for key, seconds, way, place in (("c", 6000, "out", ROOM), ("a", 300, "in", HALL), ("b", 1800, "in", ROOM)):
        scan(key=key, person=ANNA, place=place, way=Way(way), at=at(seconds))
    answer = counted(sessions=PLAN, at=at(9000))[ANNA]
    assert (answer.in_hall(HALL), answer.in_hall(TALK), answer.total) == (25, 40, 65)


@pytest.mark.django_db
def test_a_phone_left_running_in_the_hall_adds_nothing(unasked):
    scan(key="a", person=ANNA, place=HALL, way=Way.IN, at=at(600))
    scan(key="b", person=ANNA, place=HALL, way=Way.OUT, at=at(1800))
    Page().watch(until=2400)
    answer = counted(sessions=PLAN, at=at(9000))[ANNA]
    assert (answer.in_hall(HALL), answer.online(HALL), answer.of(HALL)) == (20, 20, 40)
    assert {one.kind for one in spans(sessions=PLAN, at=at(9000))} == {Kind.LIVE, Kind.ON_SITE}


@pytest.mark.django_db
def test_only_those_asked_for_are_told():
    for person in (ANNA, BEN):
        scan(key=f"k{person.key}", person=person, place=HALL, way=Way.IN, at=at(0))
    assert list(counted(sessions=PLAN, at=at(9000), people=[BEN])) == [BEN]


@pytest.mark.django_db
def test_a_scan_taken_back_counts_no_more_and_may_come_again():
    scan(key="gate-1", person=ANNA, place=HALL, way=Way.IN, at=at(0))
    assert unscan(keys=["gate-1", "gate-2"]) == 1
    assert not unscan(keys=["gate-1"]) and scans(sessions=PLAN) == []
    assert scan(key="gate-1", person=ANNA, place=HALL, way=Way.IN, at=at(0))


@pytest.mark.django_db
def test_many_scans_are_kept_at_once_and_known_ones_stay():
    scan(key="gate-1", person=ANNA, place=HALL, way=Way.IN, at=at(0))
    many = {f"gate-{number}": Scanned(person=BEN, place=HALL, way=Way.IN, at=at(number)) for number in (1, 2)}
    for _twice in range(2):
        scan_many(scans=many)
    assert [(one.person, one.at) for one in scans(sessions=PLAN)] == [(ANNA, at(0)), (BEN, at(2))]
