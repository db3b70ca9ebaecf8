"""One test for each row of the systems list that an organiser's side of events answers: what "it works when" says."""

from datetime import date, time, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from xinglin.engines.events.actions.agenda import lay_out_agenda
from xinglin.engines.events.actions.caring import CaredFor, Visit, give_care
from xinglin.engines.events.actions.closing import ChecksOpen, Figures, answer_check, hold_event, settle_event
from xinglin.engines.events.actions.deciding import NotFiled, cancel_event, file_event, open_registration
from xinglin.engines.events.actions.epidemics import list_risk_areas
from xinglin.engines.events.actions.healthdays import assign_health_day
from xinglin.engines.events.actions.programme import Slot, arrange_session
from xinglin.engines.events.actions.proposing import OathMissing, WrongEdition, amend_event, propose_event
from xinglin.engines.events.actions.series import open_series
from xinglin.engines.events.checklists import points_of
from xinglin.engines.events.entering import half_hours, open_half_hours, reserve_entry
from xinglin.engines.events.healthdays import unowned
from xinglin.engines.events.meetings import Event, State
from xinglin.engines.events.outreach import coverage, outings, total
from xinglin.engines.events.year_board import brand
from xinglin.kernel import ports
from xinglin.kernel.ledger.models import SealedFact
from xinglin.kernel.ports.promises import Promise, Promises
from xinglin.kernel.refs import Ref
from xinglin.mechanics.booking.values import NotBooked

from .conftest import DAY, FIRST, HOUSE, OFFICE, at, paper

pytestmark = pytest.mark.django_db
LAST = date(2026, 5, 17)


def test_c03_the_grade_decides_who_must_approve_and_a_change_of_scale_grades_again(draft, approve, plan):
    event = approve(draft(heads=120))
    assert [one.role for one in event.approvals.all()] == ["branch_chair", "office"]
    event = amend_event(by=HOUSE, on=DAY, event=event, plan=plan(heads=1000))
    event = propose_event(by=HOUSE, on=DAY, event=event)
    assert [one.role for one in event.approvals.all()] == ["branch_chair", "office", "secretary_general", "leader"]


def test_c04_the_counter_of_branded_meetings_is_right_at_any_date(draft, approve, association, monkeypatch):
    class Plan:
        """The plan of the year promises three."""

        def of(self, *, fact, filter, on):
            return Promise(number=Decimal(3), words="“东方”会议 3 个", commitment=Ref("plans.commitment:1"))

    monkeypatch.setitem(ports._answering, Promises, Plan())
    series = open_series(by=OFFICE, on=DAY, title="东方系列会议", organisation=association, branded=True,
                         numbered=False)
    days = [FIRST, FIRST + timedelta(days=14), FIRST + timedelta(days=28), FIRST + timedelta(days=42)]
    events = [approve(draft(series=series, title=f"东方{place}", from_on=one, until_on=one + timedelta(days=2)))
              for place, one in enumerate(days)]
    for event in events[:2]:
        hold_event(by=HOUSE, on=days[2], event=event, figures=Figures(people_on_site=90))
    cancel_event(by=HOUSE, on=days[2], at=at("09:00", days[2]), event=events[3], reason="台风")
    counted = {on: brand(series, year=2026, on=on) for on in (FIRST, days[1], days[2], date(2026, 12, 31))}
    assert [one.held for one in counted.values()] == [0, 1, 2, 2]
    last = counted[date(2026, 12, 31)]
    assert (last.promised, last.programme, last.missing, last.cancelled, last.overdue, last.unplanned) == (
        3, 3, 1, 1, 1, 0)
    assert brand(series, year=2027, on=date(2027, 1, 1)).held == 0


def test_c05_next_years_forum_is_edition_n_plus_one_and_a_gap_or_repeat_is_refused(draft, association):
    forum = open_series(by=OFFICE, on=DAY, title="江海论坛", organisation=association, known_edition=10,
                        known_year=2025)
    assert draft(series=forum).edition == 11
    for number in (11, 13):
        with pytest.raises(WrongEdition):
            draft(series=forum, edition=number, title=f"第{number}届")


def test_c05_an_earlier_edition_can_still_be_amended(draft, plan, association):
    forum = open_series(by=OFFICE, on=DAY, title="江海论坛", organisation=association)
    first, second = draft(series=forum), draft(series=forum, title="第二届")
    assert (first.edition, second.edition) == (1, 2)
    for number in (1, None):
        changed = amend_event(by=HOUSE, on=DAY, event=first, plan=plan(
            series=forum, edition=number, place=f"会场{number}"))
        assert changed.edition == 1


def test_c06_no_registration_without_filing_number_and_additions_need_one_more_agreement(draft, approve):
    event = approve(draft(planned=False))
    assert "secretary_general" in [one.role for one in event.approvals.all()]
    with pytest.raises(NotFiled):
        open_registration(by=HOUSE, on=DAY, at=at("09:00", DAY), event=event)
    file_event(by=OFFICE, on=DAY, event=event, number="7号")
    assert open_registration(by=HOUSE, on=DAY, at=at("09:00", DAY), event=event).state == State.OPEN


