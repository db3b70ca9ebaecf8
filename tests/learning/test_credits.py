"""Credits come of attended minutes by the rule of the day, never more, and never before the report."""

from datetime import date, time, timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection

from xinglin.engines.learning.actions.attendance import (
    KnownAlready,
    NothingToCorrect,
    NotTakenIn,
    OutsideTheProject,
    OwnEntry,
    Presence,
    SourceSaysOtherwise,
    TooLong,
    TwoPlaces,
    credit_attendance,
    credit_attendances,
    enter_attendance,
    record_test,
)
from xinglin.engines.learning.actions.awards import (
    BeforeReport,
    NothingToIssue,
    TakenBack,
    issue_credits,
    revoke_award,
)
from xinglin.engines.learning.actions.stages import hold_project, report_project
from xinglin.engines.learning.computing import reckon
from xinglin.engines.learning.credits import Attendance, Award
from xinglin.engines.learning.rules import rules_of
from xinglin.kernel.actions.regulations import override_regulation
from xinglin.kernel.ledger.models import SealedFact
from xinglin.kernel.policy import NotAllowed, Refusal
from xinglin.kernel.refs import Ref

from .conftest import DAY, EVENT, HOUSE, OFFICE, actor, attend

pytestmark = pytest.mark.django_db
AFTER = EVENT + timedelta(days=10)


def presence(person, *, minutes=480, day=EVENT, source="a", **given):
    return Presence(person=person, day=day, minutes=minutes, source=Ref(f"events.presence:{source}"), **given)


def credited(project, person):
    [award] = Award.objects.standing().filter(project=project, person=person)
    return award.credits


def test_three_hours_are_one_credit_in_half_steps_rounded_down(project, someone, said):
    whole, half = someone("王小明"), someone("李小红")
    row = project("scheduled", people=[whole])
    attend(row, [half], minutes=449)  # 898 of 960 minutes are 93 %, and 4.98 credits
    record_test(by=HOUSE, on=row.until_on, project=row, person=half, score=Decimal(60), taken_on=row.until_on)
    row = report_project(by=HOUSE, on=AFTER, project=hold_project(by=HOUSE, on=row.until_on, project=row))
    said()
    made = issue_credits(by=OFFICE, on=AFTER, project=row)
    assert {one.person.name: (one.credits, one.minutes, one.hours) for one in made} == {
        "王小明": (Decimal("5.0"), 960, Decimal("16.0")), "李小红": (Decimal("4.5"), 898, Decimal("15.0"))}
    told = said()
    assert [(type_, body.get("credits")) for type_, body in told] == [
        ("credit.awarded", "4.5"), ("credit.awarded", "5"), ("project.reckoned", None), ("project.moved", None)]
    assert told[1][1]["organisation"] == str(row.branch.ref)


def test_credits_before_the_report_are_refused(project, someone):
    row = project("held", people=[someone()])
    with pytest.raises(BeforeReport) as refused:
        issue_credits(by=OFFICE, on=AFTER, project=row)
    assert refused.value.regulation == "E4.report_days" and not Award.objects.exists()
    with pytest.raises(NotAllowed):
        issue_credits(by=actor("branch_secretary", where=row.branch), on=AFTER, project=row)


def test_who_missed_too_much_or_failed_the_test_gets_none_with_the_reason(project, someone):
    absent, failed, untested = someone("缺勤"), someone("未过"), someone("未考")
    row = project("scheduled")
    attend(row, [absent], minutes=383)
    attend(row, [failed, untested])
    for person, score in ((absent, 90), (failed, "59.5")):
        record_test(by=HOUSE, on=row.until_on, project=row, person=person, score=Decimal(score), taken_on=row.until_on)
    found = {one.person.name: one for one in reckon(row)}
    assert {name: (one.credits, one.regulation) for name, one in found.items()} == {
        "缺勤": (0, "E7.attendance_percent"), "未过": (0, "E7.test_pass"), "未考": (0, "E7.test_pass")}
    assert "79" in found["缺勤"].refused and "59.5" in found["未过"].refused
    row = report_project(by=HOUSE, on=AFTER, project=hold_project(by=HOUSE, on=row.until_on, project=row))
    with pytest.raises(NothingToIssue):
        issue_credits(by=OFFICE, on=AFTER, project=row)


