"""Projects go from stage to stage, within their windows and terms, and never change what was published."""

from dataclasses import replace
from datetime import date, time, timedelta
from decimal import Decimal

import pytest

from xinglin.directory.actions.terms import begin_term
from xinglin.engines.learning.actions.attendance import Presence, credit_attendance
from xinglin.engines.learning.actions.batches import BatchThere, WrongWindow, open_batch
from xinglin.engines.learning.actions.people import NothingChanges, WrongTerm, impose_bar
from xinglin.engines.learning.actions.projects import (
    Barred,
    Frozen,
    NotADraft,
    NothingToRepeat,
    SameLeader,
    amend_project,
    change_leader,
    draft_project,
    refile_project,
)
from xinglin.engines.learning.actions.stages import (
    Malformed,
    NotOver,
    NumberTaken,
    OutsideWindow,
    PastItsYear,
    Slot,
    TooManyHeads,
    WordsNeeded,
    WrongStage,
    file_project,
    hold_project,
    move_project,
    publish_project,
    report_project,
    schedule_project,
)
from xinglin.engines.learning.actions.telling import NotScheduled, tell_of_days, words_of
from xinglin.engines.learning.credits import Attendance
from xinglin.engines.learning.deadlines import notice_due, report_due, terms_of
from xinglin.engines.learning.projects import Batch, Project
from xinglin.flows.moved_days_are_told import carry
from xinglin.kernel import clock
from xinglin.kernel.flows import Happened
from xinglin.kernel.ledger.models import SealedFact
from xinglin.kernel.notices.models import Notice
from xinglin.kernel.policy import NotAllowed, Refusal, Refusals
from xinglin.kernel.refs import Ref

from .conftest import DAY, EVENT, FILING, HOUSE, OFFICE, actor, attend, slots

pytestmark = pytest.mark.django_db
AFTER = EVENT + timedelta(days=10)


def test_a_project_goes_through_all_stages_and_says_so(project, someone, said):
    row = project("reported", people=[someone("王小明")])
    assert (row.state, row.number, row.reported_heads) == ("reported", "2026-03-01-001（国）", 1)
    told = [(type_, body.get("after") or body.get("level") or body.get("heads")) for type_, body in said()
            if type_.startswith("project.")]
    assert told == [("project.drafted", "national"), ("project.filed", "national"), ("project.moved", "province"),
                    ("project.moved", "expert"), ("project.published", "national"), ("project.scheduled", None),
                    ("project.held", "national"), ("project.reported", 1)]
    assert [one.after for one in row.steps.all()] == [
        "filed", "province", "expert", "published", "scheduled", "held", "reported"]


def test_applications_are_taken_within_the_window_only(project, plan):
    row = project("draft")
    for day in (date(2025, 6, 30), date(2025, 10, 1)):
        with pytest.raises(OutsideWindow, match="2025-07-01"):
            file_project(by=HOUSE, on=day, project=row)
    assert file_project(by=HOUSE, on=date(2025, 9, 30), project=row).state == "filed"
    orphan = draft_project(by=HOUSE, on=FILING, plan=plan(year=2027, planned_on=date(2027, 5, 1)))
    with pytest.raises(OutsideWindow, match="2027"):
        file_project(by=HOUSE, on=FILING, project=orphan)


def test_a_draft_begun_before_its_batch_is_filed_and_reminded_of_once_it_is_open(plan, leader):
    row = draft_project(by=HOUSE, on=date(2025, 5, 1), plan=plan())
    assert not terms_of(row)
    with pytest.raises(OutsideWindow):
        file_project(by=HOUSE, on=FILING, project=row)
    open_batch(by=HOUSE, on=date(2025, 6, 1), year=2026, level="national", opens_on=date(2025, 7, 1),
               closes_on=date(2025, 9, 30))
    assert [one.code for one in terms_of(row)] == ["file"]
    assert file_project(by=HOUSE, on=FILING, project=row).batch.year == 2026


def test_a_window_keeps_the_days_on_which_projects_were_filed(project):
    project("filed")
    given = {"by": OFFICE, "on": DAY, "year": 2026, "level": "national"}
    with pytest.raises(WrongWindow, match="2025-08-15"):
        open_batch(**given, opens_on=date(2025, 8, 16), closes_on=date(2025, 9, 30))
    assert open_batch(**given, opens_on=date(2025, 8, 15), closes_on=date(2025, 10, 15)).closes_on.month == 10


