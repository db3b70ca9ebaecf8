"""Visits of care, health days, the epidemic pack, the survey: one rule of the trade each."""

from datetime import date, datetime, time, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from xinglin.engines.events.actions.agenda import AgendaThere, lay_out_agenda
from xinglin.engines.events.actions.caring import CaredFor, Visit, give_care
from xinglin.engines.events.actions.epidemics import list_risk_areas
from xinglin.engines.events.actions.healthdays import NoSuchDay, SameOwner, assign_health_day
from xinglin.engines.events.admission import admit, rules_on
from xinglin.engines.events.caring import Care
from xinglin.engines.events.entering import (
    PackOff,
    RiskRefused,
    check_entry,
    forget_entries,
    half_hours,
    open_half_hours,
    require_entry,
    reserve_entry,
)
from xinglin.engines.events.epidemics import Entry, EntryCheck, RiskList, lies_in
from xinglin.engines.events.healthdays import health_days, kept_days, unowned
from xinglin.engines.events.programme import Session
from xinglin.engines.events.surveys import event_of, is_open, questionnaire, summary, take_answer, token_of
from xinglin.kernel.notices.models import Notice
from xinglin.kernel.policy import NotAllowed, Refusals
from xinglin.kernel.refs import Ref
from xinglin.mechanics.booking.values import NotBooked

from .conftest import AFTER, DAY, FIRST, HOUSE, OFFICE, actor

pytestmark = pytest.mark.django_db
MONEY = {"money": Decimal(2000), "voucher": "记字〔2026〕118号"}


# Care --------------------------------------------------------------------------------------------


def test_c15_each_recipient_once_a_reason_and_money_under_a_voucher(someone, found, said):
    wang = someone("王小明")
    visit = Visit(person=wang, reason="doctors_day", given_on=DAY, **MONEY)
    row = give_care(by=OFFICE, on=DAY, visit=visit)
    with pytest.raises(CaredFor) as refused:
        give_care(by=OFFICE, on=DAY, visit=visit)
    assert refused.value.regulation == "C15.once"
    assert give_care(by=OFFICE, on=DAY, visit=Visit(person=wang, reason="illness", given_on=DAY, gift="慰问信")).pk
    give_care(by=OFFICE, on=DAY, visit=Visit(person=wang, reason="doctors_day", given_on=DAY, money=Decimal(1000),
                                             voucher="记字〔2026〕118号"), corrects=row)
    hospital = found("江海省人民医院（虚构）")
    give_care(by=OFFICE, on=DAY, visit=Visit(organisation=hospital, reason="front_line", given_on=DAY, people=40,
                                             gift="慰问品"))
    facts = [body for name, body in said() if name == "events.care.given"]
    assert [(one["money"], one["people"], one["reason"]) for one in facts] == [
        ("2000", 1, "doctors_day"), ("0", 1, "illness"), ("1000", 1, "doctors_day"), ("0", 40, "front_line")]
    assert "name" not in facts[0] and "voucher" not in facts[0]


def test_care_says_all_that_is_wrong_at_once():
    with pytest.raises(Refusals) as refused:
        give_care(by=OFFICE, on=DAY, visit=Visit(reason="illness", given_on=DAY + timedelta(days=1),
                                                 money=Decimal(500)))
    assert [one.field for one in refused.value.problems] == ["person", "given_on", "voucher"]
    with pytest.raises(Refusals) as refused:
        give_care(by=OFFICE, on=DAY, visit=Visit(name="李某", reason="illness", given_on=DAY))
    assert [one.field for one in refused.value.problems] == ["gift"]
    with pytest.raises(NotAllowed):
        give_care(by=actor("branch_secretary"), on=DAY, visit=Visit(name="李某", reason="illness", given_on=DAY,
                                                                    gift="花"))
    assert not Care.objects.exists()


# Health days -------------------------------------------------------------------------------------


def test_w06_days_fall_by_their_rules():
    days = health_days()
    assert [days[code].in_year(2026) for code in ("thrombosis", "hypertension", "diabetes", "patient_safety")] == [
        date(2026, 10, 13), date(2026, 10, 8), date(2026, 11, 14), date(2026, 9, 17)]
    assert days["kidney"].in_year(2026) == date(2026, 3, 12)  # the second Thursday of March
    assert days["copd"].in_year(2026) == date(2026, 11, 18) and days["first_aid"].in_year(2026) == date(2026, 9, 12)


