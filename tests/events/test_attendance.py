"""Attendance: evidence of doors and screens becomes person-times and minutes, corrected by what comes late."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db.models import QuerySet

from tests.presence.pages import Page
from xinglin.engines.events import closing_days
from xinglin.engines.events.actions.attending import DayNotOver, NothingNew, confirm_attendances
from xinglin.engines.events.actions.handing_over import transfer_registration
from xinglin.engines.events.actions.programme import Slot, arrange_session
from xinglin.engines.events.actions.registrations import cancel_registration
from xinglin.engines.events.attendances import Attendance
from xinglin.engines.events.attending import Day, recording_ref
from xinglin.engines.events.closing_days import close_day, days_to_close
from xinglin.engines.events.counted import counted
from xinglin.engines.events.facts_doors import AttendanceConfirmed
from xinglin.engines.events.holders import FormerHolder
from xinglin.engines.events.meetings import Event
from xinglin.engines.events.offering import PriceLine
from xinglin.engines.events.places import Party
from xinglin.engines.events.programme import Session
from xinglin.engines.events.registrations import Registration
from xinglin.engines.events.stations import device_of
from xinglin.kernel.ledger.models import SealedFact
from xinglin.kernel.policy import NotAllowed
from xinglin.kernel.refs import Ref
from xinglin.mechanics.presence.door import beat, open_sitting
from xinglin.mechanics.presence.models import Sitting, Stretch

from .conftest import AFTER, DAY, FIRST, HOUSE, actor, at
from .phones import crowd, phone
from .selling import enrol as register_one
from .selling import selling  # noqa: F401  a fixture

pytestmark = pytest.mark.django_db
OPEN, NIGHT = at("08:00"), at("01:20", FIRST + timedelta(days=1))
NEXT = FIRST + timedelta(days=1)


@pytest.fixture
def event(draft, approve):
    event = draft(format="hybrid", heads_online=50)
    lecture = event.sessions.filter(kind="lecture").earliest("from_at")
    slot = Slot(title=lecture.title, from_at=lecture.from_at, until_at=lecture.until_at, room="一号厅", online=True,
                stream="https://live.example.org/a.m3u8", recording="https://live.example.org/a-r.m3u8",
                recording_minutes=50)
    arrange_session(by=HOUSE, on=DAY, event=event, slot=slot, session=lecture)
    return approve(event)


def lecture(event) -> Session:
    return event.sessions.filter(kind="lecture").earliest("from_at")


def watched(person: Ref, session: Ref, begin, minutes: int, *, kind="live", media=None) -> None:
    """Write a sitting as the mechanic of presence keeps it."""
    end = begin + timedelta(minutes=minutes)
    row = Sitting.objects.create(person=person, session=session, kind=kind, opened_at=begin, proof_at=begin,
                                 beat_at=end, ended_at=end)
    Stretch.objects.create(sitting=row, from_at=begin, until_at=end, media=media)


def close(event, *, day=FIRST, on=NEXT, moment=NIGHT) -> int:
    return close_day(by=HOUSE, on=on, event=event, day=day, at=moment)


def days(event):
    return {row.registration_id: (row.channel, row.minutes_on_site, row.minutes_online, row.minutes_recorded)
            for row in Attendance.objects.filter(event=event).order_by("pk")}


def confirmed(said):
    return [body for type_, body in said() if type_ == "events.attendance.confirmed"]


def test_a_day_is_closed_once_and_says_who_was_there_and_how_long(event, said):
    hall, short, both, screen, page, away = people = crowd(event, 6)
    gate = phone(event, "东门", OPEN)
    for one, time, way in ((hall, "08:40", "in"), (both, "08:50", "in"), (both, "09:20", "out"),
                           (short, "09:30", "in"), (short, "10:00", "out")):
        assert gate.scan(one, at(time), way=way) == way
    gate.sync(at("11:00"))
    session = lecture(event)
    watched(both.ref, session.ref, at("09:10"), 80)  # the first ten minutes in the hall as well
    watched(screen.ref, session.ref, at("09:00"), 5)
    watched(page.ref, session.ref, at("09:00"), 4)  # a page that was only opened is nobody
    said()
    assert close(event) == 4
    assert days(event) == {hall.pk: ("on_site", 90, 0, 0), short.pk: ("on_site", 30, 0, 0),
                           both.pk: ("both", 20, 70, 0), screen.pk: ("online", 0, 5, 0)}
    facts = confirmed(said)
    assert [(one["channel"], one["minutes"], one["counted"]) for one in facts] == [
        ("on_site", 90, ["present", "on_site"]), ("on_site", 30, ["present", "on_site"]),
        ("both", 90, ["present", "on_site", "online"]), ("online", 5, ["present", "online"])]
    assert {one["sessions"][0] for one in facts} == {session.ref}
    assert close(event) == 0 and confirmed(said) == []  # run again it changes nothing
    found = counted(event)
    assert (found.on_site, found.online) == (3, 2)
    assert page.pk not in days(event) and away.pk not in days(event) and len(people) == 6


def test_a_gate_that_comes_late_corrects_what_was_confirmed(event, said):
    QuerySet(Session).filter(event=event).update(recording="")
    one, other = crowd(event, 2)
    gate, late = phone(event, "东门", OPEN), phone(event, "西门", OPEN)
    gate.scan(one, at("08:40"))
    late.scan(other, at("08:41"))
    late.scan(one, at("10:00"), way="out")  # refused there: it did not know of the entry
    gate.sync(at("11:00"))
    close(event)
    [first] = confirmed(said)
    assert days(event) == {one.pk: ("on_site", 90, 0, 0)}
    assert days_to_close(on=NEXT, at=NIGHT) == []
    late.push(clock=late.clock(at("10:01")), way="out", told="out", code=one.code)
    late.sync(NIGHT + timedelta(hours=8))
    assert days_to_close(on=NEXT, at=NIGHT) == [(event, FIRST)]
    close(event, moment=NIGHT + timedelta(hours=9))
    assert days(event) == {one.pk: ("on_site", 61, 0, 0), other.pk: ("on_site", 90, 0, 0)}
    facts = {body["registration"]: body for body in confirmed(said)}
    assert facts[str(one.ref)]["version"] == 2 and facts[str(one.ref)]["attendance"] == first["attendance"]
    rows = SealedFact.objects.filter(type="events.attendance.confirmed").order_by("position")
    assert sorted(row.corrects == rows[0].key for row in rows) == [False, False, True]


def test_whoever_was_not_there_after_all_is_taken_back_and_counts_no_more(event, said):
    [one] = crowd(event, 1)
    gate = phone(event, "东门", OPEN)
    gate.scan(one, at("08:40"))
    gate.sync(at("09:00"))
    close(event)
    gate.undo(1, at("10:00"))
    gate.sync(at("10:01", NEXT))
    close(event, moment=at("10:02", NEXT))
    [first, second] = confirmed(said)
    assert (second["channel"], second["counted"], second["minutes"], second["version"]) == ("none", [], 0, 2)
    assert counted(event).on_site == 0 and first["counted"] == ["present", "on_site"]


def test_recordings_belong_to_the_day_of_their_session_and_only_for_some_days(event):
    one, other, both = crowd(event, 3)
    film = recording_ref(lecture(event))
    watched(one.ref, film, at("20:00", NEXT), 30, kind="recording", media=0)
    watched(one.ref, film, at("21:00", NEXT), 30, kind="recording", media=15 * 60_000)  # half of it seen before
    watched(other.ref, film, at("20:00", FIRST + timedelta(days=20)), 30, kind="recording", media=0)
    watched(both.ref, lecture(event).ref, at("09:00"), 90)
    close(event, moment=at("01:20", AFTER))
    assert days(event) == {one.pk: ("online", 0, 0, 45), both.pk: ("online", 0, 90, 0)}
    assert Attendance.objects.get(registration=one).sessions == {str(lecture(event).pk): 45}
    assert (event, FIRST) in [(pair[0], pair[1]) for pair in days_to_close(on=AFTER, at=at("01:20", AFTER))]


@pytest.mark.parametrize(("seen", "counts"), [(89, 0), (90, 90)])
def test_a_recording_counts_once_nine_tenths_of_it_were_watched(event, seen, counts):
    [one] = crowd(event, 1)
    QuerySet(Session).filter(event=event).update(recording_minutes=100)
    watched(one.ref, recording_ref(lecture(event)), at("20:00", NEXT), seen, kind="recording", media=0)
    close(event, moment=at("01:20", AFTER))
    assert days(event) == {one.pk: ("online", 0, 0, counts)}  # a person-time either way (K9)


def test_beyond_the_end_of_a_recording_nothing_is_watched(event):
    [one] = crowd(event, 1)
    watched(one.ref, recording_ref(lecture(event)), at("20:00", NEXT), 300, kind="recording", media=0)
    close(event, moment=at("01:20", AFTER))
    assert days(event) == {one.pk: ("online", 0, 0, 50)}


def test_nobody_watches_a_recording_in_the_minutes_they_sit_in_the_hall(event):
    [one] = crowd(event, 1)
    QuerySet(Session).filter(event=event).update(recording_minutes=30)
    arrange_session(by=HOUSE, on=DAY, event=event, slot=Slot(
        title="第二日讲座", from_at=at("09:00", NEXT), until_at=at("10:00", NEXT), room="一号厅"))
    gate = phone(event, "东门", OPEN)
    gate.scan(one, at("08:50", NEXT))
    gate.sync(at("11:00", NEXT))
    for begin in ("09:30", "10:00"):  # the first time in the hall, then again before the screen
        watched(one.ref, recording_ref(lecture(event)), at(begin, NEXT), 30, kind="recording", media=0)
    for day in (FIRST, NEXT):
        close(event, day=day, on=AFTER, moment=at("01:20", AFTER))
    assert Attendance.objects.get(day=NEXT).minutes_on_site == 60
    assert Attendance.objects.get(day=FIRST).minutes_recorded == 30


def test_a_forged_log_earns_nothing(event):
    [one] = crowd(event, 1)
    session = lecture(event).ref
    begin = at("09:00")
    open_sitting(person=one.ref, session=session, kind="live", at=begin)
    honest = Page.__new__(Page)
    honest.opened = open_sitting(person=one.ref, session=session, kind="live", at=begin)
    honest.token, honest.secret, honest.seq, honest.state, honest.told = (
        honest.opened.token, honest.opened.secret, 0, "", None)
    for minute in range(1, 60):  # says an hour in one minute of the server's time
        body = honest.body(played=[(0, 3_600_000, 0)])
        beat(body=body, at=begin + timedelta(seconds=minute))
    beat(body=honest.body(played=[(0, 3_600_000, 0)], secret="0" * 64), at=begin + timedelta(minutes=30))
    close(event)
    assert days(event) == {}


def test_an_event_of_one_gate_counts_a_scan_until_its_day_is_over_and_a_room_until_its_sitting(event):
    one, other = crowd(event, 2)
    arrange_session(by=HOUSE, on=DAY, event=event, slot=Slot(
        title="下午讲座", from_at=at("14:00"), until_at=at("15:00"), room="一号厅"))
    gate = phone(event, "东门", OPEN)
    gate.scan(one, at("08:40"))
    gate.sync(at("16:00"))
    close(event)
    assert days(event)[one.pk] == ("on_site", 150, 0, 0)
    door = phone(event, "一号厅", OPEN, room=event.rooms.get(), often="block")
    door.scan(other, at("09:00"))
    door.sync(at("17:00"))
    close(event, moment=NIGHT + timedelta(hours=1))
    # The room has a door of its own now: the way into the house alone proves no lecture there.
    assert days(event) == {one.pk: ("on_site", 0, 0, 0), other.pk: ("on_site", 90, 0, 0)}


def test_skipped_nights_are_caught_up_and_days_to_come_are_left(event):
    assert [day for _event, day in days_to_close(on=FIRST, at=OPEN)] == []
    assert [day for _event, day in days_to_close(on=NEXT, at=OPEN)] == [FIRST]
    assert [day for _event, day in days_to_close(on=AFTER + timedelta(days=3), at=OPEN)] == [FIRST, NEXT]
    with pytest.raises(DayNotOver):
        confirm_attendances(by=HOUSE, on=FIRST, event=event, day=FIRST, days={})
    with pytest.raises(NothingNew):
        confirm_attendances(by=HOUSE, on=NEXT, event=event, day=FIRST, days={})
    assert device_of(token="", at=OPEN) is None


def test_only_those_who_run_the_event_close_its_days(event):
    with pytest.raises(NotAllowed):
        confirm_attendances(by=actor("member"), on=NEXT, event=event, day=FIRST, days={})


def test_a_person_is_one_whether_scanned_before_or_after_being_known(event, someone):
    person = someone()
    [one] = crowd(event, 1)
    gate = phone(event, "东门", OPEN)
    gate.scan(one, at("08:40"))
    gate.sync(at("08:45"))
    QuerySet(type(one)).filter(pk=one.pk).update(person=person)
    watched(person.ref, lecture(event).ref, at("09:00"), 60)
    close(event)
    assert days(event) == {one.pk: ("both", 90, 0, 0)}
    assert Attendance.objects.get().person == person


def test_the_rows_are_what_the_facts_say(event, sealed):
    people = crowd(event, 5)
    gate = phone(event, "东门", OPEN)
    for one in people[:3]:
        gate.scan(one, at("08:40"))
    watched(people[4].ref, lecture(event).ref, at("09:00"), 60)
    gate.sync(at("09:00"))
    close(event)
    gate.undo(2, at("09:10"))
    gate.sync(at("09:11", NEXT))
    close(event, moment=at("09:12", NEXT))
    sealed()
    folded = {}
    for fact in SealedFact.objects.filter(type=AttendanceConfirmed.TYPE).order_by("position"):
        body = fact.body
        if fact.corrects:
            assert folded[body["attendance"]]["key"] == fact.key or folded[body["attendance"]]["key"] == fact.corrects
        folded[body["attendance"]] = {**body, "key": fact.key}
    rows = {str(row.ref): row for row in Attendance.objects.all()}
    assert set(rows) == set(folded)
    for name, row in rows.items():
        body = folded[name]
        assert (body["registration"], body["day"], body["channel"], body["minutes"], body["version"], body["key"]) == (
            str(row.registration.ref), row.day.isoformat(), row.channel, row.minutes, row.version, row.said_key)
        assert body["sessions"] == [f"events.session:{key}" for key in sorted(row.sessions, key=int)]
    assert Event.objects.get(pk=event.pk).state == "approved" and date(2026, 5, 16) == FIRST
    assert replace(Day(), on_site=1).on_site == 1


# Places that change hands -------------------------------------------------------------------------


def handed_on(row: Registration, when, **to):
    """Hand a place on as the act does, in an act of its own."""
    transfer_registration(by=HOUSE, on=when.date(), at=when, registration=row, to=Party(**to))
    row.refresh_from_db()
    return row


@pytest.fixture
def place(selling, someone):  # noqa: F811
    """A place in the hall in Anna's name."""
    free = tuple(PriceLine(ticket=code, amount=Decimal(0)) for code in ("full", "student", "online"))
    anna = someone("安娜")
    return register_one(selling(prices=free, questions=()), anna.ref, party={"person": anna})