def test_exactly_80_percent_and_60_points_are_enough(project, someone):
    row = project("scheduled")
    one = someone()
    attend(row, [one], minutes=384)
    record_test(by=HOUSE, on=row.until_on, project=row, person=one, score=Decimal(60), taken_on=row.until_on)
    [found] = reckon(row)
    assert (found.refused, found.credits) == ("", Decimal("4.0"))


def test_ceremonies_and_more_than_the_timetable_are_cut_off(project, someone):
    row = project("scheduled", people=[someone()], minutes=510)
    [found] = reckon(row)
    assert (found.attended, found.counted) == (1020, 960)
    assert [(cut.minutes, cut.regulation) for cut in found.cuts] == [(30, "E5.ceremonies")] * 2


def test_a_lecturer_earns_no_learner_credit_for_the_own_lecture(project, someone):
    lecturer = someone("授课人")
    row = project("scheduled", lecturer=lecturer, people=[lecturer])
    [found] = [one for one in reckon(row) if one.role == "learner"]
    assert (found.attended, found.counted) == (960, 480)  # the two mornings were the lecturer's own
    assert {cut.regulation for cut in found.cuts} == {"E7.own_lecture"}
    assert found.credits == Decimal("2.5")


def test_lecturing_earns_by_the_rule_of_2006_and_nothing_by_that_of_2024(project, someone):
    lecturer = someone("授课人")
    row = project("scheduled", lecturer=lecturer)
    attend(row, [lecturer], minutes=240, role="lecturer")
    [found] = reckon(row)
    assert (found.credits, found.regulation) == (0, "E2.lecturer_national")
    override_regulation(by=HOUSE, on=DAY, regulation_id="E2.lecturer_national", value=30, from_on=DAY, reason="试")
    [found] = reckon(row)
    assert (found.counted, found.credits, found.kind) == (480, Decimal("16.0"), "lecturing")
    assert rules_of(date(2024, 10, 22)).lecturing["national"] == 30
    assert rules_of(date(2024, 10, 23)).lecturing["national"] == 0


def test_both_rules_stand_side_by_side_by_date():
    old, new = rules_of(date(2024, 10, 22)), rules_of(date(2024, 10, 23))
    assert (old.minutes["provincial"], old.cap, old.classes) == (360, 10, True)
    assert (new.minutes["provincial"], new.cap, new.classes) == (180, 0, False)


def test_a_cap_on_the_project_cuts_and_says_so(project, someone):
    override_regulation(by=HOUSE, on=DAY, regulation_id="E2.project_cap", value=4, from_on=DAY, reason="试")
    row = project("scheduled", people=[someone()])
    [found] = reckon(row)
    assert (found.credits, found.capped) == (Decimal("4.0"), Decimal("5"))


def test_two_venues_in_the_same_hours_are_refused_when_typed_and_void_when_confirmed(project, someone):
    one = someone("王小明")
    first, second = project("scheduled"), project("scheduled", title="另一项目")
    morning = {"from_at": time(8), "until_at": time(12), "minutes": 240}
    credit_attendance(by=OFFICE, on=EVENT, project=first, presence=presence(one, source="a", **morning))
    with pytest.raises(TwoPlaces, match="心力衰竭") as refused:
        credit_attendance(by=OFFICE, on=EVENT, project=second, presence=presence(one, source="b", **morning))
    assert (refused.value.regulation, Attendance.objects.count()) == ("E7.overlap", 1)
    credit_attendance(by=OFFICE, on=EVENT, project=second, presence=presence(
        one, source="c", from_at=time(13), until_at=time(17), minutes=240))
    credit_attendance(by=HOUSE, on=EVENT, project=second, strict=False, presence=presence(one, source="d", **morning))
    [found] = reckon(second)
    assert (found.attended, found.counted, [cut.regulation for cut in found.cuts]) == (480, 0, ["E7.overlap"])
    [found] = reckon(first)
    assert found.counted == 240


