"""The seat path: who has a pass is answered, quickly and within bounds; who has none gets nothing."""

import io
import json
from datetime import date, timedelta
from urllib.parse import urlencode

import pytest
from django.db import DatabaseError

from xinglin.directory.actions.people import register_person
from xinglin.directory.models import Person
from xinglin.directory.security import before_middleware
from xinglin.directory.security.actions.accounts import open_account
from xinglin.directory.security.models import LogEntry
from xinglin.directory.security.sessions import end_sessions
from xinglin.kernel import clock
from xinglin.kernel.actors import house
from xinglin.mechanics.booking import answering, lean
from xinglin.mechanics.booking.models import Arrival, Hold, Pool, Waiting
from xinglin.mechanics.booking.passes import give_pass, read_pass, renewed, sealed
from xinglin.mechanics.booking.queueing import lot_of, open_queue
from xinglin.mechanics.booking.setting import change_item

from .test_booking import OWNER, one, who

pytestmark = [pytest.mark.django_db, pytest.mark.on_postgres_too]


@pytest.fixture(autouse=True)
def forgetful():
    """A process that has just started: nothing remembered, nobody counted."""
    for memory in (answering.cards, answering.queues, answering.lefts, answering.gone):
        memory.found.clear()
    for pace in (lean.PACE, before_middleware.LOGGED, before_middleware.LOGGED_IN_ALL):
        pace.seen.clear()


def ask(name, one_pass, *, method="POST", length=None, host="testserver", **values):
    """Ask the seat path as a browser would and return status, values and headers."""
    body, said = urlencode(values).encode(), {}
    environ = {"PATH_INFO": f"/seats/{name}", "REQUEST_METHOD": method, "HTTP_X_SEAT_PASS": one_pass,
               "HTTP_HOST": host, "REMOTE_ADDR": "192.0.2.7",
               "CONTENT_LENGTH": str(len(body)) if length is None else length, "wsgi.input": io.BytesIO(body)}
    answer = lean.answer(environ, lambda line, headers: said.update(status=int(line[:3]), headers=dict(headers)))
    return said["status"], json.loads(b"".join(answer)), said["headers"]


def pass_for(number, item=None, **options):
    return give_pass(who=who(number), at=clock.now(), items=[item.pk] if item else [], **options)


def test_a_pass_holds_a_place_and_ten_tabs_hold_it_once():
    item = one(capacity=5, limit=3)
    status, said, headers = ask("hold", pass_for(1, item), item=item.pk)
    assert (status, said["state"], said["quantity"], said["again"]) == (200, "held", 1, False)
    assert headers["Cache-Control"] == "no-store"
    again = ask("hold", pass_for(1, item), item=item.pk)[1]
    assert again["token"] == said["token"] and again["again"]
    other = ask("hold", pass_for(1, item, purpose="cart:2"), item=item.pk)[1]
    assert other["token"] != said["token"]
    assert Pool.objects.get().taken == 2


@pytest.mark.parametrize("spoil", [
    lambda good: "", lambda good: good[:-1] + ("A" if good[-1] != "A" else "B"), lambda good: "A" + good,
    lambda good: "x" * 5000, lambda good: "é" * 60,
])
def test_without_a_pass_of_ours_nothing_happens(spoil):
    item = one()
    status, said, _headers = ask("hold", spoil(pass_for(1, item)), item=item.pk)
    assert (status, said) == (403, {"reason": "pass"})
    assert not Hold.objects.exists()


def test_a_pass_ends_and_is_renewed_for_four_hours_at_most():
    now = clock.now()
    text = give_pass(who=who(1), at=now)
    assert read_pass(text, at=now + timedelta(minutes=29)).who == who(1)
    assert read_pass(text, at=now + timedelta(minutes=30)) is None
    at, last = now, text
    while (found := read_pass(last, at=at)) is not None:
        at, last = at + timedelta(minutes=20), renewed(found, at=at)
    assert timedelta(hours=4) <= at - now <= timedelta(hours=4, minutes=20)
    assert sealed(read_pass(text, at=now)) == text


