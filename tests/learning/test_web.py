"""The pages of learning: what each shows first, what it does, and whom it refuses."""

import json
import re
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from xinglin.directory.actions.merging import merge_people
from xinglin.engines.learning.actions.awards import issue_credits
from xinglin.engines.learning.actions.certificates import issue_certificate
from xinglin.engines.learning.actions.claims import file_claim
from xinglin.engines.learning.certificates import Certificate
from xinglin.engines.learning.credits import Attendance, Award, Bar, Claim, Duty, TestResult
from xinglin.engines.learning.projects import Batch, Project
from xinglin.kernel import clock
from xinglin.kernel.files import attachments, keep

from .conftest import DAY, EVENT, OFFICE, actor, attend

pytestmark = pytest.mark.django_db
AFTER = EVENT + timedelta(days=20)
PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"


def page(client, name, *args, status=200, **query):
    response = client.get(reverse(f"learning:{name}", args=args), query)
    assert response.status_code == status, (name, response.status_code, response.content.decode()[-600:])
    return response.content.decode()


def post(client, name, *args, status=302, **given):
    response = client.post(reverse(f"learning:{name}", args=args), given)
    assert response.status_code == status, (name, response.status_code, response.content.decode()[-900:])
    return response.content.decode()


@pytest.fixture
def credited(project, someone):
    row = project("reported", people=[someone("王小明"), someone("李小红")])
    issue_credits(by=OFFICE, on=AFTER, project=row)
    return row


APPLICATION = {"title": "瓣膜病介入（演示）", "level": "national", "sort": "ordinary", "year": "2027", "first": "03",
               "second": "01", "hours": "12", "heads": "80", "planned_on": "2027-05-01", "tested": "on"}


def test_a_branch_drafts_files_and_the_office_takes_it_on(visit, branch, leader, batches):
    given = {**APPLICATION, "leader": str(leader.ref), "branch": str(branch.ref)}
    own = visit(actor("branch_secretary", where=branch))
    assert "开始申报" in page(own, "projects")
    said = post(own, "draft", status=422, **{**given, "planned_on": "2026-05-01"})
    assert "2027" in said and "瓣膜病介入" in said
    post(own, "draft", **given)
    row = Project.objects.get()
    assert (row.state, row.subject, row.hours) == ("draft", "03-01", Decimal(12))
    post(own, "edit", row.pk, **{**given, "heads": "90"})
    post(own, "file", row.pk)
    row.refresh_from_db()
    assert (row.heads, row.state) == (90, "draft")  # no batch of 2027 is open yet
    assert "申报批次" in page(own, "batches")
    post(own, "batches", status=403, year="2027", level="national", opens_on="2026-03-01", closes_on="2026-09-30")
    office = visit(OFFICE)
    post(office, "batches", year="2027", level="national", opens_on="2026-03-01", closes_on="2026-09-30")
    assert Batch.objects.filter(year=2027).count() == 1
    post(office, "edit", row.pk, **given)
    post(office, "file", row.pk)
    for after in ("province", "expert"):
        post(office, "move", row.pk, after)
    said = post(office, "publish", row.pk, status=422, number="2027-3-1")
    assert ("2027-3-1" in said and "E6" in said) or "编号" in said
    post(office, "publish", row.pk, number="2027-03-01-007（国）")
    assert "2027-03-01-007（国）" in page(office, "project", row.pk)


def test_a_timetable_is_typed_and_what_is_wrong_is_said_by_line(visit, project, leader):
    row, office = project("published"), visit(OFFICE)
    said = post(office, "timetable", row.pk, status=422, timetable="2026-05-15 上午 心衰", place="南京")
    assert "上午 心衰" in said and "第 1 行" in said
    said = post(office, "timetable", row.pk, status=422, timetable="2027-05-15 08:00-12:00 心衰指南", place="")
    assert "2026" in said
    lines = "2026-05-15 07:30-08:00 开幕式\n2026-05-15 08:00-12:00 心衰指南 沈知微\n2026-05-15 14:00-15:00 结业考核"
    said = post(office, "timetable", row.pk, status=200, timetable=lines, place="南京")
    assert "不计学时" in said and "240" in said and not row.sessions.exists()  # shown first as it is read
    [seen] = re.findall(r'name="seen" value="(\w+)"', said)
    post(office, "timetable", row.pk, status=200, timetable=lines + "\n2026-05-15 15:00-16:00 答疑", seen=seen)
    post(office, "timetable", row.pk, timetable=lines, place="南京", seen=seen)
    assert [(one.kind, one.minutes, one.lecturer) for one in row.sessions.all()] == [
        ("ceremony", 30, None), ("teaching", 240, leader), ("test", 60, None)]
    assert "心衰指南" in page(office, "project", row.pk)