def by_person(event):
    return {(str(row.person), row.day, row.channel, row.minutes) for row in Attendance.objects.filter(event=event)}


def test_what_somebody_attended_stays_theirs_when_the_place_is_handed_over(place, someone, said):
    event, anna, ben = place.event, place.person, someone("本明")
    arrange_session(by=HOUSE, on=DAY, event=event, slot=Slot(
        title="第二日讲座", from_at=at("09:00", NEXT), until_at=at("10:00", NEXT), room="一号厅"))
    gate = phone(event, "东门", OPEN)
    assert gate.scan(place, at("08:50")) == "in"
    gate.sync(at("12:00"))
    close(event)
    before = by_person(event)
    row = handed_on(place, at("18:00"), person=ben)
    gate.learn(at("08:00", NEXT))
    assert gate.scan(row, at("08:50", NEXT)) == "in"
    gate.sync(at("12:00", NEXT))
    said()
    for day in (FIRST, NEXT):
        close(event, day=day, on=AFTER, moment=at("01:20", AFTER))
    assert before == {one for one in by_person(event) if one[0] == str(anna)}
    assert [body["person"] for body in confirmed(said)] == [str(ben.ref)]
    assert {(one[0], one[1]) for one in by_person(event)} == {(str(anna), FIRST), (str(ben), NEXT)}
    assert counted(event).on_site == 2


