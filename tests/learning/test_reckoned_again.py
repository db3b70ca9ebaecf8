"""What is taken back stays so, what is corrected keeps its place, and what changed is reckoned anew."""

from datetime import time, timedelta
from decimal import Decimal

import pytest
from django.urls import reverse

from xinglin.directory.actions.employments import begin_employment
from xinglin.directory.actions.merging import merge_people, unmerge_people
from xinglin.engines.learning.actions.attendance import (
    OfficeDecided,
    Presence,
    TooLong,
    credit_attendance,
    enter_attendance,
    record_test,
)
from xinglin.engines.learning.actions.awards import NothingToIssue, issue_credits, revoke_award
from xinglin.engines.learning.actions.stages import Slot, hold_project, move_project, report_project, schedule_project
from xinglin.engines.learning.computing import reckon
from xinglin.engines.learning.credits import Attendance, Award
from xinglin.engines.learning.elsewhere import share_of
from xinglin.engines.learning.projects import Project
from xinglin.engines.learning.rules import rules_of
from xinglin.engines.learning.timetables import read, written
from xinglin.kernel import clock
from xinglin.kernel.actions.regulations import override_regulation
from xinglin.kernel.policy import Refusals
from xinglin.kernel.refs import Ref

from .conftest import DAY, EVENT, HOUSE, OFFICE, attend

pytestmark = pytest.mark.django_db
AFTER = EVENT + timedelta(days=20)


def presence(person, minutes, source, day=EVENT, **given):
    return Presence(person=person, day=day, minutes=minutes, source=Ref(f"events.presence:{source}"), **given)


def come(row, person, minutes, source, **given):
    return credit_attendance(by=given.pop("by", HOUSE), on=AFTER, project=row, strict=False,
                             corrects=given.pop("corrects", None), presence=presence(person, minutes, source, **given))


def earned(row):
    return [(one.counted, one.credits) for one in reckon(row)]


def test_credits_taken_back_by_a_decision_do_not_come_back_until_a_newer_attendance(project, someone):
    one, other = someone("王小明"), someone("李小红")
    row = project("reported", people=[one, other])
    award = next(made for made in issue_credits(by=OFFICE, on=AFTER, project=row) if made.person == one)
    revoke_award(by=OFFICE, on=AFTER, award=award, reason="代签")
    with pytest.raises(NothingToIssue):
        issue_credits(by=OFFICE, on=AFTER, project=row)
    assert any("代签" in found.refused for found in reckon(row))
    old = Attendance.objects.filter(person=one).first()
    with pytest.raises(OfficeDecided, match="代签"):  # an event that says a minute more decides nothing
        come(row, one, 471, "itself", corrects=Ref(old.source))
    come(row, one, 470, "checked", corrects=Ref(old.source), by=OFFICE)
    assert [made.person for made in issue_credits(by=OFFICE, on=AFTER, project=row)] == [one]


def test_what_was_revoked_takes_no_minutes_from_others_which_are_listed_to_be_issued_anew(project, someone):
    one, other = someone("王小明"), someone("李小红")
    fraud, honest = project("scheduled", title="虚假项目"), project("scheduled", tested=False)
    attend(fraud, [one]), attend(honest, [one, other], tag="other")
    honest = report_project(by=HOUSE, on=AFTER, project=hold_project(by=HOUSE, on=AFTER, project=honest))
    assert [award.person for award in issue_credits(by=OFFICE, on=AFTER, project=honest)] == [other]
    move_project(by=OFFICE, on=AFTER, project=fraud, after="revoked", note="弄虚作假")
    assert Project.objects.get(pk=honest.pk).stale and not Project.objects.get(pk=fraud.pk).stale
    assert [award.person for award in issue_credits(by=OFFICE, on=AFTER, project=honest)] == [one]


def test_who_was_withdrawn_takes_the_place_of_nobody(project, someone):
    one, first, second = someone("王小明"), project("scheduled"), project("scheduled", title="另一项目")
    come(first, one, 480, "hall")
    come(first, one, 0, "withdrawn", corrects=Ref("events.presence:hall"))
    come(second, one, 400, "second")
    come(first, one, 400, "online", channel="online")
    assert earned(first)[0][0] == 0 and earned(second)[0][0] == 400