def test_the_register_is_searched_filtered_and_exported(visit, project):
    project("published", title="甲项目"), project("draft", level="provincial", title="乙项目")
    office = visit(OFFICE)
    assert "甲项目" in page(office, "projects") and "乙项目" not in page(office, "projects", q="甲")
    assert "甲项目" not in page(office, "projects", level="provincial")
    answer = office.post(reverse("learning:projects"), {"export": "csv"})
    assert answer.status_code == 200 and "乙项目" in b"".join(answer).decode("utf-8-sig")


def test_a_stranger_sees_neither_register_nor_project_nor_awards(visit, credited, someone, surgery):
    award = Award.objects.first()
    for who in (actor(person=someone("他人")), actor("branch_secretary", where=surgery)):
        client = visit(who)
        page(client, "project", credited.pk, status=403)
        page(client, "award", award.pk, status=403)
        page(client, "credits", credited.pk, status=403)
        page(client, "claims", status=403)
    page(visit(actor(person=someone("他人"))), "projects", status=403)


def test_attendance_is_typed_corrected_and_refused_beside_its_field(visit, project, someone):
    row, one = project("scheduled"), someone("王小明")
    other = project("scheduled", title="另一项目")
    with clock.pretending(AFTER):
        office = visit(OFFICE)
        given = {"person": str(one.ref), "day": "2026-05-15", "minutes": "400", "channel": "on_site",
                 "role": "learner", "score": "85"}
        post(office, "attendance", row.pk, **given)
        post(office, "attendance", row.pk, **{**given, "minutes": "420", "score": ""})
        assert [(item.minutes, item.corrected_by is None) for item in Attendance.objects.order_by("pk")] == [
            (400, False), (420, True)]
        assert TestResult.objects.get().score == 85
        said = post(office, "attendance", other.pk, status=422, **given)
        assert "心力衰竭" in said and "400" in said
        assert "王小明" in page(office, "attendance", row.pk)


def test_the_preview_says_who_gets_what_and_why_not_and_issues(visit, project, someone):
    row = project("held", people=[someone("王小明")])
    absent = someone("缺勤人")
    with clock.pretending(AFTER):
        office = visit(OFFICE)
        attend(row, [absent], minutes=100)
        said = page(office, "credits", row.pk)
        assert "缺勤人" in said and "20 %" in said
        post(office, "credits", row.pk)
        assert not Award.objects.exists()  # before the report
        post(office, "report", row.pk)
        post(office, "credits", row.pk)
        assert [(one.person.name, one.credits) for one in Award.objects.all()] == [("王小明", Decimal("5.0"))]
        post(office, "credits", row.pk, papers="1")
        assert Certificate.objects.count() == 1
        award = Award.objects.get()
        said = page(office, "award", award.pk)
        assert "960" in said and "180" in said
        post(office, "award", award.pk, reason="代签")
        award.refresh_from_db()
        assert award.revoked_on == AFTER and "代签" in page(office, "award", award.pk)


def test_my_credits_say_first_what_is_missing_and_give_the_certificate(visit, credited):
    award = Award.objects.select_related("person").get(person__name="王小明")
    with clock.pretending(AFTER):
        mine = visit(actor(person=award.person))
        said = page(mine, "mine")
        assert "20 分" in said and "74 学时" in said and "心力衰竭" in said
        post(mine, "take_paper", award.pk)
        paper = Certificate.objects.get()
        assert mine.get(reverse("learning:paper", args=[paper.pk])).content.startswith(b"%PDF")
        post(mine, "openness", shown="yes")
        assert "完整姓名" in page(mine, "mine")
        assert "960" in page(mine, "award", award.pk)
        page(mine, "mine", year="2025")


def test_outside_credits_are_handed_in_and_reviewed(visit, someone):
    one = someone("王小明")
    mine = visit(actor(person=one))
    given = {"kind": "paper", "words": "论著一篇", "completed_on": "2026-02-01", "asked": "3", "hours": "9",
             "specialist": "on"}
    said = post(mine, "new_claim", status=422, **given)
    assert "论著一篇" in said
    post(mine, "new_claim", **given, evidence=SimpleUploadedFile("论文.pdf", PDF))
    row = Claim.objects.get()
    assert "论著一篇" in page(mine, "claim", row.pk)
    post(mine, "claim", row.pk, status=403, credits="3")
    office = visit(OFFICE)
    assert "王小明" in page(office, "claims")
    [proof] = attachments(to=row.ref)
    assert office.get(reverse("learning:evidence", args=[proof.pk])).status_code == 200
    assert visit(actor(person=someone("他人"))).get(reverse("learning:evidence", args=[proof.pk])).status_code == 403
    office = visit(OFFICE)
    said = post(office, "claim", row.pk, status=422, credits="4")
    assert "3" in said
    post(office, "claim", row.pk, credits="2.5")
    assert Award.objects.get().credits == Decimal("2.5")