def test_two_who_share_a_day_are_two_and_who_has_the_place_now_is_let_in(place, someone):
    event, ben = place.event, someone("本明")
    gate, late = phone(event, "东门", OPEN), phone(event, "西门", OPEN)
    gate.scan(place, at("08:50"))
    gate.sync(at("09:00"))
    late.push(clock=late.clock(at("09:30")), way="out", told="out", code=place.code)  # handed in after the hand-over
    row = handed_on(place, at("09:40"), person=ben)
    gate.learn(at("09:45"))
    gate.sync(at("09:45"))
    assert gate.scan(row, at("09:50")) == "in"
    gate.sync(at("12:00"))
    late.sync(at("12:01"))
    close(event)
    anna = str(place.formers.get().person)
    assert {(one[0], one[3]) for one in by_person(event)} == {(anna, 30), (str(ben), 40)}
    assert {row.turn for row in Attendance.objects.filter(event=event)} == {0, 1}


def test_who_came_and_then_gave_the_place_back_was_there(place):
    gate = phone(place.event, "东门", OPEN)
    gate.scan(place, at("08:50"))
    gate.sync(at("09:00"))
    cancel_registration(by=HOUSE, on=FIRST, at=at("12:00"), registration=place)
    assert close(place.event) == 1
    assert [one[0] for one in by_person(place.event)] == [str(place.person)]