def test_c07_no_settlement_until_three_checklists_carry_evidence(draft, approve):
    event = hold_event(by=HOUSE, on=LAST, event=approve(draft()), figures=Figures(people_on_site=90))
    for point in points_of(event):
        with pytest.raises(ChecksOpen):
            settle_event(by=HOUSE, on=LAST, event=event, actual={})
        answer_check(by=OFFICE, on=LAST, event=event, code=point.code, passed=True, evidence=[paper()])
    assert settle_event(by=HOUSE, on=LAST, event=event, actual={}).state == State.SETTLED


def test_c08_visitors_of_a_region_that_turns_are_flagged_within_the_day_and_the_place_after_the_last_refused(draft):
    event, moment = draft(pack=True), timezone.now().replace(year=2026, month=3, day=2)
    open_half_hours(event=event, from_time=time(8), until_time=time(9), places=1, at=moment)
    slot = half_hours(event=event, at=moment)[0].item
    entry = reserve_entry(event=event, item=slot, who=Ref("directory.person:1"), name="访客", region="320106",
                          at=moment)
    with pytest.raises(NotBooked):
        reserve_entry(event=event, item=slot, who=Ref("directory.person:2"), name="访客", region="320106", at=moment)
    list_risk_areas(by=OFFICE, on=DAY, high=[], medium=["320106"], source="合成")
    entry.refresh_from_db()
    assert (entry.risk, entry.flagged_on) == ("medium", DAY)


def test_c13_regions_without_a_session_are_listed_and_two_specialties_count_once(draft, approve, sealed, association):
    from xinglin.directory.actions.organisations import correct_organisation

    correct_organisation(by=HOUSE, on=DAY, organisation=association.ref, region="320000")
    event = approve(draft(kind="grassroots", region="320106", specialties=("cardiology", "nephrology")))
    hold_event(by=HOUSE, on=LAST, event=event, figures=Figures(people_on_site=80, people_served=120, patients=40))
    sealed()
    rows = outings("grassroots", year=2026)
    covered = coverage(rows, on=LAST)
    assert covered[-1].code == "320100" and (covered[-1].held, covered[-1].people_served) == (1, 120)
    assert len(covered) == 13 and all(one.held == 0 for one in covered[:-1])
    assert SealedFact.objects.filter(type="events.event.held").count() == 1 and total(rows, "patients") == 40


def test_c14_an_agenda_of_the_three_kinds_without_oath_is_rejected(draft):
    for place, kind in enumerate(("celebration", "annual_meeting", "committee_annual")):
        bare = draft(kind=kind, title=f"会议{place}", from_on=date(2026, 6, 1 + place),
                     until_on=date(2026, 6, 2 + place))
        with pytest.raises(OathMissing):
            propose_event(by=HOUSE, on=DAY, event=bare)
        laid = draft(kind=kind, title=f"另一会议{place}", sessions=False, from_on=date(2026, 7, 1 + place),
                     until_on=date(2026, 7, 2 + place))
        lay_out_agenda(by=HOUSE, on=DAY, event=laid)
        assert propose_event(by=HOUSE, on=DAY, event=laid).state == State.PROPOSED


def test_c15_each_recipient_appears_once_a_reason_and_money_ties_to_an_entry(someone, said):
    wang = someone("王小明")
    visit = Visit(person=wang, reason="bereavement", given_on=DAY, money=Decimal(5000), voucher="记字9号")
    give_care(by=OFFICE, on=DAY, visit=visit)
    with pytest.raises(CaredFor):
        give_care(by=OFFICE, on=DAY, visit=visit)
    [(_name, fact)] = [one for one in said() if one[0] == "events.care.given"]
    assert fact["money"] == "5000" and fact["person"] == str(wang.ref)


def test_w06_no_named_day_passes_without_an_owner_a_month_before(someone):
    on = date(2026, 9, 13)  # thirty days before the day of thrombosis
    assert "thrombosis" in {one.code for _day, one in unowned(on=on)}
    assert "thrombosis" not in {one.code for _day, one in unowned(on=on - timedelta(days=1))}
    assign_health_day(by=OFFICE, on=on, code="thrombosis", year=2026, owner=someone())
    assert "thrombosis" not in {one.code for _day, one in unowned(on=on)}


def test_w07_each_clinic_shows_doctors_patients_and_follow_ups(draft, approve, sealed):
    event = approve(draft(kind="free_clinic", heads=30))
    hold_event(by=HOUSE, on=LAST, event=event, figures=Figures(
        people_on_site=20, doctors=20, patients=410, follow_ups=33))
    sealed()
    [row] = outings("free_clinic", year=2026)
    assert [row.figures[name] for name in ("doctors", "patients", "follow_ups")] == [20, 410, 33]
    assert Event.objects.get().sort.asks == ("doctors", "patients", "follow_ups")


def test_a_session_at_the_oath_cannot_be_left_out_later(draft):
    from xinglin.engines.events.actions.programme import OathStays, remove_session

    event = draft(kind="celebration", sessions=False)
    oath = arrange_session(by=HOUSE, on=DAY, event=event, slot=Slot(
        title="医师宣誓", kind="oath", from_at=at("09:00"), until_at=at("09:10")))
    propose_event(by=HOUSE, on=DAY, event=event)
    with pytest.raises(OathStays):
        remove_session(by=HOUSE, on=DAY, session=oath)