def test_without_hours_minutes_must_find_room_in_both_timetables(project, someone):
    one = someone("王小明")
    first, second = project("scheduled"), project("scheduled", title="另一项目")
    credit_attendance(by=OFFICE, on=EVENT, project=first, presence=presence(one, minutes=280, source="a"))
    credit_attendance(by=OFFICE, on=EVENT, project=second, presence=presence(one, minutes=200, source="b"))
    third = project("scheduled", title="第三项目")
    with pytest.raises(TwoPlaces):
        credit_attendance(by=OFFICE, on=EVENT, project=third, presence=presence(one, minutes=400, source="c"))


def test_more_than_eight_hours_a_day_are_refused_when_typed_and_cut_when_confirmed(project, someone):
    one = someone("王小明")
    first, second = project("scheduled"), project("scheduled", title="另一项目")
    credit_attendance(by=OFFICE, on=EVENT, project=first, presence=presence(one, minutes=300, source="a"))
    with pytest.raises(TooLong, match="481") as refused:
        credit_attendance(by=OFFICE, on=EVENT, project=second, presence=presence(one, minutes=181, source="b"))
    assert refused.value.regulation == "E5.day_minutes"
    credit_attendance(by=HOUSE, on=EVENT, project=second, strict=False, presence=presence(one, minutes=200, source="c"))
    [found] = reckon(second)
    assert (found.counted, found.cuts[0].minutes, found.cuts[0].regulation) == (180, 20, "E5.day_minutes")


def test_the_same_attendance_comes_in_once_and_another_from_its_source_is_refused(project, someone, said):
    one, row = someone("王小明"), project("scheduled")
    credit_attendance(by=HOUSE, on=EVENT, project=row, presence=presence(one))
    said()
    with pytest.raises(KnownAlready):
        credit_attendance(by=HOUSE, on=EVENT, project=row, presence=presence(one))
    with pytest.raises(SourceSaysOtherwise, match="480"):
        credit_attendance(by=HOUSE, on=EVENT, project=row, presence=presence(one, minutes=400))
    with pytest.raises(KnownAlready):
        credit_attendances(by=HOUSE, on=EVENT, project=row, presences=[presence(one)])
    assert (said(), Attendance.objects.count()) == ([], 1)


def test_a_later_attendance_corrects_an_earlier_one(project, someone, sealed):
    one, row = someone("王小明"), project("scheduled")
    old = credit_attendance(by=HOUSE, on=EVENT, project=row, presence=presence(one))
    new = credit_attendance(by=HOUSE, on=EVENT, project=row, presence=presence(one, minutes=300, source="b"),
                            corrects=Ref("events.presence:a"))
    old.refresh_from_db()
    sealed()
    facts = SealedFact.objects.filter(type="learning.attendance.recorded").order_by("position")
    assert (old.corrected_by, facts[1].corrects) == (new, facts[0].key)
    [found] = reckon(row)
    assert found.attended == 300
    with pytest.raises(NothingToCorrect):
        credit_attendance(by=HOUSE, on=EVENT, project=row, presence=presence(one, minutes=200, source="c"),
                          corrects=Ref("events.presence:a"))


def test_credits_follow_a_correction_by_being_taken_back_and_given_anew(project, someone, sealed):
    one, other = someone("王小明"), someone("李小红")
    row = project("reported", people=[one, other])
    issue_credits(by=OFFICE, on=AFTER, project=row)
    with pytest.raises(NothingToIssue):
        issue_credits(by=OFFICE, on=AFTER, project=row)
    source = Attendance.objects.filter(person=one).first().source
    credit_attendance(by=HOUSE, on=AFTER, project=row, presence=presence(one, minutes=400, source="z"),
                      corrects=Ref(source))
    assert len(issue_credits(by=OFFICE, on=AFTER, project=row)) == 1
    assert (credited(row, one), credited(row, other)) == (Decimal("4.5"), Decimal("5.0"))
    sealed()
    revoked = SealedFact.objects.get(type="learning.credit.revoked")
    assert SealedFact.objects.get(key=revoked.corrects).body["credits"] == "5"


