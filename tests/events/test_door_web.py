"""Pages of the doors: what a phone asks the server, what the organiser sees and decides, who may watch."""

import json
from datetime import datetime, time, timedelta
from decimal import Decimal

import pypdfium2
import pytest
from django.db.models import QuerySet
from django.utils import timezone

from tests.membership.conftest import actor
from xinglin.engines.events import tickets
from xinglin.engines.events.actions.doors import enrol_device, revoke_device
from xinglin.engines.events.actions.handing_over import claim_registration
from xinglin.engines.events.actions.programme import Slot, arrange_session
from xinglin.engines.events.attendances import Attendance
from xinglin.engines.events.badges import badges_pdf
from xinglin.engines.events.doors import DoorScan
from xinglin.engines.events.entering import open_half_hours
from xinglin.engines.events.gate_lists import known_of, millis
from xinglin.engines.events.live import halls, hours, watched
from xinglin.engines.events.meetings import Event
from xinglin.engines.events.offering import PriceLine
from xinglin.engines.events.offers import Ticket
from xinglin.engines.events.programme import Session
from xinglin.engines.events.registrations import Registration
from xinglin.engines.events.walk_ins import walk_in
from xinglin.engines.events.watching_policy import may_watch
from xinglin.kernel import clock
from xinglin.mechanics.booking.values import NotBooked
from xinglin.mechanics.presence.models import Sitting, Stretch

from .conftest import DAY, FIRST, HOUSE, OFFICE, at
from .phones import crowd, phone, written
from .selling import enrol as register_one
from .selling import (
    guest,
    selling,  # noqa: F401
)

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()


@pytest.fixture
def event(draft, approve):
    """A hybrid event of today and tomorrow, with a session that is on now."""
    event = draft(sessions=False, from_on=TODAY, until_on=TODAY + timedelta(days=2), format="hybrid", heads_online=9)
    begin = timezone.make_aware(datetime.combine(TODAY, time()))
    arrange_session(by=HOUSE, on=DAY, event=event, slot=Slot(
        title="全天讲座", from_at=begin, until_at=begin + timedelta(days=1), room="一号厅", online=True,
        stream="https://live.example.org/a.m3u8", recording="https://live.example.org/r.m3u8"))
    return approve(event)


@pytest.fixture
def gate(event, client):
    """Enrol a phone over the wire and return what it asks with its token."""
    made = enrol_device(by=HOUSE, on=TODAY, at=clock.now(), event=event, gate="东门")
    answer = client.post("/events/door/enrol/", json.dumps({"code": made.code}), content_type="application/json")
    token = answer.json()["token"]

    def ask(name, body=None, token=token):
        headers = {"authorization": f"Gate {token}"}
        if body is None:
            return client.get(f"/events/door/{name}/", headers=headers)
        return client.post(f"/events/door/{name}/", json.dumps(body), content_type="application/json", headers=headers)

    ask.device, ask.token = made.device, token
    return ask


def said(number, way="in", **given):
    return {"n": number, "at": millis(clock.now()), "way": way, "told": way, **given}


def batch(*scans, **given):
    return {"sent": millis(clock.now()), "since": 0, "waiting": 0, "scans": list(scans), **given}


def test_the_page_can_be_installed_and_its_worker_answers_for_the_gate_alone(client):
    page = client.get("/events/door/")
    assert page.status_code == 200 and b"events/door/app.js" in page.content
    worker = client.get("/events/door/worker.js")
    assert worker["Content-Type"] == "text/javascript" and b'"/static/events/door/judge.js"' in worker.content
    assert client.get("/events/door/manifest.webmanifest").json()["scope"] == "/events/door/"
    assert "'unsafe" not in page["Content-Security-Policy"]


def test_without_a_token_nothing_is_told_and_none_is_taken(client, gate, event):
    crowd(event, 1)
    for token in ("", "x", gate.token[:-1]):
        assert gate("list", token=token).status_code == 401
        assert gate("sync", batch(), token=token).status_code == 401
        assert gate("walk-in", {"name": "某人", "key": "1"}, token=token).status_code == 401
    assert client.get("/events/door/list/").status_code == 401
    for code in ("", "NOSUCHCODE00", 7, None):
        answer = client.post("/events/door/enrol/", json.dumps({"code": code}), content_type="application/json")
        assert answer.status_code == 403
    assert client.post("/events/door/enrol/", "{", content_type="application/json").status_code == 403