def test_a_score_that_comes_late_marks_its_project(project, someone):
    row, one = project("reported", people=[someone("李小红")]), someone("王小明")
    attend(row, [one])
    issue_credits(by=OFFICE, on=AFTER, project=row)
    record_test(by=OFFICE, on=AFTER, project=row, person=one, score=Decimal(90), taken_on=AFTER)
    assert Project.objects.get(pk=row.pk).stale


def test_awards_are_taken_back_in_the_order_in_which_makers_of_papers_lock_them(project, someone, said):
    people = [someone(f"学员{number}") for number in range(3)]
    row = project("reported", people=people)
    issue_credits(by=OFFICE, on=AFTER, project=row)
    for number, old in enumerate(Attendance.objects.filter(day=EVENT)):
        come(row, old.person, 470, f"anew{number}", corrects=Ref(old.source))
    said()
    issue_credits(by=OFFICE, on=AFTER, project=row)
    taken = [int(Ref(body["award"]).key) for type_, body in said() if type_ == "credit.revoked"]
    assert len(taken) == 3 and taken == sorted(taken)


def test_a_correction_keeps_its_place_and_the_other_project_is_reckoned_anew(project, someone):
    one = someone("王小明")
    first, second = project("scheduled", tested=False), project("scheduled", tested=False, title="另一项目")
    attend(first, [one]), attend(second, [one], tag="other")
    for row in (first, second):
        row = report_project(by=HOUSE, on=AFTER, project=hold_project(by=HOUSE, on=row.until_on, project=row))
    issue_credits(by=OFFICE, on=AFTER, project=first)
    come(first, one, 475, "late", corrects=Ref(Attendance.objects.filter(project=first).first().source))
    assert earned(first)[0][0] == 955 and earned(second)[0][0] == 0  # it is still the first of the two
    assert Project.objects.get(pk=first.pk).stale
    for day, old in enumerate(Attendance.objects.standing().filter(project=first).order_by("day")):
        come(first, one, 0, f"gone{day}", day=old.day, corrects=Ref(old.source))
    issue_credits(by=OFFICE, on=AFTER, project=first)
    assert not Award.objects.standing().exists() and not Project.objects.get(pk=first.pk).stale
    assert earned(second)[0] == (960, Decimal("5.0"))


def test_a_stale_project_is_listed_and_settled_though_nothing_differs(project, someone, visit):
    one = someone("王小明")
    row = project("reported", people=[one], title="旧项目", tested=False)
    issue_credits(by=OFFICE, on=AFTER, project=row)
    later = project("scheduled", title="新项目")
    come(later, one, 30, "later")
    with clock.pretending(AFTER):
        office = visit(OFFICE)
        listed = office.get(reverse("learning:projects"), {"list": "stale"}).content.decode()
        assert "旧项目" in listed and "新项目" not in listed
        assert "待重新核算" in office.get(row.get_absolute_url()).content.decode()
        office.post(reverse("learning:credits", args=[row.pk]))
    assert not Project.objects.get(pk=row.pk).stale


def test_a_typed_correction_finds_the_row_of_its_channel(project, someone, visit):
    row, one = project("scheduled"), someone("王小明")
    come(row, one, 120, "hall"), come(row, one, 60, "screen", channel="online")
    with clock.pretending(AFTER):
        visit(OFFICE).post(reverse("learning:attendance", args=[row.pk]), {
            "person": str(one.ref), "day": "2026-05-15", "minutes": "150", "channel": "on_site", "role": "learner"})
    assert sorted(Attendance.objects.standing().values_list("channel", "minutes")) == [("on_site", 150), ("online", 60)]
    with pytest.raises(TooLong, match="07:30"):  # the project meets for 570 minutes
        enter_attendance(by=OFFICE, on=AFTER, project=row, presence=presence(one, 400, "typed"))


def test_lecture_minutes_count_once_a_day_and_not_in_two_places(project, leader, someone, monkeypatch):
    monkeypatch.setattr("xinglin.engines.learning.computing.rules_of", lambda day: rules_of(EVENT.replace(year=2023)))
    row = project("scheduled", lecturer=leader)
    come(row, leader, 240, "hall", role="lecturer", from_at=time(8), until_at=time(12))
    come(row, leader, 240, "screen", role="lecturer", channel="online")
    assert earned(row) == [(240, Decimal("8.0"))]
    other = project("scheduled", title="另一项目", lecturer=leader)
    come(other, leader, 240, "there", role="lecturer", from_at=time(8), until_at=time(12))
    assert earned(other) == [(0, Decimal(0))]