def test_who_was_not_there_after_all_is_no_head(project, someone, said):
    people = [someone("甲"), someone("乙")]
    row = hold_project(by=HOUSE, on=AFTER, project=project("scheduled", people=people, heads=1))
    for one in Attendance.objects.filter(person=people[1]):
        credit_attendance(by=HOUSE, on=AFTER, project=row, strict=False, corrects=Ref(one.source), presence=Presence(
            person=people[1], day=one.day, minutes=0, source=Ref(f"{one.source}-gone")))
    assert report_project(by=HOUSE, on=AFTER, project=row).reported_heads == 1


def test_other_days_hours_and_places_are_told_each_time(project, someone, found, association, sealed):
    department = found("继续教育部", kind="department", parent=association.ref)
    clerk = someone("林小满")
    begin_term(by=HOUSE, on=DAY, person=clerk.ref, organisation=department.ref, title="department_head",
               from_on=date(2026, 1, 1), until_on=None)
    row = project("scheduled")
    carry(moved(sealed))
    assert not Notice.objects.filter(template="learning_moved").exists()  # filed for the first time
    row = schedule_project(by=HOUSE, on=DAY, project=row, slots=slots(EVENT + timedelta(days=7)), place="南京")
    with clock.pretending(DAY):
        assert not words_of(row)["more"]
        first = moved(sealed)
        carry(first)
        told = Notice.objects.filter(template="learning_moved")
        assert {one.to for one in told} == {str(row.leader.ref), str(clerk.ref)}
        assert "2026-05-22 07:30" in str(told[0].context)
        row = schedule_project(by=HOUSE, on=DAY, project=row, slots=slots(EVENT), place="南京")
        carry(first), carry(moved(sealed)), carry(moved(sealed))  # what was filed since is told in its place
        row = schedule_project(by=HOUSE, on=DAY, project=row, slots=slots(EVENT), place="无锡")
        carry(moved(sealed))  # back and elsewhere on one day: each is told, and each once
        assert told.filter(to=clerk.ref).count() == 3
    move_project(by=OFFICE, on=DAY, project=row, after="not_held", note="取消")
    row.refresh_from_db()
    with pytest.raises(NotScheduled):
        tell_of_days(by=HOUSE, on=DAY, project=row, key="x")


def test_of_many_days_a_letter_says_the_first_and_how_many_more(project):
    words = words_of(project("scheduled", days=12))
    assert words["times"].endswith("2026-05-21 08:00–17:00") and words["more"] == 5


def moved(sealed):
    """Return the last timetable filed, as a flow sees it."""
    sealed()
    fact = SealedFact.objects.filter(type="learning.project.scheduled").latest("position")
    return Happened(position=fact.position, key=fact.key, type=fact.type, happened_on=fact.happened_on, body=fact.body)


def test_a_batch_is_opened_by_the_office_once(batches):
    given = {"on": DAY, "year": 2027, "level": "national", "opens_on": date(2026, 7, 1), "closes_on": date(2026, 9, 30)}
    with pytest.raises(NotAllowed):
        open_batch(by=actor("branch_secretary"), **given)
    row = open_batch(by=OFFICE, **given)
    with pytest.raises(BatchThere):
        open_batch(by=OFFICE, **given)
    with pytest.raises(WrongWindow):
        open_batch(by=OFFICE, **{**given, "closes_on": date(2026, 6, 30)})
    open_batch(by=OFFICE, **{**given, "closes_on": date(2026, 10, 8)})
    row.refresh_from_db()
    assert (Batch.objects.filter(year=2027).count(), row.closes_on) == (1, date(2026, 10, 8))


def test_a_branch_runs_its_own_projects_and_reviews_none(project, branch, surgery, plan):
    own, other = actor("branch_secretary", where=branch), actor("branch_secretary", where=surgery)
    row = draft_project(by=own, on=FILING, plan=plan())
    with pytest.raises(NotAllowed):
        draft_project(by=other, on=FILING, plan=plan())
    with pytest.raises(NotAllowed):
        file_project(by=other, on=FILING, project=row)
    row = file_project(by=own, on=FILING, project=row)
    with pytest.raises(NotAllowed):
        move_project(by=own, on=FILING, project=row, after="province")
    row.refresh_from_db()
    assert row.state == "filed"


def test_the_department_whose_name_says_so_is_the_cme_office(project, found, association):
    row = project("filed")
    cme, other = (found(name, kind="department", parent=association.ref) for name in ("继教部", "宣传部"))
    with pytest.raises(NotAllowed):
        move_project(by=actor("department", where=other), on=FILING, project=row, after="province")
    assert move_project(by=actor("department", where=cme), on=FILING, project=row, after="province").state == "province"