def test_a_list_says_no_more_of_anybody_than_the_door_needs(gate, event):
    [one] = crowd(event, 1, mobile="13900001111", email="a@example.org", unit_name="江海医院")
    answer = gate("list")
    assert answer["Cache-Control"] == "no-store"
    assert set(answer.json()["known"]["people"][str(one.pk)]) == {
        "tag", "code", "state", "name", "class", "ticket", "on_site", "days", "signed", "slots", "risk"}
    assert all(word not in answer.content.decode() for word in ("13900001111", "a@example.org", "江海医院"))
    assert len(answer.json()["known"]["keys"][0]) == 64


def test_a_phone_hands_in_and_learns_what_others_saw_and_that_its_list_is_old(gate, event, sealed):
    one, other = crowd(event, 2)
    first = gate("sync", batch(said(1, ticket=tickets.ticket_text(one)))).json()
    assert (first["taken"], [scan["person"] for scan in first["scans"]]) == (1, [one.pk])
    west = phone(event, "西门", clock.now())
    west.scan(other, clock.now())
    west.sync(clock.now())
    sealed()
    second = gate("sync", batch(since=first["since"])).json()
    assert gate("list").json()["list"] == second["list"]
    assert {scan["person"] for scan in second["scans"]} == {one.pk, other.pk} and second["list"] != first["list"]
    assert abs(second["now"] - millis(clock.now())) < 60_000
    gap = gate("sync", batch(said(9, ticket="X1")))
    assert gap.status_code == 409 and gap.json() == {"reason": "gap", "expected": 2}
    assert gate("sync", {"scans": 7}).status_code == 409 and gate("sync", "x" * 600_000).status_code == 409


def test_a_call_reads_nobodys_row_to_say_whether_the_list_is_old(gate, event, django_assert_max_num_queries):
    crowd(event, 50)
    with django_assert_max_num_queries(20) as asked:
        gate("sync", batch())
    assert not [one["sql"] for one in asked if "events_registration" in one["sql"] and "LIMIT" not in one["sql"]
                and "FROM \"events_registration\"" in one["sql"]]


def test_what_no_phone_of_ours_sends_is_no_error(gate, event, client):
    deep = "[" * 100_000 + "]" * 100_000
    for name in ("sync", "walk-in", "enrol"):
        answer = client.post(f"/events/door/{name}/", deep, content_type="application/json",
                             headers={"authorization": f"Gate {gate.token}"})
        assert answer.status_code in (400, 403, 409), name
    assert gate("enrol", {"code": "\ud800"}).status_code == gate("enrol", {"code": "\0"}).status_code == 403
    [one] = crowd(event, 1)
    for number, since in enumerate((2**60, -(2**70), 1.5, "x", None), start=1):
        answer = gate("sync", batch(said(number, ticket=tickets.ticket_text(one), check={"code": "\0"}), since=since))
        assert (answer.status_code, answer.json()["taken"]) == (200, number)
    assert gate("sync", batch(said(6, code="\0"), said(7, code="李\ud800"))).json()["taken"] == 7
    assert gate("sync", batch({**said(8), "told": "in\0"})).status_code == 409


def test_a_phone_of_one_event_says_nothing_of_another(gate, event, draft, approve):
    other = approve(draft(sessions=True, title="另一场会议", from_on=TODAY + timedelta(days=9),
                          until_on=TODAY + timedelta(days=10)))
    [stranger] = crowd(other, 1)
    assert str(stranger.pk) not in gate("list").json()["known"]["people"]
    gate("sync", batch(said(1, ticket=tickets.ticket_text(stranger)), said(2, code=stranger.code)))
    assert set(DoorScan.objects.values_list("standing", "registration")) == {("doubted", None)}


def test_a_revoked_phone_is_let_in_no_more(gate):
    revoke_device(by=HOUSE, on=TODAY, device=gate.device)
    assert gate("list").status_code == gate("sync", batch()).status_code == 401


def test_the_organiser_gives_a_gate_a_phone_and_decides_a_conflict(event, visit):
    [one] = crowd(event, 1)
    client = visit(OFFICE)
    page = f"/events/{event.pk}/doors/"
    assert client.get(page).status_code == 200
    empty = client.post(f"{page}enrol/", {"gate": "", "often": "day"})
    assert empty.status_code == 422
    with clock.pretending(TODAY):
        answer = client.post(f"{page}enrol/", {"gate": "东门", "often": "day"})
        assert answer.status_code == 200 and "x-code" in answer.content.decode()
        other = client.post(f"{page}enrol/", {"gate": "西门", "often": "block"})
        assert other.status_code == 422 and "K8" in other.content.decode()
    for name in ("南门", "北门"):
        gate = phone(event, name, clock.now())
        gate.scan(one, clock.now())
        gate.others = {}
        gate.sync(clock.now())
        DoorScan.objects.filter(device=gate.device).update(told="in")
    first = DoorScan.objects.get(device__gate="南门")
    late = phone(event, "中门", clock.now())
    late.push(clock=late.clock(clock.now()), way="in", told="in", ticket=tickets.ticket_text(one))
    late.sync(clock.now())
    twice = DoorScan.objects.filter(standing="twice").last()
    assert "一票两处签到" in client.get(page).content.decode()
    client.post(f"{page}scans/{twice.pk}/", {"stands": "yes"})
    twice.refresh_from_db()
    first.refresh_from_db()
    assert (twice.standing, twice.chosen, first.standing) == ("admitted", True, "twice")
    assert client.post(f"{page}scans/{twice.pk}/", {"stands": "yes"}).status_code == 404
    assert client.get(f"{page}live/").status_code == 200