def test_a_pass_serves_its_items_only():
    item, other = one(), one(pool="room", code="other")
    assert ask("hold", pass_for(1, item), item=other.pk)[:1] == (409,)
    assert ask("hold", pass_for(1, item), item="x")[:2] == (400, {"reason": "input"})
    assert ask("wait", pass_for(1, item), item=other.pk)[0] == 409
    assert not Hold.objects.exists()


def test_what_is_no_request_of_ours_is_refused():
    item = one()
    assert ask("nothing", pass_for(1, item))[0] == 404
    assert ask("hold", pass_for(1, item), method="GET", item=item.pk)[0] == 405
    assert ask("hold", pass_for(1, item), length="many")[0] == 400
    assert ask("hold", pass_for(1, item), length="99999")[0] == 400
    assert ask("join", pass_for(1, item))[0] == 404
    assert ask("left", pass_for(1, item), host="elsewhere.example")[0] == 400
    for quantity in ("9" * 30, "-1", "1001"):
        assert ask("hold", pass_for(1, item), item=item.pk, quantity=quantity)[1]["reason"] == "quantity"


@pytest.mark.parametrize("wrong", [RuntimeError, AssertionError, OverflowError, DatabaseError])
def test_whatever_goes_wrong_is_said_as_json_and_written_down(wrong, monkeypatch, caplog):
    monkeypatch.setitem(answering.VERBS, "left", lambda *given: (_ for _ in ()).throw(wrong("broken")))
    status, said, headers = ask("left", pass_for(1))
    assert (status, said["reason"], headers["Retry-After"]) == (503, "busy", "2")
    assert "broken" in caplog.text


def test_who_was_signed_out_or_stopped_asks_in_vain_until_a_page_is_opened_again():
    item, person = one(capacity=5), register_person(by=house("t"), on=date(2026, 3, 2), name="周宁")
    account = open_account(by=house("t"), on=date(2026, 3, 2), username="zhou", active=True,
                           person=Person.objects.get(pk=person.key))
    texts = [give_pass(who=name, at=clock.now(), items=[item.pk]) for name in (account.ref, person)]
    assert [ask("left", text)[0] for text in texts] == [200, 200]
    end_sessions(account=account)
    assert [ask("hold", text, item=item.pk)[0] for text in texts] == [403, 403]
    assert not Hold.objects.exists()
    assert ask("hold", give_pass(who=person, at=clock.now(), items=[item.pk]), item=item.pk)[0] == 200


def test_refusals_stand_in_the_security_log_once_a_minute_for_an_address():
    for _time in range(5):
        ask("left", "forged")
    for _time in range(40):
        ask("left", pass_for(1))
    assert list(LogEntry.objects.values_list("kind", "ip", "detail")) == [("refused", "192.0.2.7", "/seats/left")]


def test_who_asks_500_times_a_second_is_told_to_wait_and_others_are_not():
    item = one(capacity=1)
    found = [ask("hold", pass_for(1, item), item=item.pk)[0] for _ in range(100)]
    assert found.count(200) < 40 and found.count(429) > 60
    assert ask("hold", pass_for(1, item), item=item.pk)[2]["Retry-After"] == "2"
    assert ask("left", pass_for(2, item))[0] == 200
    assert Hold.objects.count() == 1


def test_who_comes_too_late_is_answered_from_memory():
    item = one(capacity=1)
    ask("hold", pass_for(1, item), item=item.pk)
    status, said, _headers = ask("hold", pass_for(2, item), item=item.pk)
    assert (status, said["reason"], said["left"]) == (409, "sold_out", 0)
    assert said["message"] == "名额此刻已满。"  # in the language of the pass
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(answering.holding, "grant", lambda *args, **rest: pytest.fail("asked the database"))
        assert ask("hold", pass_for(3, item), item=item.pk)[0] == 409
    assert ask("hold", pass_for(1, item), item=item.pk)[1]["again"]  # who has a place is shown it


