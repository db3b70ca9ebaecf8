"""The pages of the reports: what they show, what they hand out, whom they refuse."""

import io
from datetime import date
from decimal import Decimal

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from tests.plans.conftest import CLERK, HOUSE, LEADER, OFFICE, STRANGER
from tests.plans.web.conftest import SUPERVISOR, visit  # noqa: F401
from xinglin.kernel import clock
from xinglin.kernel.ledger.models import Checkpoint, UnsealedFact
from xinglin.plans.actions.assigning import assign_commitment, bind_to_evidence
from xinglin.plans.actions.correcting import add_commitment
from xinglin.plans.actions.running import ask_change, decide_change
from xinglin.plans.appraisal import Quality
from xinglin.plans.commitments import Commitment
from xinglin.plans.drafts import ReportDraft, SummaryCheck
from xinglin.plans.reporting.columns import COLUMNS

from .conftest import YEAR_END
from .test_checking import DRAFT

pytestmark = pytest.mark.django_db


@pytest.fixture
def december():
    with clock.pretending(YEAR_END):
        yield


@pytest.fixture
def office(visit, december):  # noqa: F811
    with clock.pretending(YEAR_END):
        yield visit(OFFICE)


def test_the_summary_page_links_each_figure_to_its_facts(plan, year, office):
    page = office.get(f"/plans/{plan.pk}/summary/").content.decode()
    assert "举办学术会议 <a class=\"r-mark\" href=\"/plans/figure/?type=worklog.work.verified" in page
    link = page.split('r-mark" href="')[1].split('"')[0].replace("&amp;", "&")
    facts = office.get(link).content.decode()
    assert "31" in facts
    assert facts.count("已核实工作") >= 25


def moved(year):
    """Change the plan behind a draft: words, a target, a lead, and the measure of a figure."""
    request = ask_change(by=OFFICE, on=YEAR_END, commitment=year["visits"], value_min=Decimal(3), reason="并入义诊")
    decide_change(by=HOUSE, on=YEAR_END, wish=request, approved=True)
    assign_commitment(by=OFFICE, on=YEAR_END, commitment=year["site"], lead="directory.organisation:9")
    bind_to_evidence(by=OFFICE, on=YEAR_END, commitment=year["meetings"], why="改由佐证计数")
    add_commitment(by=OFFICE, on=YEAR_END, plan=year["site"].plan, text="承办交办调研", entrusted_by="省卫生健康委")


def test_drafting_leads_to_files_that_stay_the_same(plan, year, office, sealed):
    answer = office.post(f"/plans/{plan.pk}/summary/draft/")
    assert (answer.status_code, answer["Location"]) == (302, f"/plans/{plan.pk}/summary/")
    draft = ReportDraft.objects.get()
    sealed()
    first = office.get(f"/plans/{plan.pk}/summary/{draft.number}.docx")
    assert first["Content-Type"].endswith("wordprocessingml.document")
    assert "filename*=utf-8''" in first["Content-Disposition"]
    moved(year)
    assert first.content == office.get(f"/plans/{plan.pk}/summary/{draft.number}.docx").content
    assert office.get(f"/plans/{plan.pk}/summary/{draft.number}.pdf").content[:5] == b"%PDF-"
    assert office.get(f"/plans/{plan.pk}/summary/{draft.number}.exe").status_code == 404
    assert "稿" in office.get(f"/plans/{plan.pk}/summary/").content.decode()


def test_before_a_checkpoint_the_page_says_so_and_drafting_signs_one(plan, promise, office, sealed):
    promise("弘扬职业精神", kind="words")
    sealed()
    page = office.get(f"/plans/{plan.pk}/summary/")
    assert page.status_code == 200
    assert "r-paper" in page.content.decode()
    assert not Checkpoint.objects.exists()
    office.post(f"/plans/{plan.pk}/summary/draft/")
    assert Checkpoint.objects.count() == 1
    assert ReportDraft.objects.count() == 1


def test_the_newest_summary_is_found_without_a_key(plan, year, office):
    assert office.get("/plans/summary/")["Location"] == f"/plans/{plan.pk}/summary/"


@pytest.mark.parametrize("query", [
    "", "type=no.such.fact&how=count", "type=worklog.work.verified&how=count&from=2026-01-01&until=x&size=1",
    "type=worklog.work.verified&how=sum&field=title&from=2026-01-01&until=2027-01-01&size=1",
    "type=worklog.work.verified&how=count&where=no%3D1&from=2026-01-01&until=2027-01-01&size=1",
    "type=worklog.work.verified&how=count&from=2026-01-01&until=2027-01-01&size=-1",
])
def test_a_question_that_means_nothing_finds_nothing(plan, year, office, query):
    assert office.get(f"/plans/figure/?{query}").status_code == 404


def test_a_draft_is_checked_listed_and_exported(plan, year, office):
    file = SimpleUploadedFile("总结.txt", DRAFT.encode())
    answer = office.post(f"/plans/{plan.pk}/check/", {"file": file, "year": "2026"})
    check = SummaryCheck.objects.get()
    assert answer["Location"] == f"/plans/check/{check.pk}/"
    page = office.get(answer["Location"]).content.decode()
    assert "师资培训班12期" in page
    differing = office.get(f"{answer['Location']}?list=ledger_says").content.decode()
    assert "师资培训班12期" in differing
    assert "公众推文136篇" not in differing
    book = office.post(answer["Location"], {"export": "xlsx"})
    sheet = openpyxl.load_workbook(io.BytesIO(b"".join(book.streaming_content))).active
    assert sheet.max_row == 11