def test_only_those_who_run_the_event_see_its_doors(event, visit, surgery):
    [one] = crowd(event, 1)
    for who in (actor("member"), actor("branch_chair", where=surgery)):
        client = visit(who)
        for path in ("doors/", "doors/live/", "badges.pdf", f"badges/{one.pk}.pdf"):
            assert client.get(f"/events/{event.pk}/{path}").status_code == 403
        assert client.post(f"/events/{event.pk}/doors/enrol/", {"gate": "东门", "often": "day"}).status_code == 403
        assert client.post(f"/events/{event.pk}/doors/close/{TODAY}/").status_code == 403


def test_a_day_is_closed_by_the_button(event, visit):
    [one] = crowd(event, 1)
    gate = phone(event, "东门", clock.now())
    gate.scan(one, clock.now())
    gate.sync(clock.now())
    client = visit(OFFICE)
    with clock.pretending(TODAY):
        assert client.post(f"/events/{event.pk}/doors/close/{TODAY}/").status_code == 409
    with clock.pretending(TODAY + timedelta(days=1)):
        assert client.post(f"/events/{event.pk}/doors/close/{TODAY}/").status_code == 302
        for wrong in ("2020-01-01", "soon"):
            assert client.post(f"/events/{event.pk}/doors/close/{wrong}/").status_code == 404
    assert Attendance.objects.get().registration == one


def test_badges_are_sheets_or_one_and_the_badge_is_the_ticket(event, visit):
    people = crowd(event, 11, unit_name="江海省第一人民医院（虚构）", role="speaker")
    client = visit(OFFICE)
    sheet = client.get(f"/events/{event.pk}/badges.pdf")
    assert sheet["Content-Type"] == "application/pdf" and sheet.content.startswith(b"%PDF")
    one = client.get(f"/events/{event.pk}/badges/{people[0].pk}.pdf")
    assert one.status_code == 200
    assert len(pypdfium2.PdfDocument(sheet.content)) == 2 and len(pypdfium2.PdfDocument(one.content)) == 1
    assert badges_pdf(event=event, registrations=people[:1], single=True, on=TODAY)
    assert client.get(f"/events/{event.pk}/badges/999999.pdf").status_code == 404


def test_live_figures_say_who_is_inside_and_who_watches(event):
    one, other, third = crowd(event, 3)
    gate, at = phone(event, "东门", clock.now()), clock.now()
    for who, way in ((one, "in"), (other, "in"), (one, "out")):
        gate.scan(who, at, way=way)
    gate.sync(at)
    [hall] = halls(event, at=at)
    assert (hall.inside, hall.admitted) == (1, 2)
    assert hours(event, at=at)[1] == [{"gate": "东门", "counts": [2], "total": 2}]
    session = event.sessions.get()
    for who, begin, end in ((one, 0, 30), (other, 10, 20), (third, 40, 50), (third, 45, 55)):
        row = Sitting.objects.create(
            person=who.ref, session=session.ref, kind="live", opened_at=at, proof_at=at, beat_at=at,
            ended_at=None if (who, begin) == (one, 0) else at)
        Stretch.objects.create(sitting=row, from_at=at + timedelta(minutes=begin - 60),
                               until_at=at + timedelta(minutes=end - 60))
    [found] = watched(event, at=at)
    assert (found.now, found.audience.unique, found.audience.peak) == (1, 3, 2)


def test_who_may_watch(event, visit, someone):
    person = someone()
    session = event.sessions.get()
    [mine] = crowd(event, 1, person=person)
    assert may_watch(session=session, registrations=[mine])
    assert not may_watch(session=session, registrations=[])
    assert not may_watch(session=Session(event=event, online=False), registrations=[mine])
    held = Registration(event=event, ticket=mine.ticket, state="held", name="甲")
    assert not may_watch(session=session, registrations=[held])
    hall_only = Event(pk=event.pk, format="on_site")
    assert not may_watch(session=Session(event=hall_only, online=True), registrations=[mine])
    [online] = written(Ticket, [Ticket(event=event, code="o", title="线上", channel="online", item=0, group_item=0)])
    watcher = Registration(event=event, ticket=online, state="confirmed", name="乙")
    assert may_watch(session=Session(event=hall_only, online=True), registrations=[watcher])


