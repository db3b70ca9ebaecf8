"""The programme: clashes of people and rooms, over all events."""

from datetime import date

import pytest

from xinglin.engines.events.actions.closing import Figures, hold_event
from xinglin.engines.events.actions.programme import (
    OathStays,
    SessionHeld,
    Slot,
    Speaker,
    arrange_session,
    remove_session,
)
from xinglin.engines.events.actions.proposing import propose_event
from xinglin.engines.events.programme import Session
from xinglin.kernel.policy import Refusals

from .conftest import DAY, HOUSE, at

pytestmark = pytest.mark.django_db


def arrange(event, title, start, end, **given):
    return arrange_session(by=HOUSE, on=DAY, event=event,
                           slot=Slot(title=title, from_at=at(start), until_at=at(end), **given))


def refused_fields(event, *args, **given):
    with pytest.raises(Refusals) as refused:
        arrange(event, *args, **given)
    return [one.field for one in refused.value.problems]


def test_a_room_is_not_used_twice_and_half_open_times_meet(draft):
    event = draft()
    assert refused_fields(event, "撞场", "10:00", "11:00", room="一号厅") == ["room"]
    assert arrange(event, "接着开", "10:30", "11:00", room="一号厅").pk
    assert arrange(event, "另一厅", "10:00", "11:00", room="二号厅").pk


def test_nobody_speaks_in_two_places_even_of_two_events(draft, someone, said):
    wang = someone("王小明")
    event, other = draft(), draft(title="另一会议")
    arrange(event, "甲", "13:00", "14:00", speakers=(Speaker(person=wang),))
    assert refused_fields(other, "乙", "13:30", "14:30", speakers=(Speaker(person=wang),)) == ["speakers"]
    assert arrange(other, "丙", "14:00", "15:00", speakers=(Speaker(person=wang, part="chair"),)).pk
    name, body = said()[-1]
    assert name == "events.session.arranged" and body["speakers"] == [wang.ref] and body["from_minute"] == 840


def test_a_session_can_be_moved_within_its_own_time(draft, someone):
    event, wang = draft(), someone("王小明")
    row = arrange(event, "甲", "13:00", "14:00", room="二号厅", speakers=(Speaker(person=wang),))
    moved = arrange_session(by=HOUSE, on=DAY, event=event, session=row, slot=Slot(
        title="甲", from_at=at("13:30"), until_at=at("14:30"), room="二号厅", speakers=(Speaker(person=wang),)))
    assert moved.pk == row.pk and moved.speakers.count() == 1


def test_a_session_lies_within_the_event(draft):
    event = draft()
    assert refused_fields(event, "倒置", "11:00", "10:00", room="三号厅") == ["until_at"]
    with pytest.raises(Refusals) as refused:
        arrange_session(by=HOUSE, on=DAY, event=event, slot=Slot(
            title="次月", from_at=at("09:00", date(2026, 6, 1)), until_at=at("10:00", date(2026, 6, 1)),
            on_site=False))
    assert [one.field for one in refused.value.problems] == ["from_at", "on_site"]


def test_c14_the_oath_stays_on_the_agenda(draft):
    event = draft(kind="annual_meeting")
    oath = arrange(event, "宣誓", "08:00", "08:10", kind="oath")
    propose_event(by=HOUSE, on=DAY, event=event)
    with pytest.raises(OathStays):
        remove_session(by=HOUSE, on=DAY, session=oath)
    with pytest.raises(OathStays):
        arrange_session(by=HOUSE, on=DAY, event=event, session=oath, slot=Slot(
            title="合影", kind="break", from_at=at("08:00"), until_at=at("08:10")))


def test_removing_says_it_and_stops_once_held(draft, approve, said):
    event = draft()
    row = event.sessions.last()
    said()
    remove_session(by=HOUSE, on=DAY, session=row)
    assert [(name, body["removed"]) for name, body in said()] == [("events.session.arranged", True)]
    assert not Session.objects.filter(pk=row.pk).exists()
    approve(event)
    hold_event(by=HOUSE, on=event.last_on, event=event, figures=Figures(people_on_site=80))
    with pytest.raises(SessionHeld):
        remove_session(by=HOUSE, on=event.last_on, session=event.sessions.first())
