"""When two entries turn out to be one person, what they did at events follows, and goes back."""

from decimal import Decimal

import pytest

from xinglin.directory.actions.merging import merge_people, unmerge_people
from xinglin.engines.events.actions.abstracts import Author, Paper, submit_abstract
from xinglin.engines.events.actions.faculty import invite_faculty
from xinglin.engines.events.actions.programme import Slot, Speaker, arrange_session
from xinglin.engines.events.carts import begin
from xinglin.mechanics.booking import holding

from .conftest import DAY, HOUSE, OFFICE, actor, at
from .selling import NOW, enrol, selling

__all__ = ["selling"]
pytestmark = pytest.mark.django_db


def test_parts_in_events_follow_and_go_back(draft, approve, someone):
    one, other = someone("王小明"), someone("王小明")
    event = draft(abstracts_until=DAY)
    for title, start, who in (("甲", "13:00", one), ("乙", "15:00", other)):
        arrange_session(by=HOUSE, on=DAY, event=event, slot=Slot(
            title=title, from_at=at(start), until_at=at("15:00" if who == one else "16:00"),
            speakers=(Speaker(person=who),)))
    approve(event)
    invitation = invite_faculty(by=HOUSE, on=DAY, event=event, person=one, rank="full", net=Decimal(500))
    paper = Paper(title="随访", text="目的", authors=(Author(name="王小明"),))
    abstract = submit_abstract(by=actor(person=one), on=DAY, event=event, paper=paper)
    merged = merge_people(by=OFFICE, on=DAY, loser=one.ref, winner=other.ref)
    for row in (invitation, abstract):
        row.refresh_from_db()
        assert row.person == other
    assert event.sessions.filter(speakers__person=other).count() == 2
    unmerge_people(by=OFFICE, on=DAY, merge=merged)
    for row in (invitation, abstract):
        row.refresh_from_db()
        assert row.person == one
    assert event.sessions.filter(speakers__person=other).count() == 1


def test_what_the_other_entry_has_already_stays(draft, someone):
    one, other, event = someone("王小明"), someone("王小明"), draft()
    rows = [invite_faculty(by=HOUSE, on=DAY, event=event, person=who) for who in (one, other)]
    merge_people(by=OFFICE, on=DAY, loser=one.ref, winner=other.ref)
    for row, who in zip(rows, (one, other), strict=True):
        row.refresh_from_db()
        assert row.person == who


def test_what_was_begun_or_done_for_guests_follows_too(selling, someone):
    one, other, event = someone("王小明"), someone("王小明"), selling()
    ticket = event.tickets.get(code="online")
    row = enrol(event, one.ref, "online", party={"guest": True})
    draft = begin(held=holding.hold(item=ticket.item, who=one.ref, key="k", at=NOW), ticket=ticket)
    merge_people(by=OFFICE, on=DAY, loser=one.ref, winner=other.ref)
    for found in (row, draft):
        found.refresh_from_db()
    assert row.asker == draft.who == other.ref