def test_what_was_published_stays_but_its_leader_may_change(project, plan, someone, said):
    row = project("published")
    with pytest.raises(Frozen) as refused:
        amend_project(by=OFFICE, on=DAY, project=row, plan=plan(title="另一题目"))
    assert refused.value.regulation == "E4.frozen"
    new = someone("林小满")
    said()
    assert change_leader(by=OFFICE, on=DAY, project=row, leader=new, note="原负责人退休").leader == new
    assert [one for one, _body in said()] == ["project.led"]
    with pytest.raises(SameLeader):
        change_leader(by=OFFICE, on=DAY, project=row, leader=new, note="同上")
    filed = project("filed")
    with pytest.raises(NotADraft):
        amend_project(by=OFFICE, on=DAY, project=filed, plan=plan(title="另一题目"))
    back = move_project(by=OFFICE, on=FILING, project=filed, after="draft", note="补材料")
    amended = amend_project(by=OFFICE, on=FILING, project=back, plan=plan(title="另一题目", heads=80))
    assert (amended.title, amended.heads) == ("另一题目", 80)
    assert Project.objects.get(pk=row.pk).title == "心力衰竭规范诊治（演示）"


def test_a_returned_application_is_counted_once(project, sealed):
    row = project("filed")
    move_project(by=OFFICE, on=FILING, project=row, after="draft", note="补材料")
    file_project(by=OFFICE, on=FILING, project=row)
    sealed()
    first, second = SealedFact.objects.filter(type="learning.project.filed").order_by("position")
    assert second.corrects == first.key


def test_numbers_are_well_formed_and_given_once(project):
    row = project("expert")
    for number, says in (("2026-03-01", "-"), ("2025-03-01-009（国）", "2025"), ("2026-03-01-009（苏）", "国")):
        with pytest.raises(Malformed, match=says) as refused:
            publish_project(by=OFFICE, on=DAY, project=row, number=number)
        assert (refused.value.field, refused.value.regulation) == ("number", "E6.form")
    taken = project("published")
    with pytest.raises(NumberTaken):
        publish_project(by=OFFICE, on=DAY, project=row, number=taken.number)
    assert publish_project(by=OFFICE, on=DAY, project=row, number="2026-03-01-009(国)").number == "2026-03-01-009（国）"


def test_a_project_past_its_year_is_refused_and_filed_anew(project):
    row = project("published")
    with pytest.raises(PastItsYear, match="2026") as refused:
        schedule_project(by=HOUSE, on=DAY, project=row, slots=slots(date(2027, 1, 10)))
    assert refused.value.regulation == "E4.own_year"
    assert schedule_project(by=HOUSE, on=DAY, project=row, slots=slots(date(2026, 12, 31))).until_on == date(2027, 1, 1)
    again = refile_project(by=HOUSE, on=DAY, project=row, year=2027)
    assert (again.state, again.year, again.number, again.of, again.repeat) == ("draft", 2027, None, row, False)
    with pytest.raises(Refusal):
        refile_project(by=HOUSE, on=DAY, project=row, year=2026)


def test_a_repeat_is_of_a_published_project_and_needs_no_experts(project, plan):
    with pytest.raises(NothingToRepeat):
        draft_project(by=HOUSE, on=FILING, plan=plan(repeat=True))
    held = project("held")
    open_batch(by=HOUSE, on=DAY, year=2027, level="national", opens_on=date(2026, 7, 1), closes_on=date(2026, 9, 30))
    row = refile_project(by=HOUSE, on=date(2026, 8, 1), project=held, year=2027)
    assert row.repeat
    row = file_project(by=HOUSE, on=date(2026, 8, 1), project=row)
    row = publish_project(by=HOUSE, on=date(2026, 12, 1), project=row, number="2027-03-01-001（备）")
    assert row.state == "published"


def test_a_timetable_is_whole_before_and_within_eight_hours(project, someone):
    row, one = project("published"), someone("林小满")
    wrong = [
        [],
        [Slot(day=EVENT, from_at=time(12), until_at=time(8))],
        [Slot(day=EVENT, from_at=time(8), until_at=time(17))],
        [Slot(day=EVENT, from_at=time(8), until_at=time(10), lecturer=one),
         Slot(day=EVENT, from_at=time(9), until_at=time(11), lecturer=one)],
    ]
    for lines in wrong:
        with pytest.raises((Refusal, Refusals)):
            schedule_project(by=HOUSE, on=DAY, project=row, slots=lines)
    with pytest.raises(NotOver):
        schedule_project(by=HOUSE, on=EVENT + timedelta(days=1), project=row, slots=slots())
    row.refresh_from_db()
    assert (row.state, row.sessions.count()) == ("published", 0)