def test_w06_a_day_is_given_to_somebody_and_said_once(someone, said):
    wang = someone("王小明")
    on = date(2026, 9, 10)
    assert {one.code for _day, one in unowned(on=on)} == {"patient_safety", "hypertension"}
    assign_health_day(by=OFFICE, on=on, code="patient_safety", year=2026, owner=wang)
    assert {one.code for _day, one in unowned(on=on)} == {"hypertension"}
    with pytest.raises(SameOwner):
        assign_health_day(by=OFFICE, on=on, code="patient_safety", year=2026, owner=wang)
    assign_health_day(by=OFFICE, on=on, code="patient_safety", year=2026, owner=someone("李小红"))
    with pytest.raises(NoSuchDay):
        assign_health_day(by=OFFICE, on=on, code="nonsense", year=2026, owner=wang)
    with pytest.raises(NotAllowed):
        assign_health_day(by=actor("supervisor"), on=on, code="hypertension", year=2026, owner=wang)
    assert [body["held_on"] for name, body in said() if name == "events.healthday.assigned"] == ["2026-09-17"] * 2
    assert len(kept_days(year=2026, on=on)) == 5


# The epidemic pack -------------------------------------------------------------------------------


@pytest.fixture
def packed(draft):
    """An event with the pack in force and half hours of two places each on its first morning."""
    event = draft(pack=True, until_on=FIRST + timedelta(days=1))
    open_half_hours(event=event, from_time=time(8), until_time=time(9), places=2, at=_at("07:00", DAY))
    return event


def _at(text: str, day: date = FIRST) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.fromisoformat(text)))


def book(event, number, *, place=0, region="320106"):
    slot = half_hours(event=event, at=_at("07:00", DAY))[place]
    return reserve_entry(event=event, item=slot.item, who=Ref(f"directory.person:{number}"), name=f"访客{number}",
                         region=region, at=_at("09:00", DAY))


def test_c08_off_by_default(draft):
    event = draft()
    assert not event.pack
    with pytest.raises(PackOff):
        open_half_hours(event=event, from_time=time(8), until_time=time(9), at=_at("07:00", DAY))


def test_c08_the_place_after_the_last_is_refused_and_a_change_gives_one_back(packed):
    book(packed, 1)
    book(packed, 1)  # the same again is the same place
    book(packed, 2)
    with pytest.raises(NotBooked):
        book(packed, 3)
    book(packed, 2, place=1)
    book(packed, 3)
    assert [one.left for one in half_hours(event=packed, at=_at("09:00", DAY))] == [0, 1]
    assert Entry.objects.filter(who="directory.person:2").count() == 1


def test_c08_half_hours_grow_but_never_below_what_is_taken(packed):
    book(packed, 1)
    book(packed, 2)
    with pytest.raises(NotBooked):
        open_half_hours(event=packed, from_time=time(8), until_time=time(9), places=1, at=_at("10:00", DAY))
    assert open_half_hours(event=packed, from_time=time(8), until_time=time(10), places=3, at=_at("10:00", DAY)) == 4
    assert [one.left for one in half_hours(event=packed, at=_at("10:00", DAY))] == [1, 3, 3, 3]


def test_c08_visitors_are_flagged_when_their_region_turns_and_its_organisers_told(packed, someone, said):
    wang = someone("王小明")
    packed.__class__.objects.filter(pk=packed.pk)
    book(packed, 1, region="320106")
    book(packed, 2, region="310101")
    with pytest.raises(NotAllowed):
        list_risk_areas(by=actor("branch_secretary"), on=DAY, high=[], medium=["320100"])
    with pytest.raises(Refusals) as refused:
        list_risk_areas(by=OFFICE, on=DAY, high=["999999", "310101"], medium=["310101"])
    assert [one.field for one in refused.value.problems] == ["high", "medium"]
    list_risk_areas(by=OFFICE, on=DAY, high=[], medium=["320100"], source="合成名单")
    assert list(Entry.objects.order_by("who").values_list("risk", "flagged_on")) == [("medium", DAY), ("", None)]
    with pytest.raises(RiskRefused):
        book(packed, 3, place=1, region="320115")
    newer = list_risk_areas(by=OFFICE, on=DAY, high=["310000"], medium=[])
    assert list(Entry.objects.order_by("who").values_list("risk", flat=True)) == ["", "high"]
    assert (newer.version, RiskList.objects.newest()) == (2, newer) and wang.pk
    assert [body["version"] for name, body in said() if name == "events.risk.listed"] == [1, 2]