def test_before_the_turn_a_place_is_refused_and_the_number_is_carried_in_the_pass():
    item = one(capacity=5)
    queue = open_queue(owner=OWNER, code="q", opens_at=clock.now() - timedelta(seconds=1), rate=0.5)
    change_item(item=item.pk, queue=queue, at=clock.now())
    mine = [pass_for(number, item, queue=queue.pk) for number in range(3)]
    places = [ask("join", text)[1] for text in mine]
    assert [place["number"] for place in places] == [1, 2, 3]
    assert places[2]["ahead"] >= 1 and places[2]["left"][str(item.pk)]["left"] == 5
    assert ask("hold", places[2]["pass"], item=item.pk)[1]["reason"] == "not_your_turn"
    assert ask("hold", mine[2], item=item.pk)[1]["reason"] == "not_your_turn"  # the old pass knows no number yet
    again = ask("place", places[2]["pass"])[1]
    assert again["number"] == 3 and not again["admitted"]
    assert Arrival.objects.count() == 3
    queue.refresh_from_db()
    queue.admitted = 3
    queue.save()
    answering.queues.found.clear()
    assert ask("hold", places[2]["pass"], item=item.pk)[0] == 200


def test_who_joins_before_the_opening_sees_their_lot_and_gets_a_number_at_it():
    item = one(capacity=5)
    queue = open_queue(owner=OWNER, code="q", opens_at=clock.now() + timedelta(minutes=1), rate=0.5)
    change_item(item=item.pk, queue=queue, at=clock.now())
    assert ask("place", pass_for(3, item, queue=queue.pk))[1]["joined"] == 0  # asked for one's place, one joins
    joined = ask("join", pass_for(1, item, queue=queue.pk))[1]
    assert (joined["number"], joined["admitted"]) == (None, False)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(answering.queueing, "arrival_of", lambda **given: pytest.fail("asked the database"))
        again = ask("place", joined["pass"])[1]
    assert again["lot"] == joined["lot"] == Arrival.objects.get(who=who(1)).lot == lot_of(seed=queue.seed, who=who(1))
    queue.opens_at = clock.now() - timedelta(seconds=1)
    queue.save()
    answering.queues.found.clear()
    numbers = [ask("place", text)[1]["number"] for text in (again["pass"], pass_for(3, item, queue=queue.pk))]
    assert sorted(numbers) == [1, 2]


def test_the_waiting_list_is_joined_seen_and_left_by_its_owner_only():
    item = one(capacity=1)
    held = ask("hold", pass_for(1, item), item=item.pk)[1]
    line = ask("wait", pass_for(2, item), item=item.pk)[1]
    assert (line["state"], line["position"]) == ("waiting", 1)
    assert ask("waits", pass_for(2, item), token=line["token"])[1]["position"] == 1
    assert ask("waits", pass_for(3, item), token=line["token"])[0] == 409
    assert ask("leave", pass_for(3, item), token=line["token"])[0] == 409
    assert ask("release", pass_for(3, item), token=held["token"])[0] == 409
    assert ask("release", pass_for(1, item), token=held["token"])[1] == {"state": "released"}
    assert ask("waits", pass_for(2, item), token=line["token"])[1]["offered"]
    third = ask("wait", pass_for(3, item), item=item.pk)[1]
    assert ask("leave", pass_for(3, item), token=third["token"])[1] == {"state": "left"}
    assert Waiting.objects.filter(state="left").count() == 1


def test_the_site_hands_on_what_is_not_a_seat():
    site = lean.with_seats(lambda environ, start: [environ["PATH_INFO"].encode()])
    assert list(site({"PATH_INFO": "/members/"}, None)) == [b"/members/"]