def test_an_award_follows_a_merge_though_another_was_taken_back_and_the_merge_is_undone(project, someone):
    one, other = someone("王小明"), someone("王小明")
    row = project("reported", people=[one, other])
    kept, gone = sorted(issue_credits(by=OFFICE, on=AFTER, project=row), key=lambda made: made.person == one)
    revoke_award(by=OFFICE, on=AFTER, award=kept, reason="误发")  # a revoked award of theirs blocks none
    merge = merge_people(by=OFFICE, on=AFTER, loser=one.ref, winner=other.ref)
    gone.refresh_from_db()
    assert gone.person == other
    unmerge_people(by=OFFICE, on=AFTER, merge=merge)
    gone.refresh_from_db()
    assert gone.person == one


@pytest.mark.parametrize(("topic", "kind"), [
    ("报到与开班仪式", "ceremony"), ("结业考核", "test"), ("肺功能测试的判读", "teaching"), ("茶歇", "ceremony"),
    ("临床试验注册与伦理", "teaching"), ("住培考核体系建设", "teaching"), ("【考核】闭卷", "test"),
    ("【仪式】开幕式及领导致辞", "ceremony"), ("【授课】考试", "teaching"), ("", "teaching")])
def test_only_whole_topics_or_a_mark_say_that_a_line_is_no_teaching(project, topic, kind):
    [slot] = read(f"2026-05-15 08:00-12:00 {topic}", teachers=[])
    assert slot.kind == kind
    row = schedule_project(by=HOUSE, on=DAY, project=project("published"), slots=[slot])
    [again] = read(written(row.sessions.all()), teachers=[])
    assert (again.kind, again.topic) == (slot.kind, slot.topic)


@pytest.mark.parametrize("topic", [
    "开幕式及领导致辞", "学员报到", "领导讲话", "开班仪式 主任讲话", "结业式暨总结", "考试改革与命题"])
def test_what_may_be_teaching_or_none_is_said_by_its_writer(topic):
    with pytest.raises(Refusals, match="【授课】"):
        read(f"2026-05-15 08:00-12:00 {topic}", teachers=[])


def test_learners_from_elsewhere_are_a_tenth(project, found, association, someone):
    hospital = found("江海市第一人民医院", kind="hospital", level="3a", region="320100")
    clinic = found("临江镇卫生院", kind="primary_care", region="320100")
    people = [someone(f"学员{number}") for number in range(11)]
    for number, one in enumerate(people):
        begin_employment(by=HOUSE, on=DAY, person=one.ref, organisation=(clinic if number < 1 else hospital).ref)
    row = project("scheduled", people=people)
    share = share_of(row, on=AFTER)
    assert (share.heads, share.elsewhere, share.percent, share.enough) == (11, 1, 9, False)
    come(row, people[10], 0, "x", corrects=Ref(Attendance.objects.filter(person=people[10], day=EVENT).get().source))
    come(row, people[10], 0, "y", day=EVENT + timedelta(days=1), corrects=Ref(Attendance.objects.standing().filter(
        person=people[10], day=EVENT + timedelta(days=1)).get().source))
    assert share_of(row, on=AFTER).enough  # who was not there after all is no head


def test_the_year_of_credits_across_new_year_may_be_that_of_the_first_day(project, someone):
    override_regulation(by=OFFICE, on=DAY, regulation_id="E7.year", value="start", from_on=DAY, reason="试点")
    row = project("scheduled", tested=False)
    schedule_project(by=HOUSE, on=DAY, project=row, slots=[
        Slot(day=day, from_at=time(8), until_at=time(16)) for day in (EVENT.replace(month=12, day=31),
                                                                       EVENT.replace(year=2027, month=1, day=1))])
    row.refresh_from_db()
    attend_on = EVENT.replace(year=2027, month=1, day=2)
    for number, day in enumerate((row.from_on, row.until_on)):
        credit_attendance(by=HOUSE, on=attend_on, project=row, strict=False, presence=presence(
            someone("王小明") if not number else Attendance.objects.get().person, 480, f"n{number}", day=day))
    row = report_project(by=HOUSE, on=attend_on, project=hold_project(by=HOUSE, on=row.until_on, project=row))
    assert issue_credits(by=OFFICE, on=attend_on, project=row)[0].year == 2026