def test_terms_of_notice_and_report(project, said):
    assert (notice_due(EVENT), report_due(EVENT)) == (date(2026, 4, 30), date(2026, 5, 29))
    row = project("published")
    assert [(one.code, one.due_on, one.light(DAY)) for one in terms_of(row)] == [
        ("schedule", date(2026, 4, 30), "ok")]
    said()
    schedule_project(by=HOUSE, on=date(2026, 5, 5), project=row, slots=slots())
    [(_type, body)] = said()
    assert body["late"] == 5
    with pytest.raises(NotOver, match="2026-05-16"):
        hold_project(by=HOUSE, on=EVENT, project=row)
    hold_project(by=HOUSE, on=date(2026, 5, 16), project=row)
    said()
    report_project(by=HOUSE, on=date(2026, 6, 10), project=row)
    assert said()[0][1]["late"] == (date(2026, 6, 10) - report_due(date(2026, 5, 16))).days


def test_no_more_people_on_site_than_filed(project, someone):
    row = project("scheduled", heads=2)
    people = [someone(f"学员{number}") for number in range(3)]
    attend(row, people[:2])
    attend(row, people[2:], channel="online")
    row = hold_project(by=HOUSE, on=row.until_on, project=row)
    attend(row, people[2:], tag="second")
    with pytest.raises(TooManyHeads, match="3") as refused:
        report_project(by=HOUSE, on=row.until_on, project=row)
    assert refused.value.regulation == "E5.heads_planned"


def test_who_is_barred_neither_applies_nor_leads(plan, batches, leader, branch, someone):
    with pytest.raises(WrongTerm):
        impose_bar(by=OFFICE, on=FILING, about=leader.ref, years=4, reason="弄虚作假")
    with pytest.raises(NotAllowed):
        impose_bar(by=actor("branch_secretary", where=branch), on=FILING, about=leader.ref, years=1, reason="x")
    row = draft_project(by=HOUSE, on=FILING, plan=plan())
    bar = impose_bar(by=OFFICE, on=FILING, about=leader.ref, years=2, reason="弄虚作假")
    assert bar.until_on == date(2027, 8, 15)
    with pytest.raises(NothingChanges):
        impose_bar(by=OFFICE, on=FILING, about=leader.ref, years=1, reason="弄虚作假")
    with pytest.raises(Barred, match="2027-08-15"):
        draft_project(by=HOUSE, on=FILING, plan=plan())
    with pytest.raises(Barred):
        file_project(by=HOUSE, on=FILING, project=row)
    other = draft_project(by=HOUSE, on=FILING, plan=plan(leader=someone("林小满")))
    with pytest.raises(Barred):
        change_leader(by=HOUSE, on=FILING, project=other, leader=leader, note="换人")


def test_endings_need_words_and_come_from_the_right_stage(project):
    row = project("published")
    with pytest.raises(WordsNeeded):
        move_project(by=OFFICE, on=DAY, project=row, after="not_held")
    assert move_project(by=OFFICE, on=DAY, project=row, after="not_held", note="场地取消").state == "not_held"
    with pytest.raises(WrongStage):
        move_project(by=OFFICE, on=DAY, project=row, after="cancelled", note="x")
    with pytest.raises(WrongStage):
        schedule_project(by=OFFICE, on=DAY, project=row, slots=slots())


def test_what_was_held_and_then_revoked_is_not_counted(project, sealed):
    row = project("held")
    move_project(by=OFFICE, on=DAY, project=row, after="revoked", note="弄虚作假")
    sealed()
    held = SealedFact.objects.get(type="learning.project.held")
    assert SealedFact.objects.filter(corrects=held.key, type="learning.project.moved").count() == 1


def test_an_application_is_refused_with_everything_that_is_wrong(plan, batches):
    wrong = replace(plan(), hours=Decimal(0), heads=0, subject="99-01", planned_on=date(2027, 1, 1), sort="promoted")
    with pytest.raises(Refusals) as refused:
        draft_project(by=HOUSE, on=FILING, plan=wrong)
    assert [one.field for one in refused.value.problems] == ["subject", "hours", "heads", "planned_on"]
    with pytest.raises(Refusals) as refused:
        draft_project(by=HOUSE, on=FILING, plan=plan(year=2024, planned_on=None, sort="recommended"))
    assert [one.field for one in refused.value.problems] == ["sort", "year"]
