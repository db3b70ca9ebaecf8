"""One's own programme: stars, places of sessions on the page, and the calendar one subscribes to."""

from dataclasses import replace
from decimal import Decimal

import pytest
from django.urls import reverse
from icalendar import Calendar

from xinglin.engines.events.actions.handing_over import transfer_registration
from xinglin.engines.events.actions.ordering import Payer
from xinglin.engines.events.actions.orders import place_order
from xinglin.engines.events.actions.programme import Slot, arrange_session
from xinglin.engines.events.actions.signing_up import sign_up
from xinglin.engines.events.offering import PoolLine
from xinglin.engines.events.places import Party
from xinglin.engines.events.registrations import Registration
from xinglin.engines.events.schedules import Schedule, Star
from xinglin.engines.events.sign_up import sessions_of
from xinglin.kernel import clock

from .conftest import DAY, HOUSE, actor, at
from .selling import NOW, enrol, guest, selling, sheet, take
from .test_web_registering import NOBODY

__all__ = ["selling"]
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def at_ten(monkeypatch):
    """It is ten o'clock of the day the sale opened."""
    monkeypatch.setattr(clock, "now", lambda: NOW)


@pytest.fixture
def free(selling):
    """An event free of charge with a workshop of one place, and another at the same time."""
    event = selling(prices=tuple(replace(one, amount=Decimal(0)) for one in sheet().prices),
                    pools=(PoolLine(code="hall", title="一号厅", capacity=9), sheet().pools[1]))
    rows = [arrange_session(by=HOUSE, on=DAY, event=event, at=NOW, slot=Slot(
        title=title, room=title, from_at=at(begins), until_at=at(ends), places=places))
        for title, begins, ends, places in (("超声实操", "13:00", "14:00", 1), ("起搏实操", "13:30", "14:30", 9))]
    return event, *rows


def send(client, url, session, what, **given):
    return client.post(url, {"session": session.pk, "do": what, **given})


def ics(client, url):
    """Return the titles in the calendar of a page."""
    key = Schedule.objects.get().key if isinstance(url, str) else url.key
    answer = client.get(reverse("events:programme_feed", args=[key]))
    return [str(one["summary"]) for one in Calendar.from_ical(answer.content).walk("VEVENT")]


def test_a_person_stars_signs_up_and_reads_it_in_a_calendar(free, someone, visit):
    event, echo, pace = free
    wang = someone()
    row = enrol(event, wang.ref)
    client, url = visit(actor(person=wang)), reverse("events:my_programme", args=[event.pk])
    site = reverse("events:site", args=[event.pk])
    assert url in client.get(site).content.decode()
    plain = event.sessions.get(title="冠心病介入进展")
    assert send(client, url, plain, "star", site="1").url == f"{site}#s{plain.pk}"
    assert 'aria-pressed="true"' in client.get(site).content.decode()
    assert send(client, url, echo, "sign_up").status_code == 302
    assert send(client, url, echo, "sign_up").status_code == 302  # two clicks
    assert sessions_of(row) == [echo]
    answer = send(client, url, pace, "sign_up")
    assert answer.status_code == 422
    assert "超声实操" in answer.content.decode()
    page = client.get(url).content.decode()
    assert ("起搏实操" not in page, "超声实操" in page) == (True, True)
    assert "起搏实操" in client.get(f"{url}?all=1").content.decode()
    assert ics(visit(NOBODY), url) == ["冠心病介入进展", "超声实操"]
    client = visit(actor(person=wang))
    client.post(reverse("events:renew_programme", args=[Schedule.objects.get().key]))
    send(client, url, plain, "unstar")
    send(client, url, echo, "sign_off")
    assert (ics(visit(NOBODY), url), Star.objects.count()) == ([], 0)


def test_who_bears_the_key_of_a_place_reads_nothing_of_where_its_person_is_elsewhere(free, someone, visit):
    event, echo, _pace = free
    wang = someone()
    row = enrol(event, wang.ref, party={"person": wang})
    mine, shared = reverse("events:my_programme", args=[event.pk]), reverse("events:own_programme", args=[row.key])
    own = visit(actor(person=wang)).get(mine).context["calendar"]
    assert visit(actor(person=wang)).get(shared).context["calendar"] == own
    client = visit(NOBODY)
    other = client.get(shared).context["calendar"]
    assert other != own
    sign_up(by=HOUSE, on=DAY, at=NOW, registration=row, session=echo)
    assert ics(client, Schedule.objects.get(key=other)) == ["超声实操"]