def test_a_scan_or_a_plan_is_refused_with_words_and_nothing_is_kept(plan, year, office):
    answer = office.post(f"/plans/{plan.pk}/check/", {"file": SimpleUploadedFile("a.doc", b"\xd0\xcf\x11\xe0" * 200),
                                                     "year": "2026"})
    assert answer.status_code == 422
    text = "江海省医师协会（演示）2026 年工作要点\n\n一、学术\n\n加强学术交流。"
    assert office.post(f"/plans/{plan.pk}/check/", {"text": text, "year": "2026"}).status_code == 422
    assert not SummaryCheck.objects.exists()


def test_the_table_goes_out_and_comes_back(plan, year, office):
    out = office.get(f"/plans/{plan.pk}/table/export/")
    assert UnsealedFact.objects.filter(content__contains='"type":"shell.list.exported"').exists()
    book = openpyxl.load_workbook(io.BytesIO(out.content))
    at = {one.title: place for place, one in enumerate(COLUMNS, start=1)}
    book["任务分解表"].cell(2, at["经费科目"]).value = "学术经费"
    book["任务分解表"].cell(3, at["完成时限"]).value = "年底"
    changed = io.BytesIO()
    book.save(changed)
    page = office.post(f"/plans/{plan.pk}/table/import/",
                       {"file": SimpleUploadedFile("分解表.xlsx", changed.getvalue())}).content.decode()
    assert "学术经费" in page
    assert "2026-11-21" in page
    assert not Commitment.objects.filter(budget_line="学术经费").exists()
    refused = office.post(f"/plans/{plan.pk}/table/import/take/", {"how": "whole"})
    assert refused.status_code == 409
    assert not Commitment.objects.filter(budget_line="学术经费").exists()
    assert office.post(f"/plans/{plan.pk}/table/import/take/", {"how": "accepted"}).status_code == 302
    assert Commitment.objects.filter(budget_line="学术经费").count() == 1
    lists = openpyxl.load_workbook(io.BytesIO(office.get(f"/plans/{plan.pk}/lists/export/").content))
    assert lists.sheetnames == ["问题清单", "任务清单", "责任清单"]


def test_a_wrong_file_comes_back_with_the_reason(plan, year, office):
    for name, content in (("a.xlsx", b"PK\x03\x04no"), ("a.xls", b"\xd0\xcf\x11\xe0" * 300), ("a.csv", b"a,b\n1,2\n")):
        answer = office.post(f"/plans/{plan.pk}/table/import/", {"file": SimpleUploadedFile(name, content)})
        assert answer.status_code == 422, name
    assert office.post(f"/plans/{plan.pk}/table/import/take/")["Location"] == f"/plans/{plan.pk}/table/import/"


def test_scores_show_and_quality_is_set(plan, year, office):
    assign_commitment(by=OFFICE, on=date(2026, 2, 1), commitment=year["visits"], lead="directory.organisation:9")
    page = office.get(f"/plans/{plan.pk}/performance/").content.decode()
    assert f"/plans/commitment/{year['visits'].pk}/quality/" in page
    answer = office.post(f"/plans/commitment/{year['visits'].pk}/quality/", {"factor": "1.5", "reason": "好"})
    assert answer.status_code == 422
    office.post(f"/plans/commitment/{year['visits'].pk}/quality/", {"factor": "0.9", "reason": "材料不全"})
    assert str(Quality.objects.get().factor) == "0.90"


def test_bulletins_of_quarters_that_are_over(plan, year, office):
    assert office.get(f"/plans/{plan.pk}/bulletin/2/1.pdf").status_code == 404
    assert office.post(f"/plans/{plan.pk}/bulletin/2/draft/").status_code == 302
    page = office.get(f"/plans/{plan.pk}/summary/").content.decode()
    assert f"/plans/{plan.pk}/bulletin/2/1.docx" in page
    first = office.get(f"/plans/{plan.pk}/bulletin/2/1.docx").content
    assert office.get(f"/plans/{plan.pk}/bulletin/2/1.pdf").content[:5] == b"%PDF-"
    moved(year)
    assert office.get(f"/plans/{plan.pk}/bulletin/2/1.docx").content == first
    office.post(f"/plans/{plan.pk}/bulletin/2/draft/")
    assert office.get(f"/plans/{plan.pk}/bulletin/2/2.docx").content != first
    for quarter, status in ((4, 302), (5, 404)):
        assert office.post(f"/plans/{plan.pk}/bulletin/{quarter}/draft/").status_code == status
    assert ReportDraft.objects.filter(quarter=4).count() == 0


ADDRESSES = ("summary/", "table/export/", "lists/export/", "performance/", "bulletin/2/1.pdf")


@pytest.mark.parametrize("address", ADDRESSES)
def test_members_see_none_of_it(plan, year, visit, address):  # noqa: F811
    assert visit(STRANGER).get(f"/plans/{plan.pk}/{address}").status_code == 403


@pytest.mark.parametrize("address", ADDRESSES)
def test_without_an_account_there_is_only_the_way_in(plan, year, client, address):
    assert client.get(f"/plans/{plan.pk}/{address}").status_code == 302


def test_who_reads_does_not_write(plan, year, visit, december):  # noqa: F811
    for who in (LEADER, SUPERVISOR, CLERK):
        client = visit(who)
        assert client.get(f"/plans/{plan.pk}/summary/").status_code == 200
        assert client.post(f"/plans/{plan.pk}/summary/draft/").status_code == 403
        assert client.post(f"/plans/{plan.pk}/bulletin/2/draft/").status_code == 403
        assert client.get(f"/plans/{plan.pk}/check/").status_code == 403
        assert client.get(f"/plans/{plan.pk}/table/import/").status_code == 403
    assert not ReportDraft.objects.exists()
    assert visit(CLERK).get(f"/plans/{plan.pk}/performance/").status_code == 403
    assert visit(LEADER).get(f"/plans/{plan.pk}/performance/").status_code == 200