def test_my_day_leads_to_the_stream_and_only_the_registered_see_it(event, visit, someone):
    QuerySet(Event).filter(pk=event.pk).update(state="open")
    person, session = someone(), event.sessions.get()
    watch, day = f"/events/{event.pk}/watch/{session.pk}/", f"/events/{event.pk}/my-day/"
    client = visit(actor("member", person=person))
    assert client.get(watch).status_code == 403 and watch not in client.get(day).content.decode()
    crowd(event, 1, person=person)
    page = client.get(day).content.decode()
    assert watch in page and "正在进行" in page
    shown = client.get(watch).content.decode()
    assert 'data-kind="live"' in shown and "https://live.example.org/a.m3u8" in shown
    begin = timezone.now() - timedelta(hours=30)
    QuerySet(Session).filter(pk=session.pk).update(from_at=begin, until_at=begin + timedelta(hours=1))
    assert 'data-kind="recording"' in client.get(watch).content.decode()
    QuerySet(Session).filter(pk=session.pk).update(recording="")
    assert "data-kind" not in client.get(watch).content.decode()
    assert client.get(f"{day}?day=nonsense").status_code == 200


def test_whoever_comes_without_a_ticket_is_registered_at_the_gate_once(selling, client):  # noqa: F811
    event = selling(event={"from_on": TODAY, "until_on": TODAY + timedelta(days=1)},
                    opens_at=timezone.now() - timedelta(days=200), closes_at=timezone.now() + timedelta(days=1))
    made = enrol_device(by=HOUSE, on=TODAY, at=clock.now(), event=event, gate="东门")
    token = client.post("/events/door/enrol/", json.dumps({"code": made.code}),
                        content_type="application/json").json()["token"]

    def ask(**body):
        return client.post("/events/door/walk-in/", json.dumps(body), content_type="application/json",
                           headers={"authorization": f"Gate {token}"})

    first = ask(name="孙来", key="abc")
    assert first.status_code == 200, first.content
    assert ask(name="孙来", key="abc").json() == first.json()
    [row] = Registration.objects.filter(event=event)
    assert (row.name, row.state, first.json()["code"]) == ("孙来", "held", "")  # 800 yuan are paid at the desk first
    for body in ({"name": "", "key": "x"}, {"key": "x"}, {"name": "孙\0", "key": "x"}, {"name": "\ud800", "key": "x"}):
        assert ask(**body).status_code == 400
    for key in ("k" * 64, "a b", "甲"):
        assert ask(name="孙来", key=key).status_code == 409


def test_under_the_pack_whoever_comes_without_a_ticket_has_the_half_hour_that_is_on(selling):  # noqa: F811
    event = selling(event={"pack": True}, prices=tuple(
        PriceLine(ticket=code, amount=Decimal(0)) for code in ("full", "student", "online")), questions=())
    open_half_hours(event=event, from_time=time(8), until_time=time(9), places=1, at=at("07:00", DAY))
    device = enrol_device(by=HOUSE, on=FIRST, at=at("07:30"), event=event, gate="东门").device
    row = walk_in(device=device, name="孙来", key="a", at=at("08:05"))
    [slot] = known_of(device)["people"][str(row.pk)]["slots"]
    assert slot == millis(at("08:00"))
    for moment in ("08:10", "09:10"):  # it is full; then the doors are closed
        with pytest.raises(NotBooked):
            walk_in(device=device, name="李来", key="b", at=at(moment))
    assert Registration.objects.filter(event=event).count() == 1


def test_whoever_takes_the_place_somebody_bought_for_them_watches(selling, someone, visit):  # noqa: F811
    event, person = selling(event={"format": "hybrid", "heads_online": 9}), someone("周宁")
    QuerySet(Session).filter(event=event, kind="lecture").update(online=True, stream="https://live.example.org/a.m3u8")
    row, lecture = register_one(event, guest(), "online"), Session.objects.get(event=event, kind="lecture")
    client = visit(actor("member", person=person))
    with clock.pretending(FIRST):
        refused = client.get(f"/events/{event.pk}/watch/{lecture.pk}/")
        assert refused.status_code == 403
        claim_registration(by=actor("member", person=person), on=FIRST, at=at("08:00"), key=row.key)
        assert client.get(f"/events/{event.pk}/watch/{lecture.pk}/").status_code == 200