def test_an_old_address_of_a_calendar_is_dead(free, someone, visit):
    event, _echo, _pace = free
    client, url = visit(actor(person=someone())), reverse("events:my_programme", args=[event.pk])
    client.get(url)
    old = Schedule.objects.get().key
    assert client.post(reverse("events:renew_programme", args=[old]), {"back": url}).url == url
    assert client.post(reverse("events:renew_programme", args=[old])).status_code == 404
    assert client.get(reverse("events:programme_feed", args=[old])).status_code == 404


def test_who_bears_the_address_of_a_registration_waits_and_takes_what_is_offered(free, visit):
    event, echo, _pace = free
    first, second = enrol(event, guest(1)), enrol(event, guest(2))
    sign_up(by=HOUSE, on=DAY, at=NOW, registration=first, session=echo)
    client, url = visit(NOBODY), reverse("events:own_programme", args=[second.key])
    assert url in client.get(reverse("events:own", args=[second.key])).content.decode()
    assert send(client, url, echo, "sign_up").status_code == 422
    assert send(client, url, echo, "wait").status_code == 302
    assert "第 1" in client.get(url + "?all=1").content.decode()
    send(visit(NOBODY), reverse("events:own_programme", args=[first.key]), echo, "sign_off")
    assert 'value="sign_up"' in client.get(url + "?all=1").content.decode()
    send(client, url, echo, "sign_up")
    assert sessions_of(second) == [echo]
    assert send(client, url, echo, "star").status_code == 302
    assert send(client, url, echo, "nonsense").status_code == 422
    assert client.post(url, {"session": "x", "do": "star"}).status_code == 404
    assert client.get(reverse("events:own_programme", args=["none"])).status_code == 404


def test_leaving_the_list_of_a_session(free, visit):
    event, echo, _pace = free
    first, second = enrol(event, guest(1)), enrol(event, guest(2))
    sign_up(by=HOUSE, on=DAY, at=NOW, registration=first, session=echo)
    client, url = visit(NOBODY), reverse("events:own_programme", args=[second.key])
    send(client, url, echo, "wait")
    send(client, url, echo, "leave")
    assert 'value="wait"' in client.get(url + "?all=1").content.decode()


def test_a_place_handed_over_has_another_programme_and_calendar(free, visit):
    event, echo, pace = free
    row = enrol(event, guest(1), party={"email": "zhou@example.org"})
    client = visit(NOBODY)
    send(client, reverse("events:own_programme", args=[row.key]), echo, "sign_up")
    send(client, reverse("events:own_programme", args=[row.key]), pace, "star")
    client.get(reverse("events:own_programme", args=[row.key]))
    before = Schedule.objects.get()
    assert ics(client, before) == ["超声实操", "起搏实操"]
    row = transfer_registration(by=HOUSE, on=DAY, at=NOW, registration=row,
                                to=Party(name="吴双", email="wu@example.org"))
    assert ics(client, before) == ["起搏实操"]  # what they signed up for is somebody else's now
    page = client.get(reverse("events:own_programme", args=[row.key])).content.decode()
    assert "超声实操" in page
    assert before.key not in page


def test_who_ordered_for_many_has_no_programme_of_a_colleague(free, visit):
    event, echo, _pace = free
    client = visit(actor())  # an account without an entry in the directory
    held = take(event, actor().ref, quantity=2)
    place_order(by=actor(), on=DAY, at=NOW, token=held.token, payer=Payer(name="医院"), parties=[Party(name="周宁")])
    url = reverse("events:my_programme", args=[event.pk])
    assert "visitor" in client.get(url).url
    mine = enrol(event, actor().ref)
    send(client, url, echo, "sign_up")
    assert sessions_of(mine) == [echo]


def test_nobody_known_is_led_to_registering_and_another_person_has_another_programme(free, someone, visit):
    event, echo, _pace = free
    url = reverse("events:my_programme", args=[event.pk])
    assert "visitor" in visit(NOBODY).get(url).url
    assert 'name="do"' not in visit(NOBODY).get(reverse("events:site", args=[event.pk])).content.decode()
    send(visit(actor(person=someone())), url, echo, "star")
    assert send(visit(actor(person=someone("李小红"))), url, echo, "sign_up").status_code == 422  # not registered
    assert not Registration.objects.exists()
    assert Schedule.objects.count() == 2