def test_an_award_is_taken_back_once_with_a_reason(project, someone, said):
    row = project("reported", people=[someone()])
    [award] = issue_credits(by=OFFICE, on=AFTER, project=row)
    with pytest.raises(NotAllowed):
        revoke_award(by=actor(person=award.person), on=AFTER, award=award, reason="x")
    said()
    revoke_award(by=OFFICE, on=AFTER, award=award, reason="代签")
    assert [type_ for type_, _body in said()] == ["credit.revoked"]
    with pytest.raises(TakenBack):
        revoke_award(by=OFFICE, on=AFTER, award=award, reason="代签")
    assert not Award.objects.standing().exists()


def test_the_database_itself_refuses_more_credits_than_minutes(project, someone):
    row = project("reported", people=[someone()])
    [award] = issue_credits(by=OFFICE, on=AFTER, project=row)
    with pytest.raises(IntegrityError, match="credits_within_attended_minutes"), connection.cursor() as cursor:
        cursor.execute("UPDATE learning_award SET credits = 5.5 WHERE id = %s", [award.pk])


def test_credits_never_exceed_attendances_times_their_value(project, someone):
    """C11 over everything: of each project the credits, times the minutes of one, are within what was attended."""
    people = [someone(f"学员{number}") for number in range(6)]
    for days, minutes in ((1, 480), (2, 400), (3, 477)):
        row = project("reported", days=days, people=people, minutes=minutes,
                      first=EVENT + timedelta(days=7 * days), hours=Decimal(8 * days))
        issue_credits(by=OFFICE, on=row.reported_on, project=row)
    assert Award.objects.count() == 18
    for award in Award.objects.select_related("project"):
        came = Attendance.objects.filter(project=award.project, person=award.person, corrected_by=None)
        assert award.credits * award.per_credit <= award.minutes <= sum(one.minutes for one in came)


def test_a_project_across_new_year_belongs_to_the_year_of_its_last_day(project, someone):
    row = project("reported", first=date(2026, 12, 31), people=[someone()])
    [award] = issue_credits(by=OFFICE, on=date(2027, 1, 20), project=row)
    assert (award.year, award.completed_on) == (2027, date(2027, 1, 1))


def test_who_types_enters_neither_the_own_attendance_nor_a_wrong_day(project, someone, branch):
    one, row = someone("王小明"), project("scheduled")
    own = actor("branch_secretary", person=one, where=branch)
    with pytest.raises(OwnEntry):
        credit_attendance(by=own, on=EVENT, project=row, presence=presence(one))
    for day, on in ((EVENT - timedelta(days=1), EVENT), (EVENT + timedelta(days=1), EVENT)):
        with pytest.raises(OutsideTheProject):
            credit_attendance(by=OFFICE, on=on, project=row, presence=presence(one, day=day))
    with pytest.raises(OutsideTheProject):
        credit_attendance(by=OFFICE, on=EVENT, project=project("published"), presence=presence(one))
    with pytest.raises(OwnEntry):
        record_test(by=own, on=EVENT, project=row, person=one, score=Decimal(90), taken_on=EVENT)
    with pytest.raises(Refusal):
        record_test(by=OFFICE, on=EVENT, project=row, person=one, score=Decimal(101), taken_on=EVENT)
    with pytest.raises(NotTakenIn):
        record_test(by=OFFICE, on=EVENT, project=project("draft"), person=one, score=Decimal(80), taken_on=EVENT)
    assert not Attendance.objects.exists()


def test_a_typed_attendance_and_its_score_come_in_together_or_not_at_all(project, someone):
    one, row = someone("王小明"), project("scheduled")
    with pytest.raises(Refusal):
        enter_attendance(by=OFFICE, on=EVENT, project=row, presence=presence(one), score=Decimal(101))
    assert not Attendance.objects.exists()
    enter_attendance(by=OFFICE, on=EVENT, project=row, presence=presence(one), score=Decimal(90))
    assert (Attendance.objects.count(), row.results.get().score) == (1, 90)