def test_one_event_that_cannot_be_closed_keeps_no_other_waiting_and_is_shown(event, draft, approve, monkeypatch):
    other = approve(draft(title="另一场会议"))
    [one] = crowd(other, 1)
    gate = phone(other, "东门", OPEN)
    gate.scan(one, at("08:40"))
    gate.sync(at("09:00"))
    true = closing_days.close_day

    def broken(**given):
        if given["event"] == event:
            raise RuntimeError("broken")
        return true(**given)

    monkeypatch.setattr(closing_days, "close_day", broken)
    with pytest.raises(closing_days.DaysLeft, match=str(event.ref)):
        closing_days.close_days(on=NEXT)
    assert Attendance.objects.filter(event=other).count() == 1


def test_who_held_a_place_before_is_what_the_facts_say(place, someone, sealed):
    for number, name in enumerate(("本明", "可欣"), start=1):
        handed_on(place, at(f"0{number}:00"), person=someone(name))
    sealed()
    folded, now = [], {}
    for fact in SealedFact.objects.filter(type__startswith="events.registration.").order_by("position"):
        if fact.body.get("what") == "transferred":
            folded.append((fact.body["registration"], now[fact.body["registration"]]))
        now[fact.body["registration"]] = fact.body["person"]
    assert folded == [(str(one.registration.ref), str(one.person.ref)) for one in FormerHolder.objects.order_by("pk")]
    assert now == {str(place.ref): str(place.person.ref)} and place.turn == len(folded) == 2