def test_a_branch_sees_its_year_and_a_unit_who_is_missing_what(visit, credited, branch, found, someone):
    hospital = found("江海市第一医院（虚构）")
    someone("赵一", organisation=hospital.ref)
    own = visit(actor("branch_secretary", where=branch))
    assert "心力衰竭" in page(own, "branch", branch.pk)
    page(own, "requirements", hospital.pk, status=403)
    office = visit(OFFICE)
    said = page(office, "requirements", hospital.pk)
    assert "赵一" in said and "25 分" in said
    one = someone("赵二")
    post(office, "person", one.pk, what="exempt", from_on="2026-01-01")
    assert Duty.objects.get().what == "exempt"
    post(office, "bars", person=str(one.ref), years="4", reason="弄虚作假", status=422)
    post(office, "bars", person=str(one.ref), years="2", reason="弄虚作假")
    assert Bar.objects.count() == 1 and "弄虚作假" in page(office, "bars")


def test_anybody_verifies_by_code_and_reads_no_full_name(client, visit, credited):
    award = Award.objects.get(person__name="王小明")
    paper = issue_certificate(by=OFFICE, on=AFTER, award=award)
    with clock.pretending(AFTER):
        visit(actor())
        assert "查验" in page(client, "verify")
        answer = client.get(reverse("learning:verify"), {"code": paper.grouped})
        assert answer.status_code == 302 and answer["Location"] == paper.get_absolute_url()
        assert client.get(reverse("learning:verify"), {"code": "///"}).status_code == 200
        page(client, "badge_status", 1, status=404)
        said = page(client, "verified", paper.grouped.lower())
        assert "王*明" in said and "王小明" not in said and "5.0" in said
        found = json.loads(page(client, "verified_json", paper.code))
        assert (found["state"], found["credits"], found["name"]) == ("valid", "5.0", "王*明")
        page(client, "verified", "AAAA-BBBB", status=404)
        page(client, "verified_json", "AAAA", status=404)
        office = visit(OFFICE)
        post(office, "revoke_paper", paper.pk, reason="误发")
        said = page(office, "verified", paper.grouped)
        assert "已撤销" in said and "误发" not in said


def test_steps_with_words_and_leaders(visit, project, someone):
    row, office, new = project("published"), visit(OFFICE), someone("林小满")
    post(office, "leader", row.pk, leader=str(new.ref), note="退休")
    post(office, "move", row.pk, "not_held", status=422, note="")
    post(office, "move", row.pk, "not_held", note="场地取消")
    post(office, "refile", row.pk, year="2027")
    row.refresh_from_db()
    assert (row.leader, row.state, row.again.count()) == (new, "not_held", 1)
    assert office.get(reverse("learning:move", args=[row.pk, "nonsense"])).status_code == 404
    held = project("scheduled")
    with clock.pretending(AFTER):
        post(visit(OFFICE), "hold", held.pk)
    held.refresh_from_db()
    assert held.state == "held"


def test_panels_and_finder_lead_here(visit, credited, branch, someone):
    person = Award.objects.first().person
    with clock.pretending(AFTER):
        office = visit(actor("office", person=person))
        assert "我的学分" in office.get("/").content.decode()
        assert "学分" in office.get(person.get_absolute_url()).content.decode()
        assert "继续教育" in office.get(branch.get_absolute_url()).content.decode()


def test_a_claim_of_somebody_waits_in_the_navigation(visit, someone):
    one = someone("王小明")
    file_claim(by=actor(person=one), on=DAY, person=one, kind="paper", words="论著", completed_on=date(2026, 1, 5),
               asked=Decimal(2), hours=Decimal(6), files=[keep(content=ContentFile(PDF, name="p.pdf"))])
    assert "外部学分" in visit(OFFICE).get("/").content.decode()


def test_an_award_of_which_no_attendance_is_left_is_shown_and_taken_back(visit, credited, someone):
    award = Award.objects.get(person__name="王小明")
    with clock.pretending(AFTER):
        office, other = visit(OFFICE), Award.objects.get(person__name="李小红").person
        merge_people(by=OFFICE, on=AFTER, loser=award.person.ref, winner=other.ref)  # who has credits of it already
        assert "已无出勤" in page(office, "credits", credited.pk)
        post(office, "credits", credited.pk)
        award.refresh_from_db()
        assert award.revoked_on == AFTER
