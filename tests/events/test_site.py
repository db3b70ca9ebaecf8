"""The open pages: what everybody may see of events, and what not yet."""

from datetime import date

import pytest
from django.urls import reverse
from icalendar import Calendar

from xinglin.directory.models import Organisation
from xinglin.engines.events.actions.deciding import cancel_event, file_event, open_registration
from xinglin.engines.events.actions.programme import Slot, Speaker, arrange_session
from xinglin.engines.events.timetable import days
from xinglin.kernel import clock

from .conftest import DAY, HOUSE, OFFICE, actor, at

pytestmark = pytest.mark.django_db


@pytest.fixture
def look(client):
    def get(name, *args, **query):
        with clock.pretending(DAY):
            return client.get(reverse(f"events:{name}", args=args), query)

    return get


def test_a_draft_is_nobodys_business_yet(draft, look, visit):
    event = draft()
    assert look("site", event.pk).status_code == 404
    assert event.title not in look("calendar").content.decode()
    runs = visit(actor("branch_secretary", where=event.organisation))
    assert runs.get(event.public_address).status_code == 200


def test_the_calendar_shows_what_was_agreed_to(draft, approve, look):
    event = approve(draft())
    page = look("calendar")
    assert event.title in page.content.decode()
    assert (page.context["number"], page.context["open"]) == (1, 0)
    file_event(by=OFFICE, on=DAY, event=event, number="7号")
    open_registration(by=HOUSE, on=DAY, at=at("09:00", DAY), event=event)
    assert look("calendar").context["open"] == 1


@pytest.mark.parametrize(("query", "number"), [
    ({"q": "心血管"}, 1), ({"q": "骨科"}, 0), ({"kind": "academic"}, 1), ({"kind": "forum"}, 0),
    ({"form": "online"}, 0), ({"form": "on_site"}, 1), ({"when": "past"}, 0), ({"branch": "x"}, 1),
    ({"when": "sometime", "page": "zero"}, 1)])
def test_conditions_of_the_calendar(draft, approve, look, query, number):
    approve(draft())
    assert look("calendar", **query).context["number"] == number


def test_conditions_by_organisation(draft, approve, look, surgery):
    event = approve(draft())
    assert look("calendar", branch=str(event.organisation_id)).context["number"] == 1
    assert look("calendar", branch=str(surgery.pk)).context["number"] == 0
    assert Organisation.objects.filter(pk=surgery.pk).exists()


def test_an_event_called_off_stays_and_says_so(draft, approve, look):
    event = approve(draft())
    cancel_event(by=HOUSE, on=DAY, at=at("09:00", DAY), event=event, reason="场地停用")
    assert "data-s=\"bad\"" in look("site", event.pk).content.decode()
    entries = Calendar.from_ical(look("feed").content).walk("VEVENT")
    assert [(str(one["summary"]), str(one["status"])) for one in entries] == [(event.title, "CANCELLED")]


def test_a_draft_called_off_was_never_public(draft, look):
    event = draft()
    cancel_event(by=HOUSE, on=DAY, at=at("09:00", DAY), event=event, reason="不办了")
    assert look("site", event.pk).status_code == 404


def test_the_programme_as_a_calendar(draft, approve, look, someone):
    event = draft()
    arrange_session(by=HOUSE, on=DAY, event=event, slot=Slot(
        title="心衰诊治", from_at=at("11:00"), until_at=at("12:00"), room="二号厅",
        speakers=(Speaker(person=someone("王小明"), unit="江海医院"),)))
    approve(event)
    response = look("event_feed", event.pk)
    assert response["Content-Type"].startswith("text/calendar")
    entries = Calendar.from_ical(response.content).walk("VEVENT")
    assert [str(one["summary"]) for one in entries] == ["开幕式", "冠心病介入进展", "心衰诊治"]
    assert str(entries[2]["description"]) == "王小明" and entries[2].decoded("dtstart") == at("11:00")
    assert "江海医院" in look("site", event.pk).content.decode()


def test_the_timetable_has_a_column_a_room_and_no_cell_where_a_session_goes_on(draft):
    event = draft()
    arrange_session(by=HOUSE, on=DAY, event=event, slot=Slot(
        title="全天工作坊", from_at=at("08:30"), until_at=at("10:30"), room="二号厅"))
    [day] = days(list(event.sessions.select_related("room")))
    assert [str(room) for room in day.rooms] == ["一号厅", "二号厅"]
    assert [[(str(cell.session), cell.rows) for cell in row.cells] for row in day.rows] == [
        [("开幕式", 1), ("全天工作坊", 2)], [("冠心病介入进展", 1)]]


def test_free_time_is_an_empty_cell(draft):
    event = draft()
    arrange_session(by=HOUSE, on=DAY, event=event, slot=Slot(
        title="晚场", from_at=at("19:00"), until_at=at("20:00"), room="二号厅"))
    [day] = days(list(event.sessions.select_related("room")))
    assert [len(row.cells) for row in day.rows] == [2, 2, 2, 2]
    assert [row.cells[1].session is None for row in day.rows] == [True, True, True, False]


def test_english_readers_get_english_where_there_is_some(draft, approve, look, client):
    event = approve(draft(title_en="East Cardiology Meeting"))
    client.cookies["django_language"] = "en"
    assert "East Cardiology Meeting" in look("site", event.pk).content.decode()
    assert event.from_on == date(2026, 5, 16)
