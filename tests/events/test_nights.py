"""At night: what is due is told once, whatever night ran twice or not at all."""

from datetime import date, timedelta

import pytest

from xinglin.directory.actions.terms import begin_term
from xinglin.engines.events.actions.closing import Figures, hold_event, report_event
from xinglin.engines.events.actions.deciding import file_event
from xinglin.engines.events.actions.healthdays import assign_health_day
from xinglin.engines.events.actions.proposing import propose_event
from xinglin.engines.events.reminding import remind, remind_of_health_days
from xinglin.engines.events.rules import file_by, report_by, settle_by
from xinglin.kernel.notices.models import Notice

from .conftest import DAY, HOUSE, OFFICE, paper

pytestmark = pytest.mark.django_db
LAST = date(2026, 5, 17)


@pytest.fixture
def desk(found, association, someone):
    """Somebody who works in the office all year."""
    office = found("办公室", kind="office", parent=association.ref, from_on=date(2001, 5, 1))
    clerk = someone("乔以安")
    begin_term(by=HOUSE, on=DAY, person=clerk.ref, organisation=office.ref, title="staff", from_on=date(2025, 1, 1))
    return clerk


def told(template):
    return sorted(Notice.objects.filter(template=template).values_list("key", flat=True))


def nights(first, last, *, skip=(), twice=()):
    """Run every night of a span; some are left out, some run twice."""
    day, number = first, 0
    while day <= last:
        if day not in skip:
            number += remind(on=day) + (remind(on=day) if day in twice else 0)
        day += timedelta(days=1)
    return number


def test_filing_is_told_by_each_offset_once_and_not_after_it_was_filed(draft, approve, desk):
    event = approve(draft())
    due = file_by(event).day
    before = [due - timedelta(days=10), due - timedelta(days=3)]
    nights(due - timedelta(days=20), due - timedelta(days=1), skip=[before[0]], twice=[before[1]])
    assert told("events_filing_due") == [f"events_filing_due/{event.pk}/{due}/{one}/{desk.ref}" for one in (-10, -3)]
    file_event(by=OFFICE, on=due, event=event, number="7号")
    nights(due, due + timedelta(days=20))
    assert len(told("events_filing_due")) == 2


def test_after_many_missed_nights_only_the_newest_word_is_told(draft, approve, desk):
    event = approve(draft())
    due = file_by(event).day
    assert remind(on=due + timedelta(days=2)) == 1
    assert told("events_filing_due") == [f"events_filing_due/{event.pk}/{due}/1/{desk.ref}"]


def test_a_small_event_is_never_reminded_of_filing(draft, approve, desk):
    approve(draft(kind="seminar"))
    assert nights(date(2026, 4, 1), date(2026, 5, 20)) == 0


def test_report_and_settlement_until_they_are_done(draft, approve, desk):
    event = hold_event(by=HOUSE, on=LAST, event=approve(draft()), figures=Figures(people_on_site=90))
    assert nights(LAST, report_by(event) - timedelta(days=1)) == 2
    report_event(by=HOUSE, on=LAST + timedelta(days=13), event=event, papers=[paper()])
    nights(report_by(event), settle_by(event) + timedelta(days=20))
    assert len(told("events_report_due")) == 2
    assert len(told("events_settling_due")) == 4


def test_an_agreement_that_waits_is_told_to_whoever_is_asked(draft, cardiology, someone):
    chair = someone("周主委")
    begin_term(by=HOUSE, on=DAY, person=chair.ref, organisation=cardiology.ref, title="chair", from_on=DAY)
    event = propose_event(by=HOUSE, on=DAY, event=draft())
    assert nights(DAY, DAY + timedelta(days=4)) == 0
    assert nights(DAY + timedelta(days=5), DAY + timedelta(days=9), twice=[DAY + timedelta(days=5)]) == 1
    assert nights(DAY + timedelta(days=10), DAY + timedelta(days=14), skip=[DAY + timedelta(days=10)]) == 1
    assert {one.rpartition("directory.")[2] for one in told("events_approval_waits")} == {f"person:{chair.pk}"}
    assert event.approvals.get(order=0).asked_on == DAY


def test_w06_a_day_without_owner_is_told_once_a_month_before(desk, someone):
    on = date(2026, 9, 7)
    assert remind_of_health_days(on=on) == 1  # 17 September is near
    assert remind_of_health_days(on=on) == 0
    assert remind_of_health_days(on=date(2026, 9, 8)) == 1  # 8 October is thirty days away
    assign_health_day(by=OFFICE, on=on, code="thrombosis", year=2026, owner=someone("李小红"))
    assert remind_of_health_days(on=date(2026, 9, 16)) == 0
    assert remind_of_health_days(on=date(2026, 12, 20)) == 0