def test_c08_flagged_visitors_are_told_to_the_chair(packed, someone, cardiology):
    from xinglin.directory.actions.terms import begin_term

    chair = someone("周主委")
    begin_term(by=HOUSE, on=DAY, person=chair.ref, organisation=cardiology.ref, title="chair", from_on=DAY)
    book(packed, 1)
    list_risk_areas(by=OFFICE, on=DAY, high=["320100"], medium=[])
    assert list(Notice.objects.filter(template="events_flagged").values_list("to", flat=True)) == [str(chair.ref)]


def test_areas_contain_what_lies_in_them():
    assert lies_in("320106", "320100") and lies_in("320106", "320000") and lies_in("320106", "320106")
    assert not lies_in("320106", "320107") and not lies_in("320206", "320100") and not lies_in("", "320000")


@pytest.mark.parametrize(("given", "regulation"), [
    ({}, ""),
    ({"slot_at": None}, "C08.reservation"),
    ({"risk": "medium"}, "C08.risk_refused"),
    ({"temperature": None}, "C08.fever"),
    ({"temperature": Decimal("37.3")}, "C08.fever"),
    ({"temperature": Decimal("37.2")}, ""),
    ({"code": "yellow"}, "C08.code"),
    ({"code": "none"}, "C08.code"),
    ({"at": _at("07:44")}, "C08.reservation"),
    ({"at": _at("08:45")}, "C08.reservation"),
    ({"at": _at("08:44")}, ""),
])
def test_c08_temperature_and_code_and_reservation(given, regulation):
    verdict = admit(**{"at": _at("08:05"), "slot_at": _at("08:00"), "risk": "", "temperature": Decimal("36.5"),
                       "code": "green", "rules": rules_on(on=DAY), **given})
    assert (bool(verdict), verdict.regulation) == (not regulation, regulation)


def test_c08_the_gate_writes_down_what_it_measured_once_and_the_log_is_deleted(packed):
    entry, who = book(packed, 1), Ref("directory.person:1")
    given = {"event": packed, "who": who, "at": _at("08:05"), "temperature": Decimal("36.4"), "code": "green"}
    assert check_entry(**given, key="gate-1/77") and check_entry(**given, key="gate-1/77")
    with pytest.raises(NotAllowed):
        require_entry(**{**given, "temperature": Decimal("38.1")})
    assert list(EntryCheck.objects.values_list("admitted", flat=True)) == [True, False]
    assert forget_entries(on=packed.until_on + timedelta(days=27)) == 0 and Entry.objects.get() == entry
    assert forget_entries(on=packed.until_on + timedelta(days=28)) == 3
    assert not Entry.objects.exists() and not EntryCheck.objects.exists()


# Agenda and survey -------------------------------------------------------------------------------


def test_c14_the_skeleton_has_the_oath_where_it_is_due(draft):
    meeting = draft(sessions=False, title="普通会议")
    assert Session.Kind.OATH not in {one.kind for one in lay_out_agenda(by=HOUSE, on=DAY, event=meeting)}
    annual = draft(sessions=False, kind="annual_meeting", title="年会", from_on=date(2026, 9, 5),
                   until_on=date(2026, 9, 7))
    made = lay_out_agenda(by=HOUSE, on=DAY, event=annual)
    assert [one.kind for one in made[:3]] == ["registration", "opening", "oath"]
    assert {timezone.localtime(one.from_at).date() for one in made} == {date(2026, 9, 5), date(2026, 9, 6)}
    with pytest.raises(AgendaThere):
        lay_out_agenda(by=HOUSE, on=DAY, event=annual)


def test_a_survey_is_anonymous_once_a_person_and_shown_from_enough_answers(draft, approve):
    event = approve(draft())
    assert event_of(token_of(event)) == event and event_of("1:made-up") is None
    assert not is_open(event, on=FIRST - timedelta(days=1)) and is_open(event, on=FIRST)
    assert is_open(event, on=AFTER + timedelta(days=13)) and not is_open(event, on=AFTER + timedelta(days=14))
    answers = {"content": "5", "speakers": "4", "service": "5", "better": "茶歇再长一点"}
    assert take_answer(event=event, answers=answers, who=Ref("directory.person:1"))
    assert not take_answer(event=event, answers=answers, who=Ref("directory.person:1"))
    for _number in range(3):
        take_answer(event=event, answers=answers, who=None)
    assert summary(event, on=AFTER) == (4, [])
    take_answer(event=event, answers={**answers, "content": "1"}, who=None)
    number, lines = summary(event, on=AFTER)
    assert number == 5 and lines[0].choices[0] == ("很有用", 4, 80) and len(lines[-1].words) == 5
    row = event.survey_answers.first()
    assert row.digest == questionnaire().digest and set(row.content) == set(answers)
    assert not {"who", "person", "at", "on"} & {field.name for field in row._meta.fields}
